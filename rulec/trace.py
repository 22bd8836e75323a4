"""A plan and facts in, an `Explanation` out.

Each condition becomes the value of an extra outcome, and the interpreter (the specification) decides them all: the
explanation cannot say anything else than the decision.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from rulec.backends.interpreter import interpret
from rulec.explanation import (
    MARKS,
    STATUS,
    WORDS,
    ActionTrace,
    BranchTrace,
    DefinitionTrace,
    Explanation,
    OutcomeTrace,
    Part,
    Read,
    Request,
    RuleTrace,
)
from rulec.moment import Moment
from rulec.plan.lower import gives_of
from rulec.plan.order import steps_of
from rulec.plan.supervised import NAMES, is_overseen, supervised
from rulec.plan.tree import (
    All,
    AnyOf,
    Applies,
    Branch,
    Column,
    Const,
    Count,
    Decided,
    Defined,
    DefinedGiven,
    Definition,
    Expr,
    Fact,
    Give,
    Given,
    OutcomeGiven,
    Plan,
    Rule,
    Table,
)
from rulec.questions import called, named
from rulec.runtime.decision import Decision
from rulec.runtime.types import ActionSlot, OutcomeSlot, Type, YesNo, doubt_of
from rulec.runtime.values import show_value
from rulec.source import Language, Source
from rulec.syntax.sheets import row_around, row_at
from rulec.tree import NOWHERE, Span, walk

YES_NO = YesNo()
PROBE = "why:"  # no key of the vocabulary holds a colon


def trace(
    plan: Plan, sources: Sequence[Source], facts: Mapping[str, object], at: Moment, spoken: Language | None = None
) -> Explanation:  # fmt: skip
    """The decision for these facts, rule by rule. `spoken`: the language of values, if not that of the rules."""
    told = _traced(plan, sources, facts, at, spoken)
    if not is_overseen(plan):
        return told
    more = _traced(supervised(plan), sources, facts, at, spoken).outcomes[len(told.outcomes) :]
    return replace(told, supervision=(_level(more[0], told.decision, plan, told.language), *more[1:]))


def _level(traced: OutcomeTrace, decision: Decision, plan: Plan, language: Language) -> OutcomeTrace:
    """How far an agent may go: where something is not settled, less far than the statements alone say."""
    said = decision.supervision
    return replace(
        traced, status="decided", value=NAMES[language][said.level], default=not said.fired,
        missing=tuple(named(plan.facts, path, language) for path in said.missing),
        problems=tuple(problem.message(language) for problem in said.problems),
    )  # fmt: skip


def _traced(
    plan: Plan, sources: Sequence[Source], facts: Mapping[str, object], at: Moment, spoken: Language | None
) -> Explanation:  # fmt: skip
    probes = Probes()
    for rule in plan.statements:
        for condition in _conditions(rule):
            probes.ask(id(condition), condition, each=rule.each)
        for key in sorted(gives_of(rule)):
            probes.ask((rule.id, key), Applies(rule.id, (key,)))
    for definition in plan.definitions:
        probes.ask(("=", definition.key), Defined(definition.key), definition.type)
    seen = interpret(probes.added_to(replace(plan, oversight=())), facts, at)
    known = {source.number: source for source in sources}
    return Tracer(plan, known, facts, probes, seen, spoken or _language(plan)).explanation(at)


def _language(plan: Plan) -> Language:
    return "en" if plan.language == "en" else "fr"


@dataclass
class Probes:
    """Expressions, each under the name of the extra outcome that holds its value."""

    names: dict[Hashable, str] = field(default_factory=dict)
    asked: list[Expr] = field(default_factory=list)
    types: list[Type] = field(default_factory=list)
    eaches: list[str] = field(default_factory=list)

    def ask(self, key: Hashable, expr: Expr, type_: Type = YES_NO, each: str = "") -> None:
        """Have the expression decided (for each element of a list); the same key counts once."""
        if key not in self.names:
            self.names[key] = f"{PROBE}{len(self.asked)}"
            self.asked.append(expr)
            self.types.append(type_)
            self.eaches.append(each)

    def added_to(self, plan: Plan) -> Plan:
        """The plan with one more outcome and one more rule for each expression."""
        names = tuple(f"{PROBE}{number}" for number in range(len(self.asked)))
        slots = tuple(
            OutcomeSlot(name, type_, name, each=each)
            for name, type_, each in zip(names, self.types, self.eaches, strict=True)
        )
        rules = tuple(
            Rule(name, name, "", 0, (Branch(1, Const(True), (Give(name, expr),)),), each=each)
            for name, expr, each in zip(names, self.asked, self.eaches, strict=True)
        )
        return replace(plan, outcomes=plan.outcomes + slots, rules=plan.rules + rules, order=plan.order + names)


def _conditions(rule: Rule | Table) -> Iterator[Expr]:
    """All the conditions of a rule that the explanation shows; the rows of a table are told once they are known."""
    branches = rule.branches if isinstance(rule, Rule) else ()
    for condition in (*(branch.condition for branch in branches), rule.unless):
        yield from _with_parts(condition)


def _with_parts(expr: Expr) -> Iterator[Expr]:
    yield expr
    for part in parts_of(expr):
        yield from _with_parts(part)


def parts_of(expr: Expr) -> tuple[Expr, ...]:
    """The conditions that an expression joins, where each has a place of its own in the text."""
    if not isinstance(expr, (All, AnyOf, Count)):
        return ()
    places = {item.span for item in expr.items}
    return expr.items if len(places) == len(expr.items) and not places & {NOWHERE, expr.span} else ()


@dataclass(frozen=True)
class Tracer:
    """What is known once everything is decided."""

    plan: Plan
    sources: Mapping[int, Source]
    facts: Mapping[str, object]
    probes: Probes
    seen: Decision
    language: Language

    def explanation(self, at: Moment) -> Explanation:
        """Every outcome and action with its rules."""
        decision = interpret(self.plan, self.facts, at)
        outcomes = tuple(self.outcome(slot, decision) for slot in self.plan.outcomes)
        actions = tuple(self.action(slot, decision) for slot in self.plan.actions)
        read = {step.key for step in steps_of(self.plan) if isinstance(step, Definition)}
        definitions = tuple(self.definition(each) for each in self.plan.definitions if each.key in read)
        return Explanation(at.isoformat(), self.language, decision, outcomes, actions, definitions)

    def definition(self, definition: Definition) -> DefinitionTrace:
        """One definition: its value and what it read."""
        reads = tuple(dict.fromkeys(self.reads(definition.value)))
        return DefinitionTrace(
            key=definition.key,
            name=called(definition.slot),
            value=self.defined(definition.key),
            file=definition.file,
            line=definition.line,
            text=self.text(definition.span),
            reads=reads,
        )

    def defined(self, key: str) -> str:
        """The value of a definition as a person writes it, "" where it has none."""
        result = self.seen.outcomes[self.probes.names["=", key]]
        type_ = next(each.type for each in self.plan.definitions if each.key == key)
        return show_value(type_, result.value, self.language) if result.status == "decided" else ""

    def outcome(self, slot: OutcomeSlot, decision: Decision) -> OutcomeTrace:
        """One outcome: its value, what it lacks, its rules."""
        result = decision.outcomes[slot.key]
        value = show_value(slot.value_type, result.value, self.language) if result.status == "decided" else ""
        return OutcomeTrace(
            key=slot.key,
            name=slot.name,
            status=result.status,
            value=value,
            default=result.default,
            missing=self.named(result.missing),
            problems=tuple(problem.message(self.language) for problem in result.problems),
            rules=self.rules(slot.key),
        )

    def action(self, slot: ActionSlot, decision: Decision) -> ActionTrace:
        """One action: how it is asked for, its rules."""
        requests = tuple(
            Request(
                status=each.status,
                parameters=tuple(
                    (name, show_value(type_, each.parameters[key], self.language))
                    for key, name, type_ in slot.parameters
                    if key in each.parameters
                ),
                missing=self.named(each.missing),
                problems=tuple(problem.message(self.language) for problem in each.problems),
            )
            for each in decision.actions
            if each.key == slot.key
        )
        return ActionTrace(slot.key, slot.name, requests, self.rules(slot.key))

    def named(self, paths: Sequence[str]) -> tuple[str, ...]:
        """Facts in the author's words."""
        return tuple(named(self.plan.facts, path, self.language) for path in paths)

    def rules(self, key: str) -> tuple[RuleTrace, ...]:
        """The rules that may give the outcome or ask for the action."""
        return tuple(self.rule(rule, key) for rule in self.plan.statements if key in gives_of(rule))

    def rule(self, rule: Rule | Table, key: str) -> RuleTrace:
        """One rule, as far as it concerns `key`."""
        unless = None if rule.unless == Const(False) else self.part(rule.unless)
        silenced = tuple(self.titles[other] for other in rule.exceptions if other in self.applied)
        return RuleTrace(
            id=rule.id,
            title=rule.title,
            file=rule.file,
            line=rule.line,
            text=self.text(rule.span),
            because=rule.because,
            applies=self.held((rule.id, key)),
            branches=self.rows(rule, key) if isinstance(rule, Table) else tuple(map(self.branch, rule.branches)),
            unless=unless,
            silenced_by=silenced,
            table=isinstance(rule, Table),
        )

    def rows(self, table: Table, key: str) -> tuple[BranchTrace, ...]:
        """The rows of a table that gave the outcome, each cell with the head of its column."""
        source = next((each for each in self.sources.values() if each.name == table.rows_file), None)
        fired = [each for each in self.seen.outcomes[key].fired if each.id == table.id and each.branch]
        return tuple(BranchTrace(each.branch, True, self.cells(table, source, each.line)) for each in fired)

    def cells(self, table: Table, source: Source | None, line: int) -> tuple[Part, ...]:
        """The cells of a row as written."""
        if source is None:
            return ()
        row, shown, colon = row_at(source, line), [], WORDS[self.language]["colon"]
        head = row_around(source, table.columns[0].span.start) if table.columns else None
        by_head = {other.start: one for one, other in zip(row.cells, head.cells, strict=False)} if row and head else {}
        for column in table.columns if by_head else ():
            written = by_head[column.span.start]
            text = source.text[written.start : written.end]
            reads = tuple(dict.fromkeys(self.reads(column)))
            shown.append(Part(f"{source.cut(column.span)}{colon}{text or '-'}", True, reads))
        return tuple(shown)

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """The title of each rule."""
        return {each.id: each.title for each in self.plan.statements}

    @cached_property
    def applied(self) -> frozenset[str]:
        """The rules that apply, for one outcome or action at least."""
        asked = [key for key in self.probes.names if isinstance(key, tuple)]
        return frozenset(key[0] for key in asked if self.held(key))

    def branch(self, branch: Branch) -> BranchTrace:
        """One branch; conditions joined by « et » stand side by side."""
        condition = branch.condition
        parts = parts_of(condition) if isinstance(condition, All) else ()
        shown = tuple(self.part(part) for part in parts or (condition,) if part != Const(True) and part != All(()))
        return BranchTrace(branch.number, self.held(id(condition)), shown)

    def part(self, expr: Expr) -> Part:
        """One condition, and those that it joins."""
        below = tuple(self.part(part) for part in parts_of(expr))
        return Part(
            self.text(expr.span) + self.of_elements(id(expr)),
            self.held(id(expr)),
            tuple(dict.fromkeys(self.reads(expr))),
            below,
        )

    def held(self, key: Hashable) -> bool | None:
        """Whether a condition holds (of one element at least); None where that is not known."""
        result = self.seen.outcomes[self.probes.names[key]]
        if result.status != "decided":
            return None
        return any(result.value) if isinstance(result.value, tuple) else bool(result.value)

    def of_elements(self, key: Hashable) -> str:
        """For a condition on each element of a list, whether it holds of each: « (1 ✓, 2 ✗) »."""
        found = self.seen.outcomes[self.probes.names[key]].elements
        told = (
            f"{number} {MARKS[bool(each.value) if each.status == 'decided' else None]}"
            for number, each in enumerate(found, 1)
        )
        return f" ({', '.join(told)})" if found else ""

    def reads(self, expr: Expr | Column) -> Iterator[Read]:
        """The facts and outcomes that an expression reads, with their values."""
        slots = {slot.path: slot for slot in self.plan.facts}
        decided = {slot.key: slot for slot in self.plan.outcomes}
        for node in walk(expr):
            if isinstance(node, (Fact, Given)):
                slot, value = slots[node.path], self.facts.get(node.path)
                doubt = STATUS["in_doubt"][self.language == "en"] if doubt_of(node.path) in self.facts else ""
                shown = doubt if value is None else show_value(slot.type, value, self.language)
                yield Read(node.path, called(slot), shown)
            elif isinstance(node, (Defined, DefinedGiven)):
                definition = next(each for each in self.plan.definitions if each.key == node.key)
                yield Read(node.key, called(definition.slot), self.defined(node.key))
            elif isinstance(node, (Decided, OutcomeGiven)):
                outcome, result = decided[node.outcome], self.seen.outcomes[node.outcome]
                known = result.status == "decided"
                value_shown = show_value(outcome.value_type, result.value, self.language) if known else ""
                yield Read(outcome.key, outcome.name, value_shown)

    def text(self, span: Span) -> str:
        """The text of a place on one line, "" where it has none."""
        source = self.sources.get(span.source)
        return " ".join(source.cut(span).split()) if source and span != NOWHERE else ""
