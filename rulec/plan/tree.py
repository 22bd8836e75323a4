"""The plan: what every backend executes. No word of either language, no unit left to convert.

Conditions and values are expressions in strong Kleene logic: unknown propagates unless the rest settles the result
(S. C. Kleene, Introduction to Metamathematics, 1952, § 64).
"""

from collections.abc import Callable
from dataclasses import field, fields
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rulec.runtime.plain import plain, ready
from rulec.runtime.tables import NONE, Cell
from rulec.runtime.types import ActionSlot, EventSlot, OutcomeSlot, Slot, Type
from rulec.tree import Node

ZONE = "Europe/Paris"  # where a moment written without a zone is
Scalar = object  # a value as `runtime.types` holds it


@plain
class Const(Node):
    """A value."""

    value: Scalar


@plain
class Fact(Node):
    """The fact at a path; unknown where it is not given, or optional and absent."""

    path: str


@plain
class Given(Node):
    """Whether the fact at a path is given: never unknown for an optional fact, unknown for a required one not given."""

    path: str


@plain
class Today(Node):
    """The date of the decision."""


@plain
class Decided(Node):
    """The value of another outcome; unknown where it is not decided (and not_applicable counts as absent).

    Of an outcome that is decided for each element: that of the element `item`; without it, the list of all of them,
    or in a rule on an element its own.
    """

    outcome: str
    item: "Expr | None" = None


@plain
class OutcomeGiven(Node):
    """Whether another outcome has a value: false where it is not applicable. `item`: as in `Decided`."""

    outcome: str
    item: "Expr | None" = None


@plain
class Compare(Node):
    """`left operator right`, operator in lt le eq ne ge gt; both sides held alike."""

    operator: str
    left: "Expr"
    right: "Expr"


@plain
class In(Node):
    """Whether the item is one of the values."""

    item: "Expr"
    values: tuple[Scalar, ...]


@plain
class Not(Node):
    """True where the item is false."""

    item: "Expr"


@plain
class All(Node):
    """True where all items are true; of nothing, true."""

    items: tuple["Expr", ...]


@plain
class AnyOf(Node):
    """True where one item at least is true; of nothing, false."""

    items: tuple["Expr", ...]


@plain
class Count(Node):
    """True where the number of true items is from `low` to `high`, both included."""

    low: int
    high: int
    items: tuple["Expr", ...]


@plain
class TextTest(Node):
    """Text tests: starts, ends, contains, matches, equals; folded (case, accents, spaces) unless `exact`.

    `matches`: `pattern` is a text where `*` stands for any run of characters and `?` for one.
    """

    test: str
    text: "Expr"
    pattern: str
    exact: bool = False


@plain
class DatePart(Node):
    """A part of a date or moment, as a Decimal: year, quarter, month (1-12), day (1-31), weekday (Monday is 1)."""

    part: str
    date: "Expr"


@plain
class DayOf(Node):
    """The calendar day of a moment."""

    moment: "Expr"


@plain
class TimeOf(Node):
    """The time of day of a moment."""

    moment: "Expr"


@plain
class Holiday(Node):
    """Whether a date is a public holiday on the plan's calendar of that name ("FR", "FR-57", "GB-ENG" …)."""

    calendar: str
    date: "Expr"


@plain
class Arithmetic(Node):
    """`left operator right` on decimals, operator in add sub mul div pow root, to 34 digits, half even.

    `root`: the root of `left` of the degree `right`.
    """

    operator: str
    left: "Expr"
    right: "Expr"


@plain
class Shift(Node):
    """A date moved by a whole number of days or months; a day that the month lacks becomes its last day.

    By month_end: the last day of the month that many months later.
    """

    date: "Expr"
    amount: "Expr"
    unit: str  # day, month or month_end


@plain
class Elapsed(Node):
    """Whole units (day, month, year) from `start` to `end`, negative where `end` is before `start`."""

    unit: str
    start: "Expr"
    end: "Expr"


@plain
class WorkingShift(Node):
    """The day that many working days after a date (before, if negative), which itself is not counted.

    `week`: how many days of the week are worked, from Monday (5 or 6); those that the calendar closes are not.
    """

    calendar: str
    week: int
    date: "Expr"
    amount: "Expr"


@plain
class WorkingElapsed(Node):
    """How many working days come after `start` up to `end` included; negative where `end` is before `start`."""

    calendar: str
    week: int
    start: "Expr"
    end: "Expr"


@plain
class Round(Node):
    """To a multiple of `step`; mode is nearest (half away from zero), up (ceiling) or down (floor)."""

    item: "Expr"
    step: Decimal
    mode: str


@plain
class Extreme(Node):
    """The least (`which` = "min") or greatest ("max") of the items."""

    which: str
    items: tuple["Expr", ...]


@plain
class Choose(Node):
    """The value of the first case (condition, value) whose condition holds; else `otherwise`.

    An unknown condition leaves the values still possible: if they are all the same, it does not matter.
    Without `otherwise`, only as the whole value of a definition: where no case holds, it has no value.
    """

    cases: tuple[tuple["Expr", "Expr"], ...]
    otherwise: "Expr | None" = None


@plain
class Defined(Node):
    """The value of a definition; unknown (E570) where it has none."""

    key: str


@plain
class DefinedGiven(Node):
    """Whether a definition has a value."""

    key: str


@plain
class Join(Node):
    """Texts one after the other."""

    items: tuple["Expr", ...]


@plain
class Piece(Node):
    """The first (`end` is "first") or last ("last") characters of a text, as many as `count` says."""

    end: str
    text: "Expr"
    count: "Expr"


@plain
class Applies(Node):
    """Whether the rule of that id applies, for one of these outcomes or actions at least (its exceptions counted)."""

    rule: str
    keys: tuple[str, ...]


@plain
class Item(Node):
    """The element of a list that the node which binds `name` is at."""

    name: str


@plain
class Member(Node):
    """An attribute of an element, by its path relative to it; unknown where it is not given."""

    item: "Expr"
    key: str


@plain
class MemberGiven(Node):
    """Whether an attribute of an element is given: unknown for one that is not optional and not given."""

    item: "Expr"
    key: str
    optional: bool


@plain
class Filter(Node):
    """The elements for which the condition holds; unknown where that is unknown of one of them."""

    name: str
    source: "Expr"
    condition: "Expr"


@plain
class Collect(Node):
    """The value for each element, in their order; unknown where one of them is."""

    name: str
    source: "Expr"
    value: "Expr"


@plain
class CountWhere(Node):
    """True where the number of elements for which the condition holds is from `low` to `high` (None: no end)."""

    low: int
    high: int | None
    name: str
    source: "Expr"
    condition: "Expr"


@plain
class Aggregate(Node):
    """count, sum, mean, min, max, first, last or only of the elements of a list.

    Of none, the count and the sum are 0; the others have no result (E565). The only one has none where there is none
    (E566), or several (E567).
    """

    how: str
    source: "Expr"


@plain
class Distinct(Node):
    """Each element once, where it first stands."""

    source: "Expr"


@plain
class Sorted(Node):
    """The elements by their keys; those whose keys are equal stay in their order."""

    name: str
    source: "Expr"
    key: "Expr"
    descending: bool = False


@plain
class Take(Node):
    """The first elements, as many as `count` says (all where there are fewer, none where it is negative).

    `skip`: those after so many. `last`: from the end, in their order.
    """

    count: "Expr"
    source: "Expr"
    skip: int = 0
    last: bool = False


@plain
class Same(Node):
    """Whether two elements of a list are one: two that are alike in all are not."""

    left: "Expr"
    right: "Expr"


@plain
class Contains(Node):
    """Whether a list holds the item."""

    source: "Expr"
    item: "Expr"


Expr = (
    Const | Fact | Given | Today | Decided | OutcomeGiven | Compare | In | Not | All | AnyOf | Count | TextTest
    | DatePart | DayOf | TimeOf | Holiday | Arithmetic | Shift | Elapsed | WorkingShift | WorkingElapsed | Round
    | Extreme | Applies | Choose | Defined | DefinedGiven | Join | Piece | Item | Member | MemberGiven | Filter
    | Collect | CountWhere | Aggregate | Distinct | Sorted | Take | Contains
    | Same
)  # fmt: skip


@plain
class Definition(Node):
    """What a name stands for. `key`: the path that it would have as a fact. `names`: as those of a fact."""

    key: str
    type: Type
    names: tuple[str, ...]
    file: str
    line: int
    value: Expr

    @property
    def slot(self) -> Slot:
        """What is defined, as a fact would be declared."""
        return Slot(self.key, self.type, self.names)


@plain
class Give(Node):
    """A value for an outcome."""

    outcome: str
    value: Expr


@plain
class Do(Node):
    """An action with its parameters, in the order declared; a parameter not said is left out."""

    action: str
    parameters: tuple[tuple[str, Expr], ...] = ()


@plain
class Branch(Node):
    """One way that a rule may go, tried in order: the first whose condition holds. `number` counts from 1."""

    number: int
    condition: Expr
    gives: tuple[Give, ...] = ()
    does: tuple[Do, ...] = ()


@plain
class Rule(Node):
    """A rule.

    `id`: unique in the plan. `title`: as reported. `file`, `line`: where it stands (line from 1).
    `unless`: silences the whole rule. `exceptions`: ids of the rules that silence this one, each for the outcomes
    and actions that it gives itself (for actions: the same action, or one of the same group).
    `because`: the author's reason ("" if none). `each`: path of the list for each element of which the rule is
    decided ("" for the whole decision); the element is `Item(each)`.
    """

    id: str
    title: str
    file: str
    line: int
    branches: tuple[Branch, ...]
    unless: Expr = Const(False)
    exceptions: tuple[str, ...] = ()
    because: str = ""
    each: str = ""

    def with_later(self, branches: Callable[[], tuple[Branch, ...]]) -> "Rule":
        """The same rule, whose branches come when they are first asked for."""
        made = object.__new__(ready(Rule))
        made.__dict__.update(self.__dict__, _later=branches)
        del made.__dict__["branches"]
        return made

    if not TYPE_CHECKING:  # what a rule does not have is an error still

        def __getattr__(self, name: str) -> Any:
            if name != "branches" or "_later" not in self.__dict__:
                raise AttributeError(name)
            self.__dict__["branches"] = found = self.__dict__["_later"]()
            return found

    def __getstate__(self) -> dict[str, Any]:
        """Its fields: what is written elsewhere is whole."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


@plain
class Column(Node):
    """A column of tests. `tests`: each distinct one, of the value of `input` or any other condition.

    `cells`: for each row, from 0, the number of its test; NONE where anything will do.
    """

    input: Expr
    tests: tuple[Cell | Expr, ...]
    cells: tuple[int, ...]


@plain
class Decides(Node):
    """A decided column. `values`: each distinct one; `cells`: for each row the number of its value, NONE for none.

    `default`: the number of the value that the default row gives.
    """

    outcome: str
    values: tuple[Expr, ...]
    cells: tuple[int, ...]
    default: int = NONE


@plain
class Table(Node):
    """Rules as rows: a row applies where all its tests hold; the default row, where none does.

    `combine`, `order`, `distinct`: how rows combine, as in `OutcomeSlot`; what comes of it is one value, which the
    outcome combines with those of the rules. `before`: how many rules stand before it in the text.
    `each`: as in `Rule`. `rows_file`, `lines`: where each row stands, the default row (`has_default`) last.
    """

    id: str
    title: str
    file: str
    line: int
    columns: tuple[Column, ...]
    decides: tuple[Decides, ...]
    rows_file: str
    lines: tuple[int, ...]
    combine: str = "any"
    order: tuple[Scalar, ...] = ()
    distinct: bool = False
    has_default: bool = False
    unless: Expr = Const(False)
    exceptions: tuple[str, ...] = ()
    because: str = ""
    each: str = ""
    before: int = 0


@plain
class Judgement(Node):
    """A judgement that a person or a model makes from a text; its answer is the fact at `path`.

    `text`: path of the text. `means`: what the author says it means. `answers`: texts with the answer of each.
    `doubt`: the actions asked for where it is in doubt and something depends on it.
    """

    path: str
    text: str
    means: str
    answers: tuple[tuple[Scalar, tuple[str, ...]], ...]
    doubt: tuple[Do, ...]
    file: str
    line: int


@plain
class Promise(Node):
    """A condition that every decision keeps: where it is false, none of the `outcomes` that it speaks of has a value.

    `given`: those of which it says whether they have a value; what is said of another that has none is not broken.
    `assumed`: it is taken for granted of the facts, and those for which it is false are refused.
    `text`: as written. `id`: its file and line.
    """

    id: str
    text: str
    file: str
    line: int
    condition: Expr
    outcomes: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    assumed: bool = False


@plain
class Oversight(Node):
    """How far an agent may go by itself: `level` is a text, one of LEVELS. Evaluated last; nothing reads it.

    `who`: whose approval is asked for where the level is below "act" ("" for none), and `name`: who, as the author says
    it. `action`: the approval is asked for where this action is, and `level` is not read. `text`: as written.
    """

    id: str
    text: str
    file: str
    line: int
    level: Expr
    who: str = ""
    name: str = ""
    action: str = ""
    because: str = ""


@plain
class Watch(Node):
    """What rules wait for in the events of one key. `path`: the yes/no fact that says that it is so, else false.

    `how`, where `t` is the moment at hand and a time is `amount` of `unit` (second, day or month) in the plan's zone:

    | how | is so | of the event |
    |---|---|---|
    | each | at the moment when the event happens | itself |
    | count | while the event has happened `count` times in ]t - time, t] | that made them so many |
    | follows | at the moment when the event happens, if `after` did in [t - time, t[ | itself |
    | lacking | at the time after `after` happened, if the event has not since, that moment included | `after` |
    | overdue | at the end of the day that is the time from the date at `date`, if the event has not happened | dating |

    Of a date that is a moment, the time is from it and no day is ended. `amount` is negative for before a date.
    """

    path: str
    how: str
    event: str
    after: str = ""
    date: str = ""
    count: int = 1
    amount: int = 0
    unit: str = "day"


_HEAVY = ("rules", "order", "tables")


@plain
class Plan(Node):
    """A whole compiled rule set.

    `rules` and `tables` stand in the order of the text, imports first. `order` holds their ids so that each comes after
    all that it reads (exceptions, `Applies`, `Decided`, `OutcomeGiven`); acyclic by construction.
    `calendars`: name → days that they close (public holidays, closures), for the years `holiday_years` (first, last).
    `definitions`: each after those that it reads; one that reads outcomes is calculated after their rules.
    `promises` hold of what is decided; nothing reads them. `oversight` says how far an agent may go by itself.
    `events` may happen, and `watches` say what of them rules wait for; those that come later than `lateness`, an amount
    and its unit as in `Watch`, are set aside.
    `language`: "fr" or "en", of the messages. `zone`: IANA name.
    """

    facts: tuple[Slot, ...]
    outcomes: tuple[OutcomeSlot, ...]
    actions: tuple[ActionSlot, ...]
    rules: tuple[Rule, ...]
    order: tuple[str, ...]
    calendars: tuple[tuple[str, tuple[int, ...]], ...] = ()  # ordinals (date.toordinal)
    holiday_years: tuple[int, int] = (1970, 2100)
    language: str = "fr"
    zone: str = ZONE
    digest: str = ""
    definitions: tuple[Definition, ...] = ()
    tables: tuple[Table, ...] = field(default_factory=tuple)
    judgements: tuple[Judgement, ...] = ()
    promises: tuple[Promise, ...] = ()
    oversight: tuple[Oversight, ...] = ()
    events: tuple[EventSlot, ...] = ()
    watches: tuple[Watch, ...] = ()
    lateness: tuple[int, str] = (0, "second")

    def parts(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Its fields in two: those that every use needs, and the rules and tables."""
        held = {each.name: getattr(self, each.name) for each in fields(self)}
        heavy = {name: held.pop(name) for name in _HEAVY}
        return held, heavy

    @classmethod
    def later(cls, light: dict[str, Any], heavy: Callable[[], dict[str, Any]]) -> "Plan":
        """A plan of which the rules and tables come when they are first asked for."""
        plan = cls.__new__(ready(cls))
        plan.__dict__.update(light, _heavy=heavy)
        return plan

    def keep_with(self, keep: Callable[[Callable[[], Any]], Any]) -> None:
        """Let what is made of this very plan be kept: `keep` gives it, made now or before."""
        self.__dict__["_keep"] = keep

    def once(self, make: Callable[[], Any]) -> Any:
        """What is made of the plan, as plain data; where the plan is kept, it was perhaps made before."""
        keep = self.__dict__.get("_keep")
        return make() if keep is None else keep(make)

    def __getattr__(self, name: str) -> Any:
        """The rules and tables of a plan that was kept."""
        if name not in _HEAVY or "_heavy" not in self.__dict__:
            raise AttributeError(name)
        self.__dict__.update(self.__dict__["_heavy"]())
        return self.__dict__[name]

    def __getstate__(self) -> dict[str, Any]:
        """Its fields: what is written elsewhere is whole."""
        light, heavy = self.parts()
        return {**light, **heavy}

    @property
    def statements(self) -> list[Rule | Table]:
        """The rules and tables as they stand in the text."""
        told: list[Rule | Table] = list(self.rules)
        for table in reversed(self.tables):
            told.insert(table.before, table)
        return told
