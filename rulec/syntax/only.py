"""« Seuls les clients fidèles ont 10 % de remise » in, its readings out: is the condition enough, or only needed?"""

from collections.abc import Sequence

from rulec.diagnostics import Fix
from rulec.source import Source
from rulec.syntax.fold import fold
from rulec.syntax.places import with_article
from rulec.syntax.tokens import Token
from rulec.tree import Span

_SAID = {
    "fr": ("Pas de {} sauf {}", "{} : … {}", "pour ", ("reserve a ", "aux ", "a ")),
    "en": ("No {} except {}", "{}: … {}", "for ", ("to ",)),
}


def readings_of_only(source: Source, tokens: Sequence[Token], at: int) -> tuple[Fix, ...]:
    """What may be written instead of a sentence with « seul », « uniquement », « réservé à » at a place.

    "…" stands for the value that such a sentence leaves out.
    """
    forbids, gives, whom, _ = _SAID[source.language]
    whole, token = with_article(tokens[0].span.to(tokens[-1].span), source), tokens[at]
    name = _decided(source, tokens)
    if at == 0:
        has = next((n for n, each in enumerate(tokens) if each.type in ("HAS", "HAS_NOT")), None)
        if has is None or not name:
            return ()
        group = source.cut(Span(whole.source, token.span.start, tokens[has - 1].span.end)).split(maxsplit=1)[1]
        rest = source.cut(Span(whole.source, tokens[has].span.start, whole.end))
        return Fix(whole, f"{group} {rest}"), Fix(whole, forbids.format(name, f"{whom}{group}"))
    rest = source.cut(Span(whole.source, token.span.end, whole.end)).strip()
    told = _of_group(source, token, rest)
    other = (Fix(whole, forbids.format(name, told)),) if name else ()
    if any(each.type in ("VALUE", "WORD_VALUE") for each in tokens[:at]):
        return Fix(Span(whole.source, tokens[at - 1].span.end, whole.end), f" {told}"), *other
    return (Fix(whole, gives.format(name.capitalize(), told)), *other) if name else ()


def _of_group(source: Source, token: Token, rest: str) -> str:
    """« pour les clients fidèles », « en France »: whom or what the word was said of."""
    whom, leading = _SAID[source.language][2:]
    said = fold(source.cut(token.span))
    for way in (" a", " aux", " au", " for", " pour"):
        if said.endswith(way):
            return f"{whom}{rest}"
    lead = next((each for each in leading if fold(rest).startswith(each)), "")
    return f"{whom}{rest[len(lead):]}" if lead else rest


def _decided(source: Source, tokens: Sequence[Token]) -> str:
    """The name of what is decided: the one declared so, else that of a value, else the first."""
    names = [n for n, each in enumerate(tokens) if each.type == "TERM"]
    told = [n for n in names if getattr(tokens[n].payload, "decided", False)]
    valued = [n for n in names if {each.type for each in tokens[max(0, n - 2) : n]} & {"VALUE"}]
    chosen = [*told, *(n for n in names if n == 0), *valued, *names][:1]
    return source.cut(tokens[chosen[0]].span).lower() if chosen else ""
