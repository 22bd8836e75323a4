"""A statement's words in, the parameters of what it defines out: « Le tarif pour une distance (en km) est … »."""

from collections.abc import Sequence

from rulec.diagnostics import Diagnostics
from rulec.runtime.plain import Plain, plain
from rulec.source import Source
from rulec.syntax import ast
from rulec.syntax.grammar import SentenceError, parse_tokens
from rulec.syntax.lex_declarations import lex_declaration
from rulec.syntax.tokens import Item, Token
from rulec.syntax.words import words
from rulec.tree import Span


@plain
class Said(Plain):
    """The words of each parameter; the first is at the place `at` among the items, what follows them at `end`."""

    parts: tuple[tuple[Item, ...], ...]
    at: int
    end: int

    @property
    def between(self) -> tuple[int, int]:
        """Where they stand in the text."""
        return self.parts[0][0].start, self.parts[-1][-1].end


def parameters_in(source: Source, items: Sequence[Item]) -> Said | None:
    """The parameters that stand between a name and its « est »; None without any."""
    keywords, keys = words(source.language).keywords, [item.key if item.kind == "WORD" else "\0" for item in items]

    def kinds(at: int) -> set[str]:
        found = keywords.longest(keys, at, frozenset()) if at < len(items) else None
        return {keyword.kind for keyword in found[1]} if found else set()

    first = next((at for at in range(len(items)) if items[at].kind not in ("WORD", "KEY") or kinds(at) & _STOP), 0)
    if not first or "FOR" not in kinds(first):
        return None
    parts, at = list[tuple[Item, ...]](), first
    while at == first or "AND" in kinds(at) or (at < len(items) and items[at].payload == ","):
        start = at + 2 if at > first and "FOR" in kinds(at + 1) else at + 1
        end = _end(items, start)
        if end is None:
            return None
        parts.append(tuple(items[start:end]))
        at = end
    return Said(tuple(parts), first, at) if "IS" in kinds(at) else None


_STOP = frozenset({"FOR", "IS", "IF", "THEN", "UNLESS", "CMP"})


def _end(items: Sequence[Item], start: int) -> int | None:
    """Where « une distance (en km) [distance] » ends; None where something else stands there."""
    at = start
    while at < len(items) and items[at].kind == "WORD":
        at += 1
    if at == start or at == len(items) or items[at].payload != "(":
        return None
    close = next((end for end in range(at, len(items)) if items[end].payload == ")"), None)
    if close is None:
        return None
    return close + 2 if close + 1 < len(items) and items[close + 1].kind == "KEY" else close + 1


def declared_items(
    source: Source, parts: Sequence[tuple[Item, ...]], diagnostics: Diagnostics
) -> tuple[ast.Item, ...]:  # fmt: skip
    """What is declared of each parameter; nothing where an error was reported."""
    start, end = parts[0][0].start, parts[-1][-1].end
    listed = [Item("INDENT", "", start, start)]
    for part in parts:
        listed += [Item("ITEM", "", part[0].start, part[0].start), *part]
    listed.append(Item("DEDENT", "", end, end))
    place = Span(source.number, start, start)
    opening = [Token("KNOW", "", "KNOW", place), Token("COLON", "", ":", place)]
    try:
        statement = parse_tokens([*opening, *lex_declaration(source, listed, diagnostics)])
    except SentenceError:
        diagnostics.add("E385", Span(source.number, start, end), text=source.text[start:end])
        return ()
    assert isinstance(statement, ast.Declaration)
    return statement.items
