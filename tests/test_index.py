"""Decisions looked up by index against the interpreter: many rules on few facts, given in every way."""

import os
from datetime import UTC, date, datetime
from decimal import Decimal
from random import Random

import pytest

from rulec.backends.interpreter import interpret
from rulec.backends.python import Deciding
from rulec.plan import tree as t
from rulec.plan.order import order_of
from rulec.runtime.facts import FactsError, FactsReader
from rulec.runtime.tables import NONE, OneOf, Within
from rulec.runtime.types import (
    ActionSlot,
    Amount,
    Bounds,
    Choice,
    Date,
    DateTime,
    Duration,
    ListOf,
    Number,
    Option,
    OutcomeSlot,
    Percentage,
    Quantity,
    Slot,
    Text,
    Time,
    YesNo,
)
from rulec.tree import walk

DAYS = (date(2026, 3, 1), date(2026, 3, 2))
PLANS = int(os.environ.get("RULEC_PAIRS", "2000")) // 40
HUNDRED = Decimal(100)
COLOURS = Choice(tuple(Option(key, label) for key, label in (("red", "Rouge"), ("green", "vert"), ("blue", "blue"))))
SEGMENTS = Choice(tuple(Option(f"s{n}", f"Segment {n}") for n in range(6)))
SLOTS = (
    Slot("order.amount", Amount("EUR"), ("order", "amount"), bounds=Bounds(Decimal(0), Decimal(1000))),
    Slot("order.fee", Amount("EUR"), ("order", "fee")),
    Slot("order.rate", Percentage(), ("order", "rate")),
    Slot("order.count", Number(whole=True), ("order", "count"), bounds=Bounds(Decimal(0), Decimal(50))),
    Slot("order.days", Duration("day"), ("order", "days")),
    Slot("order.weight", Quantity("kg"), ("order", "weight"), bounds=Bounds(Decimal(0))),
    Slot("segment", SEGMENTS, ("segment",)),
    Slot("colour", COLOURS, ("colour",)),
    Slot("client.loyal", YesNo(), ("client", "loyal")),
    Slot("client.since", Date(), ("client", "since")),
    Slot("client.note", Text(), ("client", "note")),
)
LATER = (
    Slot("vip", YesNo(), ("vip",), optional=True),
    Slot("score", Number(), ("score",), default=Decimal("0.5")),
    Slot("seen", DateTime(), ("seen",)),
    Slot("hour", Time(), ("hour",), optional=True),
    Slot("sizes", ListOf(Number()), ("sizes",), optional=True),
)
TEXTS = ("", "été", "gift", "a")


def value_of(draw: Random, slot: Slot) -> object:
    """A value as it is held."""
    match slot.type:
        case YesNo():
            return draw.random() < 0.5
        case Choice(options):
            return draw.choice(options).key
        case Text():
            return draw.choice(TEXTS)
        case Date():
            return draw.choice([date(2026, 1, day) for day in (1, 2, 3, 9)] + [date.max, date.min])
        case DateTime():
            return datetime(2026, 1, 1, draw.randrange(4), tzinfo=UTC)
        case Amount():
            return Decimal(draw.randrange(0, 1000, 50)) + draw.choice([Decimal(0), Decimal("0.01"), Decimal("0.1")])
        case Percentage():
            return Decimal(draw.randrange(-10, 11)) / 10
        case Quantity() | Number(whole=False):
            return Decimal(draw.randrange(0, 40, 4)) / draw.choice([1, 8, 3])
        case _:
            return Decimal(draw.randrange(0, 50, 5))


class Maker:
    """Draws one plan."""

    def __init__(self, draw: Random, size: int, kinds: tuple[Slot, ...]) -> None:
        self.draw, self.size = draw, size
        self.is_first = draw.random() < 0.2  # whether nothing matters but which rule is the first that holds
        self.is_plain = self.is_first or draw.random() < 0.6  # whether each part asks one of a few things of one fact
        self.slots = tuple(draw.sample(kinds, draw.randint(2, len(kinds))))
        self.tested = [slot for slot in self.slots if not isinstance(slot.type, Time | ListOf)] or [SLOTS[0]]
        if self.tested == [SLOTS[0]] and SLOTS[0] not in self.slots:
            self.slots += (SLOTS[0],)
        policies = ("first", "first", "any", "unique", "max", "min", "sum", "compound", "collect", "priority")
        many = 1 if self.is_first else draw.randint(1, 3)
        self.outcomes = tuple(self.outcome(n, "first" if self.is_first else draw.choice(policies)) for n in range(many))
        self.actions = (ActionSlot("tell", "tell", (("why", "why", Text()),)), ActionSlot("stop", "stop", (), ""))

    def outcome(self, number: int, policy: str) -> OutcomeSlot:
        if policy == "priority":
            return OutcomeSlot(f"o{number}", COLOURS, "o", policy, order=("green",))
        if policy == "collect":
            return OutcomeSlot(f"o{number}", ListOf(Number()), "o", policy, distinct=self.draw.random() < 0.5)
        default = self.draw.choice([None, Decimal(0)])
        return OutcomeSlot(f"o{number}", Percentage(), "o", policy, default)

    def plan(self) -> t.Plan:
        rules = [self.rule(number) for number in range(self.size)]
        definitions = (
            t.Definition("d.yes", YesNo(), ("d", "yes"), "f", 1, self.test()),
            t.Definition("d.far", YesNo(), ("d", "far"), "f", 2, t.Not(t.Defined("d.yes"))),
            t.Definition("d.part", YesNo(), ("d", "part"), "f", 3, t.Choose(((self.test(), self.test()),))),
        )
        tables = (self.table(),) if not self.is_plain and self.draw.random() < 0.4 else ()
        ids = tuple(each.id for each in (*rules, *tables))
        plan = t.Plan(
            self.slots, self.outcomes, self.actions, tuple(rules), ids, definitions=definitions, tables=tables
        )  # fmt: skip
        return order_of(plan, frozenset(map(type, walk(plan))))[0]

    def rule(self, number: int) -> t.Rule:
        draw = self.draw
        branches = tuple(
            t.Branch(n, self.condition(), self.gives(), self.does()) for n in range(1, draw.choice([1, 1, 1, 3]) + 1)
        )
        unless = self.test() if draw.random() < 0.1 else t.Const(False)
        exceptions = (f"r{draw.randrange(number)}",) if number and not self.is_first and draw.random() < 0.05 else ()
        return t.Rule(f"r{number}", f"R{number}", "f", number, branches, unless, exceptions)

    def gives(self) -> tuple[t.Give, ...]:
        chosen = self.draw.sample(self.outcomes, self.draw.randint(1, len(self.outcomes)))
        return tuple(t.Give(slot.key, self.given(slot)) for slot in chosen)

    def given(self, slot: OutcomeSlot) -> t.Expr:
        if slot.combine == "priority":
            return t.Const(self.draw.choice(["red", "green", "blue"]))
        numbers = [each.path for each in self.slots if isinstance(each.type, Amount | Quantity)]
        if numbers and not self.is_plain and self.draw.random() < 0.03:
            return t.Arithmetic("mul", t.Fact(self.draw.choice(numbers)), t.Const(Decimal("0.1")))
        return t.Const(Decimal(self.draw.randrange(4)) / 10)

    def does(self) -> tuple[t.Do, ...]:
        if self.is_first or self.draw.random() < 0.9:
            return ()
        return (t.Do("tell", (("why", t.Const(self.draw.choice(TEXTS))),)),)

    def condition(self) -> t.Expr:
        parts = [self.test() for _ in range(self.draw.randint(0, 4))]
        if not self.is_plain and self.draw.random() < 0.1:
            parts.append(t.AnyOf((self.test(), self.test())))
        if self.draw.random() < 0.1:
            parts.append(t.Not(t.AnyOf((self.test(), t.Not(t.Not(self.test()))))))
        if self.draw.random() < 0.02:
            parts.append(t.Const(self.draw.random() < 0.5))
        if self.draw.random() < 0.02:
            parts.append(t.Not(t.Const(True)))
        if not self.is_plain and self.draw.random() < 0.1:
            key = self.draw.choice(["d.yes", "d.far", "d.part"])
            defined: tuple[t.Expr, ...] = (t.Defined(key), t.Not(t.Defined(key)), t.AnyOf((t.Defined(key),)))
            parts.append(self.draw.choice(defined))
        return t.All(tuple(parts))

    def test(self) -> t.Expr:
        """A test of one fact."""
        slot, draw = self.draw.choice(self.tested), self.draw
        fact, value = t.Fact(slot.path), value_of(draw, slot)
        match draw.randrange(8):
            case 0:
                return t.Given(slot.path)
            case 1:
                one, other = (self.compare(slot) for _ in range(2))
                both: tuple[t.Expr, ...] = (
                    t.AnyOf((one, other)), t.Count(1, 1, (one, other)), t.Not(t.All((one, other)))
                )  # fmt: skip
                return draw.choice(both)
            case 2 if isinstance(slot.type, Text) and not self.is_plain:
                return t.TextTest("contains", fact, "g")
            case 2 | 3:
                return t.In(fact, (value, value_of(draw, slot)))
            case _:
                return self.compare(slot)

    def compare(self, slot: Slot) -> t.Expr:
        fact, value = t.Fact(slot.path), t.Const(value_of(self.draw, slot))
        if isinstance(slot.type, YesNo):
            tests: tuple[t.Expr, ...] = (fact, t.Not(fact), t.Compare("eq", fact, value))
            return self.draw.choice(tests)
        if isinstance(slot.type, Choice | Text):
            return t.Compare(self.draw.choice(["eq", "ne"]), fact, value)
        operator = self.draw.choice(["lt", "le", "eq", "ne", "ge", "gt"])
        return t.Compare(operator, *((fact, value) if self.draw.random() < 0.8 else (value, fact)))

    def table(self) -> t.Table:
        slot, draw = self.tested[0], self.draw
        value = value_of(draw, slot)
        is_ordered = not isinstance(slot.type, YesNo | Choice | Text)
        cells = (OneOf((value,)), Within(value, None) if is_ordered else OneOf((value,), True))
        column = t.Column(t.Fact(slot.path), cells, (0, 1, NONE))
        decides = t.Decides(self.outcomes[0].key, (self.given(self.outcomes[0]),), (0, 0, 0))
        return t.Table("t", "T", "f", 1, (column,), (decides,), "f", (1, 2, 3), "first")


def facts_of(draw: Random, slots: tuple[Slot, ...], wrong: bool) -> dict[str, object]:
    """Facts as people give them; some `wrong`, or missing."""
    given = dict[str, object]()
    for slot in slots:
        key = slot.path.rpartition(".")[2] if draw.random() < 0.95 else slot.path
        given[key] = said(draw, slot)
        if wrong and draw.random() < 0.1:
            del given[key]
        elif wrong and draw.random() < 0.1:
            given[key] = draw.choice(WRONG)
    if wrong and draw.random() < 0.1:
        given["unknown"] = 1
    return given


WRONG: tuple[object, ...] = (
    None, 1, 0, True, 1.5, "x", "Rouge", "ROUGE", -1, 10**40, Decimal("NaN"), Decimal("-0.00"), Decimal("Infinity"),
    Decimal("1E+3"), Decimal("1E+40"), Decimal("12.345"), Decimal("1E-50"), Decimal("620.5"), Decimal(7), "12,50 €",
    [], {}, "\ud800", date(2026, 1, 2), datetime(2026, 1, 2, tzinfo=UTC), "2026-01-02", Decimal("1.0000000001"),
    Decimal("1" * 34), Decimal("1" * 33 + ".1"), 51, 50, Decimal("0.0"), "été",
)  # fmt: skip


def said(draw: Random, slot: Slot) -> object:
    if isinstance(slot.type, ListOf):
        return [1, 2]
    if isinstance(slot.type, Time):
        return "09:30"
    if isinstance(slot.type, Date):
        return draw.choice([date(2026, 1, day) for day in range(1, 12)] + [date.max, date.min])
    value = value_of(draw, slot)
    if isinstance(slot.type, Choice) and draw.random() < 0.3:
        return next(option.label for option in slot.type.options if option.key == value)
    if isinstance(slot.type, Amount):
        near = value + draw.choice([Decimal(0), Decimal("0.01"), Decimal("-0.01")])  # type: ignore[operator]  # a number
        return draw.choice([near, near, int(near)]) if near >= 0 else value
    if isinstance(slot.type, Duration | Number) and not isinstance(slot.type, Percentage):
        return int(value) if draw.random() < 0.8 else value  # type: ignore[call-overload]  # a number
    return value


def answer(decide: object, *arguments: object) -> object:
    """The decision, or what is wrong with the facts."""
    try:
        return decide(*arguments)  # type: ignore[operator]  # a function
    except FactsError as error:
        return error.problems


@pytest.mark.parametrize("seed", range(PLANS))
def test_what_is_looked_up_is_what_the_interpreter_decides(seed: int) -> None:
    draw = Random(seed)
    kinds = SLOTS if seed % 4 else SLOTS + LATER
    plan = Maker(draw, draw.choice([1, 5, 50, 300 if seed % 10 == 0 else 20]), kinds).plan()
    reader = FactsReader(plan.facts, "en", tuple(each.slot for each in plan.definitions))
    deciding = Deciding(plan)
    checked = deciding.checked(reader, lambda at: at)
    asked = [facts_of(draw, plan.facts, wrong=number % 3 == 2) for number in range(30)]
    for facts in asked + asked:
        at = draw.choice(DAYS)
        held = answer(reader.read, facts)
        expected = interpret(plan, held, at) if isinstance(held, dict) else held
        assert answer(checked, facts, at) == expected
        if isinstance(held, dict):
            assert deciding.trusted(held, at) == expected


@pytest.mark.parametrize("seed", range(max(1, PLANS // 5)))
def test_facts_that_lack_leave_what_the_interpreter_decides(seed: int) -> None:
    draw = Random(seed)
    plan = Maker(draw, draw.choice([5, 30, 80]), SLOTS + LATER).plan()
    reader, deciding = FactsReader(plan.facts, "en"), Deciding(plan)
    asked = 0
    for _ in range(30):
        held = answer(reader.read, facts_of(draw, plan.facts, wrong=False))
        assert isinstance(held, dict)
        left = {path: value for path, value in held.items() if draw.random() < 0.7}
        asked += len(left) < len(held)
        assert deciding.trusted(left, DAYS[0]) == interpret(plan, left, DAYS[0])
    assert asked > 10


def test_a_fact_out_of_bounds_is_refused_where_it_alone_is_asked_about() -> None:
    rule = t.Rule("r", "R", "f", 1, (t.Branch(1, t.Compare("ge", t.Fact("order.amount"), t.Const(HUNDRED)), ()),))
    plan = t.Plan(SLOTS[:1], (), (), (rule,), ("r",))
    checked = Deciding(plan).checked(FactsReader(plan.facts, "en"), lambda at: at)
    for amount in (Decimal("150.00"), Decimal("-1.00"), 1001):
        problems = answer(checked, {"amount": amount}, DAYS[0])
        codes = [each.code for each in problems] if isinstance(problems, tuple) else []
        assert codes == ([] if amount == Decimal(150) else ["E519"])


@pytest.mark.parametrize("slots", [SLOTS[:1], SLOTS[:1] + LATER])
def test_without_a_date_the_decision_is_for_today(slots: tuple[Slot, ...]) -> None:
    rule = t.Rule("r", "R", "f", 1, (t.Branch(1, t.Compare("ge", t.Fact("order.amount"), t.Const(HUNDRED)), ()),))
    plan = t.Plan(slots, (), (), (rule,), ("r",))
    checked = Deciding(plan).checked(FactsReader(plan.facts, "en"), lambda at: at or DAYS[1])
    decided = [checked({"amount": Decimal("150.00")}) for _ in range(2)]
    assert [decision.at for decision in decided] == ["2026-03-02"] * 2


NEW_YEAR, LAST = date(2026, 1, 1), date.max
COUNT, RATE, FEE, AMOUNT, NOTE, COLOUR, SINCE = (
    next(slot for slot in SLOTS if slot.path.endswith(name))
    for name in ("count", "rate", "fee", "amount", "note", "colour", "since")
)


def compared(slot: Slot, *asked: tuple[str, object]) -> t.Expr:
    """That a fact compares so with each value."""
    return t.All(tuple(t.Compare(how, t.Fact(slot.path), t.Const(value)) for how, value in asked))


LOOKED_UP: list[tuple[tuple[Slot, ...], list[t.Expr], list[dict[str, object]]]] = [
    (
        (NOTE,),
        [
            compared(NOTE, ("ne", "a"), ("ne", "b")), compared(NOTE, ("eq", "a"), ("ne", "b")),
            compared(NOTE, ("eq", "a"), ("eq", "b")), compared(NOTE, ("ne", "a"), ("eq", "b")),
        ],
        [{"note": text} for text in ("a", "b", "c", "")],
    ),
    (
        (FEE, COLOUR),
        [
            compared(FEE, ("ne", HUNDRED), ("gt", Decimal(50))), compared(FEE, ("lt", Decimal(50)), ("gt", HUNDRED)),
            t.AnyOf((compared(FEE, ("lt", Decimal(50))), compared(FEE, ("gt", HUNDRED)))),
        ],
        [{"fee": Decimal(fee), "colour": "red"} for fee in (0, 50, 51, 100, 101, 75)]
        + [{"fee": fee, "colour": "Rouge"} for fee in ("€75", 75)] + [{"fee": 75, "colour": "pink"}],
    ),
    (
        (COUNT, NOTE),
        [compared(COUNT, ("ge", Decimal(10))), compared(COUNT, ("lt", Decimal("9.5")))],
        [{"count": count, "note": "a"} for count in (0, 9, 10, 50, 51, -1)],
    ),
    (
        (RATE,),
        [compared(RATE, ("gt", Decimal("0.1"))), compared(RATE, ("le", Decimal("-0.2")))],
        [{"rate": Decimal(rate) / 10} for rate in (-10, -2, 0, 1, 2, 10, 11, -11)],
    ),
    (
        (AMOUNT,),
        [compared(AMOUNT, ("gt", HUNDRED)), compared(AMOUNT, ("le", HUNDRED))],
        [{"amount": amount} for amount in (Decimal("100.00"), Decimal("100.01"), Decimal(1000), 1001, Decimal(-1))],
    ),
    (
        (SINCE,),
        [compared(SINCE, ("gt", LAST)), compared(SINCE, ("ge", NEW_YEAR)), compared(SINCE, ("le", LAST))],
        [{"since": day} for day in (date.min, NEW_YEAR, LAST)],
    ),
    (
        (COLOUR, COUNT, FEE),
        [compared(COLOUR, ("eq", "red")), compared(COUNT, ("gt", Decimal(5))), compared(FEE, ("gt", Decimal(5)))],
        [{"colour": key, "count": count, "fee": 6} for key in ("red", "green") for count in (4, 6, 7)],
    ),
]  # fmt: skip


@pytest.mark.parametrize("room", [1 << 28, 4000, 0])
@pytest.mark.parametrize("policy", ["first", "sum"])
@pytest.mark.parametrize(("slots", "conditions", "asked"), LOOKED_UP)
def test_facts_are_looked_up_as_they_are_decided(
    slots: tuple[Slot, ...], conditions: list[t.Expr], asked: list[dict[str, object]], policy: str, room: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("rulec.runtime.leaves._ROOM", room)  # with little room, nothing or not all is kept
    rules = tuple(
        t.Rule(f"r{n}", "R", "f", n, (t.Branch(1, condition, (t.Give("o", t.Const(Decimal(n))),)),))
        for n, condition in enumerate(conditions)
    )
    outcomes = (OutcomeSlot("o", Number(), "o", policy),)
    plan = t.Plan(slots, outcomes, (), rules, tuple(rule.id for rule in rules))
    reader, deciding = FactsReader(slots, "en"), Deciding(plan)
    checked = deciding.checked(reader, lambda at: at)
    for facts in asked + asked:
        held = answer(reader.read, facts)
        expected = interpret(plan, held, DAYS[0]) if isinstance(held, dict) else held
        assert answer(checked, facts, DAYS[0]) == expected
        out = {slot.path: facts[slot.path.rpartition(".")[2]] for slot in slots}  # as it would be held, out of bounds
        for known in [held] if isinstance(held, dict) else [out] if slots == (RATE,) else []:
            assert deciding.trusted(known, DAYS[0]) == interpret(plan, known, DAYS[0])
