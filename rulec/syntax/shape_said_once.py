"""Tokens in, tokens out: what a sentence says once and means twice: « moins de 3 commandes ou plus de 20 »."""

from rulec.diagnostics import Diagnostics, Fix
from rulec.source import Source
from rulec.syntax.places import with_article
from rulec.syntax.tokens import Token
from rulec.tree import Span

_BOUNDARIES = frozenset({"IF", "THEN", "ELSE", "ELSE_IF", "UNLESS", "BECAUSE", "COLON", "ITEM", "INDENT", "DEDENT"})
_JOINS = frozenset({"AND", "OR", "COMMA", "COMMA_AND", "COMMA_OR", "LPAR"})
_ENDS = _BOUNDARIES | _JOINS | {"", "RPAR", "DOT", "HAS"}
_JOINED = frozenset({"COMMA", "ELSE", "AND"})
_WHOLE = frozenset({"IF", "THEN", "COLON", "UNLESS", "ITEM", "ELSE"})


def _kinds(tokens: list[Token]) -> list[str]:
    return [token.type for token in tokens]


def _is_number(token: Token) -> bool:
    return token.type == "VALUE" and getattr(token.payload, "kind", "") == "number"


def repeat_counted(tokens: list[Token]) -> list[Token]:
    """« moins de 3 commandes ou plus de 20 »: of what there are 20 has been said."""
    out: list[Token] = []
    for at, token in enumerate(tokens):
        out.append(token)
        after = tokens[at + 1].type if at + 1 < len(tokens) else ""
        if not _is_number(token) or after not in _ENDS or _kinds(out[-3:-1]) not in (["AND", "CMP"], ["OR", "CMP"]):
            continue
        counted = [each for each in out[-7:-3] if each.type != "OF"][-3:]
        if _kinds(counted) == ["CMP", "VALUE", "TERM"] and _is_number(counted[1]):
            end = Span(token.span.source, token.span.end, token.span.end)
            out.append(Token("TERM", counted[2].text, counted[2].payload, end))
    return out


def repeat_base(tokens: list[Token]) -> list[Token]:
    """« 3 % du salaire si A, 6 % si B »: of what the second rate is has been said."""
    kinds = _kinds(tokens)
    first = next((at for at, token in enumerate(tokens) if _is_rate(token)), len(tokens))
    end = next((n for n in range(first + 2, len(tokens)) if kinds[n] not in ("TERM", "OF", "POSS")), len(tokens))
    base = tokens[first + 1 : end]
    named = _kinds(base[:2]) == ["OF", "TERM"] and not any(t.type == "TERM" and t.payload.decided for t in base)
    if not named or kinds[end : end + 1] not in (["IF"], ["CMP"], ["FOR"], ["COMMA"], ["ROUNDED"], ["ELSE"]):
        return tokens
    out: list[Token] = []
    for at, token in enumerate(tokens):
        out.append(token)
        opens = at > end and _is_rate(token) and (kinds[at - 1] in _JOINED or kinds[at - 2 : at] == ["IT", "IS"])
        if opens and (at + 1 == len(tokens) or kinds[at + 1] in ("IF", "CMP", "FOR", "ELSE", "COMMA", "DOT")):
            after = Span(token.span.source, token.span.end, token.span.end)
            out += [Token(each.type, each.text, each.payload, after) for each in base]
    return out


def exception_with_value(tokens: list[Token]) -> list[Token]:
    """« 5 %, sauf pour les membres qui ont 10 % »: 5 %, but 10 % for them."""
    kinds = _kinds(tokens)
    at = next((n for n, token in enumerate(tokens) if token.type == "UNLESS" and token.payload == "EXCEPT"), 0)
    end = next((n for n in range(at + 1, len(kinds)) if kinds[n] != "TERM"), len(kinds))
    rest = [kind for kind in kinds[end:] if kind not in ("COMMA", "OF", "DOT")]
    values = [token for token in tokens if token.type == "VALUE"]
    if not at or end == at + 1 or rest != ["WHO", "HAS", "VALUE"] or len(values) != 2:
        return tokens
    if getattr(values[0].payload, "kind", "") != getattr(values[1].payload, "kind", "-"):
        return tokens
    said, start = tokens[at], [*tokens[:at]]
    but = [] if start[-1].type == "COMMA" else [Token("COMMA", ",", ",", said.span)]
    return [*start, *but, Token("AND", "but", "AND", said.span), values[1], Token("FOR", "for", "FOR", said.span),
            *tokens[at + 1 : end]]  # fmt: skip


def _is_rate(token: Token) -> bool:
    return token.type == "VALUE" and getattr(token.payload, "kind", "") == "percentage"


def deny_both(tokens: list[Token]) -> list[Token]:
    """« n'est pas à la fois A et B »: not A, or not B."""
    kinds = _kinds(tokens)
    at = kinds.index("BOTH") if "BOTH" in kinds else 0
    if not at or kinds[at - 1] != "IS_NOT":
        return tokens
    stop = next((n for n in range(at + 1, len(kinds)) if kinds[n] in _BOUNDARIES | {"COMMA", "OR"}), len(kinds))
    joins = [n for n in range(at + 1, stop) if kinds[n] == "AND"]
    if not joins or set(kinds[at + 1 : joins[0]]) != {"TERM"}:
        return tokens
    end = next((n for n in range(joins[0] + 1, stop) if kinds[n] not in ("TERM", "OF")), stop)
    start = next((n + 1 for n in range(at, -1, -1) if kinds[n] in _BOUNDARIES | _JOINS), 0)
    opening, closing = _sign("LPAR", tokens[start].span, 0), _sign("RPAR", tokens[end - 1].span, 1)
    both, joint = tokens[at - 1], tokens[joins[0]]
    other = [Token("OR", joint.text, "OR", joint.span), Token(both.type, both.text, both.payload, joint.span)]
    first, second = tokens[start : joins[0]], tokens[joins[0] + 1 : end]
    first = [token for token in first if token.type != "BOTH"]
    return [*tokens[:start], opening, *first, *other, *second, closing, *tokens[end:]]


def _sign(kind: str, span: Span, after: int) -> Token:
    """A parenthesis that nobody wrote, before a place or `after` it."""
    at = span.end if after else span.start
    return Token(kind, "()"[after], "()"[after], Span(span.source, at, at))


def neither_of_some(tokens: list[Token]) -> list[Token]:
    """« au moins un article n'est ni A ni B »: the same one is not A and is not B."""
    kinds = _kinds(tokens)
    at = kinds.index("IS_NEITHER") if "IS_NEITHER" in kinds else 0
    if not at:
        return tokens
    start = next((n + 1 for n in range(at, -1, -1) if kinds[n] in _BOUNDARIES | _JOINS), 0)
    if not any(token.type == "QUANT" and token.payload != "no" for token in tokens[start:at]):
        return tokens
    out = list(tokens)
    for n in range(at, len(tokens)):
        if kinds[n] in _BOUNDARIES:
            break
        if kinds[n] in ("NEITHER", "NOR"):
            joined = Token("AND", tokens[n].text, "AND", tokens[n].span)
            return [*out[:at], _is_not(out[at]), *out[at + 1 : n], joined, _is_not(tokens[n]), *out[n + 1 :]]
    return tokens


def _is_not(token: Token) -> Token:
    return Token("IS_NOT", token.text, "IS_NOT", token.span)


def report_elided(tokens: list[Token], source: Source, inferring: bool, diagnostics: Diagnostics) -> None:
    """Report « les professionnels ont 15 % et les revendeurs 10 % »: each group has a sentence of its own."""
    kinds = _kinds(tokens)
    has = kinds.index("HAS") if "HAS" in kinds else 0
    if not has or set(kinds[:has]) != {"TERM"} or kinds[has + 1 : has + 2] != ["VALUE"]:
        return
    starts = [at for at in range(has + 2, len(kinds)) if kinds[at - 1] in ("AND", "COMMA") and _given(tokens, at)]
    if inferring:
        starts = [at for at in starts if names_group(source, tokens[at].span, tokens[_given(tokens, at)].span)]
    if not starts or _WHOLE & set(kinds):
        return
    whole = with_article(tokens[0].span.to(tokens[-1].span), source)
    joint = starts[0] - 1 - (kinds[starts[0] - 2] == "COMMA")
    head = source.cut(Span(whole.source, whole.start, tokens[joint].span.start)).rstrip()
    verb = source.cut(tokens[has].span)
    gift = source.cut(Span(whole.source, tokens[has + 1].span.end, tokens[joint].span.start)).rstrip()
    said = [head, *(_sentence(tokens, at, verb, gift, source) for at in starts)]
    text = source.cut(with_article(tokens[starts[0]].span, source).to(tokens[_given(tokens, starts[0])].span))
    diagnostics.add("E770", whole, fixes=(Fix(whole, ".\n".join(said)),), text=text)


def names_group(source: Source, name: Span, value: Span) -> bool:
    """Whether « les professionnels 10 % » says who has it, without a vocabulary: « une prime de 10 % » does not."""
    apart = source.cut(Span(source.number, name.end, value.start)).strip()
    article = source.cut(with_article(name, source)).partition(" ")[0].lower()
    return not apart and (source.language == "en" or article == "les")


def _given(tokens: list[Token], at: int) -> int:
    """Where what a group has stands: « 10 % » of « les revendeurs 10 % »; 0 where there is no such."""
    end = next((n for n in range(at, len(tokens)) if tokens[n].type != "TERM"), len(tokens))
    decided = any(token.payload.decided for token in tokens[at:end])
    return end if end > at and not decided and _kinds(tokens[end : end + 1]) == ["VALUE"] else 0


def _sentence(tokens: list[Token], at: int, verb: str, gift: str, source: Source) -> str:
    given = _given(tokens, at)
    group = source.cut(with_article(tokens[at].span, source).to(tokens[given - 1].span))
    own = given + 1 < len(tokens) and tokens[given + 1].type in ("OF", "TERM", "OFF")
    stop = next((n for n in range(given + 1, len(tokens)) if tokens[n].type in ("AND", "COMMA", "DOT")), len(tokens))
    value = source.cut(tokens[given].span.to(tokens[stop - 1].span) if own else tokens[given].span)
    return f"{group[:1].upper()}{group[1:]} {verb} {value}{'' if own else gift}"
