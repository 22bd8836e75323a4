"""Hypothesis strategies: random plans with all kinds of nodes, policies and exceptions, and facts with some missing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from random import Random
from typing import TypeVar

from hypothesis import strategies as st

from rulec.plan.tree import (
    Aggregate,
    All,
    AnyOf,
    Applies,
    Arithmetic,
    Branch,
    Choose,
    Collect,
    Column,
    Compare,
    Const,
    Contains,
    Count,
    CountWhere,
    DatePart,
    DayOf,
    Decided,
    Decides,
    Defined,
    DefinedGiven,
    Definition,
    Distinct,
    Do,
    Elapsed,
    Expr,
    Extreme,
    Fact,
    Filter,
    Give,
    Given,
    Holiday,
    In,
    Item,
    Join,
    Judgement,
    Member,
    MemberGiven,
    Not,
    OutcomeGiven,
    Oversight,
    Piece,
    Plan,
    Promise,
    Round,
    Rule,
    Same,
    Shift,
    Sorted,
    Table,
    Take,
    TextTest,
    TimeOf,
    Today,
    WorkingElapsed,
    WorkingShift,
)
from rulec.runtime.tables import NONE, Cell, OneOf, Within
from rulec.runtime.types import (
    ActionSlot,
    Bounds,
    Choice,
    Date,
    DateTime,
    ListOf,
    Number,
    Option,
    OutcomeSlot,
    Record,
    Slot,
    Text,
    Time,
    Type,
    YesNo,
    doubt_of,
)
from rulec.tree import walk

NUMBER, YES_NO, TEXT, DATE, MOMENT, TIME = Number(), YesNo(), Text(), Date(), DateTime(), Time()
COLOUR = Choice(tuple(Option(key, key) for key in ("red", "green", "blue")))
KINDS: dict[str, Type] = {
    "number": NUMBER, "yes": YES_NO, "text": TEXT, "date": DATE, "moment": MOMENT, "time": TIME, "choice": COLOUR,
}  # fmt: skip
NUMBERS = [Decimal(text) for text in ("0", "1", "2", "-1", "0.5", "10", "1E+3", "0.10", "9e6144")]
DAYS = [date(2024, 2, 29), date(2026, 1, 31), date(2026, 12, 25), date(2030, 5, 4), date(1, 1, 1), date(9999, 12, 31)]
MOMENTS = [
    datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
    datetime(2026, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=5))),
    datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=2))),
]
TIMES = [time(0), time(9, 30), time(23, 59)]
TEXTS = ["", "été", "ETE", "rue de l’Église", "a*b?c", "'; import os; '", "{x}", '\n"\\', "\ud800", "l'été  dernier"]
VALUES: dict[str, Sequence[object]] = {
    "number": NUMBERS, "yes": [True, False], "text": TEXTS, "date": DAYS, "moment": MOMENTS, "time": TIMES,
    "choice": ["red", "green", "blue"],
}  # fmt: skip
LINE = Record(
    "line",
    (
        Slot("quantity", NUMBER, ("quantity",)),
        Slot("fragile", YES_NO, ("fragile",), optional=True),
        Slot("day", DATE, ("day",)),
        Slot("parts", ListOf(NUMBER), ("parts",)),
    ),
)
LINES = "lines"  # the path of a list of them, in every plan; some plans have a list of numbers beside it
COUNTS = "counts"


T = TypeVar("T")


@dataclass(frozen=True)
class Case:
    """A plan, and decisions to take with it: facts and a date."""

    plan: Plan
    asked: tuple[tuple[dict[str, object], date], ...]


class Maker:
    """Draws the parts of one plan; a rule may read what comes before it."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.facts = [self.slot(number) for number in range(self.random.randint(1, 8))]
        self.outcomes = [self.outcome(number) for number in range(self.random.randint(1, 4))]
        self.facts += [Slot(LINES, ListOf(LINE), ("lines",)), Slot(COUNTS, ListOf(NUMBER), ("counts",))]
        self.items: list[str] = []  # names of the lines that stand around
        self.numbers: list[str] = []  # and of numbers
        groups = self.some(["", "g"], 0, 3)
        self.actions = [
            ActionSlot(f"a{n}", f"act {n}", (("why", "why", TEXT),), group) for n, group in enumerate(groups)
        ]
        self.readable: list[OutcomeSlot] = []
        self.definitions: list[Definition] = []
        self.before: list[Rule | Table] = []
        self.tables = list[tuple[int, Table]]()

    def pick(self, *choices: object) -> object:
        return self.random.choice(choices)

    def some(self, choices: Sequence[T], least: int, most: int) -> list[T]:
        return self.random.choices(choices, k=self.random.randint(least, most))

    def chance(self, one_in: int) -> bool:
        return self.random.randint(1, one_in) == 1

    def slot(self, number: int) -> Slot:
        kind = self.random.choice(list(KINDS))
        default = self.random.choice(VALUES[kind]) if self.chance(8) else None
        path = f"{kind}.{number}"
        return Slot(path, KINDS[kind], ("x", path), optional=self.chance(4), default=default)

    def outcome(self, number: int) -> OutcomeSlot:
        policy = self.random.choice(["any", "unique", "first", "max", "min", "sum", "compound", "collect", "priority"])
        name, key = f"outcome {number}", f"o{number}"
        each = LINES if self.chance(4) else ""
        if policy == "priority":
            order = self.random.sample(["red", "green", "blue"], self.random.randint(0, 3))
            colour = "green" if self.chance(3) else None
            return OutcomeSlot(key, COLOUR, name, policy, colour, tuple(order), each=each)
        if policy == "collect":
            listed = (Decimal(1),) if self.chance(3) else None
            return OutcomeSlot(key, ListOf(NUMBER), name, policy, listed, distinct=self.chance(2), each=each)
        bounds = Bounds(Decimal(0), Decimal(5)) if self.chance(4) else None
        default = self.random.choice([None, None, Decimal(0), Decimal(1)])
        return OutcomeSlot(key, NUMBER, name, policy, default, bounds=bounds, each=each)

    # ---- expressions

    def number(self, depth: int) -> Expr:
        kind = self.random.randint(0, 11) if depth else 0
        below = depth - 1
        match kind:
            case 9:
                how = str(self.pick("sum", "mean", "min", "max", "first", "last", "count", "only"))
                return Aggregate(how, self.number_list(below))
            case 10:
                return Aggregate("count", self.line_list(below))
            case 1:
                operator = str(self.pick("add", "sub", "mul", "div", "pow", "root"))
                return Arithmetic(operator, self.number(below), self.number(below))
            case 7:
                return self.choose("number", below, self.number(below))
            case 8 if defined := self.defined("number"):
                return defined
            case 2:
                return Extreme(str(self.pick("min", "max")), (self.number(below), self.number(below)))
            case 3:
                step = self.random.choice([Decimal(1), Decimal("0.05")])
                return Round(self.number(below), step, str(self.pick("nearest", "up", "down")))
            case 4:
                part = str(self.pick("year", "quarter", "month", "day", "weekday"))
                return DatePart(part, self.day(below) if self.chance(2) else self.leaf("moment"))
            case 5:
                both = (
                    (self.leaf("moment"), self.leaf("moment")) if self.chance(4) else (self.day(below), self.day(below))
                )
                if self.chance(3):
                    return WorkingElapsed("FR", self.random.choice([5, 6]), *both)
                return Elapsed(str(self.pick("day", "month", "year")), *both)
            case 6 if numbers := [slot.key for slot in self.readable if slot.type == NUMBER and self.is_near(slot)]:
                return Decided(str(self.pick(*numbers)))
            case 11 if decided := self.decided_of_line():
                return Decided(decided.key, Item(str(self.pick(*self.items))))
            case _:
                return self.leaf("number")

    def choose(self, kind: str, depth: int, otherwise: Expr | None) -> Choose:
        cases = tuple((self.condition(depth), self.value_of(kind, depth)) for _ in range(self.random.randint(0, 3)))
        if self.chance(12):
            cases *= 4
        return Choose(cases, otherwise)

    def value_of(self, kind: str, depth: int) -> Expr:
        makers = {"number": self.number, "yes": self.condition, "text": self.text, "date": self.day}
        return makers[kind](depth)

    def text(self, depth: int) -> Expr:
        kind = self.random.randint(0, 3) if depth else 0
        match kind:
            case 1:
                return Join(tuple(self.text(depth - 1) for _ in range(self.random.randint(0, 3))))
            case 2:
                return Piece(str(self.pick("first", "last")), self.text(depth - 1), self.number(depth - 1))
            case 3 if defined := self.defined("text"):
                return defined
            case _:
                return self.leaf("text")

    def defined(self, kind: str) -> Defined | None:
        keys = [each.key for each in self.definitions if each.type == KINDS[kind]]
        return Defined(str(self.pick(*keys))) if keys else None

    def definition(self, number: int) -> Definition:
        kind = str(self.pick("number", "number", "yes", "text", "date"))
        value = self.value_of(kind, 2)
        if self.chance(2):
            total = kind == "yes" or self.chance(2)
            value = self.choose(kind, 1, self.value_of(kind, 1) if total else None)
            value = value if value.cases or value.otherwise else self.value_of(kind, 0)
        return Definition(f"d{number}", KINDS[kind], ("x", f"d {number}"), "f.regles", number, value)

    def is_near(self, slot: OutcomeSlot) -> bool:
        """Whether the outcome has one value here: it is that of the whole decision, or of the element around."""
        return not slot.each or slot.each in self.items

    def decided_of_line(self) -> OutcomeSlot | None:
        """A number that is decided for each line, where lines stand around."""
        found = [slot for slot in self.readable if slot.type == NUMBER and slot.each]
        return self.random.choice(found) if found and self.items else None

    def line_list(self, depth: int) -> Expr:
        """A list of lines."""
        kind = self.random.randint(0, 4) if depth > 0 else 0
        name = self.name()
        match kind:
            case 1:
                return Filter(name, self.line_list(depth - 1), self.of_line(name, lambda: self.condition(depth - 1)))
            case 2:
                key = self.of_line(name, lambda: self.number(depth - 1))
                return Sorted(name, self.line_list(depth - 1), key, self.chance(2))
            case 3:
                return Distinct(self.line_list(depth - 1))
            case 4:
                skip, last = self.random.randint(0, 2), self.chance(3)
                return Take(self.number(depth - 1), self.line_list(depth - 1), skip, last)
            case _:
                return Fact(LINES)

    def number_list(self, depth: int) -> Expr:
        """A list of numbers."""
        kind = self.random.randint(0, 5) if depth > 0 else self.random.randint(0, 1)
        name = self.name()
        listed = [slot.key for slot in self.readable if slot.type == NUMBER and slot.each and not self.is_near(slot)]
        match kind:
            case 1 if self.items:
                return Member(Item(str(self.pick(*self.items))), "parts")
            case 2:
                return Collect(name, self.line_list(depth - 1), self.of_line(name, lambda: self.number(depth - 1)))
            case 3:
                condition = self.of_number(name, lambda: self.comparison(depth - 1))
                return Filter(name, self.number_list(depth - 1), condition)
            case 4 if listed:
                return Decided(str(self.pick(*listed)))
            case 5:
                return Distinct(self.number_list(depth - 1))
            case _:
                return Fact(COUNTS)

    def name(self) -> str:
        return f"i{len(self.items) + len(self.numbers)}"

    def of_line(self, name: str, make: Callable[[], Expr]) -> Expr:
        """An expression about a line of that name."""
        self.items.append(name)
        made = make()
        self.items.pop()
        return made

    def of_number(self, name: str, make: Callable[[], Expr]) -> Expr:
        """An expression about a number of that name."""
        self.numbers.append(name)
        made = make()
        self.numbers.pop()
        return made

    def day(self, depth: int) -> Expr:
        kind = self.random.randint(0, 5) if depth else 0
        match kind:
            case 4:
                start = self.day(depth - 1) if self.chance(2) else self.leaf("moment")
                return WorkingShift("FR", self.random.choice([5, 6]), start, self.number(depth - 1))
            case 1:
                return Today()
            case 2:
                return DayOf(self.leaf("moment"))
            case 3:
                return Shift(self.day(depth - 1), self.number(depth - 1), str(self.pick("day", "month", "month_end")))
            case _:
                return self.leaf("date")

    def leaf(self, kind: str) -> Expr:
        attribute = {"number": "quantity", "yes": "fragile", "date": "day"}.get(kind)
        if kind == "number" and self.numbers and self.chance(2):
            return Item(str(self.pick(*self.numbers)))
        if attribute and self.items and self.chance(2):
            return Member(Item(str(self.pick(*self.items))), attribute)
        paths = [slot.path for slot in self.facts if slot.type == KINDS[kind]]
        if paths and not self.chance(3):
            return Fact(str(self.pick(*paths)))
        return Const(self.random.choice(VALUES[kind]))

    def condition(self, depth: int) -> Expr:
        kind = self.random.randint(0, 19) if depth else self.random.randint(6, 8)
        below = depth - 1
        match kind:
            case 0:
                return All(self.conditions(below))
            case 1:
                return AnyOf(self.conditions(below))
            case 2:
                return Not(self.condition(below))
            case 3:
                items = self.conditions(below)
                low = self.random.randint(0, len(items))
                return Count(low, self.random.randint(low, len(items) + 1), items)
            case 4:
                test = str(self.pick("starts", "ends", "contains", "matches", "equals"))
                pattern = str(self.pick("ete", "rue*", "?", "", "*l'ég*", "ETE", "{x}"))
                return TextTest(test, self.text(below), pattern, self.chance(3))
            case 5:
                return Holiday("FR", self.day(below) if self.chance(2) else self.leaf("moment"))
            case 6:
                return self.comparison(max(below, 0))
            case 7:
                return Given(str(self.pick(*(slot.path for slot in self.facts))))
            case 8:
                return self.leaf("yes")
            case 11 if defined := self.defined("yes"):
                return defined
            case 12 if self.definitions:
                return DefinedGiven(str(self.pick(*(each.key for each in self.definitions))))
            case 18 if decided := self.decided_of_line():
                return OutcomeGiven(decided.key, Item(str(self.pick(*self.items))))
            case 19 if self.items:
                return Same(Item(str(self.pick(*self.items))), Item(str(self.pick(*self.items))))
            case 9 if self.readable:
                return OutcomeGiven(str(self.pick(*(slot.key for slot in self.readable))))
            case 10 if self.before:
                rule = self.random.choice(self.before)
                return Applies(rule.id, tuple(self.some(targets(rule), 1, 2)))
            case 14:
                low, name = self.random.randint(0, 2), self.name()
                high = low + self.random.randint(0, 1) if self.chance(2) else None
                condition = self.of_line(name, lambda: self.condition(below))
                return CountWhere(low, high, name, self.line_list(below), condition)
            case 15:
                return Contains(self.number_list(below), self.number(below))
            case 16 if self.items:
                return MemberGiven(Item(str(self.pick(*self.items))), "fragile", True)
            case 17 if self.items:
                return MemberGiven(Item(str(self.pick(*self.items))), "day", False)
        return self.comparison(max(below, 0))

    def conditions(self, depth: int) -> tuple[Expr, ...]:
        return tuple(self.condition(depth) for _ in range(self.random.randint(0, 3)))

    def comparison(self, depth: int) -> Expr:
        operator = str(self.pick("lt", "le", "eq", "ne", "ge", "gt"))
        kind = str(self.pick("number", "number", "number", "date", "time", "moment", "choice"))
        if kind == "choice":
            values = tuple(self.some(VALUES["choice"], 0, 3))
            return In(self.leaf("choice"), values)
        if kind == "time" and self.chance(2):
            return Compare(operator, TimeOf(self.leaf("moment")), self.leaf("time"))
        sides = {"number": self.number, "date": self.day}
        make = sides.get(kind, lambda _: self.leaf(kind))
        return Compare(operator, make(depth), make(depth))

    # ---- rules

    def rule(self, number: int, gives: list[OutcomeSlot]) -> Rule:
        each = LINES if any(slot.each for slot in gives) or self.chance(8) else ""
        self.items = [each] if each else []
        branches = tuple(self.branch(at, gives) for at in range(1, self.random.randint(1, 3) + 1))
        unless = self.condition(1) if self.chance(4) else Const(False)
        same = [rule.id for rule in self.before if self.chance(3)]
        title = str(self.pick("R", "a'b\"c", "{0}\n", "__import__('os')"))
        self.items = []
        return Rule(f"r{number}", title, "f.regles", number, branches, unless, tuple(same[:2]), each=each)

    def branch(self, number: int, gives: list[OutcomeSlot]) -> Branch:
        chosen = [slot for slot in gives if not self.chance(4)] or gives[:1]
        does = tuple(self.do(self.random.choice(self.actions)) for _ in range(2) if self.actions and self.chance(3))
        condition = Const(True) if self.chance(8) else self.condition(2)
        return Branch(number, condition, tuple(Give(slot.key, self.value(slot)) for slot in chosen), does)

    def table(self, number: int, gives: list[OutcomeSlot]) -> Table:
        """A table of a few rows, whose policy is any that its outcomes bear."""
        each = LINES if any(slot.each for slot in gives) or self.chance(8) else ""
        self.items = [each] if each else []
        size = self.random.randint(0, 5)
        columns = tuple(self.column(size) for _ in range(self.random.randint(0, 3)))
        policies = ["any", "unique", "first", "max", "min"]
        if all(slot.type == NUMBER for slot in gives):
            policies += ["sum", "compound"]
        if all(slot.type == COLOUR for slot in gives):
            policies.append("priority")
        if all(slot.combine == "collect" for slot in gives):
            policies += ["sum", "collect", "collect"]
        with_default = self.chance(2)
        combine = self.random.choice(policies)
        decides = tuple(self.decides(slot, combine, size, with_default) for slot in gives)
        unless = self.condition(1) if self.chance(4) else Const(False)
        self.items = []
        return Table(
            f"r{number}", str(self.pick("T", "a'b")), "f.regles", number, columns, decides, "t.csv",
            tuple(range(2, size + 2 + with_default)), combine,
            ("blue", "red") if combine == "priority" else (), self.chance(2), with_default,
            unless, tuple([rule.id for rule in self.before if self.chance(4)][:2]), each=each,
        )  # fmt: skip

    def cells(self, size: int, known: int) -> tuple[int, ...]:
        return tuple(self.random.randint(-1, known - 1) for _ in range(size))

    def column(self, size: int) -> Column:
        kind = str(self.pick("number", "number", "date", "time", "choice", "yes", "text"))
        makers = {"number": self.number, "date": self.day}
        given = makers[kind](1) if kind in makers else self.leaf(kind)
        tests = tuple(
            self.condition(1) if self.chance(5) else self.cell(kind) for _ in range(self.random.randint(1, 3))
        )
        return Column(given, tests, self.cells(size, len(tests)))

    def cell(self, kind: str) -> Cell:
        if kind in ("choice", "yes", "text") or self.chance(3):
            values = self.some(VALUES[kind], 0, 2)
            return OneOf(tuple(values), self.chance(3))
        ends = self.some([*VALUES[kind], None], 2, 2)
        if ends == [None, None]:
            ends = [VALUES[kind][0], None]
        return Within(ends[0], ends[1], self.chance(2), self.chance(2))

    def decides(self, slot: OutcomeSlot, combine: str, size: int, with_default: bool) -> Decides:
        kind = "priority" if slot.type == COLOUR else combine
        values = tuple(self.value(replace(slot, combine=kind)) for _ in range(self.random.randint(1, 3)))
        default = self.random.randint(-1, len(values) - 1) if with_default else NONE
        return Decides(slot.key, values, self.cells(size, len(values)), default)

    def do(self, slot: ActionSlot) -> Do:
        return Do(slot.key, (("why", self.leaf("text")),) if self.chance(2) else ())

    def value(self, slot: OutcomeSlot) -> Expr:
        if slot.combine == "priority":
            return self.leaf("choice")
        if slot.combine == "collect" and self.chance(4):
            return Const((Decimal(1), Decimal(2), Decimal(1)))
        return Const(self.random.choice(NUMBERS[:5])) if self.chance(2) else self.number(2)

    def promise(self, number: int, assumed: bool) -> Promise:
        """What is promised of the outcomes, or where `assumed` taken for granted of the facts."""
        readable, before, definitions = self.readable, self.before, self.definitions
        self.before, self.items = [], []
        if assumed:
            self.readable = []
            self.definitions = [each for each in definitions if not _asks_rules(each.value, definitions)]
        condition = self.condition(2)
        outcomes, given = _reads(condition, definitions), tuple[str, ...]()
        self.readable, self.before, self.definitions = readable, before, definitions
        if outcomes:
            given = _reads(condition, definitions, OutcomeGiven)
        elif not assumed:
            given = outcomes = (str(self.pick(*(slot.key for slot in self.outcomes))),)
            condition = OutcomeGiven(outcomes[0])
        text = str(self.pick("Toujours : a", "'{x}\"\n"))
        return Promise(f"p{number}", text, "f.regles", number, condition, outcomes, given, assumed)

    def promises(self, assuming: bool) -> tuple[Promise, ...]:
        """Promises, and if `assuming` what is assumed, in any order."""
        if not assuming and self.chance(2):
            return ()
        return tuple(self.promise(at, assuming and self.chance(2)) for at in range(self.random.randint(1, 3)))

    def oversight(self) -> tuple[Oversight, ...]:
        """What is said of supervision: levels, approvals, an action that asks for one."""
        self.before, self.items = [], []
        return tuple(self.overseen(number) for number in range(self.random.randint(1, 2)))

    def overseen(self, number: int) -> Oversight:
        """A level by cases; or an approval by a condition, or by an action."""
        place = (f"o{number}", str(self.pick("Autonomie : x", "'{x}\"\n")), "f.regles", number)
        if self.actions and self.chance(4):
            action = str(self.pick(*(slot.key for slot in self.actions)))
            return Oversight(*place, Const("propose"), action, "du gérant", action)
        if self.chance(3):
            asked = Choose(((self.condition(2), Const("propose")),), Const("act"))
            return Oversight(*place, asked, str(self.pick("boss", "owner")), "du gérant")
        cases = [(self.condition(2), self.level()) for _ in range(self.random.randint(0, 2))]
        return Oversight(*place, Choose(tuple(cases), self.level()) if cases else self.level())

    def level(self) -> Expr:
        return Const(str(self.pick("observe", "propose", "act", "act")))

    def plan(self, assuming: bool = False, overseeing: bool = False) -> Plan:
        rules = list[Rule]()
        for slot in self.outcomes:  # a rule gives the outcome of its turn, and perhaps those after it
            self.definitions += [self.definition(len(self.definitions) + at) for at in range(self.random.randint(0, 2))]
            later = self.outcomes[self.outcomes.index(slot) :]
            for _ in range(self.random.randint(0, 3)):
                gives = [slot, *(other for other in later[1:] if self.chance(4))]
                number = len(rules) + len(self.tables)
                if self.chance(4):
                    table = self.table(number, gives)
                    self.before.append(table)
                    self.tables.append((len(rules), table))
                else:
                    rules.append(self.rule(number, gives))
                    self.before.append(rules[-1])
            self.readable.append(slot)
        order = tuple(rule.id for rule in self.before)
        text = tuple(self.random.sample(rules, len(rules)))
        calendars = (("FR", (date(2026, 12, 25).toordinal(), date(2026, 1, 1).toordinal())),)
        return Plan(
            tuple(self.facts), tuple(self.outcomes), tuple(self.actions), text, order, calendars, (2020, 2029),
            str(self.pick("fr", "en")), digest="d", definitions=tuple(self.definitions),
            tables=tuple(replace(table, before=before) for before, table in self.tables),
            promises=self.promises(assuming), oversight=self.oversight() if overseeing else (),
        )  # fmt: skip


def _reads(
    expr: Expr, definitions: Sequence[Definition], kinds: tuple[type, ...] | type = (Decided, OutcomeGiven)
) -> tuple[str, ...]:  # fmt: skip
    """The outcomes that an expression reads, by whatever way."""
    values = {each.key: each.value for each in definitions}
    found = dict[str, None]()
    for node in walk(expr):
        if isinstance(node, Defined | DefinedGiven):
            found |= dict.fromkeys(_reads(values[node.key], definitions, kinds))
        elif isinstance(node, Decided | OutcomeGiven) and isinstance(node, kinds):
            found[node.outcome] = None
    return tuple(found)


def _asks_rules(expr: Expr, definitions: Sequence[Definition]) -> bool:
    """Whether an expression reads what rules give or whether they apply, by whatever way."""
    values = {each.key: each.value for each in definitions}
    return any(
        _asks_rules(values[node.key], definitions) if isinstance(node, Defined | DefinedGiven)
        else isinstance(node, Decided | OutcomeGiven | Applies)
        for node in walk(expr)
    )  # fmt: skip


def targets(rule: Rule | Table) -> list[str]:
    """The outcomes and actions of a rule or table."""
    if isinstance(rule, Table):
        return [decided.outcome for decided in rule.decides]
    gives = {give.outcome for branch in rule.branches for give in branch.gives}
    return sorted(gives | {do.action for branch in rule.branches for do in branch.does})


@st.composite
def cases(
    draw: st.DrawFn, each: int = 1, judged: bool = False, assuming: bool = False, overseeing: bool = False
) -> Case:  # fmt: skip
    """A plan, and `each` decisions to take with it.

    `judged`: some of the facts are judgements, some in doubt. `assuming`: some of the facts may be taken for granted.
    `overseeing`: it speaks of supervision.
    """
    return case_of(draw(st.randoms(use_true_random=False)), each, judged, assuming, overseeing)


def case_of(
    random: Random, each: int, judged: bool, assuming: bool = False, overseeing: bool = False
) -> Case:  # fmt: skip
    """The plan and the decisions that some randomness makes."""
    plan = Maker(random).plan(assuming, overseeing)
    plan = with_judgements(plan, random) if judged else plan
    return Case(plan, tuple((facts(plan, random), random.choice([*DAYS[:4], *MOMENTS])) for _ in range(each)))


def facts(plan: Plan, random: Random) -> dict[str, object]:
    """Values for the facts of a plan: all of them, most, a few or none."""
    known = random.choice([1.0, 0.8, 0.4, 0.0])
    paths = [slot.path for slot in plan.facts if random.random() < known]
    doubts = [each.path for each in plan.judgements if each.path not in paths and random.random() < 0.6]
    return {path: value(path, random) for path in paths} | {doubt_of(path): True for path in doubts}


def with_judgements(plan: Plan, random: Random) -> Plan:
    """The plan with judgements for facts that must be given, and what is asked for in doubt."""
    fits = {s.path for s in plan.facts if s.type in (YES_NO, COLOUR) and not s.optional and s.default is None}
    judged = [path for path in sorted(fits) if random.random() < 0.8]
    doubts = [
        tuple(
            Do(action.key, (("why", Const(random.choice(TEXTS))),) if random.random() < 0.5 else ())
            for action in plan.actions
            if random.random() < 0.7
        )
        for _ in judged
    ]
    slots = tuple(replace(slot, judged=slot.path in judged) for slot in plan.facts)
    text = Slot("message", TEXT, ("message",))
    made = tuple(
        Judgement(path, "message", "it is so", (), does, "f.regles", number)
        for number, (path, does) in enumerate(zip(judged, doubts, strict=True))
    )
    return replace(plan, facts=(*slots, text), judgements=made)


def value(path: str, random: Random) -> object:
    """A value for a fact."""
    if path == COUNTS:
        return tuple(random.choice(NUMBERS[:8]) for _ in range(random.randint(0, 3)))
    if path == LINES:
        return tuple(line(random) for _ in range(random.randint(0, 3)))
    return random.choice(VALUES[path.split(".")[0] if path != "message" else "text"])


def line(random: Random) -> dict[str, object]:
    """A line, some of its attributes missing."""
    made: dict[str, object] = {"quantity": random.choice(NUMBERS[:6]), "fragile": random.random() < 0.5}
    made |= {"day": random.choice(DAYS[:4]), "parts": value(COUNTS, random)}
    return {key: each for key, each in made.items() if random.random() < 0.85}
