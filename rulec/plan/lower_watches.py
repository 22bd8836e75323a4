"""What rules wait for as meant in, as planned out; of several things, one comes about at a time."""

from rulec.plan import tree as p
from rulec.semantics import model
from rulec.tree import NOWHERE

_ONE_AT_A_TIME = {
    "fr": "On suppose : ce que les règles attendent arrive une chose à la fois.",
    "en": "We assume: what the rules wait for happens one thing at a time.",
}


def lower_watch(said: model.Watch) -> p.Watch:
    """What one or several rules wait for."""
    return p.Watch(said.path, said.how, said.event, said.after, said.date, said.count, said.amount, said.unit)


def one_at_a_time(given: model.Model, language: str) -> tuple[p.Promise, ...]:
    """The assumption that no two of them come about in one decision: events are taken one after the other."""
    if len(given.watches) < 2:
        return ()
    facts, first = tuple(p.Fact(watch.path) for watch in given.watches), given.rules[0]
    text, held = _ONE_AT_A_TIME[language], p.Count(0, 1, facts)
    return (p.Promise("#one-at-a-time", text, first.file, first.line, held, assumed=True, span=NOWHERE),)
