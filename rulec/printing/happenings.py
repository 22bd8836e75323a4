"""What a rule waits for in, the sentence that says so out: « une facture n'est pas payée à l'échéance »."""

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from rulec.printing.names import GLUE, Speech, UnsaidError, elides
from rulec.runtime import types as t
from rulec.runtime.shown import SPACE, show_value
from rulec.semantics import model
from rulec.semantics.sentences import Sentence
from rulec.source import Language

_AUXILIARIES = frozenset({"is", "are", "has", "have", "can", "will", "was", "were"})
_DEFINITE = {"un": "le", "une": "la", "a": "the", "an": "the"}


def watch_of(speech: Speech, said: model.Condition) -> model.Watch | None:
    """What a condition waits for first; None where it is a plain condition."""
    first = said.items[0] if isinstance(said, model.All) and said.items else said
    if not isinstance(first, model.Holds) or not isinstance(first.item, model.FactOf):
        return None
    return next((watch for watch in speech.vocabulary.watches if watch.path == first.item.path), None)


def named(vocabulary: model.Vocabulary, languages: Mapping[int, Language]) -> model.Vocabulary:
    """Each fact that says what is waited for, called so in one way, however it was written. `languages`: of sources."""
    watches = {watch.path: watch for watch in vocabulary.watches}
    return replace(vocabulary, facts=tuple(_named(each, vocabulary, watches, languages) for each in vocabulary.facts))


def _named(
    fact: model.FactTerm, vocabulary: model.Vocabulary, watches: Mapping[str, model.Watch],
    languages: Mapping[int, Language],
) -> model.FactTerm:  # fmt: skip
    watch = watches.get(fact.slot.path) if fact.slot.happens else None
    if watch is None:
        return fact
    said = waited(Speech(languages[fact.span.source], vocabulary), watch).replace(GLUE, " ")
    return replace(fact, slot=replace(fact.slot, names=(said,)))


def waited(speech: Speech, said: model.Watch) -> str:
    """« un client fait une réclamation 3 fois en 30 jours »."""
    event = _sentence(speech, said.event)
    match said.how:
        case "each":
            return _positive(event)
        case "count":
            times = speech.choose("fois", "times")
            return f"{_positive(event)} {said.count}{GLUE}{times} {speech.choose('en', 'in')} {_time(speech, said)}"
        case "overdue":
            return f"{_negative(speech, event)} {_due(speech, said)}"
        case "lacking" if said.after == said.event:
            return f"{_negative(speech, event)} {speech.choose('pendant', 'for')} {_time(speech, said)}"
        case _:
            first, then = _sentence(speech, said.after), _definite(speech, event)
            denied = _negative(speech, then) if said.how == "lacking" else _positive(then)
            joined = speech.choose("et qu'" if elides(denied) else "et que ", "and ")
            within = speech.choose("sous", "within")
            return f"{_positive(first)} {joined}{denied} {within} {_time(speech, said)}"


def happening(speech: Speech, key: str) -> str:
    """« une facture est payée »."""
    return _positive(_sentence(speech, key))


def _sentence(speech: Speech, key: str) -> Sentence:
    event = next(each for each in speech.vocabulary.events if each.slot.key == key)
    found = next((each for each in event.sentences if each.language == speech.language), None)
    if found is None:
        raise UnsaidError
    return found


def _positive(said: Sentence) -> str:
    return " ".join(part for part in said.text if part)


def _definite(speech: Speech, said: Sentence) -> Sentence:
    """« la réponse arrive »."""
    article, _, noun = said.text[0].partition(" ")
    definite = _DEFINITE.get(article.lower(), article)
    subject = f"l'{noun}" if speech.french and elides(noun) else f"{definite} {noun}"
    return Sentence(
        said.key, said.entity, said.subject, said.verb, said.rest, said.counted, (subject, *said.text[1:]),
        said.language,
    )  # fmt: skip


def _negative(speech: Speech, said: Sentence) -> str:
    """« la facture n'est pas payée » | "the invoice is not paid", "the customer does not file a complaint"."""
    subject, verb, rest = said.text
    if speech.french:
        parts = [subject, f"n'{verb}" if elides(verb) else f"ne {verb}", "pas", _denied(rest)]
    elif verb.lower() in _AUXILIARIES:
        parts = [subject, verb, "not", rest]
    else:
        parts = [subject, "does not", _base(verb), rest]
    return " ".join(part for part in parts if part)


def _denied(rest: str) -> str:
    """« une réclamation » → « de réclamation »."""
    article, _, noun = rest.partition(" ")
    if article not in ("un", "une"):
        return rest
    return f"d'{noun}" if elides(noun) else f"de {noun}"


def _base(verb: str) -> str:
    if verb.endswith("ies"):
        return f"{verb[:-3]}y"
    if re.search("(?:s|sh|ch|x|z|o)es$", verb):
        return verb[:-2]
    return verb.removesuffix("s")


def _time(speech: Speech, said: model.Watch) -> str:
    shown = show_value(t.Duration(said.unit), Decimal(abs(said.amount)), speech.language)
    return shown.replace(SPACE, GLUE).replace(" ", GLUE)


def _due(speech: Speech, said: model.Watch) -> str:
    """« 15 jours après l'échéance de la facture »."""
    date = speech.fact(said.date)
    if not said.amount:
        return f"{speech.to(date)}" if speech.french else f"by {date}"
    side = speech.choose("après", "after") if said.amount > 0 else speech.choose("avant", "before")
    return f"{_time(speech, said)} {side} {date}"
