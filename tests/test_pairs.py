"""Every pair of sentences says the same in both languages: one ast, one plan, or the same refusal."""

import os
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from rulec.pipeline import Compiled, compile_text
from rulec.plan.tree import Judgement, Plan
from rulec.source import LANGUAGES, Language
from rulec.tree import dump

GOLDEN = Path(__file__).parent / "golden"
ENDINGS: dict[Language, str] = {"fr": "regles", "en": "rules"}


def pairs(name: str) -> list[list[str]]:
    """The pairs of a file: what comes of them, in French, in English."""
    lines = (GOLDEN / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


PAIRS = pairs("pairs.tsv")
NEXT = {  # what is left to mend once a sentence is written as it is offered
    "E204": {"E208", "E301", "E324"}, "E115": {"E314"},
}  # fmt: skip
ALONE = pairs("alone.tsv")  # whole files: with declarations of their own, or with none at all


@cache
def vocabulary(language: Language) -> str:
    """The declarations that all the pairs share, with the same keys in both languages."""
    return (GOLDEN / f"vocabulary.{ENDINGS[language]}").read_text(encoding="utf-8")


def compiled(sentence: str, language: Language) -> Compiled:
    """What comes of a sentence below the shared declarations."""
    return compile_text(vocabulary(language) + sentence.replace("\\n", "\n") + "\n", language=language)


def told(plan: Plan) -> str:
    """A plan without what differs by language: titles, files and the ids made of them."""
    names = {rule.id: f"#{number}" for number, rule in enumerate(plan.statements)}
    parts = [dump(replace(each, names=(), file="")) for each in plan.definitions]
    parts += [dump(part) for rule in plan.rules for part in (*rule.branches, rule.unless, *rule.exceptions)]
    unplaced = {"id": "", "title": "", "file": "", "rows_file": "", "line": 0, "lines": (), "because": ""}
    parts += [dump(replace(table, **unplaced)) for table in plan.tables]  # type: ignore[arg-type]  # of the right types
    parts += [dump(_without_texts(each)) for each in plan.judgements]
    parts += [dump(replace(each, id="", text="", file="", line=0)) for each in plan.promises]
    said = [each for each in plan.oversight if not each.action]
    parts += [dump(replace(each, id="", text="", name="", file="", line=0, because="")) for each in said]
    text = "\n".join(parts)
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(repr(name), names[name]).replace(name, names[name])
    return text


def _without_texts(judged: Judgement) -> Judgement:
    """A judgement without what is free text in each language."""
    answers = tuple((answer, tuple("" for _ in texts)) for answer, texts in judged.answers)
    return replace(judged, means="", answers=answers, file="", line=0)


def golden() -> str:
    """What every pair means, as one text."""
    parts = []
    for verdict, french, english in PAIRS:
        plan = compiled(french, "fr").plan
        meaning = told(plan) if plan is not None else verdict
        parts.append(f"# {french} | {english}\n{meaning}\n")
    return "\n".join(parts)


def test_the_meaning_of_every_pair_is_the_one_kept() -> None:
    kept = GOLDEN / "pairs.plan.txt"
    if os.environ.get("RULEC_KEEP"):
        kept.write_text(golden(), encoding="utf-8")
    assert golden() == kept.read_text(encoding="utf-8")


@pytest.mark.parametrize(("verdict", "french", "english"), PAIRS, ids=[pair[1][:50] for pair in PAIRS])
def test_both_say_the_same(verdict: str, french: str, english: str) -> None:
    fr, en = compiled(french, "fr"), compiled(english, "en")
    if verdict in ("clear", "stated"):
        assert fr.plan is not None, [(each.code, each.values) for each in fr.diagnostics]
        assert en.plan is not None, [(each.code, each.values) for each in en.diagnostics]
        assert told(fr.plan) == told(en.plan)
    else:
        assert [each.code for each in fr.diagnostics] == [verdict]
        assert [each.code for each in en.diagnostics] == [verdict]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_is_offered_instead_of_a_refused_sentence_is_read(language: Language) -> None:
    for verdict, *texts in PAIRS:
        if verdict in ("clear", "stated"):
            continue
        refused = compiled(texts[language == "en"], language)
        text = refused.sources[0].text
        for fix in (fix for each in refused.diagnostics for fix in each.fixes if "…" not in fix.text):
            said = compile_text(text[: fix.span.start] + fix.text + text[fix.span.end :], language=language)
            left = {each.code for each in said.diagnostics if each.code.startswith("E")}
            assert left <= NEXT.get(verdict, set()), (verdict, fix.text, left)


def alone(text: str, language: Language) -> Compiled:
    """What comes of a file of its own."""
    return compile_text(text.replace("\\n", "\n") + "\n", language=language)


def shape(plan: Plan) -> str:
    """A plan whose names, which differ by language where no key is declared, are numbered as they come."""
    names: dict[str, str] = {}

    def numbered(found: re.Match[str]) -> str:
        return re.sub("'[^']*'", lambda name: names.setdefault(name[0], f"n{len(names)}"), found[0])

    return re.sub(r"(?m)(?:path|outcome|action|values|parameters)=?(?:'[^']*'|\([^)]*\))|^ *'.*", numbered, told(plan))


def test_the_meaning_of_every_file_is_the_one_kept() -> None:
    kept = GOLDEN / "alone.plan.txt"
    parts = [(each, alone(each[1], "fr").plan) for each in ALONE]
    meaning = "\n".join(f"# {fr} | {en}\n{told(plan) if plan else verdict}\n" for (verdict, fr, en), plan in parts)
    if os.environ.get("RULEC_KEEP"):
        kept.write_text(meaning, encoding="utf-8")
    assert meaning == kept.read_text(encoding="utf-8")


@pytest.mark.parametrize(("verdict", "french", "english"), ALONE, ids=[each[1][-60:] for each in ALONE])
def test_both_files_say_the_same(verdict: str, french: str, english: str) -> None:
    fr, en = alone(french, "fr"), alone(english, "en")
    codes = [] if verdict == "clear" else [verdict]
    assert [each.code for each in fr.diagnostics] == codes
    assert [each.code for each in en.diagnostics] == codes
    assert (fr.plan is None) == (en.plan is None) == (verdict != "clear")
    if fr.plan and en.plan:
        assert shape(fr.plan) == shape(en.plan)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_name_that_a_file_without_vocabulary_implies_is_used(language: Language) -> None:
    lost = []
    for verdict, *texts in ALONE:
        found = alone(texts[LANGUAGES.index(language)], language)
        if verdict == "clear" and found.plan is not None and found.vocabulary.inferred:
            paths = [fact.slot.path for fact in found.vocabulary.facts]
            paths += [outcome.slot.key for outcome in found.vocabulary.outcomes]
            paths += [action.slot.key for action in found.vocabulary.actions]
            lost += [path for path in paths if repr(path) not in told(found.plan)]
    assert lost == []
