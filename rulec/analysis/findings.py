"""What the checks find: a code, the places, the case that shows it."""

from datetime import date

from rulec.plan.tree import Definition, Expr, Promise, Rule, Table
from rulec.runtime.plain import Plain, plain


@plain
class At(Plain):
    """A branch of a rule, or a row of a table, by its number from 1; the whole statement for 0, as of a
    promise or a definition."""

    statement: Rule | Table | Promise | Definition
    number: int = 0


@plain
class Case(Plain):
    """Facts by path, as `runtime.types` holds them, and the date of the decision where it counts."""

    facts: tuple[tuple[str, object], ...]
    at: date | None


@plain
class Finding(Plain):
    """One finding. `outcome`: the key of the outcome or action that it is about ("" none), `rival`: of another action.

    `part`: the condition that it is about, where it is not the whole statement; `beside`: those that settle it.
    `count`: of how many statements it is said; `told`: of which findings there are more. `declared`: whether the
    declaration of the outcome is shown too.
    """

    code: str
    at: At
    other: At | None = None
    outcome: str = ""
    case: Case | None = None
    rival: str = ""
    part: Expr | None = None
    beside: tuple[Expr, ...] = ()
    count: int = 0
    told: str = ""
    declared: bool = False
