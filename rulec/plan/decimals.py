"""A plan in; the values that may leave the decision with more decimals than their currency out.

The bound is static: what is written, added, multiplied, rounded. A number, a percentage or a quantity that is given may
have any decimals, and so may a quotient; an amount that is given has at most those of its currency.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from rulec.plan.tree import (
    Aggregate,
    Arithmetic,
    Branch,
    Choose,
    Collect,
    Const,
    DatePart,
    Decided,
    Defined,
    Distinct,
    Elapsed,
    Expr,
    Extreme,
    Fact,
    Filter,
    Give,
    Item,
    Member,
    Plan,
    Round,
    Rule,
    Sorted,
    Table,
    Take,
    WorkingElapsed,
)
from rulec.runtime.calculate import decimals_in
from rulec.runtime.types import Amount, Duration, ListOf, Number, OutcomeSlot, Record, Slot, Type
from rulec.runtime.units import decimals_of
from rulec.tree import Span

ANY = 1_000_000  # no bound


@dataclass(frozen=True, slots=True)
class Fine:
    """A value of an amount that may have too many decimals: it is not `rounded`, or not enough.

    `name`: of the outcome, or of the action's parameter.
    """

    span: Span
    name: str
    currency: str
    places: int
    rounded: bool


def too_fine(plan: Plan) -> Iterator[Fine]:
    """The values given to amounts, outcomes or parameters of actions, that may have too many decimals."""
    yield from Decimals(plan).found()


class Decimals:
    """How many decimals the expressions of one plan may have."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.facts = {slot.path: slot for slot in plan.facts}
        self.outcomes = {slot.key: slot for slot in plan.outcomes}
        self.actions = {slot.key: slot for slot in plan.actions}
        self.definitions = {each.key: each.value for each in plan.definitions}
        self.given: dict[str, list[Expr]] = {}  # by outcome
        for branch in (branch for rule in plan.statements for branch in _branches(rule)):
            for give in branch.gives:
                self.given.setdefault(give.outcome, []).append(give.value)
        self.known: dict[str, int] = {}  # of definitions and outcomes
        # the list of each element that stands around, by name
        self.sources: dict[str, Expr] = {rule.each: Fact(rule.each) for rule in plan.statements if rule.each}

    def found(self) -> Iterator[Fine]:
        for rule in self.plan.statements:
            for branch in _branches(rule):
                for give in branch.gives:
                    slot = self.outcomes[give.outcome]
                    yield from self.compared(give.value, slot.type, slot.name)
                for do in branch.does:
                    types = {key: (name, kind) for key, name, kind in self.actions[do.action].parameters}
                    for key, value in do.parameters:
                        name, kind = types[key]
                        yield from self.compared(value, kind, name)

    def compared(self, value: Expr, kind: Type, name: str) -> Iterator[Fine]:
        kind = kind.item if isinstance(kind, ListOf) else kind
        if isinstance(kind, Amount):
            places = decimals_of(kind.currency)
            if self.places(value) > places:
                yield Fine(value.span, name, kind.currency, places, isinstance(value, Round))

    def places(self, expr: Expr) -> int:
        """At most how many decimals a number has, or each element of a list of numbers."""
        match expr:
            case Const(Decimal() as value):
                return decimals_in(value)
            case Fact(path):
                return _declared(self.facts[path])
            case Member(item, key):
                return _declared(self.attribute(item, key))
            case Item(name):
                return self.places(self.sources[name])
            case Decided(key):
                return self.outcome(self.outcomes[key])
            case Defined(key):
                if key not in self.known:
                    self.known[key] = self.places(self.definitions[key])
                return self.known[key]
            case Arithmetic():
                return self.arithmetic(expr)
            case Round(_, step):
                return decimals_in(step)
            case Extreme(_, items):
                return max(map(self.places, items))
            case Choose(cases, otherwise):
                values = [value for _, value in cases] + ([otherwise] if otherwise is not None else [])
                return max(map(self.places, values))
            case Aggregate(how, source):
                return 0 if how == "count" else ANY if how == "mean" else self.places(source)
            case Collect(name, source, value):
                around = self.sources
                self.sources = {**around, name: source}
                bound = self.places(value)
                self.sources = around
                return bound
            case Filter(_, source) | Sorted(_, source) | Distinct(source) | Take(_, source):
                return self.places(source)
            case Elapsed() | WorkingElapsed() | DatePart():
                return 0
            case _:
                return ANY

    def arithmetic(self, expr: Arithmetic) -> int:
        left, right = self.places(expr.left), self.places(expr.right)
        match expr.operator, expr.right:
            case "add" | "sub", _:
                return max(left, right)
            case "mul", _:
                return min(left + right, ANY)
            case "div", Const(Decimal() as value) if value:
                return min(left + _of_inverse(value), ANY)
            case "pow", Const(Decimal() as value) if value >= 0 and right == 0:
                return min(left * int(value), ANY)
            case _:
                return ANY

    def outcome(self, slot: OutcomeSlot) -> int:
        """An amount that is decided leaves the decision; anything else has the decimals of what is given."""
        if isinstance(slot.type, Amount):
            return decimals_of(slot.type.currency)
        if slot.key not in self.known:
            default = slot.default if isinstance(slot.default, Decimal) else Decimal(0)
            compound = slot.combine == "compound"
            values = [ANY] if compound else map(self.places, self.given.get(slot.key, ()))
            self.known[slot.key] = max(decimals_in(default), *values, 0)
        return self.known[slot.key]

    def attribute(self, item: Expr, key: str) -> Slot:
        return next(slot for slot in self.record(item).attributes if slot.path == key)

    def record(self, expr: Expr) -> Record:
        """What an element is, or each of a list of them."""
        match expr:
            case Item(name):
                return self.record(self.sources[name])
            case Fact(path):
                return _record(self.facts[path].type)
            case Member(item, key):
                return _record(self.attribute(item, key).type)
            case _:
                assert isinstance(expr, Filter | Sorted | Distinct | Take | Aggregate)  # nothing else gives elements
                return self.record(expr.source)


def _branches(rule: Rule | Table) -> tuple[Branch, ...]:
    """The branches of a rule; of a table, its distinct values as one."""
    if isinstance(rule, Rule):
        return rule.branches
    gives = tuple(Give(each.outcome, value) for each in rule.decides for value in each.values)
    return (Branch(1, Const(True), gives),)


def _record(kind: Type) -> Record:
    item = kind.item if isinstance(kind, ListOf) else kind
    assert isinstance(item, Record)
    return item


def _declared(slot: Slot) -> int:
    """The decimals that a value given may have."""
    kind = slot.type.item if isinstance(slot.type, ListOf) else slot.type
    default = decimals_in(slot.default) if isinstance(slot.default, Decimal) else 0
    match kind:
        case Amount(currency):
            return max(decimals_of(currency), default)
        case Number(True) | Duration():
            return 0
        case _:
            return ANY


def _of_inverse(value: Decimal) -> int:
    """The decimals of 1 ÷ value; ANY where they do not end."""
    rest, counts = abs(value.as_integer_ratio()[0]), [0, 0]
    for at, factor in enumerate((2, 5)):
        while rest % factor == 0:
            rest //= factor
            counts[at] += 1
    return max(counts) if rest == 1 else ANY
