"""The items of an example in, tokens out: « étant donné … » and « alors … » are read each with its own words."""

from collections.abc import Sequence

from rulec.diagnostics import Diagnostics
from rulec.runtime.plain import Plain, plain
from rulec.source import Language, Source
from rulec.syntax.lexer import Names, lex
from rulec.syntax.scan import report_yearless
from rulec.syntax.shape import Shaping, shape
from rulec.syntax.tokens import Item, Token
from rulec.syntax.words import words_for
from rulec.tree import Span

_ARROWS = frozenset({"→", "⇒", "=>", "->"})
_LISTING = frozenset({"INDENT", "DEDENT", "ITEM", "COLON"})


def is_example(items: Sequence[Item], language: Language) -> bool:
    """Whether a statement is an example: it says so, with a title or with what an example holds."""
    at = _said(items, 0, "EXAMPLE", language)
    if not at or at == len(items):
        return False
    if items[at].kind == "TEXT":
        return True
    if items[at].payload != ":" or at + 1 == len(items):
        return False
    after = items[at + 1]
    opens = any(_said(items, at + 1, kind, language) for kind in ("ASSUMING", "THEN"))
    return opens or after.kind == "TABLE"


def report_ungiven(source: Source, items: Sequence[Item], names: Names, diagnostics: Diagnostics) -> bool:
    """Report « Exemple : une commande de 620 € donne 10 % », which does not say what is given; whether it was one."""
    at = _said(items, 0, "EXAMPLE", source.language)
    meant = 0 < at < len(items) and items[at].payload == ":"
    if not meant or names.declared.longest([items[0].key], 0, frozenset()):
        return False
    diagnostics.add("E765", Span(source.number, items[0].start, items[-1].end))
    return True


def lex_example(source: Source, items: Sequence[Item], names: Names, diagnostics: Diagnostics) -> list[Token]:
    """The tokens of an example; a table stays one token, with its rows."""
    return _Lexer(source, names, diagnostics).tokens(items)


def lex_cell(
    source: Source, items: Sequence[Item], part: str, names: Names, diagnostics: Diagnostics
) -> list[Token]:  # fmt: skip
    """The tokens of a cell, or of a head (`part`: cell, head)."""
    return _Lexer(source, names, diagnostics).shaped(items, part)


def given_in(items: Sequence[Item], language: Language) -> tuple[int, int]:
    """Where what an example gives begins, after « étant donné » (0: it does not say so), and where its « alors » is."""
    start = _said(items, 0, "EXAMPLE", language)
    while start < len(items) and (items[start].kind == "TEXT" or items[start].payload == ":"):
        start += 1
    begin = _said(items, start, "ASSUMING", language)
    then = (at for at in range(begin or start, len(items)) if is_then(items, at, language))
    return begin, next(then, len(items))


def is_then(items: Sequence[Item], at: int, language: Language) -> int:
    """Where a « alors » that stands at a place ends, or 0."""
    if items[at].kind == "SIGN" and items[at].payload in _ARROWS:
        return at + 1
    return _said(items, at, "THEN", language)


@plain
class _Lexer(Plain):
    source: Source
    names: Names
    diagnostics: Diagnostics

    def tokens(self, items: Sequence[Item]) -> list[Token]:
        report_yearless(self.source, items, self.diagnostics)
        start = _said(items, 0, "EXAMPLE", self.source.language)
        out = [self._token("EXAMPLE", items[:start])]
        while start < len(items) and (items[start].kind == "TEXT" or items[start].payload == ":"):
            out.append(self._token("TEXT" if items[start].kind == "TEXT" else "COLON", items[start : start + 1]))
            start += 1
        begin, then = given_in(items, self.source.language)
        if begin:
            out.append(self._token("ASSUMING", items[start:begin]))
        given = items[begin or start : then]
        if given and given[0].kind == "HISTORY":
            out.append(Token("HISTORY", "", given[0].payload, Span(self.source.number, given[0].start, given[0].end)))
        else:
            out += self.given(given) if begin else self.shaped(given, "given")
        if then < len(items):
            end = is_then(items, then, self.source.language)
            out += [self._token("THEN", items[then:end]), *self.shaped(items[end:], "expected")]
        return out

    def given(self, items: Sequence[Item]) -> list[Token]:
        """What is given: facts, then « et les lignes : » with their table."""
        out: list[Token] = []
        start = 0
        for at, item in enumerate(items):
            if item.kind == "TABLE":
                out += [*self._listed(items[start:at]), self._token("TABLE", items[at : at + 1])]
                start = at + 1
        return [*out, *self.shaped(items[start:], "given")]

    def _listed(self, items: Sequence[Item]) -> list[Token]:
        """« … et les lignes : »: the facts before it, and the name of the list."""
        joins = [at for at in range(len(items)) if items[at].payload == "," or self._joins(items, at)]
        last = joins[-1] if joins else -1
        opening = items[max(last, 0) : last + 1] or items[:1]
        named = [item for item in items[last + 1 :] if item.payload != ":"]
        place = self._token("ROWS_OF", opening).span if opening else Span(self.source.number)
        return [*self.shaped(items[: max(last, 0)], "given"), Token("ROWS_OF", "", "ROWS_OF", place),
                *self.shaped(named, "given")]  # fmt: skip

    def _joins(self, items: Sequence[Item], at: int) -> bool:
        return _said(items, at, "AND", self.source.language) > 0

    def shaped(self, items: Sequence[Item], part: str) -> list[Token]:
        """The tokens of a part, the lines of a list joined by « et »."""
        known = words_for(part, self.source.language)
        tokens = _unlisted(lex(self.source, items, self.names, self.diagnostics, known))
        opening = [Token("THEN", "then", "THEN", tokens[0].span)] if part in ("expected", "cell") and tokens else []
        return shape([*opening, *tokens], Shaping(self.source, self.names.inferring, self.diagnostics))[len(opening) :]

    def _token(self, kind: str, items: Sequence[Item]) -> Token:
        span = Span(self.source.number, items[0].start, items[-1].end)
        held = items[0].payload if kind in ("TEXT", "TABLE") else kind
        return Token(kind, self.source.cut(span), held, span)


def _said(items: Sequence[Item], at: int, kind: str, language: Language) -> int:
    """Where the words of a kind that stand at a place end, or 0."""
    if at >= len(items) or items[at].kind != "WORD":
        return 0
    keys = [item.key if item.kind == "WORD" else "\0" for item in items[at : at + 6]]
    found = words_for("opening", language).keywords.longest(keys, 0, frozenset())
    return at + found[0] if found and any(keyword.kind == kind for keyword in found[1]) else 0


def _unlisted(tokens: Sequence[Token]) -> list[Token]:
    """« étant donné : - … - … »: one fact a line."""
    out: list[Token] = []
    for token in tokens:
        if token.type == "COMMA" and not out:  # « étant donné, le 3 mars, … »
            continue
        if token.type == "ITEM" and out:
            out.append(Token("AND", "", "AND", token.span))
        elif token.type not in _LISTING:
            out.append(token)
    return out
