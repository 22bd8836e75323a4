"""What a person puts in place of what the rules propose in, the same as typed JSON data out, by outcome and action."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rulec.log.entry import Entry, Json
from rulec.log.errors import LogError
from rulec.plan.tree import Plan
from rulec.runtime.bounds import bounds_text, inside
from rulec.runtime.refused import ValueProblem
from rulec.runtime.spelling import plain_words
from rulec.runtime.types import Bounds, Type
from rulec.runtime.values import dump_value, read_value
from rulec.source import Language
from rulec.syntax.nearest import nearest

_FEW = 5  # names that are offered


@dataclass(frozen=True, slots=True)
class Place:
    """What may be changed of a decision: an outcome, or a parameter of an action. `name`: as the author says it.

    `part`: "outcomes" or "actions". `now`: the value that is proposed, None where none is.
    """

    name: str
    part: str
    key: str
    parameter: str
    type: Type
    bounds: Bounds | None
    now: Json

    @property
    def path(self) -> str:
        """« outcomes.discount », « actions.refer.reason »."""
        return ".".join(filter(None, [self.part, self.key, self.parameter]))


def changes(plan: Plan, asked: Entry, given: Iterable[tuple[str, object]], language: Language) -> dict[str, Json]:
    """`outcomes` and `actions` by key. `given`: (name, value): of an outcome, or « action.parameter », by key or term.

    Raises `LogError`: E736 for a name that is none of what was decided, E737 for a value that does not fit.
    """
    every = list(places(plan, asked))
    by_name = {plain_words(name): place for place in every for name in (place.name, place.path.partition(".")[2])}
    shown = [place.name for place in every]
    found: dict[str, Json] = {}
    for name, raw in given:
        place = by_name.get(plain_words(name))
        if place is None:
            raise LogError("E736", name=name, closest=" | ".join(nearest(name, shown) or shown[:_FEW]))
        value = _read(place.type, place.bounds, raw, name, language)
        holder = found.setdefault(place.part, {})
        if place.parameter:
            holder.setdefault(place.key, {})[place.parameter] = value
        else:
            holder[place.key] = value
    if not found:
        raise LogError("E736", name="", closest=" | ".join(shown[:_FEW]))
    return found


def pairs(given: Mapping[str, Json]) -> Iterator[tuple[str, object]]:
    """The changes of JSON data, `outcomes` and `actions` by key, one by one."""
    yield from given.get("outcomes", {}).items()
    for key, parameters in given.get("actions", {}).items():
        yield from ((f"{key}.{parameter}", value) for parameter, value in parameters.items())


def places(plan: Plan, asked: Entry) -> Iterator[Place]:
    """What may be changed of a decision."""
    decided = asked.decision.get("outcomes", {})
    for slot in plan.outcomes:
        if slot.key in decided:
            now = decided[slot.key].get("value")
            yield Place(slot.name, "outcomes", slot.key, "", slot.value_type, slot.bounds, now)
    done = {each["key"]: each.get("parameters", {}) for each in asked.decision.get("actions", ())}
    for action in (each for each in plan.actions if each.key in done):
        for key, name, type_ in action.parameters:
            now = done[action.key].get(key)
            yield Place(f"{action.name}.{name}", "actions", action.key, key, type_, None, now)


def _read(type_: Type, bounds: Bounds | None, raw: object, name: str, language: Language) -> Json:
    try:
        value = read_value(type_, raw, language)
    except ValueProblem as problem:
        raise LogError("E737", name=name, detail=problem.message(language, name)) from None
    if bounds is not None and not inside(bounds, value):
        raise LogError("E737", name=name, detail=f"{name}: {bounds_text(bounds, type_, language)}")
    return dump_value(type_, value)
