"""The items of a judgement in, tokens out: its head as a declaration, the rest with the words and names of rules.

« À l'appréciation : un client est mécontent, d'après son message « … » oui : « … » dans le doute : … »
"""

from collections.abc import Iterator, Sequence

from rulec.diagnostics import Diagnostics
from rulec.runtime.plain import Plain, plain
from rulec.source import Language, Source
from rulec.syntax.lex_declarations import lex_declaration
from rulec.syntax.lexer import Names, lex
from rulec.syntax.shape import Shaping, shape
from rulec.syntax.tokens import Item, Token
from rulec.syntax.words import words, words_for
from rulec.tree import Span

_LISTING = frozenset({"INDENT", "ITEM", "DEDENT"})


def is_judgement(items: Sequence[Item], language: Language) -> bool:
    """Whether a statement is a judgement: it says so before a colon."""
    at = _said(items, 0, "JUDGEMENT", language)
    return 0 < at < len(items) - 1 and items[at].payload == ":"


def lex_judged(source: Source, items: Sequence[Item], diagnostics: Diagnostics) -> list[Token]:
    """The tokens of what a judgement declares."""
    return _Lexer(source, diagnostics).head(_parts(items, source.language))


def lex_judgement(source: Source, items: Sequence[Item], names: Names, diagnostics: Diagnostics) -> list[Token]:
    """The tokens of all that a judgement says."""
    lexer, parts = _Lexer(source, diagnostics), _parts(items, source.language)
    return [*lexer.head(parts), *lexer.rest(parts, names)]


@plain
class _Parts(Plain):
    """The parts of a judgement, in order; each but `declared` starts with the words that open it, or is empty."""

    opening: tuple[Item, ...]
    declared: tuple[Item, ...]
    text: tuple[Item, ...]
    told: tuple[Item, ...]
    doubt: tuple[Item, ...]


def _parts(items: Sequence[Item], language: Language) -> _Parts:
    """The first « d'après » that no number follows ("from 0 to 10") says from what; « dans le doute : » comes last."""
    kept = tuple(item for item in items if item.kind not in _LISTING)
    start = _said(kept, 0, "JUDGEMENT", language) + 1
    doubts = [at for at in range(start, len(kept)) if _opens_doubt(kept, at, language)]
    end = doubts[0] if doubts else len(kept)
    text = next((at for at in range(start, end) if _opens_text(kept, at, language)), None)
    told = next((at for at in range(text or start, end) if kept[at].kind == "TEXT"), end)
    text = told if text is None else text
    return _Parts(kept[:start], kept[start:text], kept[text:told], kept[told:end], kept[end:])


def _opens_text(items: Sequence[Item], at: int, language: Language) -> bool:
    end = _said(items, at, "ACCORDING", language)
    return 0 < end < len(items) and items[end].kind != "LIT"


def _opens_doubt(items: Sequence[Item], at: int, language: Language) -> bool:
    end = _said(items, at, "IN_DOUBT", language)
    return 0 < end < len(items) and items[end].payload == ":"


def _said(items: Sequence[Item], at: int, kind: str, language: Language) -> int:
    """Where the words of a kind that stand at a place end, or 0."""
    keys = [item.key if item.kind == "WORD" else "\0" for item in items[at : at + 6]]
    found = words_for("judging", language).keywords.longest(keys, 0, words(language).articles)
    return at + found[0] if found and any(keyword.kind == kind for keyword in found[1]) else 0


@plain
class _Lexer(Plain):
    source: Source
    diagnostics: Diagnostics

    def head(self, parts: _Parts) -> list[Token]:
        """« À l'appréciation : un client est mécontent »."""
        opening = [self._token("JUDGEMENT", parts.opening[:-1]), self._token("COLON", parts.opening[-1:])]
        declared = parts.declared[:-1] if parts.declared and parts.declared[-1].payload == "," else parts.declared
        verb = next((at for at in range(len(declared)) if self._is_verb(declared, at)), None)
        if verb is None:
            return [*opening, *self._names(declared)]
        end = self._verb_end(declared, verb)
        is_ = self._token("IS", declared[verb:end])
        return [*opening, *self._names(declared[:verb]), is_, *self._names(declared[end:])]

    def _is_verb(self, items: Sequence[Item], at: int) -> bool:
        return items[at].kind == "WORD" and self._verb_end(items, at) > at

    def _verb_end(self, items: Sequence[Item], at: int) -> int:
        keys = [item.key if item.kind == "WORD" else "\0" for item in items[at : at + 1]]
        found = words(self.source.language).keywords.longest(keys, 0, frozenset())
        return at + found[0] if found and any(keyword.kind == "IS" for keyword in found[1]) else at

    def _names(self, items: Sequence[Item]) -> list[Token]:
        """Names as an item of a declaration has them."""
        if not items:
            return []
        bullet = Item("ITEM", "", items[0].start, items[0].start)
        return lex_declaration(self.source, [bullet, *items], self.diagnostics)[1:]

    def rest(self, parts: _Parts, names: Names) -> Iterator[Token]:
        """The text that it is made from, what it means, texts with their answers, what is done in doubt."""
        language = self.source.language
        if parts.text:
            end = _said(parts.text, 0, "ACCORDING", language)
            yield self._token("ACCORDING", parts.text[:end])
            yield from self._ruled(parts.text[end:], names)
        yield from self._examples(parts.told)
        if parts.doubt:
            end = _said(parts.doubt, 0, "IN_DOUBT", language)
            yield self._token("IN_DOUBT", parts.doubt[:end])
            yield self._token("COLON", parts.doubt[end : end + 1])
            yield from self._ruled(parts.doubt[end + 1 :], names, opening="THEN")

    def _examples(self, items: Sequence[Item]) -> Iterator[Token]:
        """Quoted texts, and answers up to their colons."""
        at = 0
        while at < len(items):
            if items[at].kind != "WORD" and items[at].kind != "LIT":
                kind = {"TEXT": "TEXT", ":": "COLON", ",": "COMMA"}.get(items[at].key, "SIGN")
                kind = "TEXT" if items[at].kind == "TEXT" else kind
                if items[at].payload != ".":
                    yield self._token(kind, items[at : at + 1], items[at].payload)
                at += 1
                continue
            end = next((i for i in range(at, len(items)) if items[i].kind not in ("WORD", "LIT")), len(items))
            yield self._token("ANSWER", items[at:end], self._answer(items[at:end]))
            at = end

    def _answer(self, items: Sequence[Item]) -> str:
        """yes, no, or the value as it is written."""
        known = words(self.source.language).declarations.longest([item.key for item in items], 0, frozenset())
        kinds = {keyword.kind for keyword in known[1]} if known and known[0] == len(items) else set()
        said = self.source.text[items[0].start : items[-1].end]
        return "yes" if "YES" in kinds else "no" if "NO" in kinds else said

    def _ruled(self, items: Sequence[Item], names: Names, opening: str = "") -> list[Token]:
        """Tokens as rules have them. `opening`: what would stand before them there."""
        tokens = lex(self.source, items, names, self.diagnostics)
        before = [Token(opening, opening.lower(), opening, tokens[0].span)] if opening and tokens else []
        return shape([*before, *tokens], Shaping(self.source, names.inferring, self.diagnostics))[len(before) :]

    def _token(self, kind: str, items: Sequence[Item], payload: object = None) -> Token:
        span = Span(self.source.number, items[0].start, items[-1].end)
        return Token(kind, self.source.cut(span), kind if payload is None else payload, span)
