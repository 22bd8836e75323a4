"""`rulec log`: shown, verified, decided again, exported, erased; and approvals."""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from logs import RULES, Run, decision, rules, running
from pyarrow import parquet

from rulec.log.entry import Entry
from rulec.log.store import DecisionLog
from rulec.log.verify import verify

SET = rules()
URL = "sqlite:///decisions.db"
NAMES = ("Zoé Martin", "Bob", "Léa")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    return running(tmp_path, monkeypatch, capsys, x=RULES)


@pytest.fixture
def kept(run: Run) -> list[Entry]:
    """Three decisions in the log of the current folder."""
    log = DecisionLog(URL)
    found = [
        log.append(decision(SET, name, amount)) for name, amount in zip(NAMES, ("620", "100", "9000"), strict=True)
    ]
    log.close()
    return found


def kept_now() -> list[Entry]:
    log = DecisionLog(URL)
    found = list(log.entries())
    log.close()
    return found


def test_a_log_that_is_not_there_is_said(run: Run) -> None:
    status, out, err = run("log", "show")
    assert (status, out) == (1, "")
    assert "Erreur E948" in err
    assert run("log", "verify", "--log", "decisions.db")[2].startswith("Erreur E946")
    assert "Error E948" in run("log", "verify", lang="en")[2]


def test_entries_are_shown_in_short_and_one_in_full(run: Run, kept: list[Entry]) -> None:
    status, out, _ = run("log", "show", "--last", "2")
    assert status == 0
    assert [line.split()[0] for line in out.splitlines()] == ["2", "3"]
    assert "transmettre_au_gerant (reason : grosse commande)" in out
    out = run("log", "show", kept[0].id[:10], lang="en")[1]
    assert "customer.name: Zoé Martin" in out
    assert kept[0].hash in out
    told = json.loads(run("log", "show", kept[0].id, "--format", "json")[1])
    assert told == kept[0].to_json()
    assert "Erreur E959" in run("log", "show", "zzz")[2]
    assert run("log", "show", "--since", "2100-01-01")[1] == "Le journal ne contient rien pour ces jours.\n"
    assert "E913" in run("log", "show", "--since", "hier")[2]


def test_what_is_masked_is_not_shown_nor_exported(run: Run, kept: list[Entry]) -> None:
    for args in (["show", kept[0].id], ["show", "--format", "json"], ["export"]):
        out = run("log", *args, "--mask", "customer.name")[1]
        assert "•••" in out
        assert not any(name in out for name in NAMES)
    assert "Zoé" in run("log", "export")[1]


def test_verify_says_the_entry_and_what_to_note(run: Run, kept: list[Entry]) -> None:
    status, out, _ = run("log", "verify")
    assert (status, f"--head 3:{kept[-1].hash}" in out) == (0, True)
    assert run("log", "verify", "--head", f"2:{kept[1].hash}")[0] == 0
    assert run("log", "verify", "--head", f"2:{kept[0].hash}")[0] == 1
    assert "E913" in run("log", "verify", "--head", "2")[2]
    with closing(sqlite3.connect("decisions.db")) as base:
        base.execute("UPDATE rulec_entries SET body = replace(body, 'decided', 'conflict') WHERE number = 2")
        base.execute("DELETE FROM rulec_entries WHERE number = 3")
        base.commit()
    status, out, _ = run("log", "verify")
    assert status == 1
    assert f"✗ l'entrée 2 ({kept[1].id}) a été modifiée" in out
    assert "✗ la fin manque : l'entrée 3" in out
    assert "entry 2" in run("log", "verify", lang="en")[1]
    damage = json.loads(run("log", "verify", "--format", "json")[1])["damage"]
    assert [(each["kind"], each["number"]) for each in damage] == [("changed", 2), ("cut", 3)]


def test_replay_by_the_same_rules_finds_no_difference(run: Run, kept: list[Entry]) -> None:
    status, out, _ = run("log", "replay", "x.regles")
    assert (status, out.startswith("Décisions identiques : 3 ; différentes : 0")) == (0, True)


def test_replay_by_other_rules_says_which_differ_and_how(run: Run, kept: list[Entry]) -> None:
    Path("y.regles").write_text(
        RULES.replace("remise est de 10 %", "remise est de 12 %").replace("5 000 €", "10 000 €"), encoding="utf-8"
    )
    status, out, _ = run("log", "replay", "y.regles")
    assert status == 1
    assert re.sub(r"  \w{12}  ", " ", out).splitlines()[:3] == [
        "1 remise : 10 % → 12 %",
        "3 remise : 10 % → 12 %",
        "3 transmettre au gérant : demandé (reason : grosse commande) → rien",
    ]
    assert "Décisions identiques : 1 ; différentes : 2" in out
    assert run("log", "replay", "y.regles", "--name", "autres")[0] == 0
    told = [json.loads(line) for line in run("log", "replay", "y.regles", "--format", "json")[1].splitlines()]
    assert [each["number"] for each in told[:-1]] == [1, 3]
    Path("y.regles").write_text(RULES.replace("(en €), principal", "(en €) de 0 à 1 000, principal"), encoding="utf-8")
    status, out, _ = run("log", "replay", "y.regles", lang="en")
    assert (status, "facts refused: 1" in out, "order.amount" in out) == (1, True, True)


def test_exports_are_as_open_policy_agent_logs(run: Run, kept: list[Entry]) -> None:
    lines = [json.loads(line) for line in run("log", "export")[1].splitlines()]
    assert [each["decision_id"] for each in lines] == [each.id for each in kept]
    first = lines[0]
    assert first["input"] == kept[0].facts
    assert first["result"] == kept[0].decision
    assert first["bundles"] == {"remises": {"revision": SET.plan.digest}}
    assert first["custom"]["hash"] == kept[0].hash
    run("log", "export", "-o", "x.jsonl")
    assert Path("x.jsonl").read_text(encoding="utf-8").splitlines() == [
        json.dumps(e, ensure_ascii=False) for e in lines
    ]
    run("log", "export", "-o", "x.parquet")
    rows = parquet.read_table("x.parquet").to_pylist()
    assert [(row["number"], row["id"], json.loads(row["facts"])) for row in rows] == [
        (each.number, each.id, each.facts) for each in kept
    ]
    assert "E927" in run("log", "export", "-o", "nowhere/x.jsonl")[2]


def test_what_is_erased_is_gone_from_the_file_and_the_chain_holds(run: Run, kept: list[Entry]) -> None:
    erasing = ["--fact", "customer", "--where", "customer.name=Zoé Martin", "--by", "Ana", "--reason", "demande"]
    assert "Décisions : 1. Valeurs qui seraient effacées : 3." in run("log", "erase", *erasing, "--dry-run")[1]
    assert kept_now() == kept
    status, out, _ = run("log", "erase", *erasing)
    assert (status, out) == (0, "Décisions : 1. Valeurs effacées : 3.\n")
    first, *others, erasure = kept_now()
    # the value of the outcome repeated the name
    assert first.erased == ("/decision/outcomes/word/value", "/facts/customer.loyal", "/facts/customer.name")
    assert (first.facts["customer.name"], first.facts["order.amount"]) == (None, "620")
    assert others == kept[1:]
    assert (erasure.by, erasure.content["reason"]) == ("Ana", "demande")
    assert run("log", "verify")[0] == 0
    held = b"".join(path.read_bytes() for path in Path().glob("decisions.db*"))
    assert (b"Zo\\u00e9 Martin" in held, b"L\\u00e9a" in held) == (False, True)
    assert "faits effacés : 1" in run("log", "replay", "x.regles")[1]
    assert json.loads(run("log", "export")[1].splitlines()[0])["erased"][-1] == "/input/customer.name"
    assert "effacé : /facts/customer.name" in run("log", "show", first.id)[1]
    assert run("log", "erase", *erasing)[1] == "Décisions : 0. Valeurs effacées : 0.\n"


def test_facts_of_elements_and_old_decisions_are_erased(run: Run, kept: list[Entry]) -> None:
    run("log", "erase", "--fact", "order.lines.product", "--until", "2100-01-01", "--by", "Ana")
    found = kept_now()
    assert [each.facts["order.lines"] for each in found[:3]] == [
        [{"product": None, "price": "3"}, {"product": None, "price": "2"}]
    ] * 3
    assert "E912" in run("log", "erase", "--fact", "customer", "--by", "Ana")[2]
    log = DecisionLog(URL)
    assert verify(log).damage == ()
    log.close()
