"""Items in, tokens out, for declarations: names are being made, so words are names unless in their place."""

from collections.abc import Sequence
from functools import cache

from rulec.diagnostics import Diagnostics, Fix
from rulec.runtime.literals import Literal
from rulec.runtime.plain import changing
from rulec.source import Language, Source
from rulec.syntax.declared_forms import as_declared
from rulec.syntax.fold import fold, one_spaced
from rulec.syntax.tokens import Item, Token
from rulec.syntax.words import Keyword, words
from rulec.tree import Span

_SIGNS = {"-": "MINUS", "−": "MINUS", ",": "COMMA", ":": "COLON", "(": "LPAR", ")": "RPAR", ".": "DOT", ";": "COMMA"}
_HEAD = frozenset({"HAS", "IS_A", "WHO_HAS", "KNOW", "HAPPENS", "DECIDE", "CAN", "EACH", "ARE", "INCLUDE", "LANGUAGE",
                   "USE", "LANGUAGE_NAME", "AND"})  # fmt: skip
_START = frozenset({"CAN_BE", "IT"})
_NAMED = frozenset({"AMONG", "OR", "AND"})
_SAID = frozenset({
    "MAIN", "OPTIONAL", "ALSO", "COMBINE", "BY_DEFAULT", "IN_ORDER", "WITH", "AT_LEAST", "AT_MOST", "YES", "NO",
    "REFUSED", "PLURAL", "IN_OTHER", "AMONG", "REQUIRED",
})  # fmt: skip
_PARTITIVES = {"fr": frozenset({"des", "du"}), "en": frozenset({"some"})}
_INSIDE = frozenset(
    {"TYPE", "IN", "LIST_OF", "LIST", "ONE_ONLY", "OPTIONAL", "PLURAL", "IN_OTHER", "AT_LEAST", "AT_MOST",
     "REQUIRED"}
)  # fmt: skip


def declares(items: Sequence[Item], source: Source) -> bool:
    """Whether a statement declares names: its first line says so."""
    openers = _openers(source.language)
    keys = {item.key for item in items}
    if ":" not in keys and openers.isdisjoint(keys):
        return False
    tokens = _DeclarationLexer(source, _first_line(items)).tokens()
    kinds = [kind for kind in _heads(tokens) if kind != "KEY"]
    if not kinds:
        return False
    if kinds[0] in ("KNOW", "HAPPENS", "DECIDE", "CAN", "LANGUAGE"):
        return "COLON" in kinds
    if kinds[0] == "EACH":
        return "DECIDE" in kinds
    if kinds[0] == "USE":
        return kinds[1:] in (["NAME"], ["NAME", "DOT"])
    if kinds[0] != "NAME":
        return False
    if kinds[-1] == "COLON":
        return kinds[1:-1] == ["HAS"] or (kinds[1:2] == ["IS_A"] and kinds[-2] == "WHO_HAS")
    return kinds[1:2] in (["ARE"], ["INCLUDE"]) and bool({"COMMA", "AND"} & set(kinds)) and _plain_list(items, source)


def _heads(tokens: Sequence[Token]) -> list[str]:
    """The kinds of tokens without « (en anglais « customer ») »."""
    kinds = [token.type for token in tokens]
    if kinds[-1:] == ["COLON"] and "IN_OTHER" in kinds and "LPAR" in kinds and "RPAR" in kinds:
        return kinds[: kinds.index("LPAR")] + kinds[kinds.index("RPAR") + 1 :]
    return kinds


@cache
def _openers(language: Language) -> frozenset[str]:
    """The keys of the first words of what, without a colon, declares names."""
    found = words(language).declarations.root
    return frozenset(
        key for key, node in found.items() if any(each.kind in ("USE", "ARE", "INCLUDE", "EACH") for each in node.all())
    )


def _plain_list(items: Sequence[Item], source: Source) -> bool:
    """Whether nothing but names, commas and « et » stands in the statement: the values of a named set."""
    keywords = words(source.language).keywords
    keys = [item.key if item.kind == "WORD" else "\0" for item in items]
    bad = {
        "IF", "IS_NOT", "UNLESS", "THEN", "CMP", "NOT", "ROUNDED", "EXTREME", "FRACTION", "RAISED", "LOWERED", "FOR",
    }  # fmt: skip
    for at in range(len(items)):
        found = keywords.longest(keys, at, frozenset())
        if found and any(keyword.kind in bad for keyword in found[1]):
            return False
    return all(item.kind == "WORD" or item.payload in (",", ".") for item in items)


def _first_line(items: Sequence[Item]) -> Sequence[Item]:
    stop = next((i for i, item in enumerate(items) if item.kind == "INDENT"), len(items))
    return items[:stop]


def lex_declaration(source: Source, items: Sequence[Item], diagnostics: Diagnostics) -> list[Token]:
    """The tokens of a declaration."""
    tokens = _DeclarationLexer(source, items).tokens()
    kept = [_closed(token, source, diagnostics) for token in tokens if token.type != "DOT"]
    kept = as_declared(kept, source)
    return _distinct_lists([token for at, token in enumerate(kept) if not _idle_comma(kept, at)])


def _closed(token: Token, source: Source, diagnostics: Diagnostics) -> Token:
    """« Les pays lointains comprennent … »: a verb that does not say whether these are all."""
    if token.type != "INCLUDE":
        return token
    are = words(source.language).tables["declarations"]["ARE"][0]
    diagnostics.add("E446", token.span, fixes=(Fix(token.span, are),), term=token.text)
    return Token("ARE", token.text, "ARE", token.span)


def _distinct_lists(tokens: list[Token]) -> list[Token]:
    """« en liste (distincts) » is one mark."""
    out: list[Token] = []
    for token in tokens:
        out.append(token)
        kinds = [each.type for each in out[-4:]]
        if kinds == ["COMBINE", "LPAR", "NAME", "RPAR"] and fold(out[-2].text).startswith("distinct"):
            first = out[-4]
            out[-4:] = [Token("COMBINE", first.text, f"{first.payload}_distinct", first.span.to(token.span))]
    return out


def _idle_comma(tokens: list[Token], at: int) -> bool:
    after = tokens[at + 1].type if at + 1 < len(tokens) else ""
    return tokens[at].type == "COMMA" and after in ("", "ITEM", "DEDENT", "LPAR", "KEY", "OR", "AND", "AMONG")


@changing
class _DeclarationLexer:
    source: Source
    items: Sequence[Item]

    def tokens(self) -> list[Token]:
        self.words = words(self.source.language)
        self.keys = [item.key if item.kind in ("WORD", "LIT") or item.key == "/" else "\0" for item in self.items]
        self.out: list[Token] = []
        self.listed = self.inside = False
        self.context = _HEAD
        at = 0
        while at < len(self.items):
            at = self._next(at)
        return self.out

    def _next(self, at: int) -> int:
        item = self.items[at]
        if item.kind == "LIT" and not self._opens_name(at):
            return self._emit("VALUE", at, at + 1, item.payload)
        if item.kind == "SIGN":
            return self._sign(at)
        if item.kind not in ("WORD", "LIT"):
            if item.kind == "ITEM":
                self.context, self.listed, self.inside = _START, True, False
            return self._emit(item.kind, at, at + 1, item.payload)
        if found := self._keyword(at):
            end, keyword = found
            self._after(keyword)
            return self._emit(keyword.kind, at, end, keyword.value)
        return self._name(at)

    def _sign(self, at: int) -> int:
        sign = self.items[at].payload
        if sign == "(":
            self.inside = True
        elif sign == ")":
            self.inside = False
        if self.listed:
            self.context = _INSIDE if self.inside else _SAID if sign == "," else _NAMED
        else:
            self.context = _INSIDE if self.inside else _HEAD
        if sign not in _SIGNS and self.inside:
            return self._name(at)
        return self._emit(_SIGNS.get(sign, "SIGN"), at, at + 1, sign)

    def _after(self, keyword: Keyword) -> None:
        if keyword.kind == "COLON":
            self.listed = True
        if self.listed and not self.inside:
            self.context = _NAMED

    def _keyword(self, at: int) -> tuple[int, Keyword] | None:
        found = self.words.declarations.longest(self.keys, at, frozenset())
        if found is None:
            return None
        end, keywords = found
        for keyword in keywords:
            if self._in_place(keyword.kind, at, end):
                return end, keyword
        return None

    def _in_place(self, kind: str, at: int, end: int) -> bool:
        after = self.items[end] if end < len(self.items) else None
        if kind == "FROM":
            return after is not None and after.kind == "LIT" and bool(self.out)
        if kind == "TO":
            return bool(self.out) and self.out[-1].type == "VALUE"
        if kind == "BY_DEFAULT":
            return self.listed and (end - at > 1 or self.out[-1].type in ("COMMA", "VALUE"))
        if kind == "HAS":
            return not self.listed and after is not None and after.payload == ":"
        if kind in ("KNOW", "HAPPENS", "DECIDE", "CAN", "LANGUAGE", "USE", "EACH"):
            return not self.listed and (at == 0 or kind in ("DECIDE", "EACH"))
        if kind == "TYPE":
            return self.inside and self.out[-1].type in ("LPAR", "COMMA")
        return kind in self.context

    def _opens_name(self, at: int) -> bool:
        """« une heure de passage » is a name, though « une heure » alone is a duration."""
        first = self.source.text[self.items[at].start]
        return first.isalpha() and bool(self.out) and self.out[-1].type == "ITEM"

    def _name(self, at: int) -> int:
        start = at
        while start + 1 < len(self.items) and self._is_article(start) and self._goes_on(start + 1):
            start += 1
        end = start + 1
        while end < len(self.items) and self._goes_on(end):
            end += 1
        if self.listed and not self.inside:
            self.context = _NAMED
        text = one_spaced(self.source.text[self.items[start].start : self.items[end - 1].end])
        if self.items[start].kind == "LIT":
            text = text.partition(" ")[2]
        return self._emit("NAME", start, end, text)

    def _is_article(self, at: int) -> bool:
        item = self.items[at]
        partitive = item.kind == "WORD" and fold(item.payload) in _PARTITIVES[self.source.language]
        return partitive or self.keys[at] in self.words.articles

    def _goes_on(self, at: int) -> bool:
        item = self.items[at]
        if item.kind == "SIGN":
            return self.inside and item.payload not in ("(", ")", ",")
        if item.kind == "LIT":
            return self._numbers_name(at)
        before = self.context
        if self.listed and not self.inside:
            self.context = _NAMED
        named = item.kind == "WORD" and self._keyword(at) is None
        self.context = before
        return named

    def _numbers_name(self, at: int) -> bool:
        """Whether a number ends the name before it: « Zone 1 », but not « un poids de 5 » nor « 5 kg »."""
        literal, before = self.items[at].payload, self.items[at - 1]
        bare = isinstance(literal, Literal) and literal.kind == "number"
        return bare and before.kind == "WORD" and not self.inside and self._keyword(at - 1) is None

    def _emit(self, kind: str, start: int, end: int, payload: object) -> int:
        first, last = self.items[start], self.items[end - 1]
        span = Span(self.source.number, first.start, last.end)
        self.out.append(Token(kind, self.source.text[first.start : last.end], payload, span))
        return end
