"""A plan in, nothing out; a `PlanError` where it is malformed: a guard against bugs of the compiler."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal

from rulec.plan.kinds import Kinds, kind_of_type, kind_of_value, require
from rulec.plan.lower import gives_of
from rulec.plan.order import Step, defined_in, steps_of
from rulec.plan.tree import (
    Applies,
    Branch,
    Choose,
    Const,
    Decided,
    Definition,
    Expr,
    Give,
    OutcomeGiven,
    Oversight,
    Plan,
    Promise,
    Rule,
    Table,
)
from rulec.runtime.tables import NONE, Cell, OneOf, Within
from rulec.runtime.types import COMBINATIONS, Choice, ListOf, OutcomeSlot, Text
from rulec.tree import walk

_ADDED = ("sum", "compound")
_HELD = {
    "yes": bool, "number": Decimal, "text": str, "date": date, "moment": datetime, "time": time, "list": tuple,
    "record": dict,
}  # fmt: skip


def verify(plan: Plan) -> None:
    """Raises `PlanError` for unknown or repeated keys, a wrong order, values of the wrong type."""
    _unique("fact", [slot.path for slot in plan.facts])
    _unique("key", [slot.key for slot in plan.outcomes] + [slot.key for slot in plan.actions])
    _unique("rule", [rule.id for rule in plan.statements])
    _unique("path", [slot.path for slot in plan.facts] + [each.key for each in plan.definitions])
    for fact in plan.facts:
        _held(fact.path, kind_of_type(fact.type), fact.default)
    for outcome in plan.outcomes:
        _outcome(outcome)
    _order(plan)
    kinds = Kinds(plan)
    for definition in plan.definitions:
        _definition(definition, kinds)
    for outcome in plan.outcomes:
        kinds.along(outcome.each)
    for rule in plan.rules:
        _rule(rule, kinds)
    for table in plan.tables:
        _table(table, kinds, len(plan.rules))
    _judgements(plan, kinds)
    _unique("promise", [each.id for each in plan.promises])
    for promise in plan.promises:
        _promise(promise, kinds)
    _unique("statement about supervision", [each.id for each in plan.oversight])
    for oversight in plan.oversight:
        _oversight(oversight, kinds)


def _unique(what: str, keys: Sequence[str]) -> None:
    require(len(set(keys)) == len(keys), f"a {what} stands twice among {keys}")


def _held(what: str, kind: str, value: object) -> None:
    """None, or a value as the kind is held."""
    fits = value is None or isinstance(value, _HELD[kind])
    fits &= kind != "date" or not isinstance(value, datetime)
    require(fits, f"{what}: {value!r} is no {kind}")


def _outcome(slot: OutcomeSlot) -> None:
    kind, numbers = kind_of_type(slot.type), slot.combine in _ADDED
    require(slot.combine in COMBINATIONS, f"{slot.key}: no way to combine is called {slot.combine}")
    require(not numbers or kind == "number", f"{slot.key}: {kind} values do not add up")
    require(kind != "record", f"{slot.key}: an outcome is no record")
    if slot.combine != "collect" or not isinstance(slot.default, tuple):
        _held(slot.key, kind, slot.default)
    keys = [option.key for option in slot.type.options] if isinstance(slot.type, Choice) else slot.order
    for value in slot.order:
        _held(slot.key, kind, value)
        require(value in keys, f"{slot.key}: {value!r} is none of its values")


def _order(plan: Plan) -> None:
    """Each rule and each definition comes after all that it reads."""
    rules = {rule.id: rule for rule in plan.statements}
    require(sorted(plan.order) == sorted(rules), "the order holds each rule once")
    known = set[str]()
    for definition in plan.definitions:
        require(known >= set(defined_in(definition)), f"{definition.key} comes before what it reads")
        known.add(definition.key)
    for rule in rules.values():
        require(known >= set(defined_in(rule)), f"{rule.id} reads what is not defined")
    givers = dict[str, set[str]]()
    for rule in rules.values():
        for outcome in gives_of(rule):
            givers.setdefault(outcome, set()).add(rule.id)
    before = set[str]()
    for step in steps_of(plan):
        late = {read for read in _reads(step, givers) if read not in before}
        require(not late, f"{step} comes before what it reads: {sorted(late)}")
        if isinstance(step, Rule | Table):
            before.add(step.id)


def _reads(step: Step, givers: dict[str, set[str]]) -> Iterable[str]:
    """The rules that a rule or definition reads."""
    if isinstance(step, Rule | Table):
        yield from step.exceptions
    for node in walk(step):
        if isinstance(node, Applies):
            yield node.rule
        elif isinstance(node, (Decided, OutcomeGiven)):
            yield from givers.get(node.outcome, ())


def _definition(definition: Definition, kinds: Kinds) -> None:
    value = definition.value
    kind = kinds.choice(value) if isinstance(value, Choose) else kinds.of(value)
    require(kind == kind_of_type(definition.type), f"{definition.key} is defined as a {kind}")


def _promise(promise: Promise, kinds: Kinds) -> None:
    kinds.along("")
    kinds.expect("yes", promise.condition)
    for key in promise.outcomes:
        kinds.outcome(key)
    require(set(promise.given) <= set(promise.outcomes), f"{promise.id} is not about {promise.given}")
    require(promise.assumed is not bool(promise.outcomes), f"{promise.id} is about {promise.outcomes}")


def _oversight(oversight: Oversight, kinds: Kinds) -> None:
    kinds.along("")
    level = oversight.level
    require((kinds.choice(level) if isinstance(level, Choose) else kinds.of(level)) == "text", f"{level} is no level")
    require(bool(oversight.who) or not oversight.action, f"{oversight.id} asks nobody")


def _rule(rule: Rule, kinds: Kinds) -> None:
    kinds.along(rule.each)
    kinds.expect("yes", rule.unless)
    numbers = [branch.number for branch in rule.branches]
    require(numbers == list(range(1, len(numbers) + 1)), f"{rule.id}: branches are numbered {numbers}")
    for branch in rule.branches:
        kinds.expect("yes", branch.condition)
        _unique(f"outcome of {rule.id}", [give.outcome for give in branch.gives])
        _branch(branch, kinds, rule.each)


def _table(table: Table, kinds: Kinds, rules: int) -> None:
    """Each cell counts a test of its column or a value of its outcome."""
    kinds.along(table.each)
    kinds.expect("yes", table.unless)
    _unique(f"outcome of {table.id}", [decided.outcome for decided in table.decides])
    rows = len(table.lines) - table.has_default
    require(rows >= 0 <= table.before <= rules, f"{table.id}: {rows} rows before rule {table.before}")
    for column in table.columns:
        _cells(table, column.cells, len(column.tests), rows)
        for test in column.tests:
            _test(test, kinds.of(column.input), kinds)
    for decided in table.decides:
        slot = kinds.outcome(decided.outcome)
        one = slot.type.item if isinstance(slot.type, ListOf) and table.combine != "collect" else slot.type
        _outcome(replace(slot, type=one, combine=table.combine, order=table.order, default=None))
        listed = table.combine == "collect" or slot.combine != "collect"
        require(listed or "list" not in map(kinds.of, decided.values), f"{table.id} makes one value of lists")
        _cells(table, (*decided.cells, decided.default), len(decided.values), rows + 1)
        _branch(
            Branch(1, Const(True), tuple(Give(decided.outcome, value) for value in decided.values)), kinds, table.each
        )


def _judgements(plan: Plan, kinds: Kinds) -> None:
    """Each is of a fact that is judged, made from a text; what it asks for in doubt is known beforehand."""
    slots = {slot.path: slot for slot in plan.facts}
    judged = sorted(path for path, slot in slots.items() if slot.judged)
    require(judged == sorted(each.path for each in plan.judgements), f"{judged} are judged")
    for each in plan.judgements:
        text = slots.get(each.text)
        require(text is not None and text.type == Text(), f"{each.path} is judged from no text")
        for answer, _ in each.answers:
            _held(each.path, kind_of_type(slots[each.path].type), answer)
        _branch(Branch(1, Const(True), (), each.doubt), kinds, "")
        said = [value for do in each.doubt for _, value in do.parameters]
        require(all(isinstance(value, Const) for value in said), f"{each.path} asks for what is calculated")


def _cells(table: Table, cells: Sequence[int], known: int, rows: int) -> None:
    fits = len(cells) == rows and all(NONE <= cell < known for cell in cells)
    require(fits, f"{table.id}: {rows} rows, {known} cells known: {cells[:9]}")


def _test(test: Cell | Expr, kind: str, kinds: Kinds) -> None:
    match test:
        case OneOf(values):
            require({kind_of_value(value) for value in values} <= {kind}, f"{test} is no test of a {kind}")
        case Within(low, high):
            ends = {kind_of_value(end) for end in (low, high) if end is not None}
            require(ends == {kind} and kind not in ("yes", "text"), f"{test} is no test of a {kind}")
        case _:
            kinds.expect("yes", test)


def _branch(branch: Branch, kinds: Kinds, each: str) -> None:
    for give in branch.gives:
        slot = kinds.outcome(give.outcome)
        require(slot.each in ("", each), f"{slot.key} is decided for each of {slot.each}, the rule for {each or 'all'}")
        kind, fitting = kinds.of(give.value), {kind_of_type(slot.type)}
        if slot.combine == "collect":
            fitting |= {"list", kind_of_type(slot.type.item) if isinstance(slot.type, ListOf) else "list"}
        require(kind in fitting, f"{slot.key} is given a {kind}")
    for do in branch.does:
        parameters = {key: type_ for key, _, type_ in kinds.action(do.action).parameters}
        _unique(f"parameter of {do.action}", [key for key, _ in do.parameters])
        for key, value in do.parameters:
            require(key in parameters, f"{do.action} has no parameter {key}")
            kinds.expect(kind_of_type(parameters[key]), value)
