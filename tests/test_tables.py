"""Tables: from their text or a file to the decision, the same by the interpreter and by generated Python."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from rulec import load
from rulec.backends.interpreter import interpret
from rulec.backends.python import compile_plan, module_source
from rulec.cli.declaring import declare_in
from rulec.pipeline import Compiled, compile_paths, compile_text
from rulec.plan.tree import Plan
from rulec.row_files import shown
from rulec.runtime.types import Number
from rulec.semantics import model
from rulec.semantics.model import FactOf, Literal
from rulec.semantics.patterns import Patterns
from rulec.tree import Span

AT = date(2026, 3, 1)
VOCABULARY = """Un client a :
  - un pays parmi France, Belgique, Suisse
  - un code promo (texte), facultatif
  - il peut être fidèle
On connaît :
  - un poids (en kg)
On décide :
  - le port (en €)
  - la remise (pourcentage), s'additionnent
"""
PORT = """Table « Port » (une seule ligne s'applique) :
| pays            | poids        || port   |
| France          | jusqu'à 5 kg || 4,90 € |
| France          | plus de 5 kg || 9,90 € |
| Belgique        | -            || 12 €   |
| sinon           |              || 20 €   |
"""
FRANCE = {"client.pays": "france", "client.fidele": False, "poids": Decimal(5)}


def plan_of(compiled: Compiled) -> Plan:
    assert compiled.plan is not None, [(each.code, each.values) for each in compiled.diagnostics]
    return compiled.plan


def codes(compiled: Compiled) -> list[str]:
    return [each.code for each in compiled.diagnostics]


def decided(text: str, facts: dict[str, object], key: str = "port") -> tuple[str, object, list[int]]:
    """Status, value and lines of what is decided, the same on both ways."""
    plan = plan_of(compile_text(VOCABULARY + text, language="fr"))
    decision = interpret(plan, facts, AT)
    assert compile_plan(plan)(facts, AT) == decision
    outcome = decision.outcomes[key]
    return outcome.status, outcome.value, [fired.branch for fired in outcome.fired]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, ("decided", Decimal("4.90"), [1])),
        ({"poids": Decimal("5.001")}, ("decided", Decimal("9.90"), [2])),
        ({"client.pays": "belgique"}, ("decided", Decimal(12), [3])),
        ({"client.pays": "suisse"}, ("decided", Decimal(20), [4])),
    ],
)
def test_the_row_that_applies_gives_the_value(facts: dict[str, object], expected: object) -> None:
    assert decided(PORT, FRANCE | facts) == expected


def test_what_is_missing_is_asked_for_only_where_it_matters() -> None:
    belgium: dict[str, object] = {"client.pays": "belgique"}
    assert decided(PORT, belgium)[:2] == ("decided", Decimal(12))
    plan = plan_of(compile_text(VOCABULARY + PORT, language="fr"))
    assert interpret(plan, {"client.pays": "france"}, AT).outcomes["port"].missing == ("poids",)


def test_unless_and_exceptions_silence_a_table() -> None:
    unless = PORT + "sauf si le client est fidèle\nparce que « tarif »\n"
    assert decided(unless, FRANCE | {"client.fidele": True})[0] == "not_applicable"
    exception = PORT + "Par exception à la règle « Port » : si le client est fidèle alors le port est de 0 €\n"
    assert decided(exception, FRANCE | {"client.fidele": True})[1] == Decimal(0)
    assert decided(exception, FRANCE)[1] == Decimal("4.90")
    others = PORT.replace("| sinon           |              || 20 €   |\n", "")
    fallback = others + "Dans tous les autres cas, le port est de 30 €\n"
    assert decided(fallback, FRANCE | {"client.pays": "suisse"})[1] == Decimal(30)


def test_an_absent_fact_holds_no_cell() -> None:
    table = (
        "Table « R » (s'additionnent) :\n| code promo || remise |\n| commence par « VIP » || 5 % |\n"
        "| pas « X » || 2 % |\n| non renseigné || 1 % |\n"
    )
    assert decided(table, FRANCE, "remise")[1] == Decimal("0.01")
    assert decided(table, FRANCE | {"client.code_promo": "vip2"}, "remise")[1:] == (Decimal("0.07"), [1, 2])


def test_what_is_absent_is_in_no_range() -> None:
    age = "On connaît :\n  - un âge (nombre entier), facultatif\n"
    rows = "| âge || remise |\n| moins de 18 || 5 % |\n| au moins 65 || 2 % |\n| - || 1 % |\n"
    table = f"{age}Table « R » (s'additionnent) :\n{rows}"
    assert decided(table, FRANCE, "remise")[1:] == (Decimal("0.01"), [3])
    assert decided(table, FRANCE | {"age": Decimal(70)}, "remise")[1:] == (Decimal("0.03"), [2, 3])


def test_rows_in_conflict_at_run_time_are_told() -> None:
    table = (
        "Table « P » :\n| code promo || port |\n| commence par « V » || 5 € |\n| finit par « P » || 6 € |\n"
    )  # fmt: skip
    plan = plan_of(compile_text(VOCABULARY + table, name="t.regles"))
    outcome = interpret(plan, FRANCE | {"client.code_promo": "VIP"}, AT).outcomes["port"]
    assert outcome.status == "conflict"
    assert [problem.message("fr") for problem in outcome.problems] == [
        "Des lignes du tableau « P » s'opposent pour « port » (t.regles, lignes 12, 13)."
    ]


def test_the_explanation_shows_the_row(tmp_path: Path) -> None:
    path = tmp_path / "t.regles"
    path.write_text(VOCABULARY + PORT, encoding="utf-8")
    facts = {"client": {"pays": "Belgique", "fidèle": False}, "poids": "1 kg"}
    why = load(path).why(facts, at=AT)
    text = str(why).replace("\u00a0", " ").replace("\u202f", " ")
    assert "✓ le tableau « Port » (t.regles:10) s'applique" in text
    assert "✓ ligne n° 3\n        ✓ pays : Belgique   [pays (client) = Belgique]" in text
    outcomes: Any = load(path).decide(facts, at=AT).to_json()["outcomes"]
    fired = outcomes["port"]["fired"]
    assert fired == [{"id": "Port", "title": "Port", "file": "t.regles", "line": 14, "branch": 3}]


def test_a_module_alone_decides_by_the_table(tmp_path: Path) -> None:
    plan = plan_of(compile_text(VOCABULARY + PORT, language="fr"))
    path = tmp_path / "port.py"
    path.write_text(module_source(plan), encoding="utf-8")
    facts = json.dumps({"client": {"pays": "France", "fidele": False}, "poids": 6})
    run = subprocess.run(
        [sys.executable, "-I", str(path), "-"], input=facts, capture_output=True, text=True, check=True, timeout=60
    )
    assert json.loads(run.stdout)["outcomes"]["port"]["value"] == "9.9"


def test_without_vocabulary_the_cells_tell_the_types() -> None:
    plan = plan_of(compile_text(PORT, language="fr"))
    assert [slot.path for slot in plan.facts] == ["pays", "poids"]
    facts: dict[str, object] = {"pays": "france", "poids": Decimal(7)}
    assert interpret(plan, facts, AT).outcomes["port"].value == Decimal("9.90")


# ---- files

CSV = 'pays;poids;port\nFrance;"jusqu\'à 5 kg";4,90 €\nFrance;plus de 5 kg;9,90 €\nBelgique;-;12 €\nsinon;;20 €\n'
FROM = VOCABULARY + "Table « Port » depuis « port.csv » (une seule ligne s'applique)\n"


def in_folder(folder: Path, rules: str, **files: bytes) -> Compiled:
    path = folder / "t.regles"
    path.write_text(rules, encoding="utf-8")
    for name, data in files.items():
        (folder / name.replace("__", ".")).write_bytes(data)
    return compile_paths([path])


@pytest.mark.parametrize(
    "data",
    [
        CSV.encode(),
        b"\xef\xbb\xbf" + CSV.encode(),
        CSV.replace("\n", "\r\n").encode(),
        CSV.replace(";", "\t").encode(),
        CSV.replace("4,90 €", '"4,90 €"').replace("9,90 €", '"9,90 €"').replace(";", ",").encode(),
        "\n".join(";;".join(line.rsplit(";", 1)) for line in CSV.splitlines()).encode(),
    ],
    ids=["plain", "mark", "crlf", "tabs", "commas", "bars"],
)  # fmt: skip
def test_a_csv_file_is_the_same_table(tmp_path: Path, data: bytes) -> None:
    plan = plan_of(in_folder(tmp_path, FROM, port__csv=data))
    for facts in (FRANCE, FRANCE | {"poids": Decimal(6)}, FRANCE | {"client.pays": "suisse"}):
        own = plan_of(compile_text(VOCABULARY + PORT, language="fr"))
        assert interpret(plan, facts, AT).outcomes["port"].value == interpret(own, facts, AT).outcomes["port"].value
    fired = interpret(plan, FRANCE, AT).outcomes["port"].fired[0]
    assert (fired.file, fired.line, fired.branch) == ("port.csv", 2, 1)


def test_the_file_counts_for_the_version_of_the_rules(tmp_path: Path) -> None:
    one = plan_of(in_folder(tmp_path, FROM, port__csv=CSV.encode())).digest
    other = plan_of(in_folder(tmp_path, FROM, port__csv=CSV.replace("12", "13").encode())).digest
    assert one != other


@pytest.mark.parametrize(
    ("rules", "data", "expected"),
    [
        (FROM, CSV.replace("Belgique", "Belgiqe").encode(), ["E201"]),
        (FROM, CSV.replace("Belgique;-", "Belgique;").encode(), ["E490"]),
        (FROM, CSV.replace("Belgique;-;", "Belgique;").encode(), ["E481"]),
        (FROM, CSV.replace('kg"', "kg").encode(), ["E941"]),
        (FROM, CSV.replace("poids", "").encode(), ["E944"]),
        (FROM, CSV.encode("latin-1", "replace"), ["E903"]),
        (FROM, b"", ["E488"]),
        (FROM.replace("port.csv", "../port.csv"), CSV.encode(), ["E940"]),
        (FROM.replace("port.csv", "prt.csv"), CSV.encode(), ["E940"]),
        (FROM + "| pays || port |\n", CSV.encode(), ["E945"]),
    ],
)
def test_what_is_wrong_in_a_file_is_told(tmp_path: Path, rules: str, data: bytes, expected: list[str]) -> None:
    compiled = in_folder(tmp_path, rules, port__csv=data)
    assert codes(compiled) == expected


def test_an_error_is_told_at_its_row(tmp_path: Path) -> None:
    compiled = in_folder(tmp_path, FROM, port__csv=CSV.replace("Belgique", "Belgiqe").encode())
    (found,) = compiled.diagnostics
    source = next(each for each in compiled.sources if each.number == found.span.source)
    assert (source.name, source.place(found.span.start)) == ("port.csv", (4, 1))


def test_an_excel_sheet_is_the_same_table(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in [["pays", "poids", "port"], ["France", "jusqu'à 5 kg", 4.9], ["France", "plus de 5 kg", 9.9],
                ["Belgique", "-", 12], ["sinon", None, 20]]:  # fmt: skip
        book.active.append(row)
    for cell in book.active["C"][1:]:
        cell.number_format = '#,##0.00 "€"'
    book.save(tmp_path / "port.xlsx")
    plan = plan_of(in_folder(tmp_path, FROM.replace("port.csv", "port.xlsx")))
    outcome = interpret(plan, FRANCE, AT).outcomes["port"]
    assert (outcome.value, outcome.fired[0].file, outcome.fired[0].line) == (Decimal("4.9"), "port.xlsx", 2)


def test_a_file_that_is_no_excel_file_is_told(tmp_path: Path) -> None:
    compiled = in_folder(tmp_path, FROM.replace("port.csv", "port.xlsx"), port__xlsx=b"PK not a book")
    assert codes(compiled) == ["E943"]


def test_without_the_library_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    compiled = in_folder(tmp_path, FROM.replace("port.csv", "port.xlsx"), port__xlsx=b"PK")
    assert codes(compiled) == ["E942"]


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (0.1 + 0.2, "General", "0,3"),
        (14.899999999999999, "0.00", "14,9"),
        (0.055, "0.0%", "5,5 %"),
        (1e-7, "General", "0,0000001"),
        (1200, '#,##0 "€"', "1200 €"),
        (True, "General", "oui"),
        (datetime(2026, 3, 1), "General", "2026-03-01"),
        (datetime(2026, 3, 1, 9, 30), "General", "2026-03-01 09:30"),
        (date(2026, 3, 1), "General", "2026-03-01"),
        (time(9, 30), "General", "09:30"),
        ('dit "oui"', "General", 'dit "oui"'),
        (None, "General", ""),
    ],
)
def test_a_value_of_a_sheet_as_it_is_written(value: object, form: str, text: str) -> None:
    assert shown(value, form, "fr").strip() == text


@pytest.mark.parametrize("rules", [PORT, "Table « Port » depuis « port.csv »\n"])
def test_the_declarations_of_a_table_are_written(tmp_path: Path, rules: str) -> None:
    compiled = in_folder(tmp_path, rules, port__csv=CSV.encode())
    assert declare_in([tmp_path / "t.regles"], compiled)
    again = compile_paths([tmp_path / "t.regles"])
    assert not again.inferred
    assert plan_of(again).tables[0].columns == plan_of(compiled).tables[0].columns


def test_a_number_whose_unit_does_not_come_out_even_is_read_by_its_words() -> None:
    place, patterns = Span(0, 0, 12), Patterns("fr", {})
    patterns.learn("plus de 3 kg", place, Literal(Decimal(10), Number(), span=place))
    assert patterns.meant("plus de 6 kg", place) is None
    patterns.learn("plus de 4 kg", place, Literal(Decimal(10), Number(), span=place))
    assert patterns.meant("plus de 6 kg", place) == Literal(Decimal(15), Number(), span=place)
    weight, limit = FactOf("weight", Number()), Literal(Decimal(4), Number(), span=place)
    patterns.learn("plus de 4 g", place, model.Compare("gt", weight, limit))
    assert patterns.meant("plus de 6 g", place) == model.Compare("gt", weight, replace(limit, value=Decimal(6)))
