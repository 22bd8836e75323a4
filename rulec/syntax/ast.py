"""The ast: what was written, the same for both languages. Meaning comes later: here nothing has a type yet."""

from dataclasses import field
from datetime import date, time

from rulec.runtime.literals import Literal as LiteralValue
from rulec.runtime.plain import plain
from rulec.syntax.tokens import Entry
from rulec.tree import Node

# ---- expressions


@plain
class Value(Node):
    """A literal. `mark`: "ge" or "le" for « 500 € et plus »."""

    literal: LiteralValue
    mark: str = ""


@plain
class WordValue(Node):
    """A word that stands for a value: yes, no, free."""

    word: str


@plain
class Quote(Node):
    """A quoted text."""

    text: str


@plain
class Today(Node):
    """The date of the decision."""


@plain
class Pronoun(Node):
    """it, he: what was spoken of."""


@plain
class Term(Node):
    """A name. `negated`: a negative verb, or « non » before it."""

    key: str
    negated: bool = False
    entry: Entry = field(default=Entry("", ""), compare=False, repr=False)


@plain
class Ref(Node):
    """Names that together denote one thing: « le montant de la commande », "the order's amount".

    The terms are held in the order of their keys: languages put them in different orders, the meaning has none.
    `their`: with a possessive (« son montant »).
    """

    terms: tuple[Term, ...]
    their: bool = False


@plain
class Picked(Node):
    """Elements of a list by their rank, or a quality that others decide: « la plus ancienne commande ».

    `picks`: distinct, other, same; max, min, dearest, cheapest, heaviest, lightest, longest, shortest, oldest, newest;
    first, last, nth_2 …, last_2 …. `count`: how many, None for one. `on`: the key of the name that the rank is said of.
    `key`: by what they are ranked, where it is said.
    """

    ref: "Ref | Listed"
    picks: tuple[str, ...]
    count: Value | None = None
    on: str = ""
    key: Ref | None = None


@plain
class Listed(Node):
    """Elements of a list with what is said of each: « les lignes dont le prix dépasse 10 € »."""

    ref: "Ref | Picked | Listed"
    tests: "tuple[tuple[Predicate, ...], ...]"


@plain
class Aggregated(Node):
    """What is made of a list: count, sum, mean, max, min, list. `value`: of what, for each element."""

    how: str
    of: "Ref | Picked | Listed"
    value: "Chain | None" = None


@plain
class Applied(Node):
    """« le tarif pour 12 km »: what is defined with parameters, for these values of them."""

    ref: Ref | Picked
    arguments: "tuple[Operand, ...]"


@plain
class Superlative(Node):
    """« (dont le prix est) le plus élevé »."""

    pick: str


@plain
class Portion(Node):
    """A value of something: « 10 % de la commande », « 3 articles », "10% discount"."""

    value: Value
    of: "Ref | Value | Picked | Listed | Aggregated | Applied"


@plain
class Quantified(Node):
    """no, every or some of something: « aucune remise », « tous les articles »."""

    quantifier: str
    ref: "Ref | Picked | Listed"


@plain
class Binary(Node):
    """Arithmetic: add, sub, mul, div."""

    operator: str
    left: "Operand"
    right: "Operand"


@plain
class Taxed(Node):
    """« plus la TVA à 20 % » (`how` is add), « hors TVA à 20 % » (remove)."""

    how: str
    item: "Operand"
    rate: "Operand"


@plain
class Scaled(Node):
    """« augmenté de 10 % », « 50 % plus cher que X » (`how`: up, down); « deux fois plus que X » (times, divided)."""

    how: str
    item: "Operand"
    by: "Operand"


@plain
class ProRata(Node):
    """« A au prorata de B sur C »."""

    item: "Operand"
    part: "Operand"
    whole: "Operand"


@plain
class Power(Node):
    """A power (`how` is pow) or a root (root)."""

    how: str
    base: "Operand"
    exponent: "Operand"


@plain
class Extreme(Node):
    """« le plus élevé de A, B et C »: max or min."""

    which: str
    items: tuple["Operand", ...]


@plain
class Followed(Node):
    """A text followed by another."""

    left: "Operand"
    right: "Operand"


@plain
class Piece(Node):
    """« les 3 premiers caractères de X »: first or last."""

    end: str
    count: "Operand"
    text: "Operand"


@plain
class Bracket(Node):
    """« 10 % jusqu'à 1 000 € »: `upto` None for « au-delà »."""

    value: Value
    upto: Value | None


@plain
class Brackets(Node):
    """« par tranche : 10 % jusqu'à 1 000 €, 5 % au-delà » (`how`: bracket), « sur le tout : … » (whole).

    « par interpolation : 5 € à 100 €, 10 € à 500 € » (interpolation): each row is a point.
    """

    how: str
    rows: tuple[Bracket, ...]
    of: "Ref | None" = None


@plain
class Signed(Node):
    """A value with a sign before it: "+" or "-"."""

    sign: str
    item: "Operand"


@plain
class Group(Node):
    """What stands in parentheses."""

    chain: "Chain"


@plain
class Shifted(Node):
    """A time after (`later`) or before a date: « 5 jours après la livraison »."""

    amount: Value
    later: bool
    date: "Operand"


@plain
class MonthEnd(Node):
    """The last day of the month of a date; of today where none is said."""

    date: "Operand | None"


@plain
class Elapsed(Node):
    """How many units from one date to another (until today where none is said): « le nombre de jours entre A et B ».

    `during`, `year`: only those of a month, quarter or year: « … en mars 2026 ».
    """

    unit: str
    start: "Operand"
    end: "Operand | None"
    during: str = ""
    year: int | None = None


@plain
class MonthDays(Node):
    """How many days the month of a date has; that of today where none is said."""

    date: "Operand | None"


Operand = (
    Value | WordValue | Quote | Today | Pronoun | Ref | Portion | Quantified | Binary | Taxed | Scaled | ProRata
    | Power | Extreme | Followed | Piece | Brackets | Signed | Group
    | Shifted | MonthEnd | MonthDays | Elapsed
    | Picked | Listed | Aggregated | Superlative | Applied
)  # fmt: skip


@plain
class Phrase(Node):
    """An operand, and a value said right after it: « remise 10 % »."""

    operand: Operand
    detail: "Value | Quote | WordValue | Portion | None" = None


# ---- conditions and effects


@plain
class Predicate(Node):
    """A verb or preposition with what follows it. `marker`: its kind; `value`: its meaning within the kind."""

    marker: str
    value: str = ""
    phrase: Phrase | None = None
    other: Phrase | None = None  # the second bound of « entre A et B »
    of: bool = False  # it belongs to the name before it: « articles de plus de 10 € »


@plain
class Clause(Node):
    """What is spoken of, and what is said of it; without a subject it is understood."""

    subject: Phrase | None
    predicates: tuple[Predicate, ...] = ()


@plain
class Prefixed(Node):
    """either, neither: before the first of a pair."""

    prefix: str
    element: "Element"


@plain
class Block(Node):
    """A list of conditions of which a number must hold: `how` is all, none, or a comparison with `count`."""

    how: str
    count: int
    items: tuple["Chain", ...]


@plain
class Connective(Node):
    """AND, OR, AND_OR, COMMA, COMMA_AND, COMMA_OR, NOR."""

    kind: str


Element = Clause | Prefixed | Block


@plain
class Chain(Node):
    """Elements and connectives, flat: element, connective, element … `not_both`: « mais pas les deux » ends it."""

    items: tuple[Element | Connective, ...]
    not_both: bool = False


# ---- statements


@plain
class Case(Node):
    """Effects under a condition; without one, in all cases. `otherwise`: « sinon »."""

    condition: Chain | None
    effects: Chain
    otherwise: bool = False


@plain
class Period(Node):
    """« Du 1er mars au 30 juin 2026 : »: its first and last day (None: no end), which date counts, as a condition."""

    first: date | None
    last: date | None
    day: Operand
    condition: Chain


@plain
class Rule(Node):
    """A rule. `form`: conditional, postfix, topic, case_list, sentence or fallback (« dans tous les autres cas »).

    `constant`: « Constante : ». `each`: « Pour chaque ligne : ».
    """

    form: str
    cases: tuple[Case, ...]
    title: str = ""
    exception_to: str = ""
    topic: Chain | None = None
    unless: Chain | None = None
    because: Chain | None = None
    constant: bool = False
    each: Chain | None = None
    period: Period | None = None


@plain
class Precedence(Node):
    """« R2 » l'emporte sur « R1 », « R2 » et « R3 » l'emportent sur « R1 »: each over each."""

    strong: tuple[str, ...]
    weak: tuple[str, ...]

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The two titles of each precedence: the one that holds, the one that gives way."""
        return tuple((strong, weak) for strong in self.strong for weak in self.weak)


@plain
class Promised(Node):
    """What a promise says, where `when` holds and `unless` does not."""

    said: Chain
    when: Chain | None = None
    unless: Chain | None = None
    because: Chain | None = None


@plain
class Promise(Node):
    """« Toujours : … » (`kind`: always), « Jamais : … » (never), « On suppose : … » (assume); one or several."""

    kind: str
    items: tuple[Promised, ...]


@plain
class LevelCase(Node):
    """« exécuter si … » : how far an agent may go where `when` holds and `unless` does not."""

    level: str
    when: Chain | None = None
    unless: Chain | None = None


@plain
class Autonomy(Node):
    """« Autonomie : exécuter si …, sinon proposer ». `otherwise`: None where it is not said."""

    cases: tuple[LevelCase, ...]
    otherwise: LevelCase | None = None
    because: Chain | None = None


@plain
class Approval(Node):
    """« Demander l'accord du gérant si … ». `who`: as written, « du gérant »; `name`: « gérant »; `key`: its key."""

    who: str
    name: str
    key: str
    when: Chain | None = None
    unless: Chain | None = None
    because: Chain | None = None


@plain
class Entered(Node):
    """A cell of a table of examples; None for `-`: not given, or not compared."""

    chain: Chain | None


@plain
class Grid(Node):
    """Examples, one a row. `given`: how many of the columns stand before `||`."""

    heads: tuple[Chain, ...]
    given: int
    rows: tuple[tuple[Entered, ...], ...]


@plain
class Elements(Node):
    """The elements of a list that an example gives, one a row."""

    named: "Ref"
    grid: Grid


@plain
class Dated(Node):
    """What happens at a moment of a history (`event`: its key, "" nothing), and what is known from then on.

    `day`: None for what is known from the start; of any year, in 2000.
    """

    day: date | None
    any_year: bool
    clock: time | None
    event: str
    given: Chain | None = None


@plain
class Example(Node):
    """An example: what is given, or a history, and what is expected; or a table of them."""

    title: str
    given: Chain | None = None
    history: tuple[Dated, ...] = ()
    expected: Chain | None = None
    grid: Grid | None = None
    lists: tuple[Elements, ...] = ()


@plain
class Use(Node):
    """Utiliser NAME."""

    name: str


@plain
class LanguageLine(Node):
    """Langue : anglais."""

    language: str


# ---- declarations


@plain
class Mark(Node):
    """Something said of a declared item: `kind` (type, among, key, main, default, range …) and its words or values."""

    kind: str
    texts: tuple[str, ...] = ()
    values: tuple[Value, ...] = ()


@plain
class Item(Node):
    """A declared item. `form`: named, trait (« il peut être fidèle ») or verb (« il paie par carte »)."""

    form: str
    name: str
    marks: tuple[Mark, ...] = ()


@plain
class Declaration(Node):
    """A list of items. `kind`: entity, subtype, known, decided, possible, happening.

    `parent`, `each`: an entity's name or "".

    `other`: the name in the other language.
    """

    kind: str
    name: str
    items: tuple[Item, ...]
    parent: str = ""
    each: str = ""
    key: str = ""
    other: str = ""


@plain
class NamedSet(Node):
    """« Les pays proches sont la France, la Belgique et la Suisse. »"""

    name: str
    values: tuple[str, ...]


@plain
class Answered(Node):
    """Texts of which the answer is known. `answer`: "yes", "no" or a value of the list, as it is written."""

    answer: str
    texts: tuple[Quote, ...]


@plain
class Judgement(Node):
    """A judgement: what it tells, the text that it is made from, what it means, examples, what is done in doubt.

    `declared`: of kind "judged", with one item; its name is that of the entity, "" for none.
    """

    declared: Declaration
    text: Ref | Picked | None = None
    means: Quote | None = None
    answers: tuple[Answered, ...] = ()
    doubt: Chain | None = None


Oversight = Autonomy | Approval
Statement = Rule | Precedence | Promise | Oversight | Example | Use | LanguageLine | Declaration | NamedSet | Judgement
