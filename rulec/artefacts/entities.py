"""Facts by path in, a tree of entities out: the shape that nested facts have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rulec.runtime.types import Record, Slot, record_of


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity: its key ("" for all the facts), its name, and its members by key, in the order declared.

    `elements`: for each member that is a list of an entity, by key, that entity.
    """

    key: str
    name: str
    members: tuple["tuple[str, Entity | Slot]", ...]
    elements: Mapping[str, "Entity"]

    @property
    def required(self) -> tuple[str, ...]:
        """The keys that complete facts must give."""
        return tuple(key for key, member in self.members if needed(member))


def needed(member: Entity | Slot) -> bool:
    """Whether complete facts must give it: an entity, where one of its members must be given; no judgement."""
    if isinstance(member, Entity):
        return bool(member.required)
    return not member.optional and member.default is None and not member.judged


def nested(slots: Sequence[Slot]) -> Entity:
    """All the facts that are given as one tree."""
    return _entity("", "", [slot for slot in slots if not slot.happens], 0)


def entity_of(record: Record) -> Entity:
    """The elements of a list as a tree."""
    return _entity(record.entity, record.name, record.attributes, 0)


def _entity(key: str, name: str, slots: Sequence[Slot], depth: int) -> Entity:
    groups: dict[str, list[Slot]] = {}
    for slot in slots:
        groups.setdefault(slot.path.split(".")[depth], []).append(slot)
    members = tuple((each, _member(each, group, depth)) for each, group in groups.items())
    records = {
        each: record for each, member in members if isinstance(member, Slot) and (record := record_of(member.type))
    }
    return Entity(key, name, members, {each: entity_of(record) for each, record in records.items()})


def _member(key: str, group: list[Slot], depth: int) -> Entity | Slot:
    """The fact itself, or the entity of the facts below; where both stand, the facts below."""
    below = [slot for slot in group if slot.path.count(".") > depth]
    return _entity(key, below[0].names[depth], below, depth + 1) if below else group[0]
