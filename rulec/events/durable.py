"""Numbers of a key in, the watches that are so out, matched by durable_rules, kept inside what it can bear.

What is counted, in which window and when, is settled before: durable_rules is given whole numbers alone, each with what
is asked of it, and tells which are reached. Its own windows and timers are not used. What it cannot bear is kept away:

- more than 64 tests that hold at once, or hundreds of rules in a set: shards of `SHARD` tests, each a set of its own;
- a 1,025th live key: the state of a key is taken out as soon as it is matched, so that there is one;
- ids that come again: they are counted up; names of sets too, none of which can be defined twice;
- texts that pass for numbers, floats, numbers beyond a double: whole numbers, capped by what is asked of them;
- an event that fires one rule alone: numbers are asserted as a fact, which fires all;
- a fact of which no test holds, which is an error (and its state was seen to crash later): one test always holds;
- errors of actions, which are swallowed: an action only notes a number.
"""

from collections.abc import Iterator, Mapping
from itertools import count
from threading import Lock
from typing import Any

from rulec.plan.tree import Plan

SHARD = 60  # tests of a set
MOST = 2**31  # that a number may be
_NAMES = count(1)


class Durable:
    """A matcher (see `machine.plain_match`) of the watches of a plan. Raises `ImportError` without the library."""

    def __init__(self, plan: Plan) -> None:
        from durable.lang import get_host

        self._ids, self._one = count(1), Lock()
        least = {each.path: each.count if each.how == "count" else 1 for each in plan.watches}
        self._found = list[str]()
        self._shards = list[tuple[str, dict[str, tuple[str, int]]]]()
        paths = list(least)
        for start in range(0, len(paths), SHARD):
            fields = {path: (f"n{at}", min(least[path], MOST)) for at, path in enumerate(paths[start : start + SHARD])}
            self._shards.append((self._defined(fields), fields))
        self._host = get_host()

    def __call__(self, subject: tuple[str, str], numbers: Mapping[str, tuple[int, int]]) -> frozenset[str]:
        """The watches of which the number is at least what they ask for."""
        return frozenset(path for name, fields in self._shards for path in self._matched(name, fields, numbers))

    def _matched(
        self, name: str, fields: Mapping[str, tuple[str, int]], numbers: Mapping[str, tuple[int, int]]
    ) -> Iterator[str]:  # fmt: skip
        """Those of a shard, asserted as one fact of a key of its own, which is taken out again."""
        given = {field: min(numbers[path][0], least) for path, (field, least) in fields.items() if path in numbers}
        if not given:
            return
        with self._one:
            key = f"{next(self._ids)}"
            self._found.clear()
            self._host.assert_fact(name, {"id": key, "sid": key, "one": 1, **given})
            self._host.delete_state(name, key)
            found = set(self._found)
        yield from found

    def _defined(self, fields: Mapping[str, tuple[str, int]]) -> str:
        """The name of a set with a rule for each watch."""
        from durable.lang import m, ruleset, when_all

        name = f"rulec events {next(_NAMES)}"
        with ruleset(name):
            when_all(m.one == 1)(_nothing)
            for path, (field, least) in fields.items():
                when_all(getattr(m, field) >= least)(self._noting(path))
        return name

    def _noting(self, path: str) -> Any:
        def note(_: object) -> None:
            self._found.append(path)

        return note


def _nothing(_: object) -> None:
    """What a fact does of which no test holds."""
