"""A type in, what it is called in a table out: « montant en € », « oui ou non »."""

from collections.abc import Mapping

from rulec.runtime.shown import unit_name
from rulec.runtime.types import (
    Amount,
    Choice,
    Date,
    DateTime,
    Duration,
    ListOf,
    Number,
    Percentage,
    Quantity,
    Rate,
    Record,
    Text,
    Time,
    Type,
    YesNo,
)
from rulec.source import Language

MOST = 8  # options listed
WORDS: Mapping[Language, Mapping[str, str]] = {
    "fr": {
        "yes": "oui ou non", "number": "nombre", "whole": "nombre entier", "percentage": "pourcentage",
        "amount": "montant en {unit}", "quantity": "quantité en {unit}", "rate": "tarif en {unit}", "text": "texte",
        "date": "date", "moment": "date et heure", "time": "heure", "duration": "durée en {unit}",
        "choice": "parmi {options}", "list": "liste : {item}", "record": "élément",
    },
    "en": {
        "yes": "yes or no", "number": "number", "whole": "whole number", "percentage": "percentage",
        "amount": "amount in {unit}", "quantity": "quantity in {unit}", "rate": "rate in {unit}", "text": "text",
        "date": "date", "moment": "date and time", "time": "time of day", "duration": "duration in {unit}",
        "choice": "one of {options}", "list": "list: {item}", "record": "element",
    },
}  # fmt: skip


def type_name(type_: Type, language: Language) -> str:
    """The type in the words of the language."""
    words = WORDS[language]
    match type_:
        case Choice(options):
            listed = [option.label for option in options[:MOST]] + (["…"] if len(options) > MOST else [])
            return words["choice"].format(options=", ".join(listed)) if options else words["text"]
        case ListOf(item):
            return words["list"].format(item=type_name(item, language))
        case Number(whole):
            return words["whole" if whole else "number"]
        case Record(_, _, name) if name:
            return name
        case _:
            return words[_word(type_)].format(unit=unit_name(type_, language))


def _word(
    type_: YesNo | Percentage | Amount | Quantity | Rate | Text | Date | DateTime | Time | Duration | Record,
) -> str:
    match type_:
        case YesNo():
            return "yes"
        case Percentage():
            return "percentage"
        case Amount():
            return "amount"
        case Quantity():
            return "quantity"
        case Rate():
            return "rate"
        case Text():
            return "text"
        case Date():
            return "date"
        case DateTime():
            return "moment"
        case Time():
            return "time"
        case Duration():
            return "duration"
        case Record():
            return "record"
