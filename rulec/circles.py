"""Rules that silence each other in a circle in, the report out: with a case in which all of them apply."""

from collections.abc import Mapping, Sequence
from itertools import islice, pairwise, product

from rulec.analysis.findings import Case
from rulec.analysis.report import Report
from rulec.backends.interpreter import Tester
from rulec.backends.outline import outline_of
from rulec.diagnostics import Diagnostics, Related
from rulec.plan.tree import (
    All,
    Applies,
    Decided,
    Defined,
    DefinedGiven,
    Definition,
    Not,
    OutcomeGiven,
    Plan,
    Rule,
    Table,
)
from rulec.source import Language
from rulec.tree import walk
from rulec.trial.candidates import ABSENT, TODAY, candidates_of, facts_in

MOST = 20_000  # cases tried out
_NONE: Mapping[Language, str] = {"fr": "aucun cas n'a été trouvé", "en": "no case was found"}
_OTHERS = Applies | Decided | OutcomeGiven | Defined | DefinedGiven  # what rests on more than facts
Step = Rule | Table | Definition


def is_of_exceptions(cycle: Sequence[Step]) -> bool:
    """Whether each step of a circle silences its neighbour, or is silenced by it."""
    return all(_silences(one, other) or _silences(other, one) for one, other in pairwise(cycle))


def _silences(one: Step, other: Step) -> bool:
    return not isinstance(one, Definition) and not isinstance(other, Definition) and one.id in other.exceptions


def report_circle(plan: Plan, cycle: Sequence[Step], language: Language, diagnostics: Diagnostics) -> None:
    """Report rules that each take precedence over the next, the last over the first."""
    rules = [step for step in cycle[:-1] if not isinstance(step, Definition)]
    case = _case(plan, rules)
    related = tuple(Related(step.span, "next") for step in rules[1:])
    path = " → ".join(step.title for step in (*rules, rules[0]))
    shown = Report(plan, (), language, diagnostics).case(case) if case is not None else _NONE[language]
    diagnostics.add("E406", rules[0].span, related=related, path=path, case=shown)


def _case(plan: Plan, rules: Sequence[Rule | Table]) -> Case | None:
    """Facts for which all the rules apply, their exceptions aside."""
    conditions = [branch.condition for rule in rules if isinstance(rule, Rule) for branch in rule.branches[:1]]
    conditions += [Not(rule.unless) for rule in rules]
    whole = All(tuple(conditions))
    if any(isinstance(node, _OTHERS) for node in walk(whole)) or not all(isinstance(rule, Rule) for rule in rules):
        return None
    values, tester = candidates_of(plan), Tester(outline_of(plan))
    paths = [path for path in facts_in(whole, plan) if path in values and path != TODAY]
    for chosen in islice(product(*(values[path] for path in paths)), MOST):
        facts = {path: value for path, value in zip(paths, chosen, strict=True) if value is not ABSENT}
        if tester.holds(whole, facts) is True:
            return Case(tuple(facts.items()), None)
    return None
