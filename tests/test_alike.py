"""What follows from two statements of one form is what a statement says by its own words, in both languages.

RULEC_VARIANTS: how often each pair is said again with other values (1 in CI).
"""

import os
import random
import re
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

import pytest
from sampling import one_in
from test_pairs import PAIRS, vocabulary

from rulec import pipeline
from rulec.pipeline import Compiled, compile_text
from rulec.semantics.alike import Alike
from rulec.semantics.forms import Statement
from rulec.semantics.holes import Heard, Hole
from rulec.semantics.rules import Rules
from rulec.semantics.templates import UnlikeError, template
from rulec.source import Language
from rulec.syntax.tokens import Item
from rulec.tree import Span

MEANING = Rules.meaning
LOWERED = Alike.lowered
STEP = 24  # pairs in one file
VARIANTS = int(os.environ.get("RULEC_VARIANTS", "1"))
OPTIONS: dict[Language, tuple[str, ...]] = {
    "fr": ("France", "Belgique", "Suisse", "Allemagne"), "en": ("France", "Belgium", "Switzerland", "Germany"),
}  # fmt: skip
SEGMENTS: dict[Language, tuple[str, ...]] = {
    "fr": ("particulier", "professionnel", "revendeur"), "en": ("private", "business", "reseller"),
}  # fmt: skip


def placed(tree: Any) -> Any:
    """A tree with its places, which do not count for equality elsewhere."""
    if isinstance(tree, tuple):
        return tuple(placed(each) for each in tree)
    if is_dataclass(tree) and not isinstance(tree, type):
        return (type(tree).__name__, *(placed(getattr(tree, each.name)) for each in fields(tree)))
    return tree


def both_ways(text: str, language: Language, monkeypatch: pytest.MonkeyPatch) -> tuple[Compiled, Compiled]:
    """A text compiled as it is, and from the words of each statement alone."""
    found = compile_text(text, language=language)
    with monkeypatch.context() as patch:
        patch.setattr(pipeline.rules_of, "__defaults__", (10**9,))
        return found, compile_text(text, language=language)


def changed(sentence: str, language: Language, draw: random.Random) -> str:
    """The sentence with other numbers and other values of lists: as many digits or not, one, none, whole or not."""

    def number(found: re.Match[str]) -> str:
        return draw.choice((found[0], str(draw.randrange(10 ** len(found[0]))), str(draw.randrange(3)), "7,5", "1234"))

    sentence = re.sub(r"[0-9]+", number, sentence)
    for names in (OPTIONS[language], SEGMENTS[language]):
        sentence = re.sub("|".join(names), lambda _, known=names: draw.choice(known), sentence)  # type: ignore[misc]
    return sentence


def statements(start: int, column: int, language: Language) -> list[str]:
    """Some statements of each form of the pairs from a place on."""
    draw = random.Random(start)
    said = [pair[column].replace("\\n", "\n") for pair in PAIRS[start : start + STEP] if not pair[0].startswith("E")]
    return [variant for each in said for variant in (each, *(changed(each, language, draw) for _ in range(VARIANTS)))]


def test_two_rules_of_a_form_tell_what_the_others_mean(monkeypatch: pytest.MonkeyPatch) -> None:
    read = list[object]()
    monkeypatch.setattr(Rules, "meaning", lambda self, rule, span: read.append(span) or MEANING(self, rule, span))
    rules = [f"Si commande > {amount} € et client fidèle alors remise {amount % 7} %" for amount in range(2, 30)]
    plan = compile_text(vocabulary("fr") + "\n".join(rules) + "\n", language="fr").plan
    assert plan is not None
    assert len(plan.rules) == 28
    assert len(read) == 4  # two by their words, and again with their numbers hidden


def test_what_hangs_on_numbers_is_made_for_each_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    told = list[bool]()

    def looked(rule: Alike, lower: Any) -> Any:
        told.append(LOWERED(rule, repr) == repr(rule.meaning))  # to show a number is to look at it
        return LOWERED(rule, lower)

    monkeypatch.setattr(Alike, "lowered", looked)
    rules = [f"Si commande > {amount} € alors remise {amount} %" for amount in range(2, 9)]
    found, words = both_ways(vocabulary("fr") + "\n".join(rules) + "\n", "fr", monkeypatch)
    assert told == [True] * 5  # all but the two that tell the form
    assert placed(found.plan) == placed(words.plan)


def stated(*options: str, starts: int = 0) -> Statement:
    """A statement of one word, which names values of lists."""
    return Statement(0, (Item("WORD", "web", starts, starts + 3, "web"),), (), options)


UNLIKE = {
    "another kind": (1, "1"),
    "another number": (Hole(0, Decimal(1), Heard()), Hole(1, Decimal(1), Heard())),
    "another value": ("gold", "silver"),
    "more of them": (("web",), ("web", "web")),
    "where no word stands": (Span(0, 1, 3), Span(0, 1, 3)),
}


@pytest.mark.parametrize("trees", UNLIKE.values(), ids=list(UNLIKE))
def test_what_differs_by_more_than_the_statements_is_no_template(trees: tuple[object, object]) -> None:
    with pytest.raises(UnlikeError):
        template(*trees, stated("web").marks, stated("shop").marks)


def test_a_template_says_what_the_statements_say() -> None:
    one, other, third = stated("web"), stated("shop", starts=5), stated("fair", starts=9)
    make = template(("web", Span(0, 0, 3), Span(), 7), ("shop", Span(0, 5, 8), Span(), 7), one.marks, other.marks)
    assert make(third.values) == ("fair", Span(0, 9, 12), Span(), 7)
    with pytest.raises(UnlikeError):  # is it the value, or the same word of all of them?
        template("web", "web", stated("web").marks, stated("web").marks)


@pytest.mark.parametrize("start", one_in(2, range(0, len(PAIRS), STEP)))
@pytest.mark.parametrize(("column", "language"), [(1, "fr"), (2, "en")])
def test_every_form_means_the_same(
    start: int, column: int, language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    said = statements(start, column, language)
    plan = None
    while plan is None:  # first with what is refused, then without
        text = vocabulary(language) + "\n".join(said) + "\n"
        found, words = both_ways(text, language, monkeypatch)
        assert sorted(map(repr, found.diagnostics)) == sorted(map(repr, words.diagnostics))  # shown by their place
        assert placed(found.plan) == placed(words.plan)
        plan = found.plan
        wrong = {text.count("\n", 0, each.span.start) for each in found.diagnostics if each.code.startswith("E")}
        at, kept = vocabulary(language).count("\n"), list[str]()
        for each in said:
            end = at + each.count("\n") + 1
            kept += [each] if wrong.isdisjoint(range(at, end)) else []
            at = end
        assert plan is not None or len(kept) < len(said)
        said = kept
