"""`rulec diff --on`: past facts decided by both versions, what changes counted, with sums."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from rulec.cli import main

Captured = pytest.CaptureFixture[str]
OLD = """Une commande a :
  - un montant (en €), principal [amount]
Un client a :
  - un pays parmi France, Belgique [belgium] [country]
  - il peut être fidèle [loyal]
On décide :
  - la remise (pourcentage), 0 % par défaut [discount]
  - les frais (en €), 6 € par défaut [fee]
On peut :
  - offrir un cadeau [gift]
Si client fidèle alors remise 5 %
Si la commande dépasse 150 € alors les frais sont de 0 €
"""
NEW = OLD.replace("5 %", "10 %").replace("150 €", "100 €") + "Si la commande dépasse 200 € alors offrir un cadeau\n"
ROWS = [
    {"amount": "120", "loyal": True, "country": "France"},
    {"amount": "120", "loyal": False, "country": "France"},
    {"amount": "50", "loyal": True, "country": "France"},
    {"amount": "300", "loyal": False, "country": "France"},
    *[{"amount": "20", "loyal": False, "country": "France"}] * 6,
]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    monkeypatch.chdir(tmp_path)
    Path("old.regles").write_text(OLD, encoding="utf-8")
    Path("new.regles").write_text(NEW, encoding="utf-8")
    Path("past.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in ROWS), encoding="utf-8")


def diff(*options: str) -> int:
    return main(["diff", "old.regles", "new.regles", *options])


def test_what_changes_is_counted_by_outcome_with_sums(capsys: Captured) -> None:
    assert diff("--on", "past.jsonl", "--max-change=50%") == 0
    out = capsys.readouterr().out
    past = out[out.index("Sur 10 cas") :]
    assert past == (
        "Sur 10 cas de past.jsonl, 4 changent (40 %).\n"
        "  remise : 2 changent (20 %)\n    5 % → 10 % : 2\n"
        "  frais : 2 changent (20 %) ; somme 54 € → 42 € (-12 €)\n    6 € → 0 € : 2\n"
        "  offrir un cadeau : 1 change (10 %)\n    pas demandé → demandé : 1\n"
    )


@pytest.mark.parametrize(
    ("limit", "status"), [("40%", 0), ("39,9 %", 1), ("0 %", 1), ("100%", 0)], ids=lambda each: str(each)
)
def test_a_larger_change_fails(limit: str, status: int, capsys: Captured) -> None:
    assert diff("--on", "past.jsonl", f"--max-change={limit}") == status
    assert diff("--on", "past.jsonl") == 1


def test_json(capsys: Captured) -> None:
    diff("--on", "past.jsonl", "--format=json", "--budget=0")
    past = json.loads(capsys.readouterr().out)["past"]
    assert {key: past[key] for key in ("rows", "changed", "share", "refused", "unread")} == {
        "rows": 10, "changed": 4, "share": "0.4", "refused": 0, "unread": 0
    }  # fmt: skip
    fee = past["decisions"][1]
    assert (fee["before"], fee["after"], fee["difference"]) == ("54", "42", "-12")
    assert fee["moves"] == [{"before": "6\N{NO-BREAK SPACE}€", "after": "0\N{NO-BREAK SPACE}€", "count": 2}]


def test_other_forms(capsys: Captured) -> None:
    diff("--on", "past.jsonl", "--format=markdown")
    assert "- frais : 2 changent (20 %) ; somme 54 € → 42 € (-12 €)\n  - 6 € → 0 € : 2\n" in capsys.readouterr().out
    diff("--on", "past.jsonl", "--format=html", "--lang=en")
    assert "Of 10 cases of past.jsonl, 4 change (40%)." in capsys.readouterr().out


def test_tables_give_the_same_and_their_other_columns_are_left_alone(capsys: Captured) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    Path("past.csv").write_text(
        "number,amount,loyal,country\n"
        + "".join(f"{at},{row['amount']},{'oui' if row['loyal'] else 'non'},France\n" for at, row in enumerate(ROWS)),
        encoding="utf-8",
    )
    columns = {
        "amount": [float(str(row["amount"])) for row in ROWS],
        "loyal": [row["loyal"] for row in ROWS], "country": ["France"] * len(ROWS),
    }  # fmt: skip
    pq.write_table(pa.table(columns), "past.parquet")
    told = []
    for name in ("past.jsonl", "past.csv", "past.parquet"):
        diff("--on", name, "--format=json", "--budget=0")
        told.append(json.loads(capsys.readouterr().out)["past"])
    assert told[0] == told[1] == told[2]


def test_rows_that_one_side_refuses_count_as_changed_and_those_of_neither_nowhere(capsys: Captured) -> None:
    Path("new.regles").write_text(OLD.replace("Belgique [belgium]", "Suisse [switzerland]"), encoding="utf-8")
    rows = ['{"country": "Suisse"}', '{"country": "Belgique"}', '{"country": "Mars"}', "{", '{"country": "France"}']
    Path("past.jsonl").write_text("\n".join(rows), encoding="utf-8")
    diff("--on", "past.jsonl")
    out = capsys.readouterr().out
    assert "Sur 3 cas de past.jsonl, 2 changent (66,67 %).\n2 ne sont acceptés que d'un côté" in out
    assert "2 ne sont acceptés d'aucun côté : ils ne comptent pas." in out


def test_a_fact_of_one_side_alone_is_no_mistake(capsys: Captured) -> None:
    Path("new.regles").write_text(OLD.replace("  - il peut être fidèle [loyal]\n", "").replace(
        "Si client fidèle alors remise 5 %\n", "Si le client est de France alors remise 5 %\n"
    ).replace("le client est de France", "le pays du client est la France"), encoding="utf-8")  # fmt: skip
    assert diff("--on", "past.jsonl", "--max-change=100%") == 0
    assert "Sur 10 cas de past.jsonl, 8 changent (80 %)." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "code"),
    [(["--max-change=2%"], "E912"), (["--on", "past.jsonl", "--max-change=beaucoup"], "E913"),
     (["--on", "past.jsonl", "--max-change=-2%"], "E913"), (["--on", "nowhere.jsonl"], "E901"),
     (["--on", "nowhere.csv"], "E901")],
)  # fmt: skip
def test_wrong_use(options: list[str], code: str, capsys: Captured) -> None:
    assert diff(*options) == 2
    assert code in capsys.readouterr().err


def test_a_table_that_cannot_be_read(capsys: Captured) -> None:
    Path("past.parquet").write_bytes(b"amount")
    assert diff("--on", "past.parquet") == 1
    assert "E971" in capsys.readouterr().err


def test_sums_are_exact(capsys: Captured) -> None:
    Path("old.regles").write_text(OLD.replace("6 € par", "0,1 € par"), encoding="utf-8")
    Path("past.jsonl").write_text('{"amount": 1}\n' * 1001, encoding="utf-8")
    diff("--on", "past.jsonl", "--format=json", "--budget=0")
    fee = json.loads(capsys.readouterr().out)["past"]["decisions"][1]
    assert Decimal(fee["before"]) == Decimal("100.1")
