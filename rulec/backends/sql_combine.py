"""An outcome and what each rule may give it in, SQL for what becomes of it out.

As in `runtime.combine`, it is settled where every way that the rules may go gives the same.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rulec.backends.sql_dialects import Dialect, Titles
from rulec.backends.sql_rules import Giver
from rulec.backends.sql_text import anyone, everyone, extreme, total

MANY = 60  # ways: rules that must agree are compared two by two


@dataclass(frozen=True, slots=True)
class Settled:
    """When an outcome is decided and with what value, when rules contradict each other, which rules are named.

    `clash`: whether what keeps it open is that rows of a table contradict each other.
    """

    decided: str
    value: str
    fired: Titles
    conflict: str = "FALSE"
    clash: str = "FALSE"


@dataclass(frozen=True, slots=True)
class Task:
    """An outcome's givers, their values alike; `default`: in SQL, None where there is none."""

    dialect: Dialect
    givers: Sequence[Giver]
    default: str | None

    @property
    def sure(self) -> str:
        """Whether one rule certainly gives a value."""
        return anyone([giver.sure for giver in self.givers])

    @property
    def nothing(self) -> str:
        """Whether no rule may give a value."""
        return f"NOT {anyone([giver.possible for giver in self.givers])}"

    def values(self, givers: Sequence[Giver]) -> list[str]:
        """The possible values, NULL for the others."""
        return [f"CASE WHEN {way} THEN {value.text} END" for giver in givers for way, value in giver.ways]

    def known(self, givers: Sequence[Giver]) -> str:
        """Whether all the possible values are known."""
        ways = [each for giver in givers for each in giver.ways if not each[1].constant]
        return everyone([f"NOT ({way} AND {value.text} IS NULL)" for way, value in ways])

    def named(self, condition: Callable[[Giver], str]) -> Titles:
        """The rules under a condition."""
        return [(giver.title, condition(giver), giver.is_table) for giver in self.givers]

    def clash(self, givers: Sequence[Giver]) -> str:
        """Whether one of these tables may give a value on which its rows contradict each other."""
        return anyone([everyone([giver.possible, giver.clash]) for giver in givers if giver.is_table])

    def ends(self, givers: Sequence[Giver]) -> tuple[str, str]:
        """The least and the greatest of the possible values."""
        values = self.values(givers)
        return extreme("LEAST", values), extreme("GREATEST", values)

    def alone(self, giver: Giver, value: str) -> str:
        """Whether a rule certainly gives that value."""
        low, high = self.ends([giver])
        return everyone([giver.sure, self.known([giver]), f"{low} = {value}", f"{high} = {value}"])


def first(task: Task) -> Settled:
    """The first rule wins: those before the first sure one, and it, must give the same."""
    at = extreme("LEAST", [f"CASE WHEN {giver.sure} THEN {n} END" for n, giver in enumerate(task.givers)])
    reached = [
        replace(giver, ways=[(f"({way} AND {n} <= COALESCE({at}, {n}))", told) for way, told in giver.ways])
        for n, giver in enumerate(task.givers)
    ]  # fmt: skip
    fired = [(giver.title, f"COALESCE({at} = {n}, FALSE)", giver.is_table) for n, giver in enumerate(task.givers)]
    return Settled(*_same(task, reached), fired, clash=task.clash(reached))


def _same(task: Task, givers: Sequence[Giver]) -> tuple[str, str]:
    """Whether all the possible values are the same, and so is the default where no rule is sure; and that value."""
    low, high = task.ends(givers)
    default = f"{low} = {task.default}" if task.default is not None else "FALSE"
    decided = everyone([task.known(givers), f"{low} = {high}", anyone([task.sure, default])])
    return decided, low


def greatest(task: Task, high: bool) -> Settled:
    """The highest (lowest) wins."""
    strong, weak = ("GREATEST", "LEAST") if high else ("LEAST", "GREATEST")
    best = extreme(strong, task.values(task.givers))
    floors = [f"CASE WHEN {giver.sure} THEN {extreme(weak, task.values([giver]))} END" for giver in task.givers]
    same, _ = _same(task, task.givers)
    above = everyone([task.known(task.givers), f"{extreme(strong, floors)} = {best}"])
    fired = task.named(lambda giver: task.alone(giver, best))
    return Settled(anyone([above, same]), best, fired, clash=task.clash(task.givers))


def agree(task: Task) -> Settled:
    """All must agree; where the sure ones have no value in common, they contradict each other anyway."""
    decided, value = _same(task, task.givers)
    ways = [(way, each) for giver in task.givers for way, each in giver.ways]
    shared = []
    for way, each in ways:
        among = [
            anyone([f"NOT {giver.sure}", f"NOT {task.known([giver])}",
                    *(f"({other} AND {same.text} = {each.text})" for other, same in giver.ways)])
            for giver in task.givers
        ]  # fmt: skip
        shared.append(everyone([way, *among]))
    settled = [everyone([giver.sure, task.known([giver])]) for giver in task.givers]
    conflict = everyone([anyone(settled), f"NOT {anyone([f'COALESCE({each}, FALSE)' for each in shared])}"])
    return Settled(decided, value, task.named(lambda giver: giver.sure), conflict, task.clash(task.givers))


def single(task: Task) -> Settled:
    """One rule alone may apply."""
    may = total([f"CASE WHEN {giver.possible} THEN 1 ELSE 0 END" for giver in task.givers], "0")
    sure = total([f"CASE WHEN {giver.sure} THEN 1 ELSE 0 END" for giver in task.givers], "0")
    decided, value = _same(task, task.givers)
    fired = task.named(lambda giver: giver.sure)
    clash = anyone([
        everyone([task.clash([giver]), *(f"NOT {other.sure}" for other in task.givers if other is not giver)])
        for giver in task.givers
    ])  # fmt: skip
    return Settled(everyone([f"{may} = 1", decided]), value, fired, f"{sure} > 1", clash)


def added(task: Task) -> Settled:
    """All values add up; a rule that gives none adds as much as one that gives zero, where another one gives some."""
    zero = task.dialect.whole(0)
    ends = [_share(task, giver, zero) for giver in task.givers]
    known = [f"{low} = {high}" for low, high in ends]
    sums = total([f"COALESCE({low}, {zero})" for low, _ in ends], zero)
    may = total([f"CASE WHEN {giver.possible} THEN 1 ELSE 0 END" for giver in task.givers], "0")
    same, alone = _same(task, task.givers)
    with_zero = anyone([task.sure, f"{task.default} = {zero}" if task.default is not None else "FALSE"])
    all_known = everyone([task.known(task.givers), *known, with_zero])
    decided = anyone([all_known, everyone([f"{may} = 1", same])])
    value = f"CASE WHEN {all_known} THEN {sums} ELSE {alone} END"
    return Settled(decided, value, task.named(lambda giver: giver.sure), clash=task.clash(task.givers))


def _share(task: Task, giver: Giver, zero: str) -> tuple[str, str]:
    """The least and the greatest that a rule may add."""
    none = f"CASE WHEN NOT {giver.sure} THEN {zero} END"
    values = [*task.values([giver]), none]
    return extreme("LEAST", values), extreme("GREATEST", values)


POLICIES: dict[str, Callable[[Task], Settled]] = {
    "any": agree,
    "unique": single,
    "first": first,
    "max": lambda task: greatest(task, True),
    "min": lambda task: greatest(task, False),
    "sum": added,
}
