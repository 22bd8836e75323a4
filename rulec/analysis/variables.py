"""Facts in, the variables that stand for them out; and a model of z3 in, the facts that it means out.

Amounts are whole numbers of the smallest coin of their currency, as facts are refused with more decimals; durations
are whole numbers of their unit, days their number, moments and times microseconds, texts the number of a text.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any, NamedTuple

import z3

from rulec.analysis.dates import FIRST, LAST
from rulec.analysis.logic import Term, Truth, Value, certain, known_if, opposite
from rulec.analysis.reads import TODAY
from rulec.plan.kinds import kind_of_type
from rulec.plan.tree import Plan
from rulec.runtime.texts import text_test
from rulec.runtime.types import (
    Amount,
    Choice,
    Date,
    DateTime,
    ListOf,
    Number,
    Percentage,
    Quantity,
    Rate,
    Record,
    Slot,
    Text,
    Time,
    YesNo,
)
from rulec.runtime.units import decimals_of

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_DECIMALS = 9
_NEAR = date(1950, 1, 1).toordinal(), date(2035, 12, 31).toordinal()
_NOW = date(2026, 1, 1).toordinal(), date(2026, 12, 31).toordinal()
_MICRO = timedelta(microseconds=1)
_DAY = 86_400_000_000
_SPAN = tuple((end.replace(tzinfo=UTC) - EPOCH) // _MICRO for end in (datetime.min, datetime.max))


class Variable(NamedTuple):
    """What stands for a fact. `held`: the variable itself; `scale`: what it counts is that part of a whole."""

    slot: Slot
    held: Term
    scale: int
    absent: Term


class Tested(NamedTuple):
    """A test of a text: whether it holds, as a variable."""

    test: str
    pattern: str
    exact: bool
    holds: Term


class Variables:
    """The variables of one plan. `sides`: what always holds of them."""

    def __init__(self, plan: Plan) -> None:
        self._slots = {slot.path: slot for slot in plan.facts}
        self.known, self.sides = dict[str, Variable](), list[Term]()
        self._texts, self._tests = dict[str, int](), dict[str, list[Tested]]()
        self._names = 0
        self.today = z3.Int("today")
        self.sides.append(z3.And(self.today >= FIRST, self.today <= LAST))

    def fresh(self, name: str, sort: Any = z3.Int) -> Term:
        """A variable of its own."""
        self._names += 1
        return sort(f"{name}#{self._names}")

    def slot(self, path: str) -> Slot:
        """The fact of a path, or the attribute of an element: « order.lines[].price »."""
        if "[]." in path and path not in self._slots:
            each, key = path.split("[].", 1)
            kind = self._slots[each].type
            assert isinstance(kind, ListOf)
            assert isinstance(kind.item, Record)
            return next(slot for slot in kind.item.attributes if slot.path == key)
        return self._slots[path]

    def of(self, path: str) -> Variable:
        """The variable of a fact."""
        if path not in self.known:
            self.known[path] = self._made(path, self.slot(path))
        return self.known[path]

    def know(self, paths: Sequence[str]) -> None:
        """Have a variable for each of these facts, lists aside: what a model says of another one need be no value."""
        for path in paths:
            if path != TODAY and not isinstance(self.slot(path).type, ListOf):
                self.of(path)

    def _made(self, path: str, slot: Slot) -> Variable:
        absent = z3.Bool(f"{path}?") if slot.optional and slot.default is None else False
        scale, low, high = 1, None, None
        match slot.type:
            case YesNo():
                held = z3.Bool(path)
            case Number(whole=False) | Percentage() | Quantity() | Rate():
                held = z3.Real(path)
            case Amount(currency):
                held, scale = z3.Int(path), 10 ** decimals_of(currency)
            case Choice(options) if options:
                held = z3.Int(path)
                self.sides.append(z3.Or([held == self.code(option.key) for option in options]))
            case Date():
                held, low, high = z3.Int(path), FIRST, LAST
            case DateTime():
                held, (low, high) = z3.Int(path), _SPAN
            case Time():
                held, low, high = z3.Int(path), 0, _DAY - 1
            case Choice() | Text():
                held, low = z3.Int(path), 0
            case _:  # whole numbers, durations; a list has no value
                held = z3.Int(path)
        self.sides += [held >= low] if low is not None else []
        self.sides += [held <= high] if high is not None else []
        if slot.bounds is not None:
            self.sides += [held >= _number(slot.bounds.low * scale)] if slot.bounds.low is not None else []
            self.sides += [held <= _number(slot.bounds.high * scale)] if slot.bounds.high is not None else []
        return Variable(slot, held, scale, absent)

    def read(self, path: str) -> Truth | Value:
        """The fact as conditions read it."""
        variable, kind = self.of(path), kind_of_type(self.slot(path).type)
        known = opposite(variable.absent)
        if kind == "yes":
            return known_if(known, variable.held)
        term = variable.held
        if kind == "number":
            term = z3.ToReal(term) / variable.scale if term.is_int() else term
        return Value(kind, term, known)

    def code(self, text: str) -> int:
        """The number of a text."""
        return self._texts.setdefault(text, len(self._texts))

    def tested(self, path: str, test: str, pattern: str, exact: bool) -> Truth:
        """A test of a text that is a fact."""
        tests = self._tests.setdefault(path, [])
        known = next((each for each in tests if each[:3] == (test, pattern, exact)), None)
        if known is None:
            known = Tested(test, pattern, exact, self.fresh("test", z3.Bool))
            tests.append(known)
        return known_if(opposite(self.of(path).absent), known.holds)

    def told(self) -> Iterator[Term]:
        """What holds of all variables so far."""
        yield from self.sides
        for path, tests in self._tests.items():
            for text, code in self._texts.items():
                for each in tests:
                    holds = text_test(each.test, each.exact, text, each.pattern)
                    yield z3.Implies(self.of(path).held == code, each.holds if holds else z3.Not(each.holds))

    def wishes(self, paths: Sequence[str]) -> Iterator[Term]:
        """What makes a case plain to read: numbers that are not negative, not large, with few decimals, near dates."""
        yield z3.And(self.today >= _NOW[0], self.today <= _NOW[1])
        for variable in (self.known[path] for path in paths if path in self.known):
            held = variable.held
            match variable.slot.type:
                case Date():
                    yield z3.And(held >= _NEAR[0], held <= _NEAR[1])
                case YesNo() | Choice() | Text() | DateTime() | Time() | ListOf() | Record():
                    pass
                case Percentage():
                    yield z3.And(held >= 0, held <= 1, z3.IsInt(held * 1000))
                case _:
                    plain = z3.IsInt(held * 10) if held.is_real() else held % variable.scale == 0
                    yield z3.And(held >= 0, held <= 100_000 * variable.scale, plain)

    # ---- back

    def facts(self, model: Any, paths: Sequence[str]) -> dict[str, object]:
        """What a model says of facts, by path; elements as lists of one."""
        found, elements = dict[str, object](), dict[str, dict[str, object]]()
        for path in paths:
            variable = self.of(path)
            if z3.is_true(model.eval(variable.absent, True)) if variable.absent is not False else False:
                continue
            value = self._value(path, variable, model)
            if "[]." in path and path not in self._slots:
                each, key = path.split("[].", 1)
                elements.setdefault(each, {})[key] = value
            else:
                found[path] = value
        return found | {each: (element,) for each, element in elements.items()}

    def day(self, model: Any) -> date:
        """The day of the decision."""
        return date.fromordinal(model.eval(self.today, True).as_long())

    def _value(self, path: str, variable: Variable, model: Any) -> object:
        term = model.eval(variable.held, True)
        match variable.slot.type:
            case YesNo():
                return z3.is_true(term)
            case Date():
                return date.fromordinal(term.as_long())
            case DateTime():
                return EPOCH + term.as_long() * _MICRO
            case Time():
                return (datetime.min + term.as_long() * _MICRO).time()
            case Choice() | Text():
                return self._text(path, term.as_long(), model)
            case ListOf() | Record():
                return ()
            case _:
                return decimal_of(term) / variable.scale

    def _text(self, path: str, code: int, model: Any) -> str:
        known = next((text for text, number in self._texts.items() if number == code), None)
        if known is not None:
            return known
        tests = [(each, z3.is_true(model.eval(each.holds, True))) for each in self._tests.get(path, ())]
        for text in _candidates([each.pattern for each, _ in tests]):
            if text not in self._texts:
                if all(text_test(each.test, each.exact, text, each.pattern) is held for each, held in tests):
                    return text
        return "…"


def constant(value: object, variables: Variables) -> Truth | Value | None:
    """A value as a term; None for one that has none."""
    match value:
        case bool():
            return certain(value)
        case Decimal():
            return Value("number", _number(value))
        case str():
            return Value("text", z3.IntVal(variables.code(value)))
        case datetime():
            return Value("moment", z3.IntVal((value - EPOCH) // _MICRO))
        case date():
            return Value("date", z3.IntVal(value.toordinal()))
        case time():
            return Value("time", z3.IntVal((datetime.combine(date.min, value) - datetime.min) // _MICRO))
        case _:
            return None


def decimal_of(term: Any) -> Decimal:
    """A number of a model, to 9 decimals where it has no end."""
    if z3.is_algebraic_value(term):
        term = term.approx(_MOST_DECIMALS)
    if z3.is_int_value(term):
        return Decimal(term.as_long())
    fraction = Fraction(term.numerator_as_long(), term.denominator_as_long())
    left = fraction.denominator
    for prime in (2, 5):
        while left % prime == 0:
            left //= prime
    if left == 1:
        return Decimal(fraction.numerator) / Decimal(fraction.denominator)
    return Decimal(round(fraction * 10**_MOST_DECIMALS)).scaleb(-_MOST_DECIMALS)


def _number(value: Decimal) -> Term:
    return z3.RealVal(format(value, "f"))


def _candidates(patterns: Sequence[str]) -> Iterator[str]:
    """Texts that may pass some tests and fail others."""
    plain = ["", *dict.fromkeys(pattern.replace("*", "").replace("?", "x") for pattern in patterns)]
    for one, middle, other in product(plain, ["", " x ", "x"], plain):
        yield one + middle + other
    yield from (f"texte {number}" for number in range(1, 9))
