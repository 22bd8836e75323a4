"""`rulec score` on real files, against `rulec run`."""

import csv
import gc
import json
import os
import signal
import subprocess
import sys
import time
import tracemalloc
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import rulec
from rulec.batch import parts
from rulec.batch.score import score
from rulec.cli import main
from rulec.ruleset import RuleSet

EXAMPLES = Path(__file__).parent.parent / "examples" / "remises"
RULES = EXAMPLES / "discounts.rules"
LINE = "Si commande > 500€ ET client fidèle ALORS remise 10%\n"
CSV = 'id;commande;client fidèle\n1;620 €;oui\n2;abc;non\n3;700\n4;"1 200,50";oui\n5;;oui\n'


@pytest.fixture(autouse=True)
def french(monkeypatch: pytest.MonkeyPatch) -> None:
    """A French environment."""
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """The one-line file."""
    path = tmp_path / "r.regles"
    path.write_text(LINE, encoding="utf-8")
    return path


def orders(path: Path, count: int) -> Path:
    """A year of orders as JSON Lines."""
    script = [sys.executable, str(EXAMPLES / "orders.py"), "--rows", str(count), "--seed", "3"]
    path.write_bytes(subprocess.run(script, capture_output=True, check=True).stdout)
    return path


def rows_in(path: Path) -> list[dict[str, Any]]:
    """The rows of a file of decisions, values as text."""
    if path.suffix == ".parquet":
        rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    elif path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
    else:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return rows


@pytest.mark.parametrize("kind", ["csv", "parquet", "jsonl"])
def test_each_row_is_decided_as_alone_whatever_the_files_are(kind: str, tmp_path: Path) -> None:
    data, out = orders(tmp_path / "orders.jsonl", 300), tmp_path / f"out.{kind}"
    assert main(["score", str(RULES), str(data), "-o", str(out), "--at", "2026-11-26"]) == 0
    decide = rulec.load(RULES)
    given = [json.loads(line, parse_float=Decimal) for line in data.read_text(encoding="utf-8").splitlines()]
    rows = rows_in(out)
    assert len(rows) == len(given)
    for facts, row in zip(given, rows, strict=True):
        decision = decide.decide(facts, "2026-11-26")
        assert row["status"] == decision.status
        assert Decimal(row["discount"]) == decision["discount"]
        assert Decimal(row["shipping"]) == decision["shipping"]
        assert len(row["actions"]) == len(decision.actions) or kind == "csv"
        if kind == "jsonl":
            assert {key: row[key] for key in facts} == json.loads(json.dumps(facts))


def test_rows_that_cannot_be_read_are_set_aside_with_the_reason(
    rules: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, out = tmp_path / "d.csv", tmp_path / "out.csv"
    data.write_text(CSV, encoding="utf-8")
    assert main(["score", str(rules), str(data), "-o", str(out)]) == 1
    assert [(row["id"], row["remise"], row["missing"]) for row in rows_in(out)] == [
        ("1", "0.1", ""), ("4", "0.1", ""), ("5", "", "commande"),
    ]  # fmt: skip
    aside = rows_in(tmp_path / "out.rejected.jsonl")
    assert [row["row"] for row in aside] == [2, 3]
    assert aside[0]["facts"] == {"id": "2", "commande": "abc", "client fidèle": "non"}
    assert aside[0]["problems"][0].startswith("E505 ")
    assert aside[1]["text"] == "3;700"
    said = capsys.readouterr().err
    assert "Lignes : 5. Décidées : 2. Il manque des faits : 1. Mises de côté : 2 (" in said
    assert "Colonnes recopiées sans être lues : id" in said


def test_once_all_is_fine_nothing_is_left_aside(rules: Path, tmp_path: Path) -> None:
    data, out = tmp_path / "d.csv", tmp_path / "out.csv"
    data.write_text(CSV, encoding="utf-8")
    main(["score", str(rules), str(data), "-o", str(out)])
    data.write_text("commande;client fidèle\n620;oui\n", encoding="utf-8")
    assert main(["score", str(rules), str(data), "-o", str(out)]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["d.csv", "out.csv", "r.regles"]


def test_lines_that_are_no_objects_are_set_aside(rules: Path, tmp_path: Path) -> None:
    data, out = tmp_path / "d.jsonl", tmp_path / "out.jsonl"
    lines = ['{"commande": 620, "client fidèle": true, "n": 1.10}', "[1]", "{", '{"commande": "\\ud800"}', "", "{}"]
    data.write_text("\n".join(lines), encoding="utf-8")
    assert main(["score", str(rules), str(data), "-o", str(out)]) == 1
    assert [row["status"] for row in rows_in(out)] == ["decided", "undetermined"]
    assert '"n": 1.10' in out.read_text(encoding="utf-8")
    assert [(row["row"], row["problems"][0][:5]) for row in rows_in(tmp_path / "out.rejected.jsonl")] == [
        (2, "Les f"), (3, "Les f"), (4, "« … »"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("d.xlsx", b"", "E970"),
        ("d.csv", b"", "E971"),
        ("d.csv", b"a;a\n1;2\n", "E971"),
        ("d.csv", b"commande\n\xe9\n", "E971"),
        ("d.parquet", b"commande", "E971"),
        ("d.csv", b"comande\n620\n", "E501"),
        ("d.csv", b"commande,status\n620,1\n", "E531"),
    ],
)
def test_data_that_cannot_be_read_is_refused_and_nothing_is_written(
    name: str, content: bytes, code: str, rules: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / name
    data.write_bytes(content)
    assert main(["score", str(rules), str(data), "-o", str(tmp_path / "out.csv")]) != 0
    assert code in capsys.readouterr().err
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize(("name", "out"), [("d.csv", "d.csv"), ("d.rejected.jsonl", "d.csv"), ("d.csv", "link.csv")])
def test_facts_are_never_replaced_by_what_is_decided_on_them(
    name: str, out: str, rules: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / name
    data.write_text('{"commande": 620}\n' if name.endswith("jsonl") else "commande\n620\n", encoding="utf-8")
    (tmp_path / "link.csv").symlink_to(data)
    before = data.read_bytes()
    assert main(["score", str(rules), str(data), "-o", str(tmp_path / out)]) == 2
    assert "E934" in capsys.readouterr().err
    assert data.read_bytes() == before


def test_parts_are_joined_in_their_order(rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "PART", 7)
    lines = [f"{100 * at},{'oui' if at % 2 else 'bof' if at % 10 == 0 else 'non'}" for at in range(40)]
    data = tmp_path / "d.csv"
    data.write_text("\n".join(["commande,client fidèle", *lines]), encoding="utf-8")
    for kind in ("csv", "parquet", "jsonl"):
        out = tmp_path / f"out.{kind}"
        assert main(["score", str(rules), str(data), "-o", str(out)]) == 1
        assert [row["commande"] for row in rows_in(out)] == [str(100 * at) for at in range(40) if at % 10]
        assert [row["row"] for row in rows_in(tmp_path / "out.rejected.jsonl")] == [1, 11, 21, 31]


def test_killed_it_goes_on_where_it_stopped(rules: Path, tmp_path: Path) -> None:
    data, out, whole = tmp_path / "d.csv", tmp_path / "out.csv", tmp_path / "whole.csv"
    lines = (f"{at},{620 + at % 7},{'oui' if at % 3 else 'non'}\n" for at in range(6 * parts.PART))
    data.write_text("id,commande,client fidèle\n" + "".join(lines), encoding="utf-8")
    command = [sys.executable, "-m", "rulec", "score", str(rules), str(data), "--at", "2026-01-01", "-o"]
    first = tmp_path / "out.csv.parts" / "00000000.json"
    with subprocess.Popen([*command, str(out)], start_new_session=True) as running:
        while not first.exists():
            assert running.poll() is None
            time.sleep(0.002)
        os.killpg(running.pid, signal.SIGKILL)
    assert not out.exists()
    part = first.with_suffix(".0.csv")
    marked = part.read_bytes().replace(b'"0"', b'"first"', 1)
    part.write_bytes(marked)
    subprocess.run([*command, str(out)], check=True)
    subprocess.run([*command, str(whole)], check=True)
    assert out.read_bytes() == whole.read_bytes().replace(b'"0"', b'"first"', 1)
    assert not first.parent.exists()


def test_other_rules_begin_anew(rules: Path, tmp_path: Path) -> None:
    data, out = tmp_path / "d.csv", tmp_path / "out.csv"
    data.write_text("commande,client fidèle\n620,oui\n", encoding="utf-8")
    folder = tmp_path / "out.csv.parts"
    folder.mkdir()
    (folder / "work.json").write_text("[]", encoding="utf-8")
    (folder / "00000000.json").write_text('{"counts": {"decided": 9}}', encoding="utf-8")
    assert main(["score", str(rules), str(data), "-o", str(out)]) == 0
    assert len(rows_in(out)) == 1


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_memory_does_not_grow_with_rows(
    kind: str, rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "PART", 500)
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    peaks = list[int]()
    for count in (500, 2_500, 10_000):  # the first one also fills caches
        data = tmp_path / f"d.{kind}"
        lines = "".join(f"{at % 997},{('oui', 'non', 'bof')[at % 3]}\n" for at in range(count))
        data.write_text("commande,client fidèle\n" + lines, encoding="utf-8")
        if kind == "parquet":
            pq.write_table(pa.table({"commande": [at % 997 for at in range(count)]}), data, row_group_size=500)
        if kind == "jsonl":
            data.write_text("".join(f'{{"commande": {at % 997}}}\n' for at in range(count)), encoding="utf-8")
        peaks.append(peak(rulec.load(rules), data, tmp_path / f"out.{kind}"))
    assert peaks[2] < 1.5 * peaks[1]


def peak(rules: RuleSet, data: Path, out: Path) -> int:
    """The most bytes that deciding on a file takes, of Python, NumPy and Arrow."""
    before, most = pa.total_allocated_bytes(), 0

    def look(_: int) -> None:
        nonlocal most
        most = max(most, pa.total_allocated_bytes() - before)

    gc.collect()
    tracemalloc.start()
    score(rules, data, out, date(2026, 3, 1), lambda count: look)
    taken = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return taken + most
