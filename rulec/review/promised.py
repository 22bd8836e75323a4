"""A rule set with its findings in, what became of each promise out: proven, refuted or not proven."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rulec.pipeline import Compiled
from rulec.plan.tree import Promise
from rulec.source import Language
from rulec.tree import Span

_OF = {"E611": "refuted", "N613": "unproven"}
_NOTHING_PROVEN = frozenset({"N610", "E612"})
_SUMMARY: Mapping[Language, str] = {
    "fr": "Promesses prouvées : {proven} sur {all}.",
    "en": "Promises proven: {proven} of {all}.",
}


class Promised(NamedTuple):
    """A promise, and what became of it: proven, refuted or unproven."""

    promise: Promise
    status: str


def promised(rules: Compiled, budget: float) -> list[Promised]:
    """What became of each promise. `budget`: the seconds that proofs were given; 0: none."""
    found = {(each.span, each.code) for each in rules.diagnostics}
    none = budget <= 0 or any(code in _NOTHING_PROVEN for _, code in found)
    made = [each for each in (rules.plan.promises if rules.plan is not None else ()) if not each.assumed]
    return [Promised(each, _status(each, found, none)) for each in made]


def _status(promise: Promise, found: set[tuple[Span, str]], none: bool) -> str:
    told = next((status for code, status in _OF.items() if (promise.span, code) in found), "")
    return told or ("unproven" if none else "proven")


def summary_of(made: Sequence[Promised], language: Language) -> str:
    """« Promesses prouvées : 2 sur 3. »"""
    proven = sum(each.status == "proven" for each in made)
    return _SUMMARY[language].format(proven=proven, all=len(made))


def as_json(made: Sequence[Promised]) -> list[dict[str, object]]:
    """Each with its place."""
    return [
        {"file": each.promise.file, "line": each.promise.line, "text": each.promise.text, "status": each.status}
        for each in made
    ]
