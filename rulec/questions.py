"""A decision in, questions out: the facts not given that can still change it, as a person would be asked."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rulec.runtime.plain import Plain, plain
from rulec.runtime.shown import expected
from rulec.runtime.types import Choice, Option, Slot, YesNo
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
_OR: Mapping[Language, str] = {"fr": " ou ", "en": " or "}


def questions(slots: Sequence[Slot], decision: "Decision", language: Language) -> tuple[Question, ...]:
    """One question for each fact that the undecided outcomes lack, each fact once."""
    by_path = {slot.path: slot for slot in slots}
    missing = dict.fromkeys(path for result in decision.outcomes.values() for path in result.missing)
    missing |= dict.fromkeys(decision.missing)
    return tuple(question(by_path[path], language) for path in missing if path in by_path)


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


def _listed(options: Sequence[Option], language: Language) -> str:
    labels = [option.label for option in options]
    return _OR[language].join([", ".join(labels[:-1]), labels[-1]] if len(labels) > 1 else labels)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
