"""Tokens in, one statement's ast out: Lark's LALR parser over `grammar/rules.lark`."""

from collections.abc import Iterator
from functools import cache
from typing import Any, cast

from lark import Lark
from lark.exceptions import UnexpectedToken
from lark.lexer import Lexer

from rulec import resources
from rulec.syntax import ast
from rulec.syntax.build_declarations import BuildAll
from rulec.syntax.tokens import Token

MAX_TOKENS = 100_000  # of one statement


class _Given(Lexer):
    """The tokens are made before: hand them over."""

    def __init__(self, _conf: Any) -> None:
        """Lark wants the configuration to be taken."""

    def lex(self, lexer_state: Any, parser_state: Any = None) -> Iterator[Any]:
        """The tokens, one after the other."""
        return iter(lexer_state)


@cache
def parser() -> Lark:
    """The parser, made once; its tables are kept in the user's cache, where there is one."""
    kept = resources.cache_file("rules.lark.cache")
    return Lark(
        resources.read("grammar/rules.lark"), parser="lalr", lexer=_Given, transformer=BuildAll(), start="start",
        cache=str(kept) if kept else False,
    )  # fmt: skip


class SentenceError(Exception):
    """A statement that the grammar does not cover: where it stops, and which kinds could have come there."""

    def __init__(self, at: int, cause: UnexpectedToken) -> None:
        super().__init__(at)
        self.at = at
        self.cause = cause

    @property
    def expected(self) -> frozenset[str]:
        """The kinds of token that could have come; finding them takes as long as reading the statement."""
        return frozenset(self.cause.accepts or self.cause.expected)


def parse_tokens(tokens: list[Token]) -> ast.Statement:
    """The ast of a statement; raises `SentenceError` (with the number of tokens where it stands at the end)."""
    try:
        statement: Any = parser().parse(cast(str, tokens))  # our lexer takes tokens
    except UnexpectedToken as error:
        at = next((i for i, token in enumerate(tokens) if token is error.token), len(tokens))
        raise SentenceError(at, error) from None
    return cast(ast.Statement, statement)
