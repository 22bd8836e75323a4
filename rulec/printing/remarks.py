"""What is meant in, what its words leave unsaid out: empty lists, the calendar, what counts as a working day."""

from collections.abc import Iterable, Iterator

from rulec.printing.names import Speech
from rulec.semantics import model
from rulec.syntax.settings import Settings
from rulec.syntax.words import words
from rulec.tree import Node, walk

_SAID = {
    "fr": {
        "none": "Ce qui est dit de tous les éléments, ou d'aucun, est vrai s'il n'y en a pas.",
        "sum": "La somme d'aucun élément est de 0.",
        "one": "Sans élément, le calcul est une erreur de la décision.",
        "points": "Entre deux points, la valeur varie régulièrement ; au-delà des extrêmes, elle reste la même.",
        "day": "Aujourd'hui est le jour de la décision, dans le fuseau horaire {zone}.",
        "holiday": "Les jours fériés sont ceux du calendrier {calendar}.",
        "working_day": "Jours ouvrés : du lundi au vendredi, sauf les jours fériés du calendrier {calendar}{closed}.",
        "business_day": "Jours ouvrables : du lundi au samedi, sauf les jours fériés du calendrier "
        "{calendar}{closed}.",
        "closed": " et les fermetures déclarées",
    },
    "en": {
        "none": "What is said of all elements, or of none, is true where there are none.",
        "sum": "The sum of no elements is 0.",
        "one": "Without elements, the calculation is an error of the decision.",
        "points": "Between two points, the value moves evenly; beyond the ends it stays the same.",
        "day": "Today is the day of the decision, in the time zone {zone}.",
        "holiday": "Public holidays are those of the calendar {calendar}.",
        "working_day": "Working days: Monday to Friday, but the public holidays of the calendar {calendar}{closed}.",
        "business_day": "Business days: Monday to Saturday, but the public holidays of the calendar "
        "{calendar}{closed}.",
        "closed": " and the closures declared",
    },
}  # fmt: skip


def remarks(speech: Speech, meant: Iterable[Node], settings: Settings) -> list[str]:
    """Each remark once, in the order of their reasons in the text."""
    told = _SAID[speech.language]
    calendar = words(speech.language).tables["calendars"][settings.calendar][0]
    closed = told["closed"] if settings.closed else ""
    found = dict.fromkeys(reason for each in meant for node in walk(each) for reason in _reasons(node))
    return [told[each].format(calendar=calendar, closed=closed, zone=settings.zone) for each in found]


def _reasons(node: Node) -> Iterator[str]:
    match node:
        case model.Not(model.CountWhere(1, None)):
            yield "none"
        case model.Aggregated("sum"):
            yield "sum"
        case model.Aggregated("mean" | "max" | "min" | "first" | "last"):
            yield "one"
        case model.Calendar("holiday" | "working_day" | "business_day" as reason):
            yield reason
        case model.Elapsed("working_day" | "business_day" as unit):
            yield unit
        case model.Shifted(_, _, "working_day" | "business_day" as unit):
            yield unit
        case model.Today():
            yield "day"
        case model.Brackets("interpolation"):
            yield "points"
        case _:
            return
