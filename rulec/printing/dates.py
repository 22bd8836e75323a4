"""Dates counted from others in, their words out."""

from decimal import Decimal

from rulec.printing.names import GLUE, Speech
from rulec.runtime import types as t
from rulec.runtime.shown import SPACE, show_value
from rulec.semantics import model
from rulec.semantics.stretches import DAYS

_MIRRORED = {"lt": "gt", "le": "ge", "gt": "lt", "ge": "le", "eq": "eq", "ne": "ne"}


def moved(speech: Speech, said: model.Shifted, date: str, amount: str) -> str:
    """A date and what is added to it, both said already: « la livraison + 5 jours »."""
    if said.unit == "month_end":
        whose = "" if isinstance(said.date, model.Today) else f" {speech.of(date)}"
        return f"{speech.choose('la fin du mois', 'the end of the month')}{whose}"
    return f"{date} {'-' if is_earlier(said) else '+'} {amount}"


def amount_of(said: model.Shifted) -> model.Value:
    """What is added or taken away, without its sign."""
    match said.amount:
        case model.Literal(Decimal() as held, kind):
            return model.Literal(abs(held), kind)
        case model.Arithmetic("sub", model.Literal(value), right) if value == 0:
            return right
        case other:
            return other


def is_earlier(said: model.Shifted) -> bool:
    """Whether a date is moved back."""
    match said.amount:
        case model.Literal(Decimal() as held):
            return held < 0
        case model.Arithmetic("sub", model.Literal(value)):
            return value == 0
        case _:
            return False


def span_of(speech: Speech, said: model.Shifted) -> str:
    """« 2 ans », « 30 jours »; "" where it is no literal."""
    amount = amount_of(said)
    if not isinstance(amount, model.Literal) or not isinstance(amount.value, Decimal) or said.unit == "month_end":
        return ""
    held = amount.value
    if said.unit == "month" and held and held % 12 == 0:
        one = held < 24 if speech.french else held == 12
        word = speech.choose("an" if one else "ans", "year" if one else "years")
        return f"{show_value(t.Number(), held / 12, speech.language)}{GLUE}{word}".replace(SPACE, GLUE)
    return show_value(t.Duration(said.unit), held, speech.language).replace(SPACE, GLUE).replace(" ", GLUE)


def elapsed(speech: Speech, said: model.Elapsed, start: str, end: str) -> str:
    """The time between two dates."""
    if isinstance(said.type, t.Duration):
        return f"{end} - {start}"
    if said.unit == "month_days":
        head = speech.choose("le ", "the ") + speech.word("month_lengths", "days")
        return head if isinstance(said.end, model.Today) else f"{head} {speech.of(end)}"
    head = speech.choose("le ", "the ") + speech.word("spans", said.unit)
    between = f"{head} {start} {speech.word('structure', 'AND')} {end}"
    return f"{between} {stretch(speech, said.during, said.year)}" if said.during else between


def stretch(speech: Speech, what: str, year: int | None) -> str:
    """« en mars 2026 », « ce mois-ci », « de juin à août 2026 »."""
    first, _, last = what.partition("-")
    if last:
        bare = [day_of(speech, each).split(" ", 1)[1] for each in (first, last)]
        said = f"{speech.word('stretches', 'from')} {bare[0]} {speech.word('stretches', 'to')} {bare[1]}"
    else:
        said = speech.word("stretches", "year") if what == "year" else day_of(speech, what)
    return said if year is None else f"{said} {year:04}"


def day_of(speech: Speech, what: str) -> str:
    """« un lundi », « en août »."""
    said = speech.word("calendar", what)
    if not speech.french:
        return " ".join(part.capitalize() if part == what != "holiday" else part for part in said.split(" "))
    return f"un {said}" if what in DAYS else said


def compared(operator: str, bound: model.Shifted) -> str:
    """The comparison as it is said of a distance: before a day, what is more is earlier."""
    return _MIRRORED[operator] if is_earlier(bound) else operator


def distance(speech: Speech, way: str, bound: model.Shifted, start: str) -> str:
    """« il y a plus de 2 ans », « moins de 5 jours après la livraison »."""
    span, ahead = span_of(speech, bound), not is_earlier(bound)
    if speech.french:
        how = {"gt": "plus de ", "ge": "au moins ", "lt": "moins de ", "le": "au plus ", "eq": ""}[way]
        if isinstance(bound.date, model.Today):
            return f"{'dans' if ahead else 'il y a'} {how}{span}"
        return f"{how}{span} {'après' if ahead else 'avant'} {start}"
    how = {"gt": "more than ", "ge": "at least ", "lt": "less than ", "le": "at most ", "eq": ""}[way]
    if isinstance(bound.date, model.Today):
        return f"in {how}{span}" if ahead else f"{how}{span} ago"
    return f"{how}{span} {'after' if ahead else 'before'} {start}"


def window(speech: Speech, said: model.Between) -> str:
    """« dans les 12 derniers mois », « dans les 30 prochains jours »; "" for any other span of time."""
    if said.low_included or not said.high_included:
        return ""
    match said.low, said.high:
        case model.Shifted(model.Today(), model.Literal(Decimal() as held), unit), model.Today() if held < 0:
            way = "last"
        case model.Today(), model.Shifted(model.Today(), model.Literal(Decimal() as held), unit) if held > 0:
            way = "next"
        case _:
            return ""
    number, _, units = show_value(t.Duration(unit), abs(held), speech.language).rpartition(" ")
    if not number or " " in number:
        return ""
    which = speech.word("windows", way)
    return speech.choose(f"dans les {number} {which} {units}", f"in the {which} {number} {units}")
