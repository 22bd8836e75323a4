"""What a person puts in place of what the rules propose in, the same as typed JSON data out, by outcome and action."""

from collections.abc import Iterable, Iterator, Mapping

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
_Place = tuple[str, str, str, Type, Bounds | None]  # outcomes or actions, key, parameter, type, bounds


def changes(plan: Plan, asked: Entry, given: Iterable[tuple[str, object]], language: Language) -> dict[str, Json]:
    """`outcomes` and `actions` by key. `given`: (name, value): of an outcome, or « action.parameter », by key or term.

    Raises `LogError`: E736 for a name that is none of what was decided, E737 for a value that does not fit.
    """
    every = list(_places(plan, asked))
    places = {plain_words(called): place for name, key, place in every for called in (name, key)}
    shown = [name for name, _, _ in every]
    found: dict[str, Json] = {}
    for name, raw in given:
        place = places.get(plain_words(name))
        if place is None:
            raise LogError("E736", name=name, closest=" | ".join(nearest(name, shown) or shown[:_FEW]))
        part, key, parameter, type_, bounds = place
        value = _read(type_, bounds, raw, name, language)
        holder = found.setdefault(part, {})
        if parameter:
            holder.setdefault(key, {})[parameter] = value
        else:
            holder[key] = value
    if not found:
        raise LogError("E736", name="", closest=" | ".join(shown[:_FEW]))
    return found


def pairs(given: Mapping[str, Json]) -> Iterator[tuple[str, object]]:
    """The changes of JSON data, `outcomes` and `actions` by key, one by one."""
    yield from given.get("outcomes", {}).items()
    for key, parameters in given.get("actions", {}).items():
        yield from ((f"{key}.{parameter}", value) for parameter, value in parameters.items())


def _places(plan: Plan, asked: Entry) -> Iterator[tuple[str, str, _Place]]:
    """What may be changed of a decision: its name, its key."""
    decided = asked.decision.get("outcomes", {})
    for outcome in plan.outcomes:
        if outcome.key in decided:
            place: _Place = ("outcomes", outcome.key, "", outcome.value_type, outcome.bounds)
            yield outcome.name, outcome.key, place
    done = {each["key"] for each in asked.decision.get("actions", ())}
    for action in (each for each in plan.actions if each.key in done):
        for key, name, type_ in action.parameters:
            place = ("actions", action.key, key, type_, None)
            yield f"{action.name}.{name}", f"{action.key}.{key}", place


def _read(type_: Type, bounds: Bounds | None, raw: object, name: str, language: Language) -> Json:
    try:
        value = read_value(type_, raw, language)
    except ValueProblem as problem:
        raise LogError("E737", name=name, detail=problem.message(language, name)) from None
    if bounds is not None and not inside(bounds, value):
        raise LogError("E737", name=name, detail=f"{name}: {bounds_text(bounds, type_, language)}")
    return dump_value(type_, value)
