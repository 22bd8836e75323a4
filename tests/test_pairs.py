"""Every pair of sentences says the same in both languages: one ast, one plan, or the same refusal."""

import os
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from rulec.pipeline import Compiled, compile_text
from rulec.plan.tree import Plan
from rulec.source import Language
from rulec.tree import dump

GOLDEN = Path(__file__).parent / "golden"
ENDINGS: dict[Language, str] = {"fr": "regles", "en": "rules"}
PAIRS = [
    line.split("\t")
    for line in (GOLDEN / "pairs.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


@cache
def vocabulary(language: Language) -> str:
    """The declarations that all the pairs share, with the same keys in both languages."""
    return (GOLDEN / f"vocabulary.{ENDINGS[language]}").read_text(encoding="utf-8")


def compiled(sentence: str, language: Language) -> Compiled:
    """What comes of a sentence below the shared declarations."""
    return compile_text(vocabulary(language) + sentence.replace("\\n", "\n") + "\n", language=language)


def told(plan: Plan) -> str:
    """A plan without what differs by language: titles, files and the ids made of them."""
    names = {rule.id: f"#{number}" for number, rule in enumerate(plan.rules)}
    parts = [dump(replace(each, names=(), file="")) for each in plan.definitions]
    parts += [dump(part) for rule in plan.rules for part in (*rule.branches, rule.unless, *rule.exceptions)]
    text = "\n".join(parts)
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(repr(name), names[name]).replace(name, names[name])
    return text


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
