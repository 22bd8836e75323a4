"""What became of the promises in, the outcomes as they may leave the decision out: none that breaks a promise."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from rulec.runtime.combine import Places, ordered
from rulec.runtime.decision import OutcomeResult
from rulec.runtime.errors import Problem
from rulec.runtime.facts import FactsError, InputProblem
from rulec.runtime.kleene import Truth, Unknown

_NO_VALUE = "E559"  # an outcome without a value: what is promised of it is not broken


@dataclass(frozen=True, slots=True)
class PromiseSlot:
    """A promise, or where `assumed` what is taken for granted of the facts.

    `outcomes`: those that it speaks of; `given`: those of which it says whether they have a value.
    """

    id: str
    text: str
    file: str
    line: int
    outcomes: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    assumed: bool = False

    @property
    def details(self) -> tuple[tuple[str, str], ...]:
        """What fills a sentence about it."""
        return (("text", self.text), ("file", self.file), ("line", str(self.line)))


def kept(
    promises: Mapping[str, PromiseSlot], truths: Mapping[str, Truth], outcomes: Mapping[str, OutcomeResult],
    places: Places, language: str,
) -> dict[str, OutcomeResult]:  # fmt: skip
    """The outcomes, those of a broken promise in error, those of one that is not known yet as open as it is.

    Raises FactsError for facts that break an assumption.
    """
    found = dict(outcomes)
    for promise in promises.values():
        truth = truths[promise.id]
        if promise.assumed:
            if truth is False:
                raise FactsError([InputProblem("E532", "", promise.details)], language)
        elif truth is not True:
            for key in promise.outcomes:
                found[key] = _without(found[key], promise, truth, places, key in promise.given)
    return found


def _without(result: OutcomeResult, promise: PromiseSlot, truth: Truth, places: Places, given: bool) -> OutcomeResult:
    """An outcome of which a promise is broken, or not known to be kept; as it is where it has no value to refuse."""
    if result.status != "decided" and not (given and result.status == "not_applicable"):
        return result
    bare = replace(result, value=None, default=False, elements=())
    if not isinstance(truth, Unknown):
        return replace(bare, status="error", problems=(*result.problems, Problem("E572", promise.details)))
    problems = tuple(sorted(each for each in truth.problems if each.code != _NO_VALUE))
    if not (problems or truth.missing):
        return result
    missing = tuple(dict.fromkeys((*result.missing, *ordered(truth.missing, places))))
    status = truth.status if problems else "undetermined"
    return replace(bare, status=status, missing=missing, problems=tuple(dict.fromkeys((*result.problems, *problems))))
