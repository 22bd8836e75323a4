"""What continuous integration reads of `rulec check`: annotations, SARIF, JUnit; what fails, and what is known."""

import json
import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator
from junitparser import JUnitXml
from sampling import one_in
from test_errors import CHUNKS

from rulec.cli import main
from rulec.diagnostics.report import Diagnostic
from rulec.review.baseline import Known
from rulec.review.github import github
from rulec.review.policy import Policy, Reviewed, review
from rulec.review.sarif import sarif
from rulec.source import Source

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "sarif-2.1.0.json").read_text(encoding="utf-8"))
UNUSED = "Un acheteur est fidèle si son âge dépasse 3.\nUn acheteur est majeur si son âge dépasse 17.\n"
WARNS = (
    "Un acheteur a :\n  - un âge (nombre entier)\nOn décide :\n  - la remise (pourcentage), facultative\n"
    f"Si l'âge dépasse 60 alors remise 5 %\n{UNUSED}"
)
ERRORS = "Si commande > 1.500 € alors remise 10 %\nSi 𝒳 commande > 500 € alors, remise 1.500 €\n"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command line in an empty folder: status, output, errors."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")

    def run(*args: str) -> tuple[int, str, str]:
        status = main(list(args))
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


def put(name: str, text: str) -> None:
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_text(text, encoding="utf-8")


# ---- SARIF


def valid(log: Any) -> None:
    """Refuse what the schema of SARIF 2.1.0 does not allow."""
    assert list(Draft4Validator(SCHEMA).iter_errors(log)) == []


@cache
def every() -> list[Reviewed]:
    """Many of the findings that tests provoke."""
    return [review(chunk.compile(), Policy(), Known(Counter())) for chunk in one_in(3, CHUNKS)]


def at(text: str, region: dict[str, int], side: str) -> int:
    """The offset of an end of a region, columns counted in UTF-16 as SARIF has them."""
    line = re.split(r"(?<=\n)", text)[: region[f"{side}Line"]]
    inside = line[-1].encode("utf-16-le")[: 2 * (region[f"{side}Column"] - 1)].decode("utf-16-le")
    return sum(map(len, line[:-1])) + len(inside)


def test_all_findings_are_valid_sarif_in_both_languages() -> None:
    log = sarif(every(), None)
    valid(log)
    assert {run["language"] for run in log["runs"]} == {"fr", "en"}
    for run in log["runs"]:
        rules = run["tool"]["driver"]["rules"]
        assert all(rules[each["ruleIndex"]]["id"] == each["ruleId"] for each in run["results"])
        assert all("help" in each for each in rules)
        marks = [each["partialFingerprints"]["rulecStatement/v1"] for each in run["results"]]
        assert len(set(marks)) == len(marks)


def test_regions_and_fixes_of_sarif_are_exact(run: Run) -> None:
    put("regles/a b.regles", ERRORS)
    status, out, _ = run("check", "regles", "--format", "sarif")
    log = json.loads(out)
    valid(log)
    (found,) = log["runs"]
    first, second = [each for each in found["results"] if each["ruleId"] == "E110"]
    place = second["locations"][0]["physicalLocation"]
    assert (status, place["artifactLocation"]) == (1, {"uri": "regles/a%20b.regles", "uriBaseId": "%SRCROOT%"})
    assert place["region"]["startColumn"] == ERRORS.splitlines()[1].index("1.500") + 2  # one sign takes two units
    assert ERRORS[at(ERRORS, place["region"], "start") : at(ERRORS, place["region"], "end")] == "1.500 €"
    said = [fix["artifactChanges"][0]["replacements"][0] for fix in first["fixes"]]
    assert [each["insertedContent"]["text"] for each in said] == ["1\u00a0500 €", "1,500 €"]
    region = said[0]["deletedRegion"]
    assert (at(ERRORS, region, "start"), at(ERRORS, region, "end")) == (14, 21)


def test_second_places_are_related_locations(run: Run) -> None:
    put("a.regles", "Si commande > 5 € alors remise 1 %\n" + 2 * "Exemple « x » : alors aucune remise\n")
    log = json.loads(run("check", "a.regles", "--format", "sarif")[1])
    valid(log)
    (result,) = log["runs"][0]["results"]
    (related,) = result["relatedLocations"]
    assert related["physicalLocation"]["region"]["startLine"] == 2
    assert related["message"]["text"]


def test_a_sound_file_is_an_empty_valid_log(run: Run) -> None:
    put("a.rules", "If order > €500 then discount 10%\n")
    status, out, _ = run("check", "a.rules", "--format", "sarif")
    log = json.loads(out)
    valid(log)
    assert (status, log["runs"][0]["results"], log["runs"][0]["language"]) == (0, [], "en")


def test_fingerprints_outlive_moves(run: Run) -> None:
    def marks() -> list[str]:
        log = json.loads(run("check", "a.regles", "--format", "sarif")[1])
        return [each["partialFingerprints"]["rulecStatement/v1"] for each in log["runs"][0]["results"]]

    put("a.regles", WARNS)
    before = marks()
    put("a.regles", WARNS.replace("Si l'âge", "\n# Plus bas.\n\nSi l'âge").replace("fidèle si son  ", "FIDÈLE si son"))
    assert marks() == before
    assert len(set(before)) == 2


# ---- annotations


def read_annotation(line: str) -> tuple[str, dict[str, str], str]:
    """A workflow command as the runner of GitHub reads it."""
    command = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", line)
    assert command, line

    def plain(text: str, *, inside: bool) -> str:
        for code, sign in (
            ("%0D", "\r"),
            ("%0A", "\n"),
            *((("%3A", ":"), ("%2C", ",")) if inside else ()),
            ("%25", "%"),
        ):
            text = text.replace(code, sign)
        return text

    properties = dict(each.split("=", 1) for each in command[2].split(","))
    return (
        command[1],
        {name: plain(value, inside=True) for name, value in properties.items()},
        plain(command[3], inside=False),
    )


def test_annotations_are_escaped_and_placed(run: Run) -> None:
    put("dos,sier/50%:a.regles", ERRORS)
    status, out, _ = run("check", "dos,sier", "--format", "github")
    *annotations, summary = out.splitlines()
    told = [read_annotation(line) for line in annotations]
    assert (status, summary) == (1, f"{len(told)} erreurs")
    kind, properties, message = told[0]
    place = {"file": "dos,sier/50%:a.regles", "line": "1", "endLine": "1", "col": "15", "endColumn": "22"}
    assert (kind, properties) == ("error", {**place, "title": "rulec E110"})
    assert message.startswith("« 1.500 € » se lit de deux façons")
    assert message.endswith("Écrivez, selon ce que vous voulez dire :\n1\u00a0500 €\n1,500 €")


def test_every_finding_is_one_line_that_can_be_read_back() -> None:
    sets = every()
    told = [read_annotation(line) for line in github(sets, None)]
    found = [each for reviewed in sets for each in reviewed.shown]
    assert [properties["title"].removeprefix("rulec ") for _, properties, _ in told] == [each.code for each in found]
    assert [kind == "error" for kind, _, _ in told] == [each.code.startswith("E") for each in found]


# ---- JUnit


def test_junit_is_read_back(run: Run) -> None:
    put("a.regles", WARNS)
    put("b.regles", "# rien\n")
    status, out, _ = run("check", "a.regles", "b.regles", "--deny", "W421", "--format", "junit")
    suites = {suite.name: list(suite) for suite in JUnitXml.fromstring(out.encode())}
    assert status == 1
    assert [(case.name, case.result[0].type) for case in suites["a.regles"]] == [
        ("W421 a.regles:6", "W421"), ("W421 a.regles:7", "W421"),
    ]  # fmt: skip
    assert "« fidèle » est défini" in suites["a.regles"][0].result[0].message
    assert [(case.name, case.is_passed) for case in suites["b.regles"]] == [("rulec check", True)]
    read = JUnitXml.fromstring(run("check", "a.regles", "--format", "junit")[1].encode())
    (suite,) = read
    assert [case.is_failure for case in suite] == [False, False]
    assert "« fidèle » est défini" in next(iter(suite)).system_out


def test_each_finding_of_a_line_is_a_case_of_its_own(run: Run) -> None:
    rules = "".join(f"Si montant > {at} € alors les frais sont de {at} €\n" for at in (1, 2, 3))
    put("a.regles", rules)
    read = JUnitXml.fromstring(run("check", "a.regles", "--format", "junit")[1].encode())
    assert [case.name for suite in read for case in suite] == [
        "E601 a.regles:2", "E601 a.regles:3", "E601 a.regles:3 (2)",
    ]  # fmt: skip


# ---- what fails


def test_strict_and_denied_warnings_fail(run: Run) -> None:
    put("a.regles", WARNS)
    assert run("check", "a.regles")[0] == 0
    status, out, _ = run("check", "a.regles", "--strict")
    assert (status, out.splitlines()[-1]) == (1, "Font échouer (--strict) : W421 × 2")
    assert run("check", "a.regles", "--deny", "w421,W901")[0] == 1
    assert run("check", "a.regles", "--deny", "W901")[0] == 0
    assert run("check", "a.regles", "--strict", "--format", "github")[1].startswith("::error ")
    put("b.regles", "Si commande > 500 € alors remise 10 %\n")
    assert run("check", "b.regles", "--strict")[0] == 0


def test_what_is_allowed_is_counted(run: Run) -> None:
    put("a.regles", WARNS)
    status, out, _ = run("check", "a.regles", "--strict", "--allow", "W421", "--lang", "en")
    assert (status, out) == (0, "no errors\n\nAllowed, not shown: W421 × 2\n")
    report = json.loads(run("check", "a.regles", "--allow", "W421", "--format", "json")[1])
    assert (report["allowed"], report["warnings"], report["diagnostics"], report["failing"]) == (2, 0, [], 0)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--allow", "E110"], "E950"), (["--allow", "W421", "--deny", "W421"], "E951"), (["--deny", "W42"], "E925"),
        (["--write-baseline"], "E912"), (["--baseline", "nowhere.json"], "E901"), (["--baseline", "a.regles"], "E952"),
        (["--format", "xml"], "E913"),
    ],
)  # fmt: skip
def test_options_that_cannot_be_are_refused(run: Run, options: list[str], code: str) -> None:
    put("a.regles", WARNS)
    status, out, err = run("check", "a.regles", *options)
    assert (status, out, code in err) == (2, "", True)


# ---- what is known


def test_known_findings_are_counted_and_new_ones_fail(run: Run) -> None:
    put("a.regles", WARNS)
    status, out, _ = run("check", "a.regles", "--strict", "--baseline", "b.json", "--write-baseline")
    assert (status, out) == (0, "aucune erreur\n\nÉcrits dans b.json : W421 × 2\n")
    moved = WARNS.replace("On décide", "# Plus bas.\n\nOn décide").replace(
        "Un acheteur est fidèle", "un  ACHETEUR est fidele"
    )
    put("a.regles", moved)
    status, out, _ = run("check", "a.regles", "--strict", "--baseline", "b.json")
    assert (status, out) == (0, "aucune erreur\n\nConnus de b.json, non montrés : W421 × 2\n")
    put("a.regles", moved + "Un acheteur est senior si son âge dépasse 60.\n")
    status, out, _ = run("check", "a.regles", "--strict", "--baseline", "b.json")
    assert (status, "« senior »" in out, "« fidèle »" in out) == (1, True, False)


def test_one_more_of_the_same_is_new_and_stale_ones_are_told(run: Run) -> None:
    put("a.regles", WARNS)
    run("check", "a.regles", "--baseline", "b.json", "--write-baseline")
    put("b.regles", WARNS)
    report = json.loads(run("check", "a.regles", "--baseline", "b.json", "--format", "json")[1])
    assert (report["known"], report["stale"]) == (2, [])
    known = json.loads(Path("b.json").read_text(encoding="utf-8"))
    known["findings"][0]["count"] = 3
    Path("b.json").write_text(json.dumps(known), encoding="utf-8")
    status, out, _ = run("check", "a.regles", "--baseline", "b.json", "--lang", "en")
    assert status == 0
    assert 'b.json knows what is no longer found (W421 × 2): "un acheteur est fidele si son age depasse 3."' in out
    known["findings"] = known["findings"][1:]
    Path("b.json").write_text(json.dumps(known), encoding="utf-8")
    assert run("check", "a.regles", "--baseline", "b.json", "--strict")[0] == 1


def test_errors_are_never_known(run: Run) -> None:
    put("a.regles", ERRORS)
    status, out, _ = run("check", "a.regles", "--baseline", "b.json", "--write-baseline")
    assert (status, "E110" in out) == (1, True)
    assert json.loads(Path("b.json").read_text(encoding="utf-8"))["findings"] == []
    assert run("check", "a.regles", "--baseline", "b.json")[0] == 1


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{}", '{"version": 2, "findings": []}', '{"version": 1, "findings": [{"code": 1}]}',
        '{"version": 1, "findings": [{"code": "W421", "text": "a", "count": 0}]}',
    ],
)  # fmt: skip
def test_a_text_that_is_no_baseline_is_refused(run: Run, text: str) -> None:
    put("a.regles", WARNS)
    put("b.json", text)
    status, _, err = run("check", "a.regles", "--baseline", "b.json")
    assert (status, "E952" in err) == (2, True)


def test_a_row_of_a_table_is_known_by_itself() -> None:
    from rulec.review.baseline import keys_of
    from rulec.tree import Span

    text = "| poids || frais |\n| 5 kg || 2 € |\n| 9 kg || 3 € |\n"
    found = [Diagnostic("W422", Span(0, text.index(row), text.index(row) + 4)) for row in ("5 kg", "9 kg")]
    assert [key.text for key in keys_of(found, [Source(0, "a.regles", text)])] == ["| 5 kg || 2 € |", "| 9 kg || 3 € |"]
