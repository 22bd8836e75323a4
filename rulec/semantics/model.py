"""The model: what a rule set means. Names are resolved, expressions have types, units are still those written."""

from dataclasses import field, replace
from datetime import date, time
from decimal import Decimal
from typing import Any

from rulec.runtime.plain import Plain, plain
from rulec.runtime.types import ActionSlot, EventSlot, ListOf, OutcomeSlot, Slot, Type
from rulec.semantics.sentences import Sentence
from rulec.syntax.ast import Period
from rulec.tree import NOWHERE, Node, Span

# ---- vocabulary


@plain
class FactTerm(Plain):
    """A fact: its slot, and the chain of names that lead to it, from the root entity to the attribute.

    Each link of `chain` holds the keys under which it may be named (see `Entry.key`). `verb`: « paie par carte ».
    `defined`: it is calculated, not given.
    `elements`: of a list of an entity, what is known of each element. `of`: of an attribute of the element of a list
    that is spoken of, that element; paths are then relative to it.
    `trait`: « peut être fidèle ». `parameters`: of what is defined for values of these.
    """

    slot: Slot
    chain: tuple[frozenset[str], ...]
    main: bool = False
    verb: bool = False
    defined: bool = False
    elements: "Elements | None" = None
    of: "Value | None" = None
    trait: bool = False
    parameters: tuple[Slot, ...] = ()
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@plain
class Elements(Plain):
    """What is known of each element of a list, by paths relative to it. `names`: the keys that an element goes by."""

    names: frozenset[str]
    facts: tuple[FactTerm, ...]
    subtypes: "tuple[Subtype, ...]" = ()


@plain
class OutcomeTerm(Plain):
    """An outcome that is decided; one decided for each element, `of` the element that is spoken of."""

    slot: OutcomeSlot
    names: frozenset[str]
    of: "Value | None" = None
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@plain
class ActionTerm(Plain):
    """An action that rules may ask for. `parameters`: the keys under which each may be named."""

    slot: ActionSlot
    names: frozenset[str]
    parameters: tuple[frozenset[str], ...] = ()
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@plain
class SetTerm(Plain):
    """A named set of values of a list: the keys of its options."""

    name: str
    names: frozenset[str]
    options: tuple[str, ...]


@plain
class Subtype(Plain):
    """A kind of entity. `path`: the fact that tells whether an element is of it, `option`: by which value ("" yes)."""

    names: frozenset[str]
    path: str
    option: str = ""


@plain
class Spoken(Plain):
    """A way to say a name: the words, the key it stands for, and whether it is a negative form.

    `parameters`: of a definition, how many it has.
    """

    words: str
    key: str
    negated: bool = False
    decided: bool = False
    action: bool = False
    option: bool = False
    parameters: int = 0


@plain
class EventTerm(Plain):
    """What may happen: its slot, and the sentence that says so, in one language or in both."""

    slot: EventSlot
    sentences: tuple[Sentence, ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@plain
class Watch(Plain):
    """What rules wait for, as `plan.tree.Watch` has it."""

    path: str
    how: str
    event: str
    after: str = ""
    date: str = ""
    count: int = 1
    amount: int = 0
    unit: str = "day"


@plain
class Vocabulary(Plain):
    """All the names of a rule set. `inferred`: no file declares any, they come from their uses.

    `articles`: a folded name, and the article that the author put before it.
    """

    facts: tuple[FactTerm, ...] = ()
    outcomes: tuple[OutcomeTerm, ...] = ()
    actions: tuple[ActionTerm, ...] = ()
    sets: tuple[SetTerm, ...] = ()
    subtypes: tuple[Subtype, ...] = ()
    spoken: tuple[Spoken, ...] = ()
    inferred: bool = False
    articles: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    events: tuple[EventTerm, ...] = ()
    watches: tuple[Watch, ...] = ()


# ---- expressions


@plain
class Literal(Node):
    """A value of a type, held as `runtime.types` says."""

    value: object
    type: Type


@plain
class FactOf(Node):
    """A fact, or what is `defined` under its path; or an attribute `of` an element, under a path relative to it."""

    path: str
    type: Type
    defined: bool = False
    of: "Value | None" = None
    optional: bool = False
    judged: bool = False  # it is the answer of a judgement …
    seems: bool = False  # … and is said so: « semble »


@plain
class Called(Node):
    """What is defined with parameters, for these values of them. `body`: what it says, before it is lowered."""

    path: str
    arguments: tuple["Value", ...]
    type: Type
    body: "Definition | None" = None


@plain
class ItemOf(Node):
    """The element of a list, or the parameter, that is bound to a name."""

    name: str
    type: Type


@plain
class Filtered(Node):
    """The elements of a list for which a condition holds."""

    source: "Value"
    name: str
    condition: "Condition"
    type: Type


@plain
class Collected(Node):
    """A value for each element of a list."""

    source: "Value"
    name: str
    value: "Value"
    type: Type


@plain
class Aggregated(Node):
    """count, sum, mean, max, min, first or last of a list."""

    how: str
    source: "Value"
    type: Type


@plain
class Distinct(Node):
    """Each element of a list once."""

    source: "Value"
    type: Type


@plain
class SortedBy(Node):
    """The elements of a list by a key."""

    source: "Value"
    name: str
    key: "Value"
    descending: bool
    type: Type


@plain
class Taken(Node):
    """The first elements of a list, after some (`skip`); `last`: from its end."""

    count: "Value"
    source: "Value"
    type: Type
    skip: int = 0
    last: bool = False


@plain
class OutcomeOf(Node):
    """The value of an outcome; of one decided for each element, that `of` an element, or the list of all of them."""

    key: str
    type: Type
    of: "Value | None" = None


@plain
class Today(Node):
    """The date of the decision."""

    type: Type


@plain
class Arithmetic(Node):
    """add, sub, mul or div of two values."""

    operator: str
    left: "Value"
    right: "Value"
    type: Type


@plain
class Elapsed(Node):
    """Whole units (day, month, year, working_day, business_day) between two dates.

    month_days: how many days the month of `end` has. `during`, `year`: only days of that month, quarter or year.
    """

    unit: str
    start: "Value"
    end: "Value"
    type: Type
    during: str = ""
    year: int | None = None


@plain
class Shifted(Node):
    """A date moved by a whole number of units (day, month, working_day, business_day), negative for earlier.

    By month_end: the last day of the month that many months later.
    """

    date: "Value"
    amount: "Value"
    unit: str
    type: Type


@plain
class Rounded(Node):
    """A value rounded to a multiple of `step`; mode nearest, up or down."""

    item: "Value"
    step: Decimal
    mode: str
    type: Type


@plain
class Limited(Node):
    """A value with a cap (`which` = "min") or a floor ("max")."""

    which: str
    item: "Value"
    limit: "Value"
    type: Type


@plain
class Extreme(Node):
    """The least (`which` = "min") or the greatest ("max") of some values."""

    which: str
    items: tuple["Value", ...]
    type: Type


@plain
class Joined(Node):
    """A text followed by another."""

    left: "Value"
    right: "Value"
    type: Type


@plain
class Piece(Node):
    """The first or last characters of a text."""

    end: str
    text: "Value"
    count: "Value"
    type: Type


@plain
class Bracket(Node):
    """A value or rate, and the amount up to which it holds (None: beyond all others)."""

    value: "Value"
    upto: "Value | None"


@plain
class Brackets(Node):
    """`how` is bracket (each rate on the part of `base` within its bracket) or whole (one value, by where `base` is).

    interpolation: each row is a point, between two of which the value moves evenly; beyond the ends it stays.
    Rates of a whole or of an interpolation are taken of `base`, unless they stand for themselves (`plain`).
    """

    how: str
    base: "Value"
    rows: tuple[Bracket, ...]
    type: Type
    plain: bool = False


Value = (
    Literal | FactOf | OutcomeOf | Today | Arithmetic | Elapsed | Shifted | Rounded | Limited | Extreme | Joined | Piece
    | Brackets
    | ItemOf | Filtered | Collected | Aggregated | Distinct | SortedBy | Taken | Called
)  # fmt: skip


@plain
class Compare(Node):
    """`left operator right`, operator in lt le eq ne ge gt; `left` names the subject."""

    operator: str
    left: Value
    right: Value


@plain
class Between(Node):
    """From `low` to `high`, each bound included or not."""

    item: Value
    low: Value
    high: Value
    low_included: bool = True
    high_included: bool = True


@plain
class Among(Node):
    """One of the values."""

    item: Value
    values: tuple[Literal, ...]


@plain
class Holds(Node):
    """A yes/no fact or outcome is yes."""

    item: Value


@plain
class IsGiven(Node):
    """A fact is given, an outcome has a value."""

    item: FactOf | OutcomeOf


@plain
class TextTest(Node):
    """starts, ends, contains, matches or equals a text; folded unless `exact`."""

    test: str
    item: Value
    pattern: str
    exact: bool = False


@plain
class Calendar(Node):
    """A date falls on a day (monday …), a weekday, a weekend, a holiday, in a month (january …)."""

    what: str
    date: Value


@plain
class Not(Node):
    """The condition does not hold."""

    item: "Condition"


@plain
class All(Node):
    """All hold."""

    items: tuple["Condition", ...]


@plain
class AnyOf(Node):
    """One at least holds."""

    items: tuple["Condition", ...]


@plain
class Count(Node):
    """From `low` to `high` of them hold."""

    low: int
    high: int
    items: tuple["Condition", ...]


@plain
class CountWhere(Node):
    """From `low` to `high` (None: no end) elements of a list meet the condition."""

    low: int
    high: int | None
    source: Value
    name: str
    condition: "Condition"


@plain
class ListHas(Node):
    """A list has the item."""

    source: Value
    item: Value


@plain
class Another(Node):
    """An element is another one than the one spoken of, however alike."""

    item: Value
    than: Value


@plain
class Always(Node):
    """No condition."""


Condition = (
    Compare | Between | Among | Holds | IsGiven | TextTest | Calendar | Not | All | AnyOf | Count | Always
    | CountWhere | ListHas | Another
)  # fmt: skip


# ---- rules


@plain
class Give(Node):
    """A value for an outcome."""

    outcome: str
    value: Value


@plain
class Forbid(Node):
    """« Pas de remise »: nothing of the outcome, before every rule that gives some."""

    outcome: str


@plain
class Do(Node):
    """An action with its parameters."""

    action: str
    parameters: tuple[tuple[str, Value], ...] = ()


Effect = Give | Forbid | Do


@plain
class Branch(Node):
    """Effects under a condition; branches are tried in order."""

    condition: Condition
    effects: tuple[Effect, ...]


@plain
class Rule(Node):
    """A rule. `exception_to`: the id of the rule that it silences ("" none); `fallback`: in all other cases.

    `period`: the one that it stands in, which is part of its conditions.
    `like` (`alike.Alike`): it was not read from its words; `branches` and `unless` are then those of another rule of
    the same form, with other numbers, values of lists and places, and `like.meaning` holds its own.
    """

    id: str
    title: str
    file: str
    line: int
    branches: tuple[Branch, ...]
    unless: Condition | None = None
    exception_to: str = ""
    fallback: bool = False
    because: str = ""
    each: str = ""
    period: Period | None = None
    like: Any = field(default=None, compare=False, repr=False)


@plain
class Definition(Node):
    """What a name stands for: `rule` gives it, under its path, as if it were decided.

    `parameters`: it has a value for values of these, which it speaks of by `parameter` (see `ItemOf`).
    """

    slot: Slot
    rule: Rule
    parameters: tuple[Slot, ...] = ()

    def parameter(self, slot: Slot) -> str:
        """The name that a parameter is bound to."""
        return parameter_name(self.slot.path, slot)


def parameter_name(path: str, slot: Slot) -> str:
    """The name that a parameter of what is defined under a path is bound to."""
    return f"{path}({slot.path})"


@plain
class Promise(Node):
    """What every decision keeps (`kind`: always), or never does (never); what is taken for granted of the facts
    (assume).

    Where `when` holds, if it is said, and `unless` does not. `text`: as written. `id`: its file and line.
    """

    kind: str
    id: str
    text: str
    file: str
    line: int
    said: Condition
    when: Condition | None = None
    unless: Condition | None = None
    because: str = ""

    def kept(self) -> Condition:
        """Where it is kept."""
        said = opposite(self.said) if self.kind == "never" else self.said
        ways = [*([opposite(self.when)] if self.when else []), said, *([self.unless] if self.unless else [])]
        return AnyOf(tuple(ways), span=self.span) if len(ways) > 1 else said


@plain
class LevelCase(Node):
    """How far an agent may go where `when` holds, if it is said, and `unless` does not."""

    level: str
    when: Condition | None = None
    unless: Condition | None = None

    def holds(self) -> Condition | None:
        """Where it counts; None for everywhere."""
        ways = [*([self.when] if self.when else []), *([opposite(self.unless)] if self.unless else [])]
        return All(tuple(ways), span=self.span) if len(ways) > 1 else ways[0] if ways else None


@plain
class Oversight(Node):
    """How far an agent may go: the level of the first case that holds, else `otherwise`.

    `who`: key of whom an approval is asked of, `said`: as written, « du gérant »; "" where none is. `text`: as written.
    `id`: its file and line.
    """

    id: str
    text: str
    file: str
    line: int
    cases: tuple[LevelCase, ...]
    otherwise: LevelCase
    who: str = ""
    said: str = ""
    because: str = ""


_OPPOSITE = {"lt": "ge", "le": "gt", "eq": "ne", "ne": "eq", "ge": "lt", "gt": "le"}


def opposite(condition: Condition) -> Condition:
    """What holds where a condition does not."""
    match condition:
        case Not(item):
            return item
        case Compare(operator):
            return replace(condition, operator=_OPPOSITE[operator])
        case _:
            return Not(condition, span=condition.span)


@plain
class Column(Node):
    """A column of tests, each of its input. `tests`: each distinct one; `cells`: for each row the number of its test.

    `head`: as written. `places`: where the cell of each row stands. `about`: its input, where no cell tests it.
    """

    head: str
    tests: tuple[Condition, ...]
    cells: tuple[int, ...]
    places: tuple[Span, ...] = field(default=(), compare=False, repr=False)
    about: Value | None = field(default=None, compare=False, repr=False)


@plain
class Decides(Node):
    """A decided column. `values`: each distinct one; `cells`: for each row the number of its value; `default`: its."""

    outcome: str
    values: tuple[Value, ...]
    cells: tuple[int, ...]
    default: int


@plain
class Policy(Plain):
    """How the rows of a table combine, as in `OutcomeSlot`."""

    combine: str = "any"
    order: tuple[object, ...] = ()
    distinct: bool = False


@plain
class Table(Node):
    """Rules as rows. `rows_file`, `lines`: where each row stands, the default row last."""

    id: str
    title: str
    file: str
    line: int
    columns: tuple[Column, ...]
    decides: tuple[Decides, ...]
    rows_file: str
    lines: tuple[int, ...]
    policy: Policy
    has_default: bool
    unless: Condition | None = None
    because: str = ""
    before: int = 0
    period: Period | None = None
    each: str = ""


@plain
class Model(Node):
    """A whole rule set. `facts`: those that are given. `precedences`: (strong, weak) ids of rules."""

    facts: tuple[Slot, ...]
    outcomes: tuple[OutcomeSlot, ...]
    actions: tuple[ActionSlot, ...]
    rules: tuple[Rule, ...]
    precedences: tuple[tuple[str, str], ...] = ()
    definitions: tuple[Definition, ...] = ()
    tables: tuple[Table, ...] = ()
    judgements: "tuple[Judgement, ...]" = ()
    promises: tuple[Promise, ...] = ()
    oversight: tuple[Oversight, ...] = ()
    events: tuple[EventSlot, ...] = ()
    watches: tuple[Watch, ...] = ()


# ---- examples


@plain
class Supposed(Node):
    """A fact that an example gives; None: it is said not to be given."""

    path: str
    value: "Value | Rows | None"


@plain
class Rows(Node):
    """The elements of a list that an example gives, each with its attributes by path."""

    rows: tuple[tuple[Supposed, ...], ...]
    type: ListOf


@plain
class ExpectValue(Node):
    """The values that an outcome has: one, or all those of a list."""

    outcome: str
    values: tuple[Value, ...]


@plain
class ExpectNothing(Node):
    """« aucune remise »: no rule applies, or the value is 0 or no."""

    outcome: str


@plain
class ExpectStatus(Node):
    """What becomes of an outcome or action without value: conflict, error, in_doubt, not_applicable, undetermined."""

    key: str
    status: str


@plain
class ExpectMissing(Node):
    """A fact that the decision lacks."""

    path: str


@plain
class ExpectAction(Node):
    """An action asked for, with these parameters."""

    action: str
    parameters: tuple[tuple[str, Value], ...] = ()


@plain
class ExpectNoAction(Node):
    """An action not asked for; "": none at all."""

    action: str = ""


@plain
class Judgement(Node):
    """What is judged, from which text; what it means, texts with their answers, the actions asked for in doubt.

    `path`, `text`: facts. `answers`: the answer as it is held, and the texts.
    """

    path: str
    text: str
    means: str
    answers: tuple[tuple[object, tuple[str, ...]], ...]
    doubt: tuple["Do", ...]
    file: str
    line: int


Expected = ExpectValue | ExpectNothing | ExpectStatus | ExpectMissing | ExpectAction | ExpectNoAction


@plain
class Happening(Node):
    """What happens at a moment of an example (`event`: its key, "" nothing), and what is known from then on.

    `day`: None for what is known from the start; of any year, in 2000.
    """

    day: date | None
    any_year: bool
    clock: time | None
    event: str
    supposed: tuple[Supposed, ...] = ()


@plain
class Example(Node):
    """A case and what is expected of it. `row`: its number in a table, from 1; 0 where it stands alone.

    `at`: the date of the decision, None where the example does not say it. `history`: what happens, in order, where
    the case is one.
    """

    title: str
    file: str
    line: int
    row: int
    supposed: tuple[Supposed, ...]
    at: Value | None
    expected: tuple[Expected, ...]
    history: tuple[Happening, ...] = ()
