"""Random sound rule sets with known defects: all are found where they are, nothing else is, and every case is real.

RULEC_SETS: how many rule sets, RULEC_FROM: the number of the first.
"""

import json
import os
import shlex
from collections import Counter
from pathlib import Path
from random import Random
from time import monotonic

import pytest
from planted import Garden, grown
from sound import Text, sound, written
from test_findings import ENDING, SHOWS

from rulec.cli import main
from rulec.diagnostics import Diagnostic
from rulec.difference.compare import compare
from rulec.pipeline import Compiled, compile_text
from rulec.proof import prove
from rulec.source import Language

FIRST, SETS = int(os.environ.get("RULEC_FROM", "0")), int(os.environ.get("RULEC_SETS", "20"))
BUDGET = 120  # seconds: what is not proven in them is a miss
OF_PARTS = ("W607", "W614", "W615", "W619", "W621")
OF_TWO = ("E601", "E602", "E629", "N624", "W618", "W620")
Told = tuple[str, int, int, str]  # a code, its line, that of the other place or 0, the part that it is about


def proven(text: Text) -> Compiled:
    """The rule set with all that is found about it."""
    compiled = compile_text("\n".join(text.lines) + "\n", f"set{ENDING[text.language]}", text.language)
    assert compiled.plan is not None, (text.lines, [*compiled.diagnostics])
    prove(compiled, BUDGET)
    return compiled


def line(compiled: Compiled, found: Diagnostic) -> int:
    return compiled.sources[0].place(found.span.start)[0]


def told(compiled: Compiled, found: Diagnostic) -> Told:
    source = compiled.sources[0]
    others = [source.place(each.span.start)[0] for each in found.related if each.key == "other"]
    part = source.cut(found.span) if found.code in OF_PARTS else ""
    return found.code, line(compiled, found), others[0] if others and found.code in OF_TWO else 0, part


def recorded(garden: Garden, text: Text) -> Counter[Told]:
    """What was planted."""
    place = text.places
    return Counter(
        (each.code, place[id(each.at)], place[id(each.other)] if each.other is not None else 0, each.text)
        for each in garden.planted
    )


def replay(compiled: Compiled, text: Text, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every case, decided by `rulec run`, shows what is claimed; of rules that contradict each other, both fire."""
    path.write_text("\n".join(text.lines) + "\n", encoding="utf-8")
    for found in compiled.diagnostics:
        options = dict(found.values).get("replay")
        if options is not None:
            assert main(["run", str(path), *shlex.split(options), "--format", "json"]) == 0
            decision = json.loads(capsys.readouterr().out)
            results = [*decision["outcomes"].values(), *decision["actions"]]
            shows = [each for each in results if each["status"] == SHOWS.get(found.code, "conflict")]
            assert shows, (found, decision)
            if found.code in ("E601", "E602"):
                fired = {rule["line"] for each in shows for rule in each["fired"]}
                assert {*told(compiled, found)[1:3]} <= fired


def merge(compiled: Compiled, text: Text) -> None:
    """Of rows or rules for which one is enough, that one decides the same."""
    for found in compiled.diagnostics:
        if found.code == "N624":
            _, first, second, _ = told(compiled, found)
            lines, said = [*text.lines], dict(found.values)["text"]
            _, given, value = lines[first - 1].partition(" alors " if text.language == "fr" else " then ")
            lines[first - 1 : second] = [said + given + value]
            merged = compile_text("\n".join(lines) + "\n", f"set{ENDING[text.language]}", text.language)
            assert compiled.plan is not None
            assert merged.plan is not None, (lines, [*merged.diagnostics])
            difference = compare(compiled.plan, merged.plan, BUDGET, monotonic)
            assert difference.proven, said
            assert not difference.changed, said


@pytest.mark.parametrize("number", range(FIRST, FIRST + SETS))
def test_what_is_planted_is_found_and_nothing_else(
    number: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    garden = grown(Random(number))
    text = garden.text()
    compiled = proven(text)
    assert Counter(told(compiled, each) for each in compiled.diagnostics) == recorded(garden, text), text.lines
    merge(compiled, text)
    replay(compiled, text, tmp_path / f"set{ENDING[text.language]}", capsys)


@pytest.mark.parametrize("number", range(FIRST, FIRST + SETS // 4))
def test_of_what_has_no_defect_nothing_is_found(number: int) -> None:
    random = Random(-1 - number)
    language: Language = random.choice(["fr", "en"])
    text = written(sound(random, language), language)
    assert [*proven(text).diagnostics] == [], text.lines
