"""What rules wait for as meant in, as planned out; of several things, one comes about at a time."""

from collections.abc import Sequence

from rulec.plan import tree as p
from rulec.semantics import model
from rulec.tree import NOWHERE

_ONE_AT_A_TIME = {
    "fr": "On suppose : ce que les règles attendent arrive une chose à la fois.",
    "en": "We assume: what the rules wait for happens one thing at a time.",
}
_AT_AN_EVENT = frozenset({"each", "follows"})


def lower_watch(said: model.Watch) -> p.Watch:
    """What one or several rules wait for."""
    return p.Watch(said.path, said.how, said.event, said.after, said.date, said.count, said.amount, said.unit)


def one_at_a_time(given: model.Model, language: str) -> tuple[p.Promise, ...]:
    """The assumption that a decision is of one thing, to which one event happens, or whose time runs out.

    A count that is reached stays so, whatever happens then; what waits for the same event comes about together.
    """
    entities = {event.key: event.entity for event in given.events}
    apart = [_apart([(entities[watch.event], watch.path) for watch in given.watches])]
    for entity in dict.fromkeys(entities.values()):
        own = [watch for watch in given.watches if entities[watch.event] == entity and watch.how != "count"]
        apart.append(_apart([(watch.event if watch.how in _AT_AN_EVENT else "", watch.path) for watch in own]))
    held = tuple(p.Count(0, 1, groups) for groups in apart if len(groups) > 1)
    if not held:
        return ()
    text, first = _ONE_AT_A_TIME[language], given.rules[0]
    return (p.Promise("#one-at-a-time", text, first.file, first.line, p.All(held), assumed=True, span=NOWHERE),)


def _apart(watches: Sequence[tuple[str, str]]) -> tuple[p.Expr, ...]:
    """For each kind, that one of its watches is so."""
    kinds = dict.fromkeys(kind for kind, _ in watches)
    return tuple(p.AnyOf(tuple(p.Fact(path) for each, path in watches if each == kind)) for kind in kinds)
