"""A change of vocabulary, of a promise or of supervision in, a line that says it out."""

from collections.abc import Mapping
from typing import cast

from rulec.difference.result import Term
from rulec.plan.tree import Oversight, Promise
from rulec.questions import called
from rulec.runtime.bounds import bounds_text
from rulec.runtime.shown import expected, show_value
from rulec.runtime.types import ActionSlot, OutcomeSlot, Slot
from rulec.source import Language
from rulec.syntax.words import words

_SAID: Mapping[Language, Mapping[str, str]] = {
    "fr": {
        "fact": "fait « {name} »", "outcome": "résultat « {name} »", "action": "action « {name} »",
        "gone": "{what} : retiré", "new": "{what} : nouveau, {after}", "type": "{what} : {before} → {after}",
        "optional": "{what} : {before} → {after}", "default": "{what}, par défaut : {before} → {after}",
        "bounds": "{what}, bornes : {before} → {after}", "combine": "{what}, si plusieurs règles : {before} → {after}",
        "order": "{what}, ordre : {before} → {after}", "distinct": "{what}, sans répétition : {before} → {after}",
        "each": "{what}, décidé pour chaque : {before} → {after}", "group": "{what}, exclusions : {before} → {after}",
        "parameters": "{what}, paramètres : {before} → {after}", "yes": "oui", "no": "non", "none": "aucun",
        "optional yes": "facultatif", "optional no": "obligatoire", "priority": "selon l'ordre",
        "action new": "{what} : nouvelle",
        "action gone": "{what} : retirée", "assumption": "supposition « {name} »", "promise": "promesse « {name} »",
        "supervision": "autonomie « {name} »",
    },
    "en": {
        "fact": 'fact "{name}"', "outcome": 'outcome "{name}"', "action": 'action "{name}"',
        "gone": "{what}: removed", "new": "{what}: new, {after}", "type": "{what}: {before} → {after}",
        "optional": "{what}: {before} → {after}", "default": "{what}, by default: {before} → {after}",
        "bounds": "{what}, bounds: {before} → {after}", "combine": "{what}, of several rules: {before} → {after}",
        "order": "{what}, order: {before} → {after}", "distinct": "{what}, without repetition: {before} → {after}",
        "each": "{what}, decided for each: {before} → {after}", "group": "{what}, exclusions: {before} → {after}",
        "parameters": "{what}, parameters: {before} → {after}", "yes": "yes", "no": "no", "none": "none",
        "optional yes": "optional", "optional no": "required", "priority": "in the order", "action new": "{what}: new",
        "action gone": "{what}: removed", "assumption": 'assumption "{name}"', "promise": 'promise "{name}"',
        "supervision": 'supervision "{name}"',
    },
}  # fmt: skip
Declared = Slot | OutcomeSlot | ActionSlot


def told_term(term: Term, language: Language) -> str:
    """« fait « poids » : facultatif → obligatoire »."""
    said, (kind, what) = _SAID[language], term.what.split(" ")
    stated = term.after if term.after is not None else term.before
    if isinstance(stated, Promise | Oversight):
        return said[f"action {what}"].format(what=said[kind].format(name=stated.text))
    slot = cast("Declared", term.after if term.after is not None else term.before)
    name = called(slot) if isinstance(slot, Slot) else slot.name
    before, after = (
        "" if each is None else _shown(cast("Declared", each), "type" if what == "new" else what, language)
        for each in (term.before, term.after)
    )
    form = said.get(term.what, said[what])
    return form.format(what=said[kind].format(name=name), before=before, after=after)


def _shown(slot: Declared, what: str, language: Language) -> str:
    said = _SAID[language]
    match what, slot:
        case "type", Slot() | OutcomeSlot():
            return expected(slot.type, language)
        case "optional", Slot(optional=optional):
            return said["optional yes" if optional else "optional no"]
        case "combine", OutcomeSlot(combine=way):
            return said["priority"] if way == "priority" else words(language).say("combine", way)
        case "order", OutcomeSlot():
            return ", ".join(show_value(slot.type, each, language) for each in slot.order) or said["none"]
        case "bounds", Slot() | OutcomeSlot():
            return bounds_text(slot.bounds, slot.type, language) if slot.bounds is not None else said["none"]
        case "default", Slot() | OutcomeSlot():
            return said["none"] if slot.default is None else show_value(slot.type, slot.default, language)
        case "distinct", OutcomeSlot():
            return said["yes" if slot.distinct else "no"]
        case "each", OutcomeSlot():
            return slot.each or said["none"]
        case "parameters", ActionSlot():
            return ", ".join(name for _, name, _ in slot.parameters) or said["none"]
        case "group", ActionSlot():
            return slot.group or said["none"]
        case _:
            return ""
