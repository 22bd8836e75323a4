"""Compiled rules in, their examples that the rules contradict added to the findings: with the rule that decides so."""

from collections.abc import Iterator, Sequence

from rulec.analysis.findings import At, Case
from rulec.analysis.report import Report
from rulec.diagnostics import Diagnostics, Related, diagnostic
from rulec.plan.tree import Plan
from rulec.runtime.decision import Decision, FiredRule
from rulec.semantics.model import Example, ExpectStatus
from rulec.source import Language, Source
from rulec.trial.run import WRONG, Failure, Result, run_examples
from rulec.trial.tell import Teller

MOST = 10  # examples that are named


def contradicted(
    plan: Plan, examples: Sequence[Example], sources: Sequence[Source], language: Language, found: Diagnostics,
    runs: bool = True,
) -> None:  # fmt: skip
    """Report each example of which something is not as expected. `runs`: whether `rulec run` decides by the rules."""
    telling = _Telling(Report(plan, sources, language, found, runs=runs), Teller(plan, sources, language))
    together = dict[str, list[tuple[Result, Failure]]]()
    for result in run_examples(plan, examples):
        alone = [failure for failure in result.failures if not _is_undecided(failure, result.decision)]
        if alone:
            telling.contradiction(result, alone[0])
        for failure in result.failures:
            if failure not in alone:
                together.setdefault(telling.undecided(failure, result), []).append((result, failure))
    for reason, failed in together.items():
        telling.together(reason, failed)


class _Telling:
    def __init__(self, report: Report, teller: Teller) -> None:
        self._report, self._teller, self._found = report, teller, report.diagnostics
        self._statements = {each.id: each for each in report.plan.statements}

    def contradiction(self, result: Result, failure: Failure) -> None:
        """Report an example of which something is not as expected."""
        case = Case(tuple(result.facts.items()), result.at if result.example.at else None)
        replay = {} if result.story else {"replay": self._report.replayed(case)}
        difference = self._teller.difference(failure, result.decision).rstrip(".")
        self._tell("E751" if result.story else "E622", result, failure, difference=difference, **replay)

    def undecided(self, failure: Failure, result: Result) -> str:
        """Why what an example speaks of, or not, cannot be decided."""
        return self._teller.difference(Failure(failure.key), result.decision).rstrip(".")

    def together(self, reason: str, failed: Sequence[tuple[Result, Failure]]) -> None:
        """Report what cannot be decided in some examples for the same reason: once, at the first."""
        if len(failed) == 1:
            return self.contradiction(*failed[0])
        names = ", ".join(self._teller.name(result.example) for result, _ in failed[1:MOST])
        more = " …" if len(failed) > MOST else ""
        return self._tell("E631", *failed[0], difference=reason, count=len(failed), others=names + more)

    def _tell(self, code: str, result: Result, failure: Failure, **values: object) -> None:
        places = [self._report.place(At(self._statements[rule.id], rule.branch)) for rule in _fired(result, failure)]
        related = tuple(Related(place, "other") for place in places)
        example = self._teller.name(result.example)
        self._found.tell(diagnostic(code, result.example.span, (), related, example=example, **values))


def _is_undecided(failure: Failure, decision: Decision) -> bool:
    """Whether what is not as expected is a conflict or an error, of which the rules are the reason."""
    if failure.broken is not None or (failure.wanted and isinstance(failure.wanted.expected, ExpectStatus)):
        return False
    outcome = decision.outcomes.get(failure.key)
    actions = [each.status for each in decision.actions if each.key == failure.key]
    return bool(WRONG & {*actions, *([outcome.status] if outcome is not None else [])})


def _fired(result: Result, failure: Failure) -> Iterator[FiredRule]:
    """The rules that decide what is not as expected."""
    outcome = result.decision.outcomes.get(failure.key)
    if outcome is not None:
        yield from outcome.fired
    for action in result.decision.actions:
        if action.key == failure.key:
            yield from action.fired
