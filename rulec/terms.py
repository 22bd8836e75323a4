"""The names of a rule set in, plain data out: facts, with those of the elements of lists, outcomes and actions."""

from collections.abc import Iterator
from dataclasses import replace

from rulec.questions import called
from rulec.runtime.types import Slot, Type, record_of
from rulec.semantics.model import Vocabulary
from rulec.source import Language
from rulec.type_names import type_name


def terms_as_json(vocabulary: Vocabulary, language: Language) -> dict[str, list[dict[str, str]]]:
    """Key, name and type of each."""
    facts = [slot for each in vocabulary.facts if not each.defined for slot in with_inside(each.slot)]
    defined = [each.slot for each in vocabulary.facts if each.defined]
    outcomes = [each.slot for each in vocabulary.outcomes]
    return {
        "facts": [_typed(slot.path, called(slot), slot.type, language) for slot in facts],
        "defined": [_typed(slot.path, called(slot), slot.type, language) for slot in defined],
        "outcomes": [_typed(slot.key, slot.name, slot.type, language) for slot in outcomes],
        "actions": [{"key": each.slot.key, "name": each.slot.name} for each in vocabulary.actions],
    }


def _typed(key: str, name: str, type_: Type, language: Language) -> dict[str, str]:
    return {"key": key, "name": name, "type": type_name(type_, language)}


def with_inside(slot: Slot) -> Iterator[Slot]:
    """A fact; after a list, what is known of each of its elements."""
    yield slot
    for below in _inside(slot):
        yield from with_inside(below)


def _inside(slot: Slot) -> Iterator[Slot]:
    """The attributes of the elements of a list, as facts: « prix (ligne) », under "order.lines[].price"."""
    record = record_of(slot.type)
    for each in record.attributes if record else ():
        yield replace(each, path=f"{slot.path}[].{each.path}", names=(slot.names[-1], *each.names))
