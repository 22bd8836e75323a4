"""Facts that conditions part into pieces: how a piece is said, in a sentence and in a cell, and what lies within it."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any, NamedTuple

from rulec.source import Language

CENT = Decimal("0.01")


class Span(NamedTuple):
    """A piece of what has an order, from one end to another; None leaves an end open."""

    low: Any = None
    high: Any = None
    low_in: bool = True
    high_in: bool = True


Piece = Span | frozenset[str]  # or some of the values of a list; of a yes/no, "yes" and "no"


class Axis(NamedTuple):
    """A fact or a definition. `unit`: "€", "" or "day", or its values; `step`: between neighbours of what has an order.

    `others`: the axes on which it rests, which never stand in one condition with it.
    """

    key: str
    named: Mapping[Language, str]
    declared: Mapping[Language, str]
    unit: str | tuple[str, ...]
    cuts: tuple[Any, ...] = ()
    step: Any = None
    low: Any = None
    high: Any = None
    others: tuple[str, ...] = ()
    defined: bool = False


def split(axis: Axis, piece: Piece | None, random: Random) -> tuple[Piece, Piece] | None:
    """A piece in two; None where it cannot be."""
    if isinstance(axis.unit, tuple):
        values = sorted(piece if isinstance(piece, frozenset) else axis.unit)
        some = random.sample(values, random.randint(1, len(values) - 1)) if len(values) > 1 else []
        return (frozenset(some), frozenset(values) - {*some}) if some else None
    within = piece if isinstance(piece, Span) else Span()
    if axis.unit == "day" and within != Span():  # a day is cut once: no cell says both ends
        return None
    above = [cut for cut in axis.cuts if within.low is None or cut > within.low]
    inner = [cut for cut in above if within.high is None or cut < within.high]
    if not inner:
        return None
    cut, left = random.choice(inner), axis.unit != "day" and random.random() < 0.5
    return within._replace(high=cut, high_in=left), within._replace(low=cut, low_in=not left)


def meets(axis: Axis, one: Piece | None, other: Piece | None) -> bool:
    """Whether two pieces have a value in common; None is everything."""
    if one is None or other is None:
        return True
    if isinstance(one, frozenset) or isinstance(other, frozenset):
        assert isinstance(one, frozenset)
        assert isinstance(other, frozenset)
        return bool(one & other)
    return not (_ends(axis, one, other) or _ends(axis, other, one))


def _ends(axis: Axis, one: Span, other: Span) -> bool:
    """Whether a span ends before another starts."""
    if one.high is None or other.low is None:
        return False
    return bool(one.high < other.low or (one.high == other.low and not (one.high_in and other.low_in)))


def inside(axis: Axis, piece: Piece | None, random: Random) -> Any:
    """A value of a piece, at one of its ends where it has one."""
    if isinstance(axis.unit, tuple):
        return random.choice(sorted(piece if isinstance(piece, frozenset) else axis.unit))
    within = piece if isinstance(piece, Span) else Span()
    low = axis.low if within.low is None else within.low if within.low_in else within.low + axis.step
    high = axis.high if within.high is None else within.high if within.high_in else within.high - axis.step
    return random.choice([low, high])


def holds(piece: Piece | None, value: Any) -> bool:
    """Whether a value is of a piece."""
    if piece is None or isinstance(piece, frozenset):
        return piece is None or value in piece
    above = piece.low is None or value > piece.low or (value == piece.low and piece.low_in)
    return bool(above and (piece.high is None or value < piece.high or (value == piece.high and piece.high_in)))


def shown(axis: Axis, value: Any, language: Language) -> str:
    """A value as it is written."""
    match axis.unit:
        case "€":
            return f"{value} €".replace(".", ",") if language == "fr" else f"€{value}"
        case ("yes", "no"):
            return {"yes": ("oui", "yes"), "no": ("non", "no")}[value][language == "en"]
        case _:
            return str(value)


SAID: Mapping[Language, Mapping[str, str]] = {
    "fr": {
        "ge": "{} est d'au moins {}", "gt": "{} dépasse {}", "le": "{} est d'au plus {}", "lt": "{} est inférieur à {}",
        "from": "{} est à partir du {}", "before": "{} est avant le {}",
        "yes": "{} est fidèle", "no": "{} n'est pas fidèle", "in": "{} est {}", "out": "{} n'est pas {}", "or": " ou ",
        "and": " et ",
    },
    "en": {
        "ge": "{} is at least {}", "gt": "{} exceeds {}", "le": "{} is at most {}", "lt": "{} is below {}",
        "from": "{} is from {}", "before": "{} is before {}",
        "yes": "{} is loyal", "no": "{} is not loyal", "in": "{} is {}", "out": "{} is not {}", "or": " or ",
        "and": " and ",
    },
}  # fmt: skip
CELLS: Mapping[Language, Mapping[str, str]] = {
    "fr": {
        "ge": "dès {}", "gt": "plus de {}", "le": "jusqu'à {}", "lt": "moins de {}", "from": "à partir du {}",
        "before": "avant le {}", "both": "entre {} {} et {} {}", "in": "inclus", "out": "exclus",
    },
    "en": {
        "ge": "from {}", "gt": "more than {}", "le": "up to {}", "lt": "less than {}", "from": "from {}",
        "before": "before {}", "both": "between {} {} and {} {}", "in": "inclusive", "out": "exclusive",
    },
}  # fmt: skip


def parts(axis: Axis, piece: Piece, language: Language) -> list[str]:
    """The conditions that say a piece, one for each end."""
    words, name = SAID[language], axis.named[language]
    if axis.unit == ("yes", "no"):
        assert isinstance(piece, frozenset)
        return [words[value].format(name) for value in piece]
    if isinstance(piece, frozenset):
        return [words["in"].format(name, words["or"].join(sorted(piece)))]
    return [words[side].format(name, shown(axis, end, language)) for side, end in _sides(axis, piece)]


def _sides(axis: Axis, piece: Span) -> list[tuple[str, Any]]:
    low, high = "ge" if piece.low_in else "gt", "le" if piece.high_in else "lt"
    low, high = ("from", "before") if axis.unit == "day" else (low, high)
    return [(side, end) for side, end in ((low, piece.low), (high, piece.high)) if end is not None]


def cell(axis: Axis, piece: Piece | None, language: Language) -> str:
    """A piece as a cell of a table."""
    words = CELLS[language]
    if piece is None:
        return "-"
    if isinstance(piece, frozenset):
        return ", ".join(shown(axis, value, language) for value in sorted(piece))
    sides = [(side, shown(axis, end, language)) for side, end in _sides(axis, piece)]
    if len(sides) == 1:
        return words[sides[0][0]].format(sides[0][1])
    (one, low), (other, high) = sides
    ends = [words["in" if side in ("ge", "le") else "out"] for side in (one, other)]
    return words["both"].format(low, ends[0], high, ends[1])


DAYS = tuple(date(2026, month, 1) for month in (3, 6, 9))
AXES: Sequence[Axis] = (
    Axis(
        "order", {"fr": "la commande", "en": "the order"},
        {"fr": "une commande (en €), de 0 à 1000", "en": "an order (in €), from 0 to 1000"},
        "€", (100, 200, 300, 500, 800), CENT, 0, 1000,
    ),
    Axis(
        "weight", {"fr": "le poids", "en": "the weight"},
        {"fr": "un poids (nombre entier), de 0 à 100", "en": "a weight (whole number), from 0 to 100"},
        "", (10, 30, 50, 70), 1, 0, 100,
    ),
    Axis(
        "loyal", {"fr": "le client", "en": "the customer"},
        {"fr": "un client fidèle (oui/non)", "en": "a loyal customer (yes/no)"}, ("yes", "no"),
    ),
    Axis(
        "country", {"fr": "le pays", "en": "the country"},
        {"fr": "un pays parmi A1, B1, C1, D1", "en": "a country among A1, B1, C1, D1"}, ("A1", "B1", "C1", "D1"),
    ),
    Axis(
        "delivery", {"fr": "la livraison", "en": "the delivery"},
        {"fr": "une livraison (date)", "en": "a delivery (date)"},
        "day", DAYS, timedelta(1), date(2026, 1, 15), date(2026, 12, 15),
    ),
    Axis(
        "total", {"fr": "le total", "en": "the total"},
        {"fr": "Le total vaut la commande + le poids × 2 €.", "en": "The total is the order + the weight × €2."},
        "€", (150, 400, 600, 900), CENT, 0, 1200, ("order", "weight"), True,
    ),
    Axis(
        "level", {"fr": "le palier", "en": "the level"},
        {
            "fr": "Le palier vaut 3 si le poids dépasse 70, 2 si le poids est d'au moins 40, sinon 1.",
            "en": "The level is 3 if the weight exceeds 70, 2 if the weight is at least 40, otherwise 1.",
        },
        "", (2,), 1, 1, 3, ("weight",), True,
    ),
)  # fmt: skip
BY_KEY = {axis.key: axis for axis in AXES}
