"""An effect while its clause is read."""

from dataclasses import field

from rulec.runtime.plain import changing
from rulec.semantics import model
from rulec.semantics.groups import Group
from rulec.syntax import ast
from rulec.tree import Span


@changing
class Making:
    """What is known of it so far: what it is for, and all that is said of it."""

    span: Span
    outcome: model.OutcomeTerm | None = None
    action: model.ActionTerm | None = None
    value: ast.Operand | None = None
    forbids: bool = False
    increases: bool = False
    per: ast.Ref | None = None
    yes: bool | None = None
    base: ast.Ref | None = None
    limits: list[tuple[str, ast.Operand]] = field(default_factory=list)
    rounding: str = ""  # how, or nearest, up or down to a multiple of `step`
    step: ast.Value | None = None
    parameters: list[tuple[str, model.Value]] = field(default_factory=list)
    conditions: list[model.Condition] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    gift: Span | None = None  # what is said to be given to the groups
    circumstances: list[Span] = field(default_factory=list)  # where conditions are said after the effect
    joined: str = ""
    several: bool = False  # one of several cases
