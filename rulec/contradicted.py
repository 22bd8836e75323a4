"""Compiled rules in, their examples that the rules contradict added to the findings: with the rule that decides so."""

from collections.abc import Iterator, Sequence

from rulec.analysis.findings import At, Case
from rulec.analysis.report import Report
from rulec.diagnostics import Diagnostics
from rulec.diagnostics.report import Related
from rulec.plan.tree import Plan
from rulec.runtime.decision import FiredRule
from rulec.semantics.model import Example
from rulec.source import Language, Source
from rulec.trial.run import Failure, Result, run_examples
from rulec.trial.tell import Teller


def contradicted(
    plan: Plan, examples: Sequence[Example], sources: Sequence[Source], language: Language, found: Diagnostics
) -> None:
    """Report each example of which something is not as expected."""
    reporting = Report(plan, sources, language, found)
    teller = Teller(plan, sources, language)
    statements = {each.id: each for each in plan.statements}
    for result in run_examples(plan, examples):
        if result.failures:
            failure = result.failures[0]
            places = [reporting.place(At(statements[rule.id], rule.branch)) for rule in _fired(result, failure)]
            case = Case(tuple(result.facts.items()), result.at if result.example.at else None)
            replay = {} if result.story else {"replay": reporting.replay(case)}
            found.add(
                "E751" if result.story else "E622", result.example.span, fixes=(),
                related=tuple(Related(place, "other") for place in places), example=teller.name(result.example),
                difference=teller.difference(failure, result.decision).rstrip("."), **replay,
            )  # fmt: skip


def _fired(result: Result, failure: Failure) -> Iterator[FiredRule]:
    """The rules that decide what is not as expected."""
    outcome = result.decision.outcomes.get(failure.key)
    if outcome is not None:
        yield from outcome.fired
    for action in result.decision.actions:
        if action.key == failure.key:
            yield from action.fired
