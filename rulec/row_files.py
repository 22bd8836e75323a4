"""A file of rows beside the rules in (CSV or Excel), its text as a `Source` out."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from rulec.diagnostics import Diagnostics
from rulec.source import Language, Source
from rulec.syntax.csv_rows import SHEETS, plain_quotes
from rulec.syntax.nearest import nearest
from rulec.tree import Span

TEXTS = (".csv", ".tsv")
MAX_UNPACKED = 200_000_000  # bytes of an Excel file once unpacked
MAX_CELLS = 2_000_000
_DIGITS = 15  # what Excel shows of a number; what is beyond is noise
_WORDS: dict[Language, tuple[str, str]] = {"fr": ("non", "oui"), "en": ("no", "yes")}
_MONEY = re.compile(r"[€$£¥]")


class UnreadableRowsError(Exception):
    """A file that is no Excel file; `detail`: why."""


def file_of_rows(path: Path, name: str, span: Span, diagnostics: Diagnostics) -> Path | None:
    """The file of that name beside the one at the path; None where there is none, which is reported."""
    beside = path.parent / name
    try:
        found = not re.search(r"[/\\\0]", name) and name not in (".", "..") and beside.is_file()
    except OSError:  # a name that no file can have
        found = False
    if found and beside.suffix.lower() in TEXTS + SHEETS:
        return beside
    others = [each.name for each in path.parent.iterdir() if each.suffix.lower() in TEXTS + SHEETS]
    diagnostics.add("E940", span, name=name, closest=" | ".join(nearest(name, others)))
    return None


def source_of_text(source: Source, language: Language) -> Source:
    """A CSV file as it was read, its quotes as the language writes them."""
    text = source.text.replace("\ufeff", " ", 1) if source.text.startswith("\ufeff") else source.text
    return Source(source.number, source.name, plain_quotes(text), language)


def source_of_sheet(
    number: int, path: Path, name: str, language: Language, span: Span, diagnostics: Diagnostics
) -> Source:  # fmt: skip
    """The first sheet of an Excel file as lines of values between tabs: line 1 is row 1."""
    try:
        text = "\n".join("\t".join(row) for row in _sheet(path, language))
    except ModuleNotFoundError:
        diagnostics.add("E942", span, name=name)
        text = ""
    except UnreadableRowsError as error:
        diagnostics.add("E943", span, name=name, detail=str(error))
        text = ""
    return Source(number, name, text, language)


def _sheet(path: Path, language: Language) -> Iterator[list[str]]:
    from zipfile import BadZipFile, ZipFile

    from openpyxl import load_workbook  # an extra, slow to import

    try:
        with ZipFile(path) as packed:
            size = sum(each.file_size for each in packed.infolist())
        if size > MAX_UNPACKED:
            raise UnreadableRowsError(f"> {MAX_UNPACKED // 1_000_000} MB")
        book = load_workbook(path, read_only=True, data_only=True)
        count = 0
        for row in book.worksheets[0].iter_rows():
            count += len(row)
            if count > MAX_CELLS:
                raise UnreadableRowsError(f"> {MAX_CELLS}")
            yield [shown(cell.value, str(getattr(cell, "number_format", "")), language) for cell in row]
    except (BadZipFile, OSError, KeyError, IndexError, ValueError, TypeError, AttributeError, SyntaxError) as error:
        raise UnreadableRowsError(str(error)) from None


def shown(value: Any, form: str, language: Language) -> str:
    """The value of a cell as a person would write it in a cell of the rules; numbers exact as Excel shows them."""
    match value:
        case None:
            return ""
        case bool():
            return _WORDS[language][value]
        case int() | float():
            return _number(value, form, language)
        case datetime() if value.time() != time():
            return value.strftime("%Y-%m-%d %H:%M")
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case time():
            return value.strftime("%H:%M")
        case _:
            return plain_quotes(f'"{value}"')[1:-1].replace("\t", " ").replace("\n", " ").replace("\r", " ").strip()


def _number(value: float, form: str, language: Language) -> str:
    number = Decimal(f"{value:.{_DIGITS}g}")
    percent = "%" in form
    text = f"{number * 100 if percent else number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    money = _MONEY.search(form)
    unit = " %" if percent else f" {money[0]}" if money else ""
    return (text.replace(".", ",") if language == "fr" else text) + unit
