"""The tables of a store of events: records, the state of each key, what is told and set aside, how far inputs are."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, String, Table, Text

FORMAT = 1  # of what is stored
DEFAULT_URL = "sqlite:///events.db"

tables = MetaData()
# One row. `clock`, `reached`: see `stream.Stream`. `records`, `messages`, `aside`: how many there are, to number them.
head = Table(
    "rulec_events",
    tables,
    Column("format", Integer, primary_key=True, autoincrement=False),
    Column("clock", BigInteger, nullable=False),
    Column("reached", Integer, nullable=False),
    Column("rules", String(64), nullable=False),
    Column("records", BigInteger, nullable=False),
    Column("messages", BigInteger, nullable=False),
    Column("repeats", BigInteger, nullable=False),
)
records = Table(
    "rulec_event_records",
    tables,
    Column("id", String(200), primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("entity", String(200), nullable=False),
    Column("key", String(200), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    Index("rulec_event_records_key", "entity", "key", "at"),
)
# `due`: when something happens by itself, four times its microseconds and the part of the moment.
states = Table(
    "rulec_event_states",
    tables,
    Column("entity", String(200), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("due", BigInteger),
    Column("body", Text, nullable=False),
    Index("rulec_event_states_due", "due"),
)
# The outbox. `logged`: what goes into the decision log, "" for nothing.
messages = Table(
    "rulec_event_messages",
    tables,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("id", String(64), nullable=False),
    Column("entity", String(200), nullable=False),
    Column("key", String(200), nullable=False),
    Column("body", Text, nullable=False),
    Column("logged", Text, nullable=False),
    Column("delivered", Boolean, nullable=False),
    Index("rulec_event_messages_id", "id"),
    Index("rulec_event_messages_key", "entity", "key"),
    Index("rulec_event_messages_delivered", "delivered", "number"),
)
aside = Table(
    "rulec_event_aside",
    tables,
    Column("id", String(64), primary_key=True),
    Column("code", String(8), nullable=False),
    Column("said", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("told", Boolean, nullable=False),
)
# How far an input file was taken. `last`: the hash of the line that ends there, so that another file shows.
inputs = Table(
    "rulec_event_inputs",
    tables,
    Column("name", String(1000), primary_key=True),
    Column("offset", BigInteger, nullable=False),
    Column("line", BigInteger, nullable=False),
    Column("last", String(64), nullable=False),
)
