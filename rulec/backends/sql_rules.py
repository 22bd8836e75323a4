"""Rules in, SQL out: for each outcome, what each rule may give it, whether that is possible and whether it is sure."""

from collections.abc import Sequence
from dataclasses import dataclass

from rulec.backends.sql_text import NotInSqlError, Sql, anyone, everyone
from rulec.plan.tree import Applies, Const, Rule


@dataclass(frozen=True, slots=True)
class Giver:
    """A rule that may give an outcome a value, in SQL.

    `title`: the rule's; of a table (`is_table`), the list of those of its rows. `ways`: the conditions (never NULL)
    under which a value is possible, and it. `sure`: whether the rule certainly gives one. `clash`: whether its value is
    not known since rows of the table contradict each other.
    """

    title: str
    ways: Sequence[tuple[str, Sql]]
    sure: str
    is_table: bool = False
    clash: str = "FALSE"

    @property
    def possible(self) -> str:
        """Whether it may give a value."""
        return anyone([way for way, _ in self.ways])


def unless_of(number: int) -> str:
    """The column of what silences a rule."""
    return f"u{number}"


def branch_of(number: int, at: int) -> str:
    """The column of the condition of a branch."""
    return f"c{number}_{at}"


def open_ways(rule: Rule, number: int, silenced: Sequence[str]) -> list[str]:
    """For each branch, whether the rule may go that way. `silenced`: in SQL, what else silences it."""
    blocked = [f"{each} IS NOT TRUE" for each in _blocks(rule, number, silenced)]
    found = []
    for at in range(len(rule.branches)):
        before = [f"{branch_of(number, each)} IS NOT TRUE" for each in range(at)]
        found.append(everyone([*blocked, f"{branch_of(number, at)} IS NOT FALSE", *before]))
    return found


def is_sure(rule: Rule, number: int, keys: Sequence[str], silenced: Sequence[str]) -> str:
    """Whether the rule certainly goes a way, and only such as give one of the keys."""
    blocked = [f"{each} IS FALSE" for each in _blocks(rule, number, silenced)]
    taken = anyone([f"{branch_of(number, at)} IS TRUE" for at in range(len(rule.branches))])
    ways = open_ways(rule, number, ())
    others = [f"NOT {ways[at]}" for at in range(len(rule.branches)) if not gives(rule, at, keys)]
    return everyone([*blocked, taken, *others])


def applies(rule: Rule, number: int, asked: Applies, silenced: Sequence[str]) -> str:
    """Whether a rule applies for one of the keys: NULL where that is not known."""
    if len(asked.keys) > 1 and silenced:  # each key may be silenced for itself
        raise NotInSqlError(asked)
    ways = open_ways(rule, number, silenced)
    possible = anyone([way for at, way in enumerate(ways) if gives(rule, at, asked.keys)])
    return f"CASE WHEN {is_sure(rule, number, asked.keys, silenced)} THEN TRUE WHEN NOT {possible} THEN FALSE END"


def gives(rule: Rule, at: int, keys: Sequence[str]) -> bool:
    """Whether a branch gives one of the outcomes."""
    return any(give.outcome in keys for give in rule.branches[at].gives)


def _blocks(rule: Rule, number: int, silenced: Sequence[str]) -> list[str]:
    own = [unless_of(number)] if rule.unless != Const(False) else []
    return [*own, *silenced]
