"""Two plans in, what their vocabularies say differently out: facts, outcomes, actions, what is assumed of facts.

Beside that, what is promised and what is said of supervision.
"""

from collections.abc import Iterator, Mapping, Sequence

from rulec.difference.result import Term
from rulec.difference.substance import Numbers, Substance
from rulec.plan.tree import Defined, DefinedGiven, Oversight, Plan, Promise
from rulec.runtime.types import ActionSlot, Choice, ListOf, OutcomeSlot, Record, Slot
from rulec.tree import walk

Declared = Slot | OutcomeSlot | ActionSlot
Stated = Promise | Oversight
_OF = {
    "fact": ("type", "optional", "default", "bounds"),
    "outcome": ("type", "combine", "order", "default", "bounds", "distinct", "each"),
    "action": ("parameters", "group"),
}


def vocabulary(old: Plan, new: Plan) -> tuple[Term, ...]:
    """Facts first, then outcomes, actions, assumptions; of each what is gone, what is new, what is said otherwise."""
    return (
        *_between("fact", old.facts, new.facts),
        *_between("outcome", old.outcomes, new.outcomes),
        *_between("action", old.actions, new.actions),
        *_stated("assumption", *_numbered(old, new, True)),
    )


def beside(old: Plan, new: Plan) -> tuple[Term, ...]:
    """What is promised, and what is said of supervision, differently: what is gone, then what is new."""
    numbers = Numbers()
    sides = [(Substance(plan, numbers), plan) for plan in (old, new)]
    said = [{side.oversight(each): each for each in plan.oversight if not each.action} for side, plan in sides]
    promises = _promised(*_numbered(old, new, False))
    return (*_stated("promise", *promises), *_stated("supervision", *said))


def _promised(old: Mapping[int, Promise], new: Mapping[int, Promise]) -> list[dict[int, Promise]]:
    """The promises less those that both make in the same words, of outcomes that are decided otherwise."""
    worded = [{(each.given, each.condition) for each in side.values() if not _defined(each)} for side in (old, new)]
    alike = worded[0] & worded[1]
    return [{at: each for at, each in side.items() if (each.given, each.condition) not in alike} for side in (old, new)]


def _defined(promise: Promise) -> bool:
    """Whether it speaks of what is defined, which may mean something else."""
    return any(isinstance(node, Defined | DefinedGiven) for node in walk(promise.condition))


def _numbered(old: Plan, new: Plan, assumed: bool) -> list[dict[int, Promise]]:
    """The promises of each plan, or what it assumes, by what they say."""
    numbers = Numbers()
    sides = [(Substance(plan, numbers), plan) for plan in (old, new)]
    return [{side.promise(each): each for each in plan.promises if each.assumed is assumed} for side, plan in sides]


def _stated(kind: str, old: Mapping[int, Stated], new: Mapping[int, Stated]) -> Iterator[Term]:
    yield from (Term(f"{kind} gone", each.id, each) for number, each in old.items() if number not in new)
    yield from (Term(f"{kind} new", each.id, None, each) for number, each in new.items() if number not in old)


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
