"""The types of facts and outcomes, and how each value is held at run time.

| type | held as |
|---|---|
| YesNo | bool |
| Number, Percentage, Amount, Quantity, Rate | Decimal (a percentage as its fraction, a quantity in its declared unit) |
| Text | str |
| Date, DateTime, Time | datetime.date, aware datetime.datetime, datetime.time |
| Duration | Decimal, a count of its `unit` |
| Choice | str, the key of the option |
| ListOf | tuple of the item's values |
| Record | dict from the path of an attribute, relative to the element, to its value |
"""

from dataclasses import field
from decimal import Decimal

from rulec.runtime.plain import Plain, plain


@plain
class YesNo(Plain):
    """True or false."""


@plain
class Number(Plain):
    """An exact decimal; `whole` admits integers only."""

    whole: bool = False


@plain
class Percentage(Plain):
    """A rate without a base: 10 % is 0.10."""


@plain
class Amount(Plain):
    """Money in `currency` (ISO 4217); `kind` is "net" (HT, excl. VAT), "gross" (TTC, incl. VAT) or "" (neither)."""

    currency: str
    kind: str = ""


@plain
class Quantity(Plain):
    """A number of `unit`, a key of `runtime.units` (kg, km, l …) or a unit declared in a file."""

    unit: str


@plain
class Rate(Plain):
    """An amount or a quantity per unit: € per km, km per h. `per` is a unit key."""

    of: "Amount | Quantity"
    per: str


@plain
class Text(Plain):
    """Any text."""


@plain
class Date(Plain):
    """A calendar day."""


@plain
class DateTime(Plain):
    """A moment, with its zone."""


@plain
class Time(Plain):
    """A time of day."""


@plain
class Duration(Plain):
    """A count of `unit`: "day", "month", "second", "working_day" (Mon-Fri) or "business_day" (Mon-Sat).

    Weeks count as 7 days, years as 12 months, minutes and hours as seconds. Units do not compare with each other.
    """

    unit: str = "day"


@plain
class Option(Plain):
    """One value of a list: its key, and its name as the author wrote it."""

    key: str
    label: str


@plain
class Choice(Plain):
    """One of a closed list, in the order declared."""

    options: tuple[Option, ...]


@plain
class ListOf(Plain):
    """A list of values of one type."""

    item: "Type"


@plain
class Record(Plain):
    """An element of an entity: the entity's key, its attributes by path relative to the element, the entity's name."""

    entity: str
    attributes: "tuple[Slot, ...]" = ()
    name: str = ""


Type = (
    YesNo | Number | Percentage | Amount | Quantity | Rate | Text | Date | DateTime | Time | Duration | Choice
    | ListOf | Record
)  # fmt: skip


def record_of(type_: Type) -> Record | None:
    """The elements of a list of them."""
    return type_.item if isinstance(type_, ListOf) and isinstance(type_.item, Record) else None


@plain
class Bounds(Plain):
    """Both ends included; None leaves an end open. In the unit in which the values are held."""

    low: Decimal | None = None
    high: Decimal | None = None


@plain
class Slot(Plain):
    """A fact that a decision may read.

    `path`: keys joined by dots from the root ("client.loyal"; a fact known on its own is a single key).
    `names`: the term of each key of the path, as the author wrote it, in the same order.
    `synonyms`: other ways to say the last term. `default`: used where the fact is not given (None: no default).
    `judged`: it is the answer of a judgement, which may be in doubt (see `doubt_of`). `happens`: it says whether what a
    rule waits for has come about (`plan.tree.Watch`), false by default.
    """

    path: str
    type: Type
    names: tuple[str, ...]
    synonyms: tuple[str, ...] = ()
    optional: bool = False
    default: object = None
    bounds: Bounds | None = None
    judged: bool = False
    happens: bool = field(default=False, repr=False)


class InDoubt:
    """The answer of a judgement that is in doubt, as facts are given."""

    def __repr__(self) -> str:
        return "IN_DOUBT"

    def __reduce__(self) -> str:
        return "IN_DOUBT"


IN_DOUBT = InDoubt()
IN_DOUBT_KEY = "in_doubt"  # how data says so
_DOUBT_WORDS = frozenset({"in doubt", IN_DOUBT_KEY, "dans le doute"})


def is_doubt(given: object) -> bool:
    """Whether what is given for a judgement says that it is in doubt."""
    return given is IN_DOUBT or (isinstance(given, str) and " ".join(given.split()).casefold() in _DOUBT_WORDS)


def doubt_of(path: str) -> str:
    """The key that facts have instead of `path` where the judgement at that path is in doubt."""
    return f"{path}?"


@plain
class OutcomeSlot(Plain):
    """An outcome that is decided. `combine` is one of COMBINATIONS.

    `order` (for "priority"): values from the strongest to the weakest. `default`: None where there is none.
    `distinct` (for "collect"): equal values count once. `each`: path of the list for each element of which it is
    decided; its value is then a list of values of `type`, in the order of the input. `optional`: it may well be that
    no rule gives it.
    """

    key: str
    type: Type
    name: str
    combine: str = "any"
    default: object = None
    order: tuple[object, ...] = ()
    distinct: bool = False
    bounds: Bounds | None = None
    each: str = ""
    optional: bool = field(default=False, repr=False)

    @property
    def value_type(self) -> Type:
        """The type of the value that a decision gives."""
        return ListOf(self.type) if self.each else self.type


COMBINATIONS = ("any", "unique", "first", "max", "min", "sum", "compound", "collect", "priority")


@plain
class ActionSlot(Plain):
    """An action that rules may ask for. Actions that share a `group` ("" is none) exclude each other."""

    key: str
    name: str
    parameters: tuple[tuple[str, str, Type], ...] = ()  # key, name, type
    group: str = ""


@plain
class EventSlot(Plain):
    """What may happen to an entity: its key, the key of the entity, the sentence that declares it, as written."""

    key: str
    entity: str
    name: str
