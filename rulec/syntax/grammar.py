"""Tokens in, one statement's ast out: an LALR parser over the tables that Lark makes of `grammar/rules.lark`."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, cast

from rulec.syntax import ast
from rulec.syntax.build_declarations import BuildAll
from rulec.syntax.tables import tables
from rulec.syntax.tokens import Token

MAX_TOKENS = 100_000  # of one statement
_END = "$END"
Make = Callable[[list[Any]], Any]
Rule = tuple[str, int, Make | None]  # origin, parts, what it makes of them; None: its one part is itself


class SentenceError(Exception):
    """A statement that the grammar does not cover: where it stops, and which kinds could have come there."""

    def __init__(self, at: int, states: list[int]) -> None:
        super().__init__(at)
        self.at = at
        self.states = states

    @property
    def expected(self) -> frozenset[str]:
        """The kinds of token that could have come."""
        row, mute = tables().states[self.states[-1]], [(origin, size, None) for origin, size, *_ in tables().rules]
        return frozenset(
            kind for kind in row if kind.isupper() and _advance(self.states.copy(), [], kind, mute) is not None
        )


def parse_tokens(tokens: Sequence[Token]) -> ast.Statement:
    """The ast of a statement; raises `SentenceError` (with the number of tokens where it stands at the end)."""
    states, values, rules = [tables().start], list[Any](), _rules()
    for at, token in enumerate(tokens):
        state = _advance(states, values, token.type, rules)
        if state is None:
            raise SentenceError(at, states)
        states.append(state)
        values.append(token)
    if _advance(states, values, _END, rules) is None:
        raise SentenceError(len(tokens), states)
    return cast(ast.Statement, values[-1])


def _advance(states: list[int], values: list[Any], kind: str, rules: Sequence[Rule]) -> int | None:
    """Ends the rules that end before a kind of token; the state that follows it, None where it cannot come."""
    rows, _, end, _ = tables()
    while (then := rows[states[-1]].get(kind)) is not None and then < 0:
        origin, size, make = rules[~then]
        if make is not None:
            at = len(values) - size
            values[at:] = [make(values[at:])]
        del states[len(states) - size :]
        states.append(rows[states[-1]][origin])
        if states[-1] == end and kind == _END:
            return end
    return then


@cache
def _rules() -> list[Rule]:
    """What each rule makes of its parts."""
    build = BuildAll()
    return [
        (origin, size, None if single and size == 1 and not spread else _make(build, name, single, spread))
        for origin, size, name, single, spread in tables().rules
    ]


def _make(build: BuildAll, name: str, single: bool, spread: list[int]) -> Make:
    """The production, its parts spread out first where they are lists (`x*`), which have no name."""
    named: Make = getattr(build, name) if name else list
    make: Make = (lambda parts: parts[0] if len(parts) == 1 else named(parts)) if single else named
    return (lambda parts: make(_spread(parts, spread))) if spread else make


def _spread(parts: list[Any], which: list[int]) -> list[Any]:
    flat = parts[0] if which[0] == 0 else []
    for at, part in enumerate(parts):
        if at not in which:
            flat.append(part)
        elif at:
            flat += part
    return flat
