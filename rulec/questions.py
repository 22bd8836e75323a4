"""A decision in, questions out: the facts not given that can still change it, as a person would be asked."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rulec.runtime.plain import Plain, plain
from rulec.runtime.shown import expected
from rulec.runtime.types import Choice, Option, Slot, YesNo, record_of
from rulec.source import Language

if TYPE_CHECKING:  # only to ask, not to name
    from rulec.runtime.decision import Decision


@plain
class Question(Plain):
    """A fact to ask for.

    `path`: the key to answer under. `name`: the fact in the author's words. `expects`: what an answer looks like, in
    words. `options`: the values of a closed list, else (). `text`: the question, in the language of the rules.
    """

    path: str
    name: str
    expects: str
    options: tuple[Option, ...]
    text: str


_ASKED: Mapping[Language, Mapping[str, str]] = {
    "fr": {"yes/no": "{name} : oui ou non ?", "choice": "{name} : {options} ?", "open": "{name} : {expects} ?"},
    "en": {"yes/no": "{name}: yes or no?", "choice": "{name}: {options}?", "open": "{name}: {expects}?"},
}
_ELEMENT: Mapping[Language, str] = {"fr": "{name} n° {number}", "en": "{name} {number}"}
_OR: Mapping[Language, str] = {"fr": " ou ", "en": " or "}


def questions(slots: Sequence[Slot], decision: "Decision", language: Language) -> tuple[Question, ...]:
    """One question for each fact that undecided outcomes, actions and supervision lack, each fact once."""
    missing = dict.fromkeys(path for result in decision.outcomes.values() for path in result.missing)
    missing |= dict.fromkeys((*decision.missing, *decision.supervision.missing))
    found = (slot_at(slots, path, language) for path in missing)
    return tuple(question(slot, language) for slot in found if slot is not None)


def question(slot: Slot, language: Language) -> Question:
    """The question for one fact."""
    name, words, asked = called(slot), expected(slot.type, language), _ASKED[language]
    options = slot.type.options if isinstance(slot.type, Choice) else ()
    kind = "yes/no" if isinstance(slot.type, YesNo) else "choice" if options else "open"
    text = asked[kind].format(name=_capital(name), options=_listed(options, language), expects=words)
    return Question(slot.path, name, words, options, text)


def called(slot: Slot) -> str:
    """A fact in the author's words, what it belongs to after it: « montant HT (commande) »."""
    *owners, name = slot.names
    return f"{name} ({', '.join(reversed(owners))})" if owners else name


def slot_at(slots: Sequence[Slot], path: str, language: Language) -> Slot | None:
    """The fact of a path, or of an element of a list: « order.lines[2].price » is « prix (ligne n° 2, commande) »."""
    head, _, rest = path.partition("[")
    slot = next((slot for slot in slots if slot.path == head), None)
    record = record_of(slot.type) if slot is not None else None
    if not rest or slot is None or record is None:
        return slot
    number, _, below = rest.partition("].")
    found = slot_at(record.attributes, below, language)
    element = _ELEMENT[language].format(name=record.name or slot.names[-1], number=number)
    return found and replace(found, path=path, names=(*slot.names[:-1], element, *found.names))


def named(slots: Sequence[Slot], path: str, language: Language) -> str:
    """A fact at a path, in the author's words."""
    slot = slot_at(slots, path, language)
    return called(slot) if slot is not None else path


def _listed(options: Sequence[Option], language: Language) -> str:
    labels = [option.label for option in options]
    return _OR[language].join([", ".join(labels[:-1]), labels[-1]] if len(labels) > 1 else labels)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
