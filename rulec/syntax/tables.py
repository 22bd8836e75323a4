"""`grammar/rules.lark` in, the tables of its LALR parser out: Lark makes them once, the user's cache keeps them."""

from functools import cache
from typing import Any, NamedTuple

from rulec import resources

Row = dict[str, int]  # kind of word or production → the state that follows, or ~ the number of the rule that ends


class Tables(NamedTuple):
    """Plain values alone. `start`, `end`: states. `rules`: what each rule becomes."""

    states: dict[int, Row]
    start: int
    end: int
    rules: list[
        tuple[str, int, str, bool, list[int]]
    ]  # origin, parts, its name or "", one part is itself, spread parts


@cache
def tables() -> Tables:
    """The tables, made once."""
    text = resources.read("grammar/rules.lark")
    return Tables(*resources.kept("rules", text, ("syntax/tables.py",), lambda: tuple(_made(text))))


def _made(text: str) -> Tables:
    from lark import Lark  # slow to import, and needed once a grammar
    from lark.lexer import Lexer
    from lark.parsers.lalr_analysis import Shift

    class Given(Lexer):  # the words are told apart before
        def __init__(self, _conf: Any) -> None: ...

        def lex(self, lexer_state: Any, parser_state: Any) -> Any: ...

    table = Lark(text, parser="lalr", lexer=Given, start="start").parser.parser.parser.parse_table
    found = {arg: None for row in table.states.values() for action, arg in row.values() if action is not Shift}
    number = {rule: at for at, rule in enumerate(found)}
    states = {
        state: {str(kind): arg if action is Shift else ~number[arg] for kind, (action, arg) in row.items()}
        for state, row in table.states.items()
    }
    return Tables(states, table.start_states["start"], table.end_states["start"], [_rule(each) for each in found])


def _rule(rule: Any) -> tuple[str, int, str, bool, list[int]]:
    origin = str(rule.origin.name)
    name = "" if origin.startswith("_") else str(rule.alias or origin)
    spread = [at for at, part in enumerate(rule.expansion) if part.name.startswith("_")]
    return origin, len(rule.expansion), name, bool(rule.options.expand1 and not rule.alias), spread
