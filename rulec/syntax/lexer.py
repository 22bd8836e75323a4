"""Items in, tokens out: words become keywords and terms, the longest first, a term on a tie."""

import re
from collections.abc import Sequence
from dataclasses import field, replace
from datetime import time
from decimal import Decimal

from rulec.diagnostics import Diagnostics, Fix
from rulec.runtime.literals import Literal, scan_literal
from rulec.runtime.plain import changing
from rulec.runtime.units import NUMBER_WORDS
from rulec.source import Source
from rulec.syntax.fold import exact, fold, stem
from rulec.syntax.lex_calendar import FURTHER, ONE, WORKED_DAYS, openers, stretch
from rulec.syntax.nearest import nearest
from rulec.syntax.phrases import Phrases
from rulec.syntax.tokens import Entry, Item, Token
from rulec.syntax.words import WHATEVER, Keyword, Words, words
from rulec.tree import Span

_SIGNS = {
    ",": "COMMA", ":": "COLON", "(": "LPAR", ")": "RPAR", "+": "PLUS", "-": "MINUS", "−": "MINUS", "–": "MINUS",
    "*": "TIMES", "×": "TIMES", "/": "DIVIDE", "÷": "DIVIDE", "^": "POWER", "→": "THEN", "⇒": "THEN", "=>": "THEN",
    "->": "THEN", ";": "COMMA", ".": "DOT", "%": "PERCENT",
}  # fmt: skip
_COMPARISONS = {">": "gt", ">=": "ge", "≥": "ge", "<": "lt", "<=": "le", "≤": "le", "=": "eq", "!=": "ne", "<>": "ne",
                "≠": "ne"}  # fmt: skip
_MOST_PAIRED = 40  # words between « à la fois » and « et »
_DURATION = "duration"
_BEFORE_DAYS = frozenset({"IS", "IS_NOT", "NOT", "OR", "COMMA", "COMMA_OR", "AND"})
_IT_IS = ("c'est", "it's", "s'agit de")
_POINT = "point"  # « 10 points de fidélité » are no points of a rate
_JOINS = frozenset({"IF", "THEN", "AND", "OR", "AND_OR", "COMMA", "COLON", "ELSE", "ELSE_IF", "UNLESS", "ITEM"})
_DENIES = frozenset({"NOT", "NE", "IS_NOT", "HAS_NOT", "IS_NEITHER", "NEITHER", "WITHOUT", "NOT_TERM"})
_CLOSES = frozenset({"SIGN", "ITEM", "DEDENT", "INDENT"})
_AROUND = frozenset({"within", "gt", "ON", "IN"})  # « dans les 12 derniers mois », "over the last 12 months"
_RENAMED = {
    "EXCEPT": "UNLESS", "IFF": "IF", "PLUS_WORD": "PLUS", "MINUS_WORD": "MINUS", "TIMES_WORD": "TIMES",
    "DIVIDED_WORD": "DIVIDE", "EARNS": "HAS", "PLANNED": "IS", "AHEAD": "CMP", "COSTS": "IS", "IS_AT": "IS",
    "ALL_FOLLOWING": "BLOCK",
    "NONE_FOLLOWING": "BLOCK", "ONE_FOLLOWING": "BLOCK", "JUDGED": "SEEMS", "NOT_JUDGED": "SEEMS_NOT",
}  # fmt: skip
_COST_NAMES = frozenset({"cout", "couts"})
_HOW_MUCH = frozenset({"plus", "moins", "à", "entre", "jusqu", "pas", "more", "less", "at", "over", "under", "up", "no",
                       "between"})  # fmt: skip
_BEFORE_TIMES = frozenset({"CMP", "TO", "UPPER", "BETWEEN", "IS", "IS_NOT", "AND", "OF"})
_BEFORE_VALUES = frozenset({
    "IS", "IS_NOT", "IS_NEITHER", "NEITHER", "NOR", "ONE_OF", "NOT_ONE_OF", "CMP", "OR", "COMMA",
})  # fmt: skip
_OPENING = frozenset({"COLON", "ITEM", "THEN", "INDENT", "DOT"})
_CALCULATING = frozenset({"POWER", "FIRST", "CHARACTERS", "FRACTION", "UPWARD"})
_ORDINAL = re.compile(r"0*([1-9]\d*)(?:er|e|st|nd|rd|th)")
_MEASURED = re.compile(r"(\d[\d.,\s]*?)\s*([^\W\d_]+)")
_ASKED_FOR = ("ask", "apply", "pay", "look", "wait", "call", "search")
_ASIDE = {"fr": ("hor",), "en": ("excluding",)}
_TAXES = ("tva", "vat", "tax")
_JOINING = {"fr": frozenset({"de", "à"}), "en": frozenset({"of", "to", "by"})}


@changing
class Names:
    """The names that a file may use: its declared terms, or, without any, each name as it is met."""

    declared: Phrases[Entry]
    inferring: bool
    known: tuple[str, ...] = ()  # what a wrong name is compared with
    met: dict[tuple[str, ...], str] = field(default_factory=dict)
    units: frozenset[str] = frozenset()  # units that the vocabulary declares: « CV »
    lists: frozenset[str] = frozenset()  # the keys that lists and their elements go by

    def entry(self, keys: tuple[str, ...], text: str) -> Entry:
        """The name made of these words, under the key of its first use."""
        return Entry(self.met.setdefault(keys, text), text)


def lex(
    source: Source, items: Sequence[Item], names: Names, diagnostics: Diagnostics, known: Words | None = None
) -> list[Token]:
    """The tokens of a statement that is no declaration. `known`: the words, where they are not those of rules."""
    return _Lexer(source, items, names, known or words(source.language), diagnostics).tokens()


@changing
class _Lexer:
    source: Source
    items: Sequence[Item]
    names: Names
    words: Words
    diagnostics: Diagnostics

    def tokens(self) -> list[Token]:
        self.keys = [item.key if item.kind in ("WORD", "LIT") or item.key == "/" else "\0" for item in self.items]
        for at, key in enumerate(self.keys):
            if key == "jamai" and "ne" in self.keys[max(0, at - 2) : at]:
                self.keys[at] = "pas"  # « ne paie jamais par carte »
        self.out: list[Token] = []
        self.shouting = not any(c.islower() for i in self.items if i.kind == "WORD" for c in i.payload)
        at, self.article = 0, False
        while at < len(self.items):
            at = self._word(at) if self.items[at].kind == "WORD" else self._other(at)
        return self.out

    def _payload(self, at: int) -> object:
        """What stands at a place; None past the end."""
        return self.items[at].payload if at < len(self.items) else None

    def _other(self, at: int) -> int:
        item = self.items[at]
        match item.kind:
            case "LIT":
                return self._literal(at)
            case "SIGN" if item.payload in _COMPARISONS:
                self._emit("CMP", at, at + 1, _COMPARISONS[item.payload])
            case "SIGN":
                self._emit(_SIGNS.get(item.payload, "SIGN"), at, at + 1, item.payload)
            case kind:
                self._emit(kind, at, at + 1, item.payload)
        return at + 1

    def _literal(self, at: int) -> int:
        """A literal, with the declared unit that follows it: « 3 CV »."""
        if end := self._window(at, at + 1) or self._stretch(at) or self._numbered(at):
            return end
        self._part_counted(at)
        literal, end = self.items[at].payload, at + 1
        if self._worked_day(literal, at):
            self._emit("CALENDAR", at, end, literal.unit)
            return end
        if isinstance(literal, Literal) and literal.kind == "number" and end < len(self.items):
            after = self.items[end]
            if after.kind == "WORD" and after.payload in self.names.units:
                literal, end = replace(literal, kind="quantity", unit=after.payload, end=after.end), end + 1
        self._emit("VALUE", at, end, literal)
        return end

    def _worked_day(self, literal: Literal | None, at: int) -> bool:
        """« est un jour ouvré » tells a day, « un jour ouvré après la livraison » how long."""
        if literal is None or literal.unit not in WORKED_DAYS or not self._text(at, at + 1)[0].isalpha():
            return False
        after = self.words.keywords.longest(self.keys, at + 1, self.words.articles)
        counted = after is not None and any(keyword.kind == "SHIFT" for keyword in after[1])
        return not counted and (not self.out or self.out[-1].type in ("IS", "IS_NOT", "OR", "COMMA"))

    def _part_counted(self, at: int) -> None:
        """« 12 mois travaillés » counts months worked, where these are declared: it is no duration."""
        item = self.items[at]
        parted = _MEASURED.fullmatch(self.source.text[item.start : item.end])
        if parted is None or not isinstance(item.payload, Literal):
            return
        start, language = item.start + parted.start(2), self.source.language
        unit = Item("WORD", stem(parted[2], language), start, item.end, parted[2])
        found = self.names.declared.longest([unit.key, *self.keys[at + 1 :]], 0, self.words.articles)
        number = scan_literal(parted[1], 0, language)
        counted = found is not None and found[0] > 1
        named = self.names.inferring and [unit.key, *self.keys[at + 1 : at + 2]] == [_POINT, "de"]
        named = named and any(each.kind == "WORD" for each in self.items[at + 2 : at + 3])
        if (counted or named) and isinstance(number, Literal):
            _look_at(item)
            held = replace(number, start=item.start, end=item.start + number.end)
            self.items = [
                *self.items[:at], Item("LIT", parted[1], held.start, held.end, held), unit, *self.items[at + 1 :],
            ]  # fmt: skip
            self.keys[at : at + 1] = [parted[1], unit.key]

    def _word(self, at: int) -> int:
        if self.keys[at] in ("'s", "'") and self.out:
            self._emit("POSS", at, at + 1, "POSS")
            return at + 1
        if end := self._window(at, at) or self._stretch(at) or self._point(at) or self._noon(at) or self._month(at):
            return end
        keyword = self.words.keywords.longest(self.keys, at, self.words.articles)
        term = self._declared(at)
        if keyword and keyword[1][0].kind in ("SPAN", "SINCE") and not self._dated(keyword[0]):
            keyword = None
        listing = self.words.lists.longest(self.keys, at, self.words.articles) if self.names.lists else None
        if keyword and self.names.lists and keyword[1][0].kind == "EXTREME":
            if self.out and (self.out[-1].type == "TERM" or self._counted_just_before()):
                listing, keyword = (keyword[0], [Keyword("PICK", keyword[1][0].value)]), None
            elif self._names_list(keyword[0]):
                counted = fold(self._text(keyword[0] - 1, keyword[0])) in NUMBER_WORDS[self.source.language]
                listing, keyword = (keyword[0] - counted, [Keyword("AGG", keyword[1][0].value)]), None
        if listing and not term and (not keyword or listing[0] >= keyword[0]) and self._ranks(listing):
            self._emit(listing[1][0].kind, at, listing[0], listing[1][0].value)
            return listing[0]
        if term and (not keyword or term[0] >= keyword[0]):
            return self._term(at, *term)
        if keyword and (end := self._keyword(at, *keyword)):
            return end
        if term:  # « le délai des lignes » is no « délai d'un mois »
            return self._term(at, *term)
        if self.keys[at] in self.words.articles:
            self.article = True
            return at + 1
        if self._counts(at):
            number = Decimal(NUMBER_WORDS[self.source.language][fold(self.items[at].payload)])
            item = self.items[at]
            self._emit("VALUE", at, at + 1, Literal("number", number, "", "", item.start, item.end))
            return at + 1
        return self._unknown(at)

    def _declared(self, at: int) -> tuple[int, list[Entry]] | None:
        """The longest declared name at a place."""
        found = self.names.declared.longest(self.keys, at, self.words.articles)
        return None if found and found[0] == at + 1 and self._is_small(at, found[1]) else found

    def _is_small(self, at: int, found: Sequence[Entry]) -> bool:
        """Whether « a » is a small word, and not « A », a value of a list: the capital tells."""
        known = self.words.keywords.longest(self.keys[: at + 1], at, frozenset())
        if not (known or self.keys[at] in self.words.articles) or not any(entry.text[:1].isupper() for entry in found):
            return False
        if not str(self.items[at].payload)[:1].isupper():
            return True
        last, after = self.out[-1].type if self.out else "", self.items[at + 1 : at + 2]
        joined = after and self.words.keywords.longest(self.keys, at + 1, frozenset())
        goes_on = bool(after) and after[0].kind == "WORD" and not (joined and joined[1][0].kind in ("AND", "OR"))
        if last in _BEFORE_VALUES:
            return False
        return goes_on and last in _OPENING if last and not self.shouting else bool(last) or goes_on

    def _counted_just_before(self) -> bool:
        """« les deux plus élevés des prix des articles »."""
        last = self.out[-1].payload if self.out and self.out[-1].type == "VALUE" else None
        return isinstance(last, Literal) and last.kind == "number"

    def _ranks(self, listing: tuple[int, list[Keyword]]) -> bool:
        """« le deuxième article », « la deuxième plus ancienne »; « le cinquième du montant » is a part of it."""
        end, (keyword, *_) = listing
        if keyword.kind == "ONES":  # « parmi ceux qui … », "the fragile ones"
            return bool(self.out) and self.out[-1].type in ("ONE_OF", "TERM")
        numbered = keyword.kind == "PICK" and keyword.value.startswith(("nth_", "last_"))
        return not numbered or self._named(end) or self._picked(end)

    def _picked(self, at: int) -> bool:
        found = self.words.lists.longest(self.keys, at, self.words.articles)
        return found is not None and found[1][0].kind == "PICK"

    def _numbered(self, at: int) -> int | None:
        """« le 3e article »."""
        said = _ORDINAL.fullmatch(self.keys[at]) if self.names.lists else None
        if said is None or not (self._named(at + 1) or self._picked(at + 1)):
            return None
        self._emit("PICK", at, at + 1, "first" if said[1] == "1" else f"nth_{said[1]}")
        return at + 1

    def _dated(self, at: int) -> bool:
        """Whether a name or a date comes next: « nombre de jours entre A et B », not « entre 5 et 10 »."""
        item = self.items[at] if at < len(self.items) else None
        return item is not None and (item.kind == "WORD" or getattr(item.payload, "kind", "") in ("date", "datetime"))

    def _window(self, at: int, told: int) -> int | None:
        """« 12 derniers mois », "last 12 months": CALENDAR, a duration; where they end. `told`: where « last » is."""
        if told >= len(self.items) or self.items[told].kind != "WORD":
            return None
        way = self.words.keywords.longest(self.keys, told, frozenset())
        if way is None or not any(each.kind == "WINDOW" for each in way[1]):
            return self._counted_window(at) if at == told else None
        first, last = (at, way[0]) if told > at else (way[0], way[0])
        if last >= len(self.items):
            return None
        number, unit = self.items[first], self.items[last]
        _look_at(number)
        written = f"{self._text(first, first + 1)} {unit.payload}" if first != last else self._text(first, first + 1)
        literal = number.payload if first == last else scan_literal(written, 0, self.source.language)
        if not isinstance(literal, Literal) or literal.kind != _DURATION:
            return None
        while self.out and self.out[-1].type in ("CMP", "ON", "IN") and self.out[-1].payload in _AROUND:
            self.out.pop()
        self._emit("CALENDAR", told, way[0], next(each.value for each in way[1] if each.kind == "WINDOW"))
        self._emit("VALUE", min(first, told), last + 1, literal)
        return last + 1

    def _stretch(self, at: int) -> int | None:
        """« en 2026 », « de juin à août »; where it ends."""
        further = bool(self.out) and self.out[-1].type in FURTHER
        if not further and self.keys[at] not in openers(self.words.language):
            return None
        parts = stretch(self.items, at, self.out, self.words)
        if not parts or self._declared(at):
            return None
        for kind, first, last, payload in parts:
            self._emit(kind, first, last, payload)
        return parts[-1][2]

    def _point(self, at: int) -> int | None:
        """« 5 € à 100 € » within « par interpolation : … »: the value at a point."""
        if not (self.out and self.out[-1].type == "VALUE" and at + 1 < len(self.items)):
            return None
        ways = {stem(way, self.source.language) for way in self.words.tables["points"]["at"]}
        interpolating = any(token.type == "BY_INTERPOLATION" for token in self.out)
        if not interpolating or self.keys[at] not in ways or self.items[at + 1].kind != "LIT":
            return None
        self._emit("POINT", at, at + 1, "POINT")
        return at + 1

    def _noon(self, at: int) -> int | None:
        """« avant midi »: a time of day."""
        ways = {stem(way, self.source.language) for way in self.words.tables["times"]["noon"]}
        if not self.out or self.out[-1].type not in _BEFORE_TIMES or self.keys[at] not in ways:
            return None
        item = self.items[at]
        self._emit("VALUE", at, at + 1, Literal("time", time(12), "", "", item.start, item.end))
        return at + 1

    def _within_one(self, at: int, end: int, unit: str) -> int:
        """« dans le mois suivant la livraison »; « dans le mois » alone has two readings."""
        way, span = self.words.keywords.longest(self.keys, end, self.words.articles), self._span(at, end)
        value, measured = ONE[unit]
        self._emit("CMP", at, end, "within")
        self._emit("VALUE", at, end, Literal(_DURATION, value, measured, "", span.start, span.end))
        if way is None or not any(keyword.kind == "SHIFT" for keyword in way[1]):
            one, other = self.words.say("calendar", f"this_{unit}"), self.words.say("ahead_one", unit)
            fixes = tuple(Fix(span, reading) for reading in (one, other))
            self.diagnostics.add("E478", span, fixes=fixes, text=self._text(at, end), one=one, other=other)
        return end

    def _month(self, at: int) -> int | None:
        """« en janvier et juillet », « c'est décembre »: a month without its « en »."""
        before, verb = [token.type for token in self.out[-2:]], fold(self.out[-1].text) if self.out else ""
        told = before in (["IT", "IS"], ["TODAY", "IS"]) or (before[-1:] in (["IS"], ["IF"]) and verb.endswith(_IT_IS))
        if before not in (["CALENDAR", "AND"], ["CALENDAR", "OR"]) and not told:
            return None
        said = ["en" if self.source.language == "fr" else "in", self.keys[at]]
        way = self.words.keywords.longest(said, 0, frozenset())
        if way is None or way[0] < 2 or way[1][0].kind != "CALENDAR":
            return None
        self._emit("CALENDAR", at, at + 1, way[1][0].value)
        return at + 1

    def _counted_window(self, at: int) -> int | None:
        """« trois derniers mois »."""
        said = fold(self.items[at].payload)
        return self._window(at, at + 1) if said in NUMBER_WORDS[self.source.language] else None

    def _names_list(self, at: int) -> bool:
        """Whether the names from a place on tell a list: « le plus élevé des prix des lignes »."""
        while at < len(self.keys):
            found = self._declared(at)
            if found and any(self.names.lists & set(entry.key.split("+")) for entry in found[1]):
                return True
            small = self.keys[at] in self.words.articles or self.keys[at] in ("de", "of")
            small |= self.items[at].kind == "LIT" or fold(self._text(at, at + 1)) in NUMBER_WORDS[self.source.language]
            picked = self.words.lists.longest(self.keys, at, self.words.articles) if not found else None
            if not found and not small and not picked:
                return False
            at = found[0] if found else picked[0] if picked else at + 1
        return False

    def _counts(self, at: int) -> bool:
        """A number word before « des conditions suivantes », « fois », or what is counted: « trois articles »."""
        if fold(self.items[at].payload) not in NUMBER_WORDS[self.source.language]:
            return False
        term = self._declared(at + 1)
        if term and any("#" in entry.key for entry in term[1]):
            return True
        if self.names.lists and (term or self.words.lists.longest(self.keys, at + 1, self.words.articles)):
            return True
        after = self.words.keywords.longest(self.keys, at + 1, self.words.articles)
        return after is not None and any(keyword.kind in ("FOLLOWING", "TIMES_WORD") for keyword in after[1])

    def _keyword(self, at: int, end: int, found: list[Keyword]) -> int | None:
        found = self._meant(found, end)
        keyword = self._choose(at, end, found)
        if keyword is not None and keyword.kind == "COSTS" and not self._prices(at, end):
            found = [each for each in found if each.kind != "COSTS"]
            keyword = self._choose(at, end, found)
        if keyword is None or not self._fits(keyword, at, end):
            shorter = self.words.keywords.longest(self.keys[: end - 1], at, self.words.articles)
            return self._keyword(at, *shorter) if shorter else None
        if keyword.kind == "BOTH" and self.out and self.out[-1].type == "IS_NOT":
            self._emit("BOTH", at, end, "BOTH")
            return end
        if keyword.kind == "BOTH" or (keyword.kind == "OF" and not self.out) or self._on_day(keyword, end):
            return end
        if keyword.kind == "CMP" and self._is_height(at):
            return None
        if keyword.kind == "ADD" and not self._measured(end):
            return None
        if keyword.kind == "CONSTANT":
            return self._constant(at, end)
        if keyword.kind == "BETWEEN" and end - at > 1 and stretch(self.items, end - 1, (), self.words):
            self._emit("IS", at, end - 1, "IS")
            return end - 1
        if keyword.kind == "WITHIN_ONE":
            return self._within_one(at, end, keyword.value)
        if keyword.kind == "IN" and not self._place(end):
            return None
        if keyword.kind == "AS_OF" and not (self.out and self.out[-1].type == "LPAR"):
            return self._by_case(at, end)
        if keyword.kind in _CALCULATING and not self._calculates(keyword.kind, at, end):
            return None
        if keyword.kind == "TERM_OF":  # « un délai d'un mois » is a month
            return end if getattr(self._payload(end), "kind", "") == _DURATION else None
        if keyword.kind == "PER" and not any(token.type == "VALUE" for token in self.out):
            return None
        kind = "COSTS" if keyword.kind == "APPLIES" and self._measured(end) else keyword.kind  # « est facturé 15 € »
        self._emit(_RENAMED.get(kind, kind), at, end, keyword.value)
        return self._past_whatever(at, end) if keyword.kind == "ALWAYS_TRUE" else end

    def _by_case(self, at: int, end: int) -> int | None:
        """Report « Remise selon le statut : … », whose lines tell their cases themselves; where its words end."""
        stop = next((n for n in range(end, len(self.items)) if self.items[n].kind != "WORD"), len(self.items))
        decided = [token.type for token in self.out] == ["TERM"] and self.out[0].payload.decided
        if not decided or stop == end or stop == len(self.items) or self.items[stop].payload != ":":
            return None
        gap = Span(self.source.number, self.items[at - 1].end, self.items[stop - 1].end)
        self.diagnostics.add("E772", self._span(at, stop), fixes=(Fix(gap, ""),), text=self._text(at, stop))
        return stop

    def _fits(self, keyword: Keyword, at: int, end: int) -> bool:
        """Whether a phrase means here what it does elsewhere."""
        if self.keys[at + 1 : end][:1] in (["plus"], ["moins"]) and fold(self.items[at].payload) == "aux":
            return False  # « aux plus de 18 ans » is no « au plus 18 ans »
        if keyword.value == "multiplied":  # no « est le double de »
            return not self.words.articles & set(self.keys[at:end])
        if keyword.value == "aside":  # « un appareil hors garantie » is a name, « 500 € hors taxes » an amount
            return self._sets_aside(at, end)
        if keyword.value == "forbidden":  # where nothing is declared, « accès interdit » is a name
            named = self.out[-1] if self.out and not self.names.inferring else None
            return named is not None and named.type == "TERM" and named.payload.decided
        if keyword.value == "only" or keyword.kind == "EARNS":  # not « si le client est seulement fidèle »
            return all(each.type != "IF" for each in self.out)
        if keyword.kind == "MARK":  # « n'atteint pas 4 et le plus élevé … » is no « 4 et plus »
            return self.words.articles.isdisjoint(self.keys[at + 1 : end - 1])
        if keyword.kind == "IS_AT":  # « est à 18 h », « est à 0 »; no « est à temps partiel », « est à moins de 5 km »
            way = self.words.keywords.longest(self.keys, end - 1, self.words.articles)  # « est au 1er trimestre »
            return self._measured(end) and not (way and way[1][0].kind == "CALENDAR")
        if keyword.kind == "PLANNED":
            return self._compared_date(end)
        if keyword.kind == "AHEAD":  # no "is delivered in 5 days": on that day, or after 5 days at most?
            last = self.out[-1].type if self.out else ""
            return last in _BEFORE_DAYS or (last == "TERM" and self.source.language == "fr")
        if keyword.kind == "OTHERS":
            return self._remaining(end)
        if keyword.value == "no_longer" and self.source.language == "fr":  # « aucune commande n'a plus de 3 lignes »
            none = any(token.type == "QUANT" and token.payload == "no" for token in self.out)
            return not (none and end < len(self.keys) and self.keys[end] == "de" and self._measured(end + 1))
        return keyword.kind != "APPLIES" or self._gave(at) or self._measured(end)

    def _prices(self, at: int, end: int) -> bool:
        """« la livraison coûte 15 € », « … plus de 15 € »: a verb, and not the name « coût », "cost"."""
        written = fold(self.items[at].payload)
        if written in _COST_NAMES or (written == "cost" and self.names.inferring):
            return False
        after = self.items[end] if end < len(self.items) else None
        return self._measured(end) or (after is not None and after.kind == "WORD" and after.key in _HOW_MUCH)

    def _measured(self, at: int) -> bool:
        """Whether a literal stands there: « ajouter 15 € », and not « ajouter un cadeau »."""
        return at < len(self.items) and self.items[at].kind == "LIT"

    def _compared_date(self, at: int) -> bool:
        """Whether a date follows, or what is compared with one: « est prévue avant le … », « a lieu le lundi »."""
        while at < len(self.keys) and self.keys[at] in (*self.words.articles, "de", "on", "for"):
            at += 1
        if at < len(self.items) and self.items[at].kind == "LIT":
            return True
        way = self.words.keywords.longest(self.keys, at, self.words.articles)
        return way is not None and any(each.kind in ("CMP", "CALENDAR", "BETWEEN", "AHEAD") for each in way[1])

    def _gave(self, at: int) -> bool:
        """Whether « est accordé » only ends « 20 % de remise », and is no value: « la réponse est accordée »."""
        kinds = [token.type for token in self.out[-3:]]
        said = kinds[-1:] == ["VALUE"] or kinds[-2:] == ["VALUE", "TERM"] or kinds == ["VALUE", "OF", "TERM"]
        return said and self._declared(at + 1) is None

    def _remaining(self, end: int) -> bool:
        """« Les autres ont 5 % », « …, les autres clients 5 % »: those whom nothing was said of before."""
        if self.out and self.out[-1].type not in ("COMMA", "AND", "COMMA_AND"):
            return False
        named = self._declared(end)
        end = named[0] if named else end
        if end < len(self.items) and self.items[end].kind == "LIT":
            return True
        way = self.words.keywords.longest(self.keys, end, self.words.articles)
        return way is not None and any(each.kind in ("HAS", "HAS_NOT", "IS") for each in way[1])

    def _is_height(self, at: int) -> bool:
        """« à plus de 500 € » is no « au plus »."""
        after = self.keys[at + 1] if at + 1 < len(self.keys) else ""
        written = fold(self.items[at].payload) if self.items[at].kind == "WORD" else ""
        return self.source.language == "fr" and written == "a" and after in ("plus", "moins", "maximum", "minimum")

    def _constant(self, at: int, end: int) -> int | None:
        """« Constante : » opens a statement; elsewhere the word is any word."""
        if self.out or end >= len(self.items) or self.items[end].payload != ":":
            return None
        self._emit("CONSTANT", at, end + 1, "CONSTANT")
        return end + 1

    def _calculates(self, kind: str, at: int, end: int) -> bool:
        """Whether a word that may be a name is one of calculation here: « puissance 3 », « premiers caractères »."""
        before, after = self.out[-1].type if self.out else "", self.keys[end] if end < len(self.keys) else ""
        match kind:
            case "POWER":
                return before in ("VALUE", "TERM", "RPAR") and end < len(self.items)
            case "FIRST":
                counted = end if self.items[end : end + 1] and self.items[end].kind != "LIT" else end + 1
                found = self.words.keywords.longest(self.keys, counted, frozenset())
                return found is not None and any(keyword.kind == "CHARACTERS" for keyword in found[1])
            case "CHARACTERS":
                return "FIRST" in [token.type for token in self.out[-2:]]
            case "FRACTION":
                return after in ("de", "of") or after in self.words.articles or self._named(end)
            case _:
                return before in ("ROUNDING", "VALUE") and any(token.type == "MULTIPLE_OF" for token in self.out[-2:])

    def _named(self, at: int) -> bool:
        return self._declared(at) is not None

    def _place(self, at: int) -> bool:
        """Whether « en » is followed by a value of a list: « en France »."""
        found = self._declared(at)
        for _ in range(2):  # « en France », « en formule base »
            if found is not None and any(entry.option for entry in found[1]):
                return True
            found = self._declared(found[0]) if found else None
        while at < len(self.keys) and self.keys[at] in self.words.articles:
            at += 1
        way = self.words.keywords.longest(self.keys, at, frozenset())
        return way is not None and any(each.kind == "WINDOW" for each in way[1])

    def _past_whatever(self, at: int, end: int) -> int:
        """« quel que soit le montant »: what it is does not matter, whatever its name."""
        if self.keys[at] not in WHATEVER:
            return end
        while end < len(self.items) and self.items[end].kind == "WORD":
            found = self.words.keywords.longest(self.keys, end, self.words.articles)
            term = self._declared(end)
            if term and (not found or term[0] >= found[0]):
                end = self._term(end, *term)
                continue
            if found and any(keyword.kind not in ("OF", "HAS", "IS", "AND", "OR", "COSTS") for keyword in found[1]):
                break
            end += 1
        return end

    def _choose(self, at: int, end: int, found: list[Keyword]) -> Keyword | None:
        """A mark (« et plus ») needs a value before it and none after; else the other meaning of the words."""
        shifts = [keyword for keyword in found if keyword.kind == "SHIFT"]
        if shifts and self._after_duration(found):
            return shifts[0]
        after = self.items[end] if end < len(self.items) else None
        closes = after is None or not (after.kind == "LIT" or after.key in ("de", "que", "than", "of", "to"))
        measured = any(token.type == "VALUE" for token in self.out[-2:])
        marks = [keyword for keyword in found if keyword.kind == "MARK"]
        others = [keyword for keyword in found if keyword.kind not in ("MARK", "SHIFT", "WINDOW")]
        if len(others) > 1 and others[0].kind == "ELSE_ABOVE" and after is not None and after.kind not in _CLOSES:
            others.pop(0)  # "above €500"; "5% above" ends its case
        if marks and closes and measured:
            return marks[0]
        return others[0] if others else None

    def _meant(self, found: list[Keyword], end: int) -> list[Keyword]:
        """« dans 5 jours » tells a day; before anything else, « dans » is part of a name or of another phrase."""
        after = self._payload(end)
        ahead = [keyword for keyword in found if keyword.kind == "AHEAD"]
        if ahead and isinstance(after, Literal) and after.kind == _DURATION:
            return ahead
        named = self.names.inferring or self._declared(end - 1)
        if named and self.source.language == "fr":  # « 10 % de rabais », of what is called so
            found = [keyword for keyword in found if keyword.kind != "OFF"]
        pairs = any(keyword.kind == "BOTH" for keyword in found) and self._pairs(end)
        return [keyword for keyword in found if keyword not in ahead and (keyword.kind != "BOTH" or pairs)]

    def _on_day(self, keyword: Keyword, at: int) -> bool:
        """As "on 1 January 2026", "is on a working day", where « on » adds nothing."""
        literal = self._payload(at)
        if keyword.kind != "ON" or self.source.language != "en" or not isinstance(literal, Literal):
            return False
        worked = literal.unit in WORKED_DAYS and bool(self.out) and self.out[-1].type in ("IS", "IS_NOT")
        return literal.kind == "date" or worked

    def _pairs(self, at: int) -> bool:
        """« à la fois fidèle et actif »: an « et » follows before anything else joins, and nothing is denied."""
        known, denied = self.words, False
        if self.names.inferring and self.source.language == "en" and (not self.out or self.out[-1].type != "IS"):
            return False  # "both parties agree" is a name
        for token in reversed(self.out):
            if token.type in _JOINS:
                break
            denied |= token.type in _DENIES or (token.type == "CMP" and token.payload in ("le", "ne"))
        last = min(len(self.items), at + _MOST_PAIRED)
        while at < last and self.items[at].kind in ("WORD", "LIT"):
            way = known.keywords.longest(self.keys, at, known.articles)
            kinds = {keyword.kind for keyword in way[1]} if way else set()
            if "AND" in kinds:
                return not denied or self.out[-1].type == "IS_NOT"
            if kinds & _JOINS:
                return False
            at = way[0] if way else at + 1
        return False

    def _after_duration(self, found: list[Keyword]) -> bool:
        """« 5 jours après »; of what says other things too ("within 14 days of"), only after « within »."""
        last = self.out[-1].payload if self.out else None
        if not isinstance(last, Literal) or last.kind != _DURATION:
            return False
        of = any(keyword.kind == "OF" for keyword in found)
        return not of or (len(self.out) > 1 and self.out[-2].payload == "within")

    def _term(self, at: int, end: int, found: list[Entry]) -> int:
        written = self.source.text[self.items[at].start : self.items[end - 1].end]
        entries = _nearest_spelling(found, written)
        if len({entry.key for entry in entries}) > 1:
            offers = [entry.text for entry in entries]
            span = self._span(at, end)
            self.diagnostics.add(
                "E203", span, term=written, one=offers[0], other=offers[-1],
                fixes=tuple(Fix(span, text) for text in offers),
            )  # fmt: skip
        self._emit_name(at, end, entries[0])
        return end

    def _unknown(self, at: int) -> int:
        if not self.names.inferring:
            end = self._unknown_end(at)
            self._report_unknown(at, end)
            self._emit_name(at, end, self.names.entry(tuple(self.keys[at:end]), self._text(at, end)))
            return end
        end, negated = self._run_end(at)
        kept = [i for i in range(at, end) if i not in negated and self.keys[i] not in self.words.articles]
        text = _joined([self.items[i].payload for i in kept])
        keys = tuple(self.keys[i] for i in kept)
        known = self.names.declared.longest(keys, 0, self.words.articles) if negated else None
        entry = known[1][0] if known and known[0] == len(keys) else self.names.entry(keys, text)
        self._emit_name(at, end, replace(entry, negated=bool(negated)))
        return end

    def _unknown_end(self, at: int) -> int:
        end = at + 1
        while end < len(self.items) and self.items[end].kind == "WORD" and not self._known(end):
            end += 1
        return end

    def _known(self, at: int) -> bool:
        if self.keys[at] in self.words.articles:
            return True
        if self.names.lists and self.words.lists.longest(self.keys, at, self.words.articles):
            return True
        return any(
            phrases.longest(self.keys, at, self.words.articles) is not None
            for phrases in (self.words.keywords, self.names.declared)
        )

    def _run_end(self, at: int) -> tuple[int, set[int]]:
        """Where a name without vocabulary ends, and which of its words only negate it (« ne paie pas par carte »)."""
        negative = bool(self.out) and self.out[-1].type == "NE"
        negated = set()
        end, valued = at + 1, "VALUE" in [token.type for token in self.out[-1:] + self._before_of()]
        while end < len(self.items) and self.items[end].kind == "WORD":
            if negative and self.keys[end] in ("pa", "pas", "not"):
                negated.add(end)
            elif self.keys[end] in _ASIDE[self.source.language]:
                if valued and self._sets_aside(end, end + 1):
                    break
            elif self._stops(end) or (valued and self._shares(end)):
                break
            end += 1
        while self.keys[end - 1] in self.words.articles:
            end -= 1
        if negated:
            self.out.pop()
        return end, negated

    def _sets_aside(self, at: int, end: int) -> bool:
        """« 10 % de remise hors soldes »: what is set aside of a rule, or left out of an amount."""
        last = self.out[-1].type if self.out else ""
        taxed = self.keys[end : end + 1] in ([each] for each in _TAXES)
        return not taxed and (last in ("", "VALUE", "COMMA", "OF") or "VALUE" in [t.type for t in self.out[-3:]])

    def _before_of(self) -> list[Token]:
        return self.out[-2:-1] if self.out and self.out[-1].type == "OF" else []

    def _shares(self, at: int) -> bool:
        """« 10 € de remise par article »: what a value is given for is no part of its name."""
        found = self.words.keywords.longest(self.keys, at, self.words.articles)
        return found is not None and found[1][0].kind == "PER"

    def _stops(self, at: int) -> bool:
        if self.keys[at] == "for" and self.keys[at - 1] in _ASKED_FOR:  # "ask for an ID"
            return False
        found = self.words.keywords.longest(self.keys, at, self.words.articles)
        if self.keys[at] in openers(self.words.language) and stretch(self.items, at, (), self.words):
            return True
        meant = self._meant(found[1], found[0]) if found else []
        if found is None or all(keyword.kind in ("PER", "IN") for keyword in meant):
            return False
        if found[1][0].kind == "COSTS" and not self._prices(at, found[0]):
            return False
        joins = found[0] == at + 1 and self.keys[at] in _JOINING[self.source.language]
        granting = any(token.type == "GRANT" for token in self.out) and self.keys[at] in ("à", "to")
        if not joins or granting:
            return True
        after = at + 1
        while after < len(self.items) and self.keys[after] in self.words.articles:
            after += 1
        return (
            after >= len(self.items)
            or self.items[after].kind != "WORD"
            or self.words.keywords.longest(self.keys, after, self.words.articles) is not None
        )

    def _report_unknown(self, at: int, end: int) -> None:
        written, span = self._text(at, end), self._span(at, end)
        close = nearest(written, self.names.known)
        fixes = tuple(Fix(span, each) for each in close)
        code = "E201" if close else "E202"
        self.diagnostics.add(code, span, term=written, closest=" | ".join(close), fixes=fixes)

    def _text(self, at: int, end: int) -> str:
        return self.source.text[self.items[at].start : self.items[end - 1].end]

    def _span(self, at: int, end: int) -> Span:
        return Span(self.source.number, self.items[at].start, self.items[end - 1].end)

    def _emit_name(self, at: int, end: int, entry: Entry) -> None:
        first = self.items[at].payload[:1]
        capital = first.isupper() and not self.shouting and bool(self.out)
        if capital != entry.capital or self.article != entry.article:
            entry = replace(entry, capital=capital, article=self.article)
        self._emit("TERM", at, end, entry)

    def _emit(self, kind: str, at: int, end: int, payload: object) -> None:
        self.out.append(Token(kind, self._text(at, end), payload, self._span(at, end)))
        self.article = False


def _look_at(number: Item) -> None:
    """Asks for the value of a number that is read anew from its words: who hides it from sight is to know."""
    str(getattr(number.payload, "value", ""))


def _joined(said: Sequence[str]) -> str:
    """Words as one name: « date d'inscription », "customer's order"."""
    text = " ".join(said).replace("' ", "'").replace("’ ", "’")
    return text.replace(" 's", "'s").replace(" ’s", "’s")


def _nearest_spelling(found: list[Entry], written: str) -> list[Entry]:
    """The entries spelled just so; else those spelled so but for case and accents; else all of them."""
    for spelling in (fold,) if written.isupper() else (exact, fold):
        same = [entry for entry in found if spelling(entry.text) == spelling(written)]
        if same:
            return same
    return found
