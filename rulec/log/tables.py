"""The tables of the log, and engines that write to them one at a time: SQLite and PostgreSQL."""

from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, Column, Engine, Index, Integer, MetaData, String, Table, Text, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

FORMAT = 1  # of what is stored
DEFAULT_URL = "sqlite:///decisions.db"
PATIENCE = 30  # seconds that a writer waits for its turn
_CREATING = 0x72756C6563  # the advisory lock of those who make the tables: "rulec"

tables = MetaData()
# What the chain holds is `body`, `sealed` being what can be erased of it; the other columns are there to be searched.
entries = Table(
    "rulec_entries",
    tables,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("id", String(64), nullable=False, unique=True),
    Column("time", String(40), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("about", String(64), nullable=False),
    Column("body", Text, nullable=False),
    Column("sealed", Text, nullable=False),
    Column("before", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("rulec_entries_time", "time"),
    Index("rulec_entries_about", "about"),
)
# The last entry, so that a chain that is cut short shows. One row.
head = Table(
    "rulec_head",
    tables,
    Column("format", Integer, primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
)


def url_of(url: str) -> URL:
    """The address of a log; `postgresql://` is by psycopg. Raises sqlalchemy's ArgumentError for what is none."""
    found = make_url(url)
    return found.set(drivername="postgresql+psycopg") if found.drivername in ("postgresql", "postgres") else found


class UnreachedError(Exception):
    """`reason`: NO_ADDRESS or ABSENT. `shown`: the address without its password."""

    def __init__(self, reason: str, shown: str) -> None:
        super().__init__(reason, shown)
        self.reason, self.shown = reason, shown


NO_ADDRESS, ABSENT = "no address", "absent"


def reach(url: str, create: bool) -> tuple[Engine, str]:
    """What connects to a database, and its address without the password. Raises `UnreachedError`.

    `create`: whether a file of SQLite is made where there is none.
    """
    try:
        address = url_of(url)
        shown = address.render_as_string(hide_password=True)
        if not _is_usable(address):
            raise UnreachedError(NO_ADDRESS, shown)
        engine = engine_of(address)
    except (ArgumentError, NoSuchModuleError):
        raise UnreachedError(NO_ADDRESS, url.rpartition("@")[2]) from None
    if not create and engine.dialect.name == "sqlite" and not Path(address.database or "").is_file():
        raise UnreachedError(ABSENT, shown)
    return engine, shown


def _is_usable(url: URL) -> bool:
    """Whether a log can be kept there: in a file of SQLite, or in PostgreSQL."""
    kept = url.database not in (None, "", ":memory:")
    return url.get_backend_name() == "postgresql" or (url.get_backend_name() == "sqlite" and kept)


def engine_of(url: URL) -> Engine:
    """What connects to a log: a transaction begins with the lock that its connection asks for."""
    engine = create_engine(url, pool_pre_ping=url.get_backend_name() != "sqlite")
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _to_disk)
        event.listen(engine, "begin", _begun)
    else:
        event.listen(engine, "connect", _flushed)
    return engine


def begin_writing(connection: Any) -> None:
    """What a transaction that makes the tables does first: only one makes them."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_CREATING})")


def _to_disk(connection: Any, _: object) -> None:
    """A commit of SQLite returns once it is on the disk."""
    connection.isolation_level = None  # transactions begin where SQLAlchemy says
    # secure_delete: what is erased is overwritten
    for setting in (
        f"busy_timeout = {PATIENCE * 1000}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "secure_delete = 1",
    ):
        connection.execute(f"PRAGMA {setting}")


def _flushed(connection: Any, _: object) -> None:
    """A commit of PostgreSQL returns once it is on the disk, whatever the server does by default."""
    ((setting,),) = connection.execute("SHOW synchronous_commit").fetchall()
    if setting == "off":
        connection.execute("SET synchronous_commit = on")
    connection.commit()


def _begun(connection: Any) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("rulec_begin", "BEGIN"))
