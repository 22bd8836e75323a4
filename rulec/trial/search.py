"""A plan and the examples that it has in, the cases that they lack out: few, each for what no other shows.

Every threshold is met, just under and just above, and every condition is shown to matter by itself, as far as the
values worth trying can show it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property, partial
from itertools import islice, product

from rulec.backends.assumed import Breaks, breaking
from rulec.backends.python import Trusted, compile_plan
from rulec.plan.lower import gives_of
from rulec.plan.tree import Const, Expr, Plan, Rule, Table
from rulec.runtime import types as t
from rulec.runtime.decision import FiredRule
from rulec.runtime.plain import Plain, plain
from rulec.runtime.tables import NONE, OneOf, Within
from rulec.trace import Probes
from rulec.trial.candidates import ABSENT, TODAY, Values, candidates_of, facts_in
from rulec.trial.coverage import Seen, twins
from rulec.trial.goals import Goal, Goals
from rulec.trial.part import part_of
from rulec.trial.reaching import Facts, Reaching, told
from rulec.trial.run import Result
from rulec.trial.steps import halved

Tried = tuple[Facts, frozenset[Goal]]
MOST = 600  # cases tried for one rule
ROWS = 40  # of a table, from which cases are made
OTHERS = 30  # values of a fact that other rules look at, which are tried for a rule
FEW = 40  # conditions of other rules that are kept from holding


@plain
class Found(Plain):
    """A case for a rule or table. `facts`: only those that its outcomes need, and the date. `goals`: what it shows."""

    step: Rule | Table
    facts: Facts
    goals: tuple[Goal, ...]


@plain
class Lacking(Plain):
    """The cases found, and what none could be found for, each with its rule or table."""

    found: tuple[Found, ...]
    left: tuple[tuple[Rule | Table, Goal], ...]


def lacking(plan: Plan, results: Sequence[Result]) -> Lacking:
    """The cases that show what the examples do not, rule by rule."""
    values, twin, found, left = candidates_of(plan), twins(plan), list[Found](), list[tuple[Rule | Table, Goal]]()
    decide, breaks = compile_plan(plan), breaking(plan)
    reached = {(rule.id, rule.branch) for result in results for rule in _fired(result)}
    for step in plan.statements:
        if step.id in twin:
            continue
        goals = Goals(plan, step, values)
        if step.each:  # no elements are made
            left += [(step, goal) for goal in goals.ways() if (step.id, goal.number) not in reached]
            continue
        search = _Search(plan, step, values, goals, decide, breaks)
        wanted = goals.all()
        known = [{**facts, TODAY: at} for result in results for facts, at in result.looked_at]
        shown = {goal for facts in known for goal in search.shown(facts)}
        cases, missing = search.cases({goal for goal in wanted if goal not in shown})
        found += cases
        left += [(step, goal) for goal in wanted if goal in missing]
    return Lacking(tuple(found), tuple(left))


def _fired(result: Result) -> Iterator[FiredRule]:
    """What decides in an example, for elements too."""
    for outcome in result.decision.outcomes.values():
        yield from (rule for each in (outcome, *outcome.elements) for rule in each.fired)


@plain
class _Search(Plain):
    """Looks for the cases of one rule or table."""

    plan: Plan
    step: Rule | Table
    values: Values
    goals: Goals
    decide: Trusted
    breaks: Breaks

    def cases(self, wanted: set[Goal]) -> tuple[list[Found], set[Goal]]:
        """Cases that show what is wanted, in the order of the rule, and what none shows."""
        tried, open_ = list[Tried](), set(wanted)
        for facts in islice(self.tries(), MOST) if wanted else ():
            shown = frozenset(self.shown(facts)) & wanted
            if shown:
                tried.append((facts, shown))
                open_ -= shown
            if not open_:
                break
        tried = [*self.edges(tried), *tried]
        return self.fewest(tried), open_

    def fewest(self, tried: list[Tried]) -> list[Found]:
        """The case that shows most, then the one that shows most of what is left."""
        found, left = list[Found](), {goal for _, shown in tried for goal in shown}
        places = {goal: at for at, goal in enumerate(self.goals.all())}

        def place(goal: Goal) -> tuple[bool, int, int, str, int]:
            return goal.number < 1, goal.number, goal.at, goal.kind, places.get(goal, 0)

        while left:
            facts, shown = max(tried, key=lambda each: len(each[1] & left))
            goals = sorted(shown & left, key=lambda goal: (goal.kind == "case", place(goal)))
            found.append(Found(self.step, self.smallest(facts, shown), tuple(goals)))
            left -= shown
        return sorted(found, key=lambda each: place(each.goals[0]))

    def edges(self, tried: Sequence[Tried]) -> Iterator[Tried]:
        """Of a condition on what is calculated, the two cases beside its threshold, one fact a step apart."""
        exact = {(goal.number, goal.at) for _, shown in tried for goal in shown if goal.kind == "end"}
        asked = dict.fromkeys(goal for _, shown in tried for goal in shown if goal.kind == "shown")
        for goal in asked:
            other = goal._replace(value=not goal.value)
            if goal.value is True and other in asked and (goal.number, goal.at) not in exact:
                yield from self.edge(goal, other, tried)

    def edge(self, goal: Goal, other: Goal, tried: Sequence[Tried]) -> Iterator[Tried]:
        """The closest pair of cases that show a goal and its opposite, found by halving what lies between two."""
        kinds = {slot.path: slot.type for slot in self.plan.facts}
        showing, opposite = ([facts for facts, shown in tried if each in shown] for each in (goal, other))
        for one, two in product(showing, opposite):
            paths = [path for path in one if one[path] != two[path]]
            if len(paths) != 1 or paths[0] not in kinds:
                continue
            (path,) = paths
            ends = halved(kinds[path], one[path], two[path], partial(self.shows, goal, one, path))
            if ends is not None:
                for value in ends:
                    facts = {**one, path: value}
                    mark = Goal("end", goal.number, goal.at, value, path, goal.span)
                    if not self.breaks(*told(facts)):
                        yield facts, frozenset([*self.shown(facts), mark])
                return

    def shows(self, goal: Goal, facts: Facts, path: str, value: object) -> bool:
        """Whether a case with another value of one fact shows a goal."""
        return goal in self.shown({**facts, path: value})

    def shown(self, facts: Facts) -> Iterator[Goal]:
        """What a case shows; nothing of facts that break an assumption."""
        if self.breaks(*told(facts)):
            return
        probes, decide = self.probed
        yield from self.goals.shown_by(Seen(probes, decide(*told(facts))), facts)

    @cached_property
    def probed(self) -> tuple[Probes, Trusted]:
        """What decides what the rule depends on, with what tells which of its conditions hold."""
        probes = self.goals.probes()
        return probes, compile_plan(probes.added_to(part_of(replace(self.plan, promises=(), oversight=()), self.step)))

    def smallest(self, facts: Facts, shown: frozenset[Goal]) -> Facts:
        """The case without the facts that it does not need to show the same, those that its conditions read apart."""
        kept, own = dict(facts), set(self.read())
        wanted, planned = self.decided(kept), shown.intersection(self.goals.all())
        for path in [slot.path for slot in self.plan.facts if slot.path in facts and slot.path not in own]:
            fewer = {each: value for each, value in kept.items() if each != path}
            if planned.issubset(self.shown(fewer)) and self.decided(fewer) == wanted:
                kept = fewer
        return kept

    def decided(self, facts: Facts) -> object:
        """What comes of the outcomes and actions that the rule gives."""
        decision, keys = self.decide(*told(facts)), gives_of(self.step)
        outcomes = [result for key, result in decision.outcomes.items() if key in keys]
        return outcomes, [each for each in decision.actions if each.key in keys]

    # ---- what is tried

    def tries(self) -> Iterator[Facts]:
        """Cases in which the rule goes each of its ways or just does not, and those beside them by one fact."""
        reaching, rest, read = Reaching(self.plan, self.values), self.usual(), list(self.read())
        near = {path: self.near(path) for path in read}
        for seed in self.seeds(reaching):
            base = {**rest, **seed}
            yield base
            for path in read:
                yield from ({**base, path: value} for value in near[path] if value != base[path])

    def near(self, path: str) -> list[object]:
        """The values of a fact that the rule itself looks at, then some of the others."""
        own = [goal.value for goal in self.goals.all() if goal.path == path]
        return [*own, *islice((value for value in self.values[path] if value not in own), OTHERS)]

    def seeds(self, reaching: Reaching) -> Iterator[Facts]:
        """Facts for each way that the rule goes, and for each that it just does not; if it can be, it goes it alone."""
        silent = self.others()
        for start, conditions in self.paths():
            yield from reaching.facts_for(conditions, start, silent)

    def paths(self) -> Iterator[tuple[Facts, list[tuple[Expr, bool]]]]:
        """For each way, facts to start from and how conditions must be."""
        if isinstance(self.step, Table):
            yield from ((self.row(self.step, row), []) for row in range(min(ROWS, len(self.step.lines))))
            return
        unless = self.step.unless
        for at, branch in enumerate(self.step.branches):
            before = [(each.condition, False) for each in self.step.branches[:at]]
            yield {}, [*before, (branch.condition, True), (unless, False)]
            yield {}, [*before, (branch.condition, False), (unless, False)]
            if unless != Const(False):
                yield {}, [*before, (branch.condition, True), (unless, True)]

    def row(self, table: Table, row: int) -> Facts:
        """Facts for which the tests of a row hold, where they are about one fact."""
        facts = dict[str, object]()
        for column in table.columns:
            number = column.cells[row] if row < len(column.cells) else NONE
            test = column.tests[number] if number != NONE else None
            paths = facts_in(column.input, self.plan)
            if isinstance(test, OneOf | Within) and len(paths) == 1:
                fits = (value for value in self.values.get(paths[0], ()) if value is not ABSENT and test.holds(value))
                facts.update((paths[0], value) for value in islice(fits, 1))
        return facts

    def others(self) -> list[Expr]:
        """The conditions of the rules that are exceptions to it, or that decide the same, where they have any."""
        keys, first = gives_of(self.step), self.step.exceptions
        others = [rule for rule in self.plan.rules if rule is not self.step and not rule.each and gives_of(rule) & keys]
        others.sort(key=lambda rule: rule.id not in first)
        conditions = [branch.condition for rule in others for branch in rule.branches]
        return [each for each in conditions[:FEW] if not isinstance(each, Const)]

    def read(self) -> Iterator[str]:
        """The facts that the rule's own conditions read."""
        if isinstance(self.step, Table):
            exprs: list[Expr] = [column.input for column in self.step.columns]
        else:
            exprs = [condition for _, condition in self.goals.conditions()]
        yield from dict.fromkeys(path for expr in exprs for path in facts_in(expr, self.plan) if path in self.values)

    def usual(self) -> dict[str, object]:
        """A value for every fact: absent or no where it can be."""
        kinds = {slot.path: slot for slot in self.plan.facts}
        return {path: _plain_value(kinds.get(path), values) for path, values in self.values.items() if values}


def _plain_value(slot: t.Slot | None, values: Sequence[object]) -> object:
    if slot is not None and slot.optional:
        return ABSENT
    return False if slot is not None and isinstance(slot.type, t.YesNo) else values[0]
