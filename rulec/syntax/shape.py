"""Tokens in, tokens out: the small words and commas whose part in a sentence depends on what stands around them.

Each step is one function over the tokens of a statement; `STEPS` is their order.
"""

import re
from collections.abc import Callable
from decimal import Decimal

from rulec.diagnostics import Diagnostics, Fix
from rulec.runtime.plain import changing
from rulec.source import Source
from rulec.syntax.fold import fold
from rulec.syntax.shape_brackets import name_next, read_brackets
from rulec.syntax.shape_dates import came, paid, report_since, within_months, years_of_months
from rulec.syntax.shape_effects import add_to, alternatives, give_whoever, give_whom
from rulec.syntax.shape_lists import shape_lists
from rulec.syntax.shape_others import drop_applies, join_several, open_bounds, open_whose, read_others, unless_last
from rulec.syntax.shape_periods import read_periods
from rulec.syntax.shape_said_once import (
    deny_both,
    exception_with_value,
    neither_of_some,
    repeat_base,
    repeat_counted,
    report_elided,
)
from rulec.syntax.shape_values import apply, list_extremes, range_literals, relate
from rulec.syntax.tokens import Token
from rulec.syntax.words import words
from rulec.tree import Span

_STARTS = frozenset({"TERM", "VALUE", "WORD_VALUE", "QUANT", "IT", "TODAY", "CALENDAR", "TEXT"})
_BOUNDARIES = frozenset({"IF", "THEN", "ELSE", "ELSE_IF", "UNLESS", "BECAUSE", "COLON", "ITEM", "INDENT", "DEDENT"})
_PAIR_STARTS = _BOUNDARIES | {"AND", "OR", "AND_OR", "COMMA", "LPAR", "CASE"}
_BEFORE_BRANCH = frozenset({"ELSE", "ELSE_IF", "ELSE_ABOVE", "UNLESS", "BECAUSE", "THEN", "OTHERWISE"})


@changing
class Shaping:
    """A statement on its way through the steps."""

    source: Source
    inferring: bool
    diagnostics: Diagnostics
    lists: frozenset[str] = frozenset()  # the keys that lists and their elements go by


def shape(tokens: list[Token], shaping: Shaping) -> list[Token]:
    """The tokens as the grammar reads them."""
    tokens = shape_lists(tokens, shaping.lists)
    for value_step in (apply, name_next, read_brackets, list_extremes, relate, years_of_months, within_months):
        tokens = value_step(tokens)
    for said_once in (repeat_counted, deny_both, neither_of_some, exception_with_value):
        tokens = said_once(tokens)
    tokens = tokens if shaping.inferring else repeat_base(tokens)
    report_elided(tokens, shaping.source, shaping.inferring, shaping.diagnostics)
    report_since(tokens, shaping.source, shaping.diagnostics)
    tokens = paid(came(tokens, shaping.inferring, shaping.source.language), shaping.source.language)
    tokens = read_periods(tokens, shaping.source, shaping.diagnostics)
    for step in STEPS:
        tokens = step(tokens, shaping)
    return tokens


def _as(token: Token, kind: str, payload: object = None) -> Token:
    return Token(kind, token.text, token.payload if payload is None else payload, token.span)


def _kind(tokens: list[Token], at: int) -> str:
    return tokens[at].type if 0 <= at < len(tokens) else ""


def end_sentence(tokens: list[Token], shaping: Shaping) -> list[Token]:
    """A final full stop is dropped; words after one are a second sentence, which starts on a line of its own."""
    for at, token in enumerate(tokens):
        if token.type == "DOT" and not _abbreviates(tokens, at):
            rest = [each for each in tokens[at + 1 :] if each.type not in ("DEDENT", "DOT")]
            if not rest:
                break
            if rest[0].type not in ("ITEM", "INDENT"):
                gap = Span(shaping.source.number, token.span.end, rest[0].span.start)
                shaping.diagnostics.add("E103", rest[0].span, fixes=(Fix(gap, "\n"),))
                return tokens[:at]
    return [token for token in tokens if token.type != "DOT"]


def open_each(tokens: list[Token], shaping: Shaping) -> list[Token]:
    """« Pour chaque ligne : si … » is a heading."""
    for at, token in enumerate(tokens):
        if token.type == "FOR" and _kind(tokens, at - 1) in ("", "COLON"):
            every = _kind(tokens, at + 1) == "QUANT" and tokens[at + 1].payload == "every"
            name = at + 2 if every else at + 1
            end = _end_of_each(tokens, name, shaping.lists) if every or " " in token.text else None
            if end is not None:
                return [*tokens[:at], _as(token, "EACH_OF"), *tokens[name:end], _as(tokens[end], "COLON"),
                        *tokens[end + 1 :]]  # fmt: skip
    return tokens


def _end_of_each(tokens: list[Token], name: int, lists: frozenset[str]) -> int | None:
    """Where « pour chaque ligne dont le prix dépasse 10 € : » ends; of what is no list, right after its name."""
    if [_kind(tokens, name), _kind(tokens, name + 1)] == ["TERM", "COLON"]:
        return name + 1
    named = [each for each in tokens[name : name + 2] if each.type == "TERM"]
    if not any(lists & set(each.payload.key.split("+")) for each in named):
        return None
    stop = next((at for at in range(name, len(tokens)) if tokens[at].type in ("IF", "THEN", "INDENT")), len(tokens))
    ends = [at for kind in ("COLON", "COMMA") for at in range(name, stop) if tokens[at].type == kind]
    return ends[0] if ends else None


def _abbreviates(tokens: list[Token], at: int) -> bool:
    """The full stop of « etc. »."""
    return _kind(tokens, at - 1) == "REFUSED" and fold(tokens[at - 1].text) == "etc"


def drop_expletives(tokens: list[Token], shaping: Shaping) -> list[Token]:
    """« à moins que le client ne soit … »: that `ne` negates nothing, that « soit » is the verb."""
    out: list[Token] = []
    expletive, none, alone = False, False, sum(each.type == "EITHER" for each in tokens) == 1
    for at, token in enumerate(tokens):
        if token.type == "UNLESS":
            expletive = "moin" in fold(token.text)
        if token.type == "IT" and _kind(tokens, at + 1) == "TERM":
            continue
        if token.type in _BOUNDARIES | {"AND", "OR", "COMMA"}:
            none = False
        none |= token.type == "QUANT" and token.payload == "no"
        if token.type == "NE" and (expletive or none or _kind(tokens, at + 1) == "NOT"):
            continue
        if token.type == "EITHER" and (expletive or alone) and out and out[-1].type in ("TERM", "UNLESS"):
            token = _as(token, "IS", "IS")
        if token.type in ("STRICTLY", "THAT") and out and out[-1].type in ("IS", "IS_NOT", "UNLESS", "TERM", "IF"):
            continue
        out.append(token)
    return out


def drop_linking_of(tokens: list[Token], shaping: Shaping) -> list[Token]:
    """`de` links two names, or a value to a name; before a value or at the start of an expression it says nothing."""
    out: list[Token] = []
    of = False
    for at, token in enumerate(tokens):
        if token.type == "OF":
            before, after = out[-1].type if out else "", _kind(tokens, at + 1)
            linked = before in _LINKED and after in ("TERM", "THEIR", "LPAR", "TODAY", "PICK", "COUNT")
            linked |= before == "RPAR" and after in ("TERM", "THEIR", "PICK") and "AGG" in {each.type for each in out}
            portion = before == "VALUE" and after in ("VALUE", "AGG")
            if fold(token.text) == "by" and before in ("IS", "TERM") and (by := _by(tokens, at, before)):
                out = [*out[:-1], by] if before == "IS" else [*out, by]
                continue
            if not (linked or portion):
                of = before == "TERM" and after == "CMP"
                continue
        elif token.type == "CMP" and (of or _is_preposition(out, token)):
            token = _as(token, "CMP", f"of {token.payload}")
        of = False
        out.append(token)
    return out


def _by(tokens: list[Token], at: int, before: str) -> Token | None:
    """ "is by 1 March 2026": on that day at the latest; before another value, it is no "of" that says nothing."""
    if _kind(tokens, at + 1) == "VALUE":
        raised = any(token.type == "INCREASE" for token in tokens[:at])
        return _as(tokens[at], "CMP", "le") if _is_day(tokens[at + 1]) else None if raised else tokens[at]
    return _as(tokens[at], "CMP", "le") if before == "IS" and _kind(tokens, at + 1) in ("TERM", "TODAY") else None


_LINKED = frozenset({"TERM", "VALUE", "MARK", "POSS", "OFF", "QUANT", "WORD_VALUE", "MONTH_DAYS"})
_PREPOSITIONS = ("over ", "above ", "under ", "below ", "more than ", "less than ", "fewer than ", "at ", "from ")


def _is_preposition(before: list[Token], token: Token) -> bool:
    """ "items over €10": a comparison that belongs to the name before it, not a verb."""
    return _kind(before, len(before) - 1) == "TERM" and f"{fold(token.text)} ".startswith(_PREPOSITIONS)


def lead_pairs(tokens: list[Token], shaping: Shaping) -> list[Token]:
    """« le client est soit fidèle, soit professionnel »: the pair opens before its verb."""
    out: list[Token] = []
    for token in tokens:
        if token.type == "EITHER" and _kind(out, len(out) - 1) in ("IS", "HAS"):
            start = next((at for at in range(len(out), 0, -1) if out[at - 1].type in _PAIR_STARTS), 0)
            out.insert(start, token)
        else:
            out.append(token)
    return out


def pair_prefixes(tokens: list[Token], shaping: Shaping) -> list[Token]:
    """The first « ni » or « soit » opens a pair, the next joins it; what stands in parentheses has pairs of its own."""
    out: list[Token] = []
    open_pair, around, denied = "", list[str](), False
    for token in tokens:
        if token.type == "LPAR":
            around.append(open_pair)
            open_pair = ""
        elif token.type == "RPAR" and around:
            open_pair = around.pop()
        if token.type in _BOUNDARIES:
            open_pair = ""
        kind = token.type
        if kind in ("NEITHER", "EITHER") and open_pair == kind:
            if out and out[-1].type in ("COMMA", "AND", "OR"):
                out.pop()
            token = _as(token, "NOR" if kind == "NEITHER" else "OR")
        elif kind == "NEITHER" and denied:  # « n'est pas fidèle ni actif »
            token = _as(token, "NOR")
        elif kind in ("NEITHER", "EITHER"):
            open_pair = kind
        elif kind == "IS_NEITHER":
            open_pair = "NEITHER"
        denied = kind in ("IS_NOT", "HAS_NOT") or (denied and kind not in _PAIR_STARTS)
        out.append(token)
    return out


def join_commas(tokens: list[Token], shaping: Shaping) -> list[Token]:
    """« , ou » and « , et » are connectives of their own; before « sinon », « sauf si » … a comma says nothing."""
    out: list[Token] = []
    for at, token in enumerate(tokens):
        after = _kind(tokens, at + 1)
        if token.type == "COMMA":
            if after in _BEFORE_BRANCH or after in ("", "DEDENT", "ITEM", "NOT_BOTH", "COMMA", "PREVAILS"):
                continue
            if after in ("AND", "OR", "NOR") or (after == "IF" and _says_effect(out)):
                continue
            if after == "WITH" and "THEN" in {each.type for each in out}:
                continue
            if out and out[-1].type in ("ALWAYS_TRUE", "OTHERWISE", "ELSE"):
                continue
        if token.type == "AND" and fold(token.text) in ("mais", "but"):
            token = _as(token, "COMMA_AND")
        if token.type in ("AND", "OR") and _kind(tokens, at - 1) == "COMMA":
            token = _as(token, f"COMMA_{token.type}")
        if token.type == "AND" and after in ("AND", "UNLESS", "THEN", "OR"):
            continue
        out.append(token)
    return out


def _says_effect(before: list[Token]) -> bool:
    """« remise de 10 %, si … »: what is decided, and no condition so far."""
    kinds = {each.type for each in before}
    return bool(kinds & {"VALUE", "WORD_VALUE", "TERM"}) and not kinds & {"IF", "THEN", "INDENT", "ASSUMING", "UNLESS"}


_AROUND_HEADINGS = frozenset({"COMMA", "LPAR", "RPAR", "COLON"})


def plain_headings(tokens: list[Token], shaping: Shaping) -> list[Token]:
    """« La règle « R2 » l'emporte sur la règle « R1 » », « Par exception à la règle « R1 », si … »."""
    if any(token.type == "PREVAILS" for token in tokens):
        return _several_titles([token for token in tokens if token.type != "RULE"])
    titled = 2 if [token.type for token in tokens[:2]] == ["RULE", "TEXT"] else 0
    opening = [token for token in tokens[titled : titled + 4] if token.type not in _AROUND_HEADINGS]
    if [token.type for token in opening[:2]] != ["EXCEPTION", "TEXT"]:
        return tokens
    end = next(at for at, token in enumerate(tokens) if token is opening[1]) + 1
    while _kind(tokens, end) in _AROUND_HEADINGS:
        end += 1
    colon = _as(opening[1], "COLON", ":")
    title = [*tokens[:2], colon] if titled else []
    return [*title, *opening[:2], colon, *tokens[end:]]


def _several_titles(tokens: list[Token]) -> list[Token]:
    """« S », « T » et « U » as one token, of all these titles."""
    out: list[Token] = []
    for at, token in enumerate(tokens):
        joined = len(out) > 1 and out[-1].type in ("AND", "COMMA", "COMMA_AND") and out[-2].type == "TEXT"
        if token.type == "TEXT" and joined:
            first = out[-2]
            titles = first.payload if isinstance(first.payload, tuple) else (first.payload,)
            out[-2:] = [Token("TEXT", first.text, (*titles, token.payload), first.span.to(token.span))]
        elif not (token.type == "COMMA" and _kind(tokens, at + 1) == "AND"):
            out.append(token)
    return out


def verb_before_colon(tokens: list[Token], shaping: Shaping) -> list[Token]:
    """« La remise est : 10 % si client fidèle, 5 % sinon »: the colon says it."""
    return [token for at, token in enumerate(tokens) if not (token.type == "IS" and _kind(tokens, at + 1) == "COLON")]


def colons_in_lists(tokens: list[Token], shaping: Shaping) -> list[Token]:
    """« - client fidèle : 10 % », « - Or 10 % »: what a line of a list leads to."""
    out, listed = [], False
    for at, token in enumerate(tokens):
        listed = (listed or token.type == "ITEM") and token.type != "DEDENT"
        if listed and token.type == "COLON" and _kind(tokens, at + 1) not in ("INDENT", ""):
            token = _as(token, "THEN")
        out.append(token)
        if token.type == "TERM" and token.payload.option and [_kind(tokens, at - 1), _kind(tokens, at + 1)] == [
            "ITEM", "VALUE",
        ]:  # fmt: skip
            if _kind(tokens, at + 2) in ("", "ITEM", "DEDENT"):
                end = Span(token.span.source, token.span.end, token.span.end)
                out.append(Token("THEN", "", "THEN", end))
    return out


def join_negated(tokens: list[Token], shaping: Shaping) -> list[Token]:
    """« client non fidèle », "customer never pays by card": between two names it negates the second."""
    tokens = [
        _as(token, "NOT")
        if fold(token.text) == "never" and _kind(tokens, at - 1) == _kind(tokens, at + 1) == "TERM"
        else token
        for at, token in enumerate(tokens)
    ]
    hyphens = {at for at, token in enumerate(tokens) if token.type == "MINUS" and _kind(tokens, at - 1) == "NOT"}
    tokens = [token for at, token in enumerate(tokens) if at not in hyphens]
    return [
        _as(token, "NOT_TERM")
        if token.type == "NOT" and _kind(tokens, at - 1) == _kind(tokens, at + 1) == "TERM"
        else token
        for at, token in enumerate(tokens)
    ]


def build_blocks(tokens: list[Token], shaping: Shaping) -> list[Token]:
    """« au moins deux des conditions suivantes » is one head: how many, at least and at most."""
    out: list[Token] = []
    for token in tokens:
        if token.type == "BLOCK":
            token = _as(token, "BLOCK", _BLOCKS[token.payload])
        if token.type == "FOLLOWING":
            count, comparison = 1, "ge"
            bare = out[-1] if out and out[-1].type == "VALUE" else token
            if (said := _whole(out[-1].payload) if out and out[-1].type == "VALUE" else None) is not None:
                count = said
                out.pop()
            if out and out[-1].type in ("CMP", "QUANT", "EXACTLY"):
                head = out.pop()
                comparison = {"CMP": head.payload, "QUANT": "ge"}.get(head.type, "eq")
                token = Token("BLOCK", head.text, (comparison, count), head.span.to(token.span))
            else:
                _at_least_or_exactly(bare, token, shaping)
                token = _as(token, "BLOCK", ("ge", count))
        if token.type == "COLON" and out and out[-1].type == "BLOCK":
            continue
        out.append(token)
    return out


_BLOCKS = {"ALL_FOLLOWING": ("all", 0), "NONE_FOLLOWING": ("none", 0), "ONE_FOLLOWING": ("eq", 1)}


def _at_least_or_exactly(count: Token, token: Token, shaping: Shaping) -> None:
    """« l'une des conditions suivantes »: one at least, or one only?"""
    source, known = shaping.source, words(shaping.source.language)
    one = re.search(r"(l['’]\s*)?une\s+$", source.text[: count.span.start], re.IGNORECASE) if count is token else None
    start = one.start() if one else count.span.start
    before = Span(source.number, start, start + len((one and one[1]) or ""))
    readings = (known.tables["compare"]["ge"][0], known.say("structure", "EXACTLY"))
    fixes = tuple(Fix(before, f"{reading} ") for reading in readings)
    place = Span(source.number, start, token.span.end)
    shaping.diagnostics.add("E474", place, fixes=fixes, text=source.cut(place), one=readings[0], other=readings[1])


def _whole(payload: object) -> int | None:
    """A whole number: « deux des conditions suivantes », not « 18 h des conditions suivantes »."""
    number = getattr(payload, "value", payload) if getattr(payload, "kind", "number") == "number" else None
    return int(number) if isinstance(number, int | Decimal) and number == int(number) else None


def comma_as_then(tokens: list[Token], shaping: Shaping) -> list[Token]:
    """« Si A, la remise est de 10 % »: the comma before what is decided is a « alors »."""
    out = list(tokens)
    for start, token in enumerate(tokens):
        if token.type not in ("IF", "ELSE_IF") or not _opens(tokens, start):
            continue
        stop = next((i for i in range(start + 1, len(tokens)) if tokens[i].type in _BOUNDARIES), len(tokens))
        if _kind(tokens, stop) == "COLON" and _kind(tokens, stop + 1) not in ("INDENT", ""):
            out[stop] = _as(out[stop], "THEN")
        if _kind(tokens, stop) in ("THEN", "COLON", "INDENT"):
            continue
        commas = [i for i in range(start + 1, stop) if out[i].type == "COMMA"]
        chosen = next((i for i in commas if _starts_effect(tokens, i + 1)), None)
        if chosen is None and commas and shaping.inferring:
            chosen = commas[-1]
        if chosen is not None:
            out[chosen] = _as(out[chosen], "THEN")
    return out


def _opens(tokens: list[Token], at: int) -> bool:
    """Whether the « si » at a place opens a branch, and does not follow what it decides."""
    return tokens[at].type == "ELSE_IF" or _kind(tokens, at - 1) in ("", "COLON", "ITEM", "THEN")


def _unless_last(tokens: list[Token], begin: int, shaping: Shaping) -> list[Token]:
    """« Sauf le lundi, remise de 10 % »: the exception said first."""
    commas = [at for at, t in enumerate(tokens) if t.type == "COMMA"]
    comma = next((at for at in commas if shaping.inferring or _starts_effect(tokens, at + 1)), None)
    if comma is None:
        return tokens
    return [*tokens[:begin], *tokens[comma + 1 :], *tokens[begin:comma]]


def _starts_effect(tokens: list[Token], at: int) -> bool:
    if _kind(tokens, at) == "TERM" and _kind(tokens, at + 1) == "HAS" and _kind(tokens, at + 2) == "VALUE":
        at += 2  # « , le client a 10 % de remise »
    while _kind(tokens, at) in ("QUANT", "NOT", "GRANT", "INCREASE"):
        if tokens[at].type in ("GRANT", "INCREASE"):
            return True
        at += 1
    if _kind(tokens, at) == "IT" and _kind(tokens, at + 1) in ("HAS", "HAS_NOT"):
        return True
    if _kind(tokens, at) == "VALUE":
        at += 1
        if _kind(tokens, at) == "OFF":
            return True
        while _kind(tokens, at) == "OF":
            at += 1
    entry = tokens[at].payload if _kind(tokens, at) == "TERM" else None
    return entry is not None and (entry.decided or entry.action)


def open_topic(tokens: list[Token], shaping: Shaping) -> list[Token]:
    """« Le port est de 5 € jusqu'à 100 €, de 3 € jusqu'à 500 € »: a verb before cases is as a colon."""
    given, kinds = tokens, [token.type for token in tokens]
    verb = next((at for at, kind in enumerate(kinds) if kind != "TERM"), 0)
    told = [kind for kind in kinds[verb : verb + 2] if kind != "OF"][:1] in (["IS"], ["VALUE"])
    if not verb or not told or _TOPICAL & set(kinds) or not _decided(tokens[verb - 1], shaping):
        return tokens
    if kinds[verb] == "VALUE":  # « Acompte 30 % dès 1 000 €, 50 % dès 5 000 € »
        start = Span(tokens[verb].span.source, tokens[verb].span.start, tokens[verb].span.start)
        tokens = [*tokens[:verb], Token("IS", "", "IS", start), *tokens[verb:]]
    tokens = [_as(t, "COMMA", ",") if t.type == "AND" and _goes_on(tokens, at) else t for at, t in enumerate(tokens)]
    kinds = [token.type for token in tokens]
    cases = [verb + 1, *(at + 1 for at in range(verb, len(tokens)) if kinds[at] == "COMMA" or _leads(kinds, at))]
    bounded = [_kind(tokens, at) in ("VALUE", "WORD_VALUE") and _kind(tokens, at + 1) in _AFTER_VALUE for at in cases]
    final = kinds[cases[-1] - 1] == "ELSE"
    if len(cases) < 2 or not all(bounded[: len(cases) - final]) or _kind(tokens, verb + 2) not in _AFTER_VALUE:
        return given
    return [*tokens[:verb], _as(tokens[verb], "COLON", ":"), *tokens[verb + 1 :]]


_TOPICAL = frozenset({"IF", "THEN", "COLON", "BRACKETS", "CASE", "ITEM", "INDENT"})
_AFTER_VALUE = frozenset({"CMP", "BETWEEN", "FOR", "IN", "ELSE", "ELSE_ABOVE"})


def _goes_on(tokens: list[Token], at: int) -> bool:
    """« … et 300 € pour les autres »: one more case."""
    return _kind(tokens, at + 1) in ("VALUE", "WORD_VALUE") and _kind(tokens, at + 2) in _AFTER_VALUE


def _leads(kinds: list[str], at: int) -> bool:
    """Whether a « sinon » stands before its case."""
    return kinds[at] == "ELSE" and at + 1 < len(kinds) and kinds[at - 1] != "VALUE"


def _decided(token: Token, shaping: Shaping) -> bool:
    return shaping.inferring or bool(token.payload.decided)


def mark_cases(tokens: list[Token], shaping: Shaping) -> list[Token]:
    """« 10 % si A, 5 % si B, sinon 0 % »: the comma that opens the next case is no comma of a condition."""
    colon = next((i for i, t in enumerate(tokens) if t.type == "COLON"), None)
    topic = colon is not None and _kind(tokens, 0) not in ("RULE", "EXCEPTION") and _kind(tokens, colon + 1) != "INDENT"
    out = list(tokens)
    seen_condition = False
    for at, token in enumerate(tokens):
        if token.type in ("IF", "FOR", "CMP", "IN", "BETWEEN"):
            seen_condition = True
        if token.type == "THEN":
            return out
        if token.type == "COMMA" and seen_condition and _opens_case(tokens, at + 1, topic):
            out[at] = _as(token, "CASE")
            seen_condition = False
    return out


def _opens_case(tokens: list[Token], at: int, topic: bool) -> bool:
    ends = (i for i in range(at, len(tokens)) if tokens[i].type in ("COMMA", "DEDENT", "ITEM"))
    stop = next((i for i in ends if _kind(tokens, i + 1) != "ROUNDED"), len(tokens))
    inside = [token.type for token in tokens[at:stop]]
    if not inside or inside[0] in ("IF", "ROUNDED"):
        return False
    if "IF" in inside or inside[-1] in ("ELSE", "ELSE_ABOVE"):
        return True
    return (
        topic
        and inside[0] in ("VALUE", "WORD_VALUE", "TERM")
        and (bool({"FOR", "CMP", "IN", "BETWEEN", "ELSE", "ELSE_ABOVE"} & set(inside)) or stop == len(tokens))
    )


def mark_final_else(tokens: list[Token], shaping: Shaping) -> list[Token]:
    """« 6 € sinon »: an « sinon » that ends its case."""
    out = []
    for at, token in enumerate(tokens):
        if token.type in ("ELSE", "ELSE_ABOVE"):
            last = _kind(tokens, at + 1) in ("", "CASE", "ITEM", "DEDENT", "BECAUSE", "UNLESS")
            _whole_or_bracket(token, tokens, shaping)
            token = _as(token, "ELSE_END" if last else "ELSE")
        out.append(token)
    return out


def _whole_or_bracket(token: Token, tokens: list[Token], shaping: Shaping) -> None:
    """« 5 % jusqu'à 1 000 €, 10 % au-delà »: on the whole amount, or on what exceeds?"""
    told = (getattr(each.payload, "kind", "") for each in tokens if each.type == "VALUE")
    rates = any(kind in ("percentage", "rate") for kind in told)
    if token.type == "ELSE_ABOVE" and rates:
        otherwise = "sinon" if shaping.source.language == "fr" else "otherwise"
        text = shaping.source.cut(token.span)
        fixes = (Fix(token.span, otherwise),) if ":" in [each.text for each in tokens] else ()
        shaping.diagnostics.add("E448", token.span, fixes=fixes, text=text, one=otherwise)


def drop_case_before_else(tokens: list[Token], shaping: Shaping) -> list[Token]:
    """A branch « sinon » needs no comma of its own."""
    return [t for at, t in enumerate(tokens) if not (t.type == "CASE" and _kind(tokens, at + 1) == "ELSE")]


def open_arrows(tokens: list[Token], shaping: Shaping) -> list[Token]:
    """« client fidèle → remise 10 % »: an arrow without « si » says it."""
    arrow = next((at for at, token in enumerate(tokens) if token.type == "THEN" and not token.text[0].isalpha()), None)
    if arrow is None or {"IF", "INDENT", "ITEM", "ELSE_IF"} & {token.type for token in tokens}:
        return tokens
    colons = [at for at in range(arrow) if tokens[at].type == "COLON"]
    at = colons[-1] + 1 if colons else 0
    if at >= arrow:
        return tokens
    start = Span(shaping.source.number, tokens[at].span.start, tokens[at].span.start)
    return [*tokens[:at], Token("IF", "", "IF", start), *tokens[at:]]


_LEADING = frozenset({"ALWAYS_TRUE", "CALENDAR", "FOR", "WITH", "WITHOUT", "ON", "CMP", "IN", "BETWEEN"})


def open_circumstances(tokens: list[Token], shaping: Shaping) -> list[Token]:
    """« Le week-end, la remise est de 10 % », « Quel que soit le montant, … »: a condition without « si »."""
    begin = next((at + 1 for at, token in enumerate(tokens[:4]) if token.type == "COLON" and at), 0)
    begin = begin if _kind(tokens, 0) in ("RULE", "EXCEPTION") else 0
    if _kind(tokens, begin) == "UNLESS":
        return _unless_last(tokens, begin, shaping)
    ranged = _kind(tokens, begin) == "VALUE" and _kind(tokens, begin + 1) in ("TO", "UPPER")
    if (_kind(tokens, begin) not in _LEADING and not ranged) or {"IF", "THEN"} & {token.type for token in tokens}:
        return tokens
    comma = next(
        (at for at in range(begin, len(tokens)) if tokens[at].type == "COMMA" and _starts_effect(tokens, at + 1)), None
    )
    if comma is None and shaping.inferring:
        comma = next((at for at in range(begin, len(tokens)) if tokens[at].type == "COMMA"), None)
    if comma is None:
        return tokens
    start = Span(shaping.source.number, tokens[begin].span.start, tokens[begin].span.start)
    opened = [Token("IF", "", "IF", start), *tokens[begin:comma], _as(tokens[comma], "THEN")]
    return [*tokens[:begin], *opened, *tokens[comma + 1 :]]


def colon_as_is(tokens: list[Token], shaping: Shaping) -> list[Token]:
    """« … alors remise : 10 % »: a colon after what is decided is its « est »."""
    out = list(tokens)
    then = next((at for at, token in enumerate(tokens) if token.type == "THEN"), len(tokens))
    for at in range(then + 1, len(tokens)):
        if (
            tokens[at].type == "COLON"
            and _kind(tokens, at - 1) == "TERM"
            and _kind(tokens, at + 1) not in ("INDENT", "")
        ):
            out[at] = _as(tokens[at], "IS", "IS")
    return out


def free_last(tokens: list[Token], shaping: Shaping) -> list[Token]:
    """Without vocabulary, "free delivery" is read as « livraison offerte »: what is free comes first."""
    out = list(tokens)
    for at, token in enumerate(tokens):
        leads = _kind(tokens, at - 1) in _BEFORE_FREE
        if shaping.inferring and leads and token.payload == "free" and _kind(tokens, at + 1) == "TERM":
            out[at : at + 2] = [tokens[at + 1], token]
    return out


_BEFORE_FREE = frozenset({"", "THEN", "AND", "COMMA", "IF", "COLON", "ITEM", "GRANT", "HAS"})
_AFTER_NO = frozenset({"THEN", "", "RPAR", "COMMA", "AND", "OR", "DEDENT", "ITEM", "UNLESS", "ELSE", "ELSE_IF", "DOT"})


def no_as_value(tokens: list[Token], shaping: Shaping) -> list[Token]:
    """« la livraison offerte est non »: a « non » that denies nothing after it is a value."""
    return [
        _as(token, "WORD_VALUE", "no")
        if fold(token.text) in ("non", "no")
        and _kind(tokens, at - 1) in ("IS", "ELSE")
        and _kind(tokens, at + 1) in _AFTER_NO
        else token
        for at, token in enumerate(tokens)
    ]


def count_from_dates(tokens: list[Token], shaping: Shaping) -> list[Token]:
    """« moins de 5 jours après la livraison »: the comparison counts from the date; « fin du mois de » needs one.

    « 45 jours fin de mois » has two readings.
    """
    days = {fold(way) for way in words(shaping.source.language).tables["hints"]["days"]}
    out: list[Token] = []
    for at, token in enumerate(tokens):
        if token.type == "CMP" and _kind(tokens, at + 1) == "VALUE" and _kind(tokens, at + 2) == "SHIFT":
            if fold(token.text) not in days and token.payload in _FROM_DATES:
                token = _as(token, "CMP", f"off_{_FROM_DATES[token.payload]}")
        if token.type == "OF" and (end := _range_end(tokens, at + 1)):
            cases = _kind(tokens, at - 1) in ("VALUE", "WORD_VALUE", "CALENDAR")  # « 5 € de 0 à 100 €, 3 € … »
            token = _as(token, "CMP", "ge") if cases or _is_day(tokens[end]) else token
        if _is_day(token) and _kind(out, len(out) - 1) in ("", "IF", "UNLESS", "ON") and _alone(tokens, at, out):
            day = out.pop() if _kind(out, len(out) - 1) == "ON" else token
            out.append(Token("CMP", "", "eq", Span(day.span.source, day.span.start, day.span.start)))
        if token.type == "MONTH_END" and token.payload == "last_of":
            token = _as(token, "MONTH_END_OF")
        if token.type == "MONTH_END" and _kind(tokens, at - 1) == "VALUE":
            _both_month_ends(tokens, at, shaping)
        out.append(token)
    return out


def _range_end(tokens: list[Token], at: int) -> int:
    """Where the last bound of « 0 à 100 € » stands, 0 where there is no range."""
    if _kind(tokens, at) != "VALUE":
        return 0
    to = at + 1 + (_kind(tokens, at + 1) in ("INCLUSIVE", "EXCLUSIVE"))
    return to + 1 if _kind(tokens, to) in ("TO", "UPPER") and _kind(tokens, to + 1) == "VALUE" else 0


def _is_day(token: Token) -> bool:
    return token.type == "VALUE" and getattr(token.payload, "kind", "") == "date"


def _alone(tokens: list[Token], at: int, out: list[Token]) -> bool:
    """« Le 24 décembre 2026, la remise est … », « si le 24 décembre 2026 alors … »: on that day."""
    leading = out[:-1] if _kind(out, len(out) - 1) == "ON" else out
    if not leading:
        return _kind(tokens, at + 1) == "COMMA" and _starts_effect(tokens, at + 2)
    after = _kind(tokens, at + 1)
    return leading[-1].type in ("IF", "UNLESS") and after in ("COMMA", "THEN", "AND", "OR", "")


_FROM_DATES = {"within": "le", "lt": "lt", "le": "le", "eq": "eq", "ge": "ge", "gt": "gt"}


def _both_month_ends(tokens: list[Token], at: int, shaping: Shaping) -> None:
    """« 45 jours fin de mois »: the end of the month after 45 days, or 45 days after the end of the month?"""
    value, french, cut = tokens[at - 1], shaping.source.language == "fr", shaping.source.cut
    first = at - 2
    while _kind(tokens, first - 1) in ("TERM", "OF", "POSS"):
        first -= 1
    named = _kind(tokens, at - 2) == "PLUS" and first < at - 2
    start = tokens[first].span if named else value.span
    base = cut(start.to(tokens[at - 3].span)) if named else "la date de facture" if french else "the invoice date"
    end, days = "fin du mois de" if french else "end of the month of", cut(value.span)
    readings = (f"{end} ({base} plus {days})", f"{end} {base} plus {days}")
    place = start.to(tokens[at].span)
    fixes = tuple(Fix(place, reading) for reading in readings) if named else ()
    shaping.diagnostics.add("E447", place, term=cut(place), one=readings[0], other=readings[1], fixes=fixes)


STEPS: tuple[Callable[[list[Token], Shaping], list[Token]], ...] = (
    end_sentence,
    drop_applies,
    range_literals,
    add_to,
    give_whom,
    alternatives,
    read_others,
    unless_last,
    open_whose,
    open_bounds,
    join_several,
    no_as_value,
    free_last,
    count_from_dates,
    plain_headings,
    open_each,
    verb_before_colon,
    open_arrows,
    open_circumstances,
    drop_expletives,
    drop_linking_of,
    lead_pairs,
    pair_prefixes,
    join_negated,
    build_blocks,
    join_commas,
    colons_in_lists,
    comma_as_then,
    colon_as_is,
    open_topic,
    mark_cases,
    mark_final_else,
    drop_case_before_else,
    give_whoever,
)
