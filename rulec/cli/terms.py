"""The names of a rule set in, a table out: what is known, what is decided, what can be done, with types and keys."""

from collections.abc import Iterator, Mapping

from rulec.cli.table import aligned
from rulec.questions import called
from rulec.runtime.shown import show_value
from rulec.runtime.types import ActionSlot, OutcomeSlot, Slot
from rulec.semantics.model import Vocabulary
from rulec.source import Language
from rulec.terms import with_inside
from rulec.type_names import type_name

Row = tuple[str, str, str, str]  # name, type, key, remarks
WORDS: Mapping[Language, Mapping[str, str]] = {
    "fr": {
        "facts": "On connaît :", "defined": "On calcule :", "outcomes": "On décide :", "actions": "On peut :",
        "optional": "facultatif",
        "default": "{value} par défaut", "synonyms": "aussi {names}", "with": "avec {names}",
        "unique": "une seule règle s'applique", "first": "la première règle l'emporte",
        "max": "la plus élevée l'emporte", "min": "la plus faible l'emporte", "sum": "s'additionnent",
        "compound": "s'enchaînent", "collect": "en liste", "priority": "selon un ordre", "any": "",
    },
    "en": {
        "facts": "We know:", "defined": "We calculate:", "outcomes": "We decide:", "actions": "We can:",
        "optional": "optional",
        "default": "{value} by default", "synonyms": "also {names}", "with": "with {names}",
        "unique": "only one rule applies", "first": "the first rule wins", "max": "the highest wins",
        "min": "the lowest wins", "sum": "add up", "compound": "compound", "collect": "as a list",
        "priority": "in an order", "any": "",
    },
}  # fmt: skip


def terms(vocabulary: Vocabulary, language: Language) -> str:
    """The table, a block for facts, one for what is calculated, one for outcomes, one for actions."""
    words = WORDS[language]
    facts = [_fact(slot, language) for each in vocabulary.facts if not each.defined for slot in with_inside(each.slot)]
    defined = [_fact(each.slot, language) for each in vocabulary.facts if each.defined]
    outcomes = [_outcome(each.slot, language) for each in vocabulary.outcomes]
    actions = [_action(each.slot, language) for each in vocabulary.actions]
    blocks = {"facts": facts, "defined": defined, "outcomes": outcomes, "actions": actions}
    lines = dict(zip(_keyed(blocks), aligned([row for rows in blocks.values() for row in rows]), strict=True))
    return "\n\n".join(
        "\n".join([words[kind], *(lines[kind, number] for number in range(len(rows)))])
        for kind, rows in blocks.items()
        if rows
    )


def _keyed(blocks: Mapping[str, list[Row]]) -> Iterator[tuple[str, int]]:
    return ((kind, number) for kind, rows in blocks.items() for number in range(len(rows)))


def _fact(slot: Slot, language: Language) -> Row:
    words, said = WORDS[language], []
    if slot.optional:
        said.append(words["optional"])
    if slot.default is not None:
        said.append(words["default"].format(value=show_value(slot.type, slot.default, language)))
    if slot.synonyms:
        said.append(words["synonyms"].format(names=", ".join(slot.synonyms)))
    return called(slot), type_name(slot.type, language), f"[{slot.path}]", ", ".join(said)


def _outcome(slot: OutcomeSlot, language: Language) -> Row:
    words, said = WORDS[language], [WORDS[language][slot.combine]]
    if slot.default is not None:
        said.append(words["default"].format(value=show_value(slot.type, slot.default, language)))
    return slot.name, type_name(slot.type, language), f"[{slot.key}]", ", ".join(filter(None, said))


def _action(slot: ActionSlot, language: Language) -> Row:
    names = ", ".join(f"{name} ({type_name(type_, language)})" for _, name, type_ in slot.parameters)
    return slot.name, WORDS[language]["with"].format(names=names) if names else "", f"[{slot.key}]", ""
