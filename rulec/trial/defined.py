"""A plan and its examples in, which of its definitions they calculate out: each case; a yes or no, both ways."""

from collections.abc import Callable, Hashable, Iterator, Sequence

from rulec.plan.tree import All, Choose, Defined, DefinedGiven, Definition, Expr, Not, Plan
from rulec.runtime.kleene import Truth
from rulec.runtime.plain import Plain, plain
from rulec.runtime.types import YesNo
from rulec.trace import Probes
from rulec.tree import Node, walk

Way = tuple[str, Expr]  # what is told of it: "" the only one, "1" a case, "yes", "no"; the condition that it is gone
Truths = Sequence[Callable[[Hashable], Truth]]  # for each example, what came of what was asked


@plain
class WayCover(Plain):
    """One way that a definition may get its value, named as in `Way`."""

    name: str
    reached: bool


@plain
class DefinitionCover(Plain):
    """A definition. `ways`: in the order of its cases."""

    definition: Definition
    ways: tuple[WayCover, ...]


def ask_of(definitions: Sequence[Definition], probes: Probes) -> None:
    """Has the ways of definitions decided."""
    for definition in definitions:
        for way in ways_of(definition):
            probes.ask((definition.key, way[0]), way[1])


def covers(definitions: Sequence[Definition], truths: Truths) -> tuple[DefinitionCover, ...]:
    """Which ways are gone."""
    return tuple(
        DefinitionCover(
            definition,
            tuple(
                WayCover(name, any(truth((definition.key, name)) is True for truth in truths))
                for name, _ in ways_of(definition)
            ),
        )
        for definition in definitions
    )


def ways_of(definition: Definition) -> Iterator[Way]:
    """The ways that a definition may get its value."""
    value = definition.value
    if isinstance(definition.type, YesNo):
        yield "yes", value
        yield "no", Not(value)
    elif isinstance(value, Choose):
        before: tuple[Expr, ...] = ()
        for number, (condition, _) in enumerate(value.cases, 1):
            yield str(number), All((*before, condition))
            before = (*before, Not(condition))
        if value.otherwise is not None:
            yield str(len(value.cases) + 1), All(before)
    else:
        yield "", DefinedGiven(definition.key)


def used(plan: Plan) -> tuple[Definition, ...]:
    """The definitions that rules and tables read, also through others."""
    known = {definition.key: definition for definition in plan.definitions}
    found, waiting = dict[str, Definition](), list[Node]([*plan.rules, *plan.tables])
    while waiting:
        for node in walk(waiting.pop()):
            if isinstance(node, Defined | DefinedGiven) and node.key not in found:
                found[node.key] = known[node.key]
                waiting.append(known[node.key].value)
    return tuple(each for each in plan.definitions if each.key in found)
