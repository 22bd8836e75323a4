"""How a finding is told: on the screen, as JSON, and what the catalogue says of every code."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from rulec.diagnostics import Diagnostic, Diagnostics, Fix, Related, Severity, catalogue
from rulec.diagnostics.as_json import as_json, text_of
from rulec.diagnostics.render import render, summary
from rulec.diagnostics.screen import excerpt, harmless
from rulec.pipeline import compile_text
from rulec.source import Source
from rulec.tree import Span

PACKAGE = Path(catalogue.__file__).parents[1]
TEXT = "Si commande > 500 €\n  et cliant fidèle alors remise 10 %\n"
SOURCE = Source(1, "remises.regles", TEXT)
PLACE = Span(1, TEXT.index("cliant"), TEXT.index("cliant") + 6)
CLOSE = Diagnostic("E201", PLACE, (("term", "cliant"),), (Fix(PLACE, "client"),))


# ---- the catalogue


def test_every_entry_is_read_from_one_place() -> None:
    tables = [tomllib.loads(path.read_text(encoding="utf-8")) for path in catalogue.FOLDER.glob("*.toml")]
    assert sum(map(len, tables)) == len(catalogue.entries())
    allowed = {"severity", "message", "help", "why", "page", "related"}
    for table in tables:
        for code, entry in table.items():
            assert re.fullmatch(r"[EWN]\d{3}", code)
            assert set(entry) <= allowed, code


def test_a_code_that_stands_twice_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text('[E001]\nmessage.fr = "x"\nmessage.en = "x"\n', encoding="utf-8")
    monkeypatch.setattr(catalogue, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match=r"b\.toml: E001"):
        catalogue.entries.__wrapped__()


@pytest.mark.parametrize("code", list(catalogue.entries()))
def test_an_entry_weighs_what_its_letter_says(code: str) -> None:
    assert (catalogue.entry(code).severity is Severity.ERROR) == code.startswith("E")


def test_what_the_command_line_says_is_in_the_catalogue() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (PACKAGE / "cli").glob("*.py")]
    codes = {code for text in texts for code in re.findall(r'"([EW]\d{3})"', text)}
    assert codes <= set(catalogue.entries())


def test_an_unknown_code_still_has_a_message() -> None:
    assert catalogue.message("E000", "fr", {}) == "Erreur E000."
    assert catalogue.entry("W000").severity is Severity.WARNING


def test_sentences_are_filled_once_and_left_out_where_a_value_is_missing() -> None:
    assert catalogue.fill("{a} et {b}", {"a": "{b}", "b": "x"}) == "{b} et x"
    assert catalogue.fill("{a}", {}) == "…"
    assert catalogue.fill_if_known("{a}", {"a": ""}) == ""
    assert catalogue.fill_if_known("{a}", {"a": "x"}) == "x"


# ---- on the screen


def test_the_place_is_underlined_and_the_line_written_right() -> None:
    text = render([CLOSE], [SOURCE])
    assert text.splitlines()[0].startswith("-- ERREUR E201 ---")
    assert text.splitlines()[0].endswith(" remises.regles:2:6")
    assert "2 |   et cliant fidèle alors remise 10 %\n         ^^^^^^\n" in text
    assert "Écrivez :\n\n    et client fidèle alors remise 10 %" in text
    assert text.endswith("\n\n1 erreur")


def test_the_language_can_be_chosen() -> None:
    text = render([CLOSE], [SOURCE], "en")
    assert text.startswith("-- ERROR E201")
    assert "Write:" in text
    assert text.endswith("1 error")
    assert render([CLOSE], [Source(1, "x.rules", TEXT, "en")]).startswith("-- ERROR E201")


def test_alternatives_bear_their_meaning() -> None:
    fixes = (Fix(PLACE, "client", "le client"), Fix(PLACE, "", "rien"))
    text = render([Diagnostic("E204", PLACE, (), fixes)], [SOURCE])
    assert "Écrivez, selon ce que vous voulez dire :\n\n  - le client\n    et client" in text
    assert "  - rien\n    et  fidèle alors" in text
    whole = Span(1, 0, len(TEXT))
    assert "(supprimez cette ligne)" in render([Diagnostic("E201", whole, (), (Fix(whole, ""),))], [SOURCE])


def test_a_second_place_is_shown() -> None:
    first = Related(Span(1, 3, 11), "first")
    text = render([Diagnostic("E220", PLACE, (("term", "commande"),), (), (first,))], [SOURCE])
    assert "(remises.regles:1:4)" in text
    assert "1 | Si commande > 500 €\n       ^^^^^^^^" in text


def test_findings_stand_in_the_order_of_the_text() -> None:
    other = Source(2, "a.regles", "x\n")
    found = [CLOSE, Diagnostic("E202", Span(1, 3, 11)), Diagnostic("W901", Span(2, 0, 0))]
    text = render(found, [SOURCE, other])
    assert re.findall(r"^-- \w+ (\w+)", text, re.MULTILINE) == ["W901", "E202", "E201"]
    assert text.endswith("2 erreurs, 1 avertissement")
    assert summary([], "en") == "no errors"
    assert summary([found[2]], "fr") == "aucune erreur, 1 avertissement"


def test_a_finding_without_a_file_has_its_message() -> None:
    assert "E902" in render([Diagnostic("E902", Span(9), (("path", "x"), ("detail", "y")))], [])


@pytest.mark.parametrize("char", ["\x1b", "\x00", "\u202e", "\u2028", "\x7f", "\x9b", "\ud800", "\u200b"])
def test_nothing_steers_the_terminal(char: str) -> None:
    source = Source(1, f"a{char}.regles", f"Si {char}x\n")
    text = render([Diagnostic("E201", Span(1, 3, 5), (("term", char),), (Fix(Span(1, 3, 5), char + "y"),))], [source])
    assert char not in text
    assert char not in text_of(as_json([Diagnostic("E201", Span(1, 3, 5), (("term", char),))], [source]))
    assert char not in harmless(f"a{char}b")


def test_long_lines_are_cut_around_the_place() -> None:
    line = "a" * 5000 + "mot" + "b" * 5000
    shown = excerpt(line, 5000, 5003)
    assert len(shown.line) <= 102
    assert shown.line[shown.marks.index("^") : shown.marks.rindex("^") + 1] == "mot"
    assert excerpt("\t日本 x", 1, 3).marks == "    ^^^^"
    assert excerpt("ab", 2, 2).marks == "  ^"


def test_a_file_that_could_not_be_read_is_named_alone() -> None:
    text = render([Diagnostic("E901", Span(1), (("path", "x.regles"),))], [Source(1, "x.regles", "")])
    assert text.splitlines()[0].endswith(" x.regles")
    assert " | " not in text


def test_paint_colours_severity_and_fix() -> None:
    text = render([CLOSE], [SOURCE], paint=lambda part, style: f"<{style}>{part}</>")
    assert "^^^^^^</>" in text
    assert "<fix>et client fidèle alors remise 10 %</>" in text


# ---- as JSON


def test_json_says_the_same_with_places_in_lines_and_columns() -> None:
    (one,) = as_json([CLOSE], [SOURCE])
    assert one["message"] == "« cliant » n'est pas dans le vocabulaire."
    assert one["severity"] == "error"
    assert one["file"] == "remises.regles"
    assert one["start"] == {"line": 2, "column": 6, "offset": PLACE.start}
    assert one["fixes"][0]["text"] == "client"
    assert json.loads(text_of([one])) == [one]


def test_json_keeps_what_is_long_and_names_second_places() -> None:
    first = Related(Span(1, 3, 11), "first")
    (one,) = as_json([Diagnostic("E220", PLACE, (("term", "commande"),), (), (first,))], [SOURCE], "en")
    assert one["related"][0]["start"]["line"] == 1
    assert one["related"][0]["message"]
    assert as_json([Diagnostic("E902", Span(9))], [])[0]["code"] == "E902"


# ---- the collector


def test_a_finding_at_the_same_place_counts_once() -> None:
    found = Diagnostics()
    assert not found.failed
    found.add("W901", PLACE, path="x")
    found.add("W901", PLACE, path="y")
    assert [each.values for each in found] == [(("path", "x"),)]
    assert not found.failed
    found.add("E201", PLACE, term=3)
    assert found.failed
    assert len(found) == 2


def test_no_line_breaks_within_a_value() -> None:
    text = "Si client fidèle et canal vraiment long du web ou commande > 500 € alors remise 10 %"
    lines = render(compile_text(text).diagnostics, compile_text(text).sources).splitlines()
    assert any("500 €" in line for line in lines)
    assert not any(line.endswith(" 500") or line.startswith("€") for line in lines)
