"""A vocabulary in, the text of its declarations out: what `rulec vocabulary --write` puts into a file."""

from collections.abc import Iterator

from rulec.runtime import types as t
from rulec.semantics import model
from rulec.source import Language

_WORDS: dict[Language, dict[str, str]] = {
    "fr": {
        "know": "On connaît :", "decide": "On décide :", "can": "On peut :", "yes_no": "oui/non", "number": "nombre",
        "whole": "nombre entier", "percentage": "pourcentage", "text": "texte", "date": "date",
        "datetime": "date et heure", "time": "heure", "among": "parmi", "in": "en", "list": "liste de",
        "day": "jours", "month": "mois", "second": "secondes", "working_day": "jours ouvrés",
        "business_day": "jours ouvrables", "net": "HT", "gross": "TTC", "per": "par",
    },
    "en": {
        "know": "We know:", "decide": "We decide:", "can": "We can:", "yes_no": "yes/no", "number": "number",
        "whole": "whole number", "percentage": "percentage", "text": "text", "date": "date",
        "datetime": "date and time", "time": "time", "among": "among", "in": "in", "list": "list of",
        "day": "days", "month": "months", "second": "seconds", "working_day": "working days",
        "business_day": "working days including Saturdays", "net": "excl. VAT", "gross": "incl. VAT", "per": "per",
    },
}  # fmt: skip
_PER = {"day": {"fr": "jour", "en": "day"}, "month": {"fr": "mois", "en": "month"}, "year": {"fr": "an", "en": "year"}}


def declarations(vocabulary: model.Vocabulary, language: Language) -> str:
    """The facts, outcomes and actions as they would be declared, keys kept; ends with a blank line."""
    words = _WORDS[language]
    owned = {f.slot.names[0]: f for f in vocabulary.facts if len(f.slot.names) > 1}
    parts = [
        *(_entity(name, [f for f in vocabulary.facts if f.slot.names[0] == name], language) for name in owned),
        _block(words["know"], (_fact(f, language) for f in vocabulary.facts if len(f.slot.names) == 1)),
        _block(words["decide"], (_item(o.slot.name, o.slot.key, o.slot.type, language) for o in vocabulary.outcomes)),
        _block(words["can"], (f"  - {a.slot.name} [{a.slot.key}]" for a in vocabulary.actions)),
    ]
    return "".join(f"{part}\n" for part in parts if part)


def _entity(name: str, facts: list[model.FactTerm], language: Language) -> str:
    article = ("Une" if name.endswith("e") else "Un") if language == "fr" else ("An" if name[:1] in "aeiou" else "A")
    return _block(f"{article} {name} {'a :' if language == 'fr' else 'has:'}", (_fact(f, language) for f in facts))


def _fact(fact: model.FactTerm, language: Language) -> str:
    name, key = fact.slot.names[-1], fact.slot.path.rpartition(".")[2]
    if fact.verb:
        return f"  - {'il' if language == 'fr' else 'it'} {name} [{key}]"
    return _item(name, key, fact.slot.type, language)


def _block(head: str, items: Iterator[str]) -> str:
    lines = list(items)
    return "".join(f"{line}\n" for line in (head, *lines)) if lines else ""


def _item(name: str, key: str, kind: t.Type, language: Language) -> str:
    words = _WORDS[language]
    if isinstance(kind, t.Choice):
        options = ", ".join(f"{option.label} [{option.key}]" for option in kind.options)
        return f"  - {name} [{key}] {words['among']} {options}"
    return f"  - {name} ({said(kind, language)}) [{key}]"


def said(kind: t.Type, language: Language) -> str:
    """A type as a declaration says it."""
    words = _WORDS[language]
    match kind:
        case t.YesNo():
            return words["yes_no"]
        case t.Number(whole):
            return words["whole" if whole else "number"]
        case t.Percentage():
            return words["percentage"]
        case t.Amount(currency, tax):
            unit = "€" if currency == "EUR" else currency
            return " ".join(part for part in (words["in"], unit, words.get(tax, "")) if part)
        case t.Quantity(unit):
            return f"{words['in']} {unit}"
        case t.Rate(of, per):
            unit = of.currency if isinstance(of, t.Amount) else of.unit
            shown = "€" if unit == "EUR" else unit
            return f"{words['in']} {shown} {words['per']} {_PER.get(per, {}).get(language, per)}"
        case t.Duration(unit):
            return f"{words['in']} {words[unit]}"
        case t.Text():
            return words["text"]
        case t.Date():
            return words["date"]
        case t.DateTime():
            return words["datetime"]
        case t.Time():
            return words["time"]
        case t.ListOf(item):
            return f"{words['list']} {said(item, language)}"
        case t.Choice(options):
            return f"{words['among']} {', '.join(option.label for option in options)}"
        case t.Record(entity, _, name):
            return name or entity
