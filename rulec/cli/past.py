"""A file of past facts in, its rows out one by one: JSON, JSON Lines, CSV or Parquet."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from rulec.cli.given import facts_in
from rulec.cli.refusals import ERRORS, Refusal
from rulec.runtime.facts import FactsError, FactsReader
from rulec.source import Language

TABLES = (".csv", ".tsv", ".parquet")
_SIZE = 10_000  # rows that are held at a time


def rows_of(path: Path, readers: Sequence[FactsReader], language: Language) -> Iterator[object]:
    """The facts of each row, or why there are none; of a table, the columns that name facts of either version."""
    if path.suffix.lower() not in TABLES:
        yield from (each.facts if each.error is None else each.error for each in facts_in(path, language))
        return
    try:
        from rulec.batch import readers as tables
        from rulec.batch.rows import UnreadableDataError
    except ModuleNotFoundError as error:
        raise Refusal("E972", detail=str(error.name)) from None
    try:
        data = tables.data_of(path, language)
        for rows in (each for piece in data.pieces(_SIZE) for each in tables.rows_of(data, piece, _SIZE)):
            names = [name for name in rows.batch.schema.names if any(_knows(each, name) for each in readers)]
            for row in rows.batch.select(names).to_pylist():
                yield {name: _exact(value) for name, value in row.items() if value is not None}
            yield from (FactsError([]) for _ in rows.unread)
    except UnreadableDataError as error:
        raise Refusal("E971", ERRORS, language, path=str(path), detail=str(error)) from None
    except FileNotFoundError:
        raise Refusal("E901", language=language, path=str(path)) from None
    except OSError as error:
        raise Refusal("E902", language=language, path=str(path), detail=error.strerror or str(error)) from None


def _knows(reader: FactsReader, name: str) -> bool:
    try:
        reader.read({name: None})
    except FactsError:
        return False
    return True


def _exact(value: object) -> object:
    """A value of a column; a binary number is the decimal that it is written as."""
    return Decimal(repr(value)) if isinstance(value, float) else value
