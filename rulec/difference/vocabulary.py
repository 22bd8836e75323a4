"""Two plans in, what their vocabularies say differently out: facts, outcomes, actions, how outcomes combine."""

from collections.abc import Iterator, Sequence

from rulec.difference.result import Term
from rulec.plan.tree import Plan
from rulec.runtime.types import ActionSlot, Choice, ListOf, OutcomeSlot, Record, Slot

Declared = Slot | OutcomeSlot | ActionSlot
_OF = {
    "fact": ("type", "optional", "default", "bounds"),
    "outcome": ("type", "combine", "order", "default", "bounds", "distinct", "each"),
    "action": ("parameters", "group"),
}


def vocabulary(old: Plan, new: Plan) -> tuple[Term, ...]:
    """Facts first, then outcomes and actions; of each kind what is gone, what is new, what is declared differently."""
    return (
        *_between("fact", old.facts, new.facts),
        *_between("outcome", old.outcomes, new.outcomes),
        *_between("action", old.actions, new.actions),
    )


def _between(kind: str, old: Sequence[Declared], new: Sequence[Declared]) -> Iterator[Term]:
    before, after = ({_key(slot): slot for slot in slots} for slots in (old, new))
    yield from (Term(f"{kind} gone", key, slot) for key, slot in before.items() if key not in after)
    yield from (Term(f"{kind} new", key, None, slot) for key, slot in after.items() if key not in before)
    for key, slot in after.items():
        for field in _OF[kind] if key in before else ():
            if _said(_field(before[key], field)) != _said(_field(slot, field)):
                yield Term(f"{kind} {field}", key, before[key], slot)


def _key(slot: Declared) -> str:
    return slot.path if isinstance(slot, Slot) else slot.key


def _field(slot: Declared, name: str) -> object:
    if isinstance(slot, ActionSlot) and name == "parameters":
        return tuple((key, kind) for key, _, kind in slot.parameters)
    return getattr(slot, name)


def _said(declared: object) -> object:
    """What is declared, whatever it is called."""
    match declared:
        case Choice(options):
            return tuple(option.key for option in options)
        case ListOf(item):
            return ListOf, _said(item)
        case Record(entity, attributes):
            return entity, tuple((each.path, _said(each.type), each.optional, each.default) for each in attributes)
        case tuple():
            return tuple(map(_said, declared))
        case _:
            return declared
