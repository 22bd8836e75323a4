"""Tokens that make no statement in, a diagnostic out: where the sentence stops, and what could stand there."""

from collections.abc import Iterable, Sequence

from rulec.diagnostics import Diagnostics, Fix
from rulec.source import Language, Source
from rulec.syntax.branching import readings_of_second_if
from rulec.syntax.grammar import SentenceError
from rulec.syntax.only import readings_of_only
from rulec.syntax.places import with_article
from rulec.syntax.tokens import Entry, Token
from rulec.tree import Span

MAX_NESTING = 50  # parentheses, or lists, within each other
MAX_OPERATORS = 200  # calculations of one statement
_BOUNDARIES = frozenset({"THEN", "COMMA", "ELSE", "ELSE_IF", "UNLESS", "BECAUSE", "AND", "COMMA_AND", "DEDENT", "ITEM"})
_OPERATORS = frozenset({"PLUS", "MINUS", "TIMES", "DIVIDE", "NOT", "EITHER", "NEITHER"})
_REFUSED = {
    "or_else": "E443", "only_if": "E444", "only": "E444", "no_longer": "E445", "including": "E446",
    "more": "E421", "multiplied": "E477", "combinable": "E401", "not_combinable": "E401",
    "aside": "E760", "forbidden": "E762",
}  # fmt: skip
_UNSAID: dict[Language, tuple[str, str]] = {  # the readings of « réservé aux majeurs », which names nothing decided
    "fr": ("… pour …", "pas de … sauf pour …"), "en": ("… for …", "no … except for …"),
}  # fmt: skip
_VAGUE = {"about": "E441", "if_possible": "E442", "proportional": "E794"}

# What a kind of token is to a reader; kinds of one meaning share their words.
_SAID: dict[str, tuple[str, str]] = {
    **dict.fromkeys(("TERM", "IT", "THEIR", "QUANT"), ("un terme du vocabulaire", "a term of the vocabulary")),
    **dict.fromkeys(("VALUE", "WORD_VALUE", "LPAR", "TODAY", "PLUS", "MINUS"), ("une valeur", "a value")),
    "TEXT": ("un texte entre guillemets", "a text in quotes"),
    **dict.fromkeys(
        ("CMP", "IS", "IS_NOT", "BETWEEN", "ONE_OF", "GIVEN", "MISSING", "TEXT_TEST"),
        ("une comparaison (« dépasse », « est » …)", 'a comparison ("exceeds", "is" …)'),
    ),
    **dict.fromkeys(("AND", "OR"), ("« et » ou « ou »", '"and" or "or"')),
    "THEN": ("« alors »", '"then"'),
    "IF": ("« si »", '"if"'),
    "RPAR": ("« ) »", '")"'),
    "COLON": ("« : »", '":"'),
    "UNLESS": ("« sauf si »", '"unless"'),
    "ELSE": ("« sinon »", '"else"'),
    **dict.fromkeys(("TIMES", "DIVIDE", "OUT_OF"), ("un calcul (« × », « / »)", 'a calculation ("×", "/")')),
    "LEVEL": ("« exécuter », « proposer » ou « observer »", '"act", "propose" or "observe"'),
    "IN_OTHER": ("« en anglais »", '"in French"'),
    "OF": ("« de »", '"of"'),
    "CHARACTERS": ("« caractères »", '"characters"'),
    "ITEM": ("un tiret « - »", 'a dash "-"'),
    "INDENT": ("une liste de tirets", "a list of dashes"),
    "NAME": ("un nom", "a name"),
    "TABLE": ("un tableau", "a table"),
    "TYPE": ("un type (« date », « texte » …)", 'a type ("date", "text" …)'),
    "COMMA": ("une virgule", "a comma"),
    "TO": ("« à »", '"to"'),
    "HAS": ("« a »", '"has"'),
    "ARE": ("« sont »", '"are"'),
    "DECIDE": ("« on décide »", '"we decide"'),
    "WHO_HAS": ("« qui a »", '"that has"'),
    "BY_DEFAULT": ("« par défaut »", '"by default"'),
    "LANGUAGE_NAME": ("« français » ou « anglais »", '"French" or "English"'),
    "$END": ("la fin de la phrase", "the end of the sentence"),
}
_CLOSING = (
    "THEN",
    "RPAR",
    "COLON",
    "VALUE",
    "TERM",
    "CMP",
    "TEXT",
    "AND",
    "IF",
    "ITEM",
    "NAME",
    "TYPE",
    "UNLESS",
    "$END",
)
_MOST = 4


def report_words(source: Source, tokens: Sequence[Token], diagnostics: Diagnostics) -> bool:
    """Report the words of a statement that have two readings or none; whether there are any."""
    found = False
    for at, token in enumerate(tokens):
        if token.type == "VAGUE":
            diagnostics.add(_VAGUE.get(token.payload, "E440"), token.span, term=source.cut(token.span))
            found = True
        elif token.type == "REFUSED" and not (found and token.payload == "including"):
            _refuse(source, tokens, at, diagnostics)
            found = True
    return found or _too_deep(tokens, diagnostics)


def _too_deep(tokens: Sequence[Token], diagnostics: Diagnostics) -> bool:
    depth = operators = 0
    for token in tokens:
        depth += {"LPAR": 1, "INDENT": 1, "RPAR": -1, "DEDENT": -1}.get(token.type, 0)
        operators += token.type in _OPERATORS
        if depth > MAX_NESTING or operators > MAX_OPERATORS:
            diagnostics.add("E105", token.span, limit=MAX_NESTING)
            return True
    return False


def _refuse(source: Source, tokens: Sequence[Token], at: int, diagnostics: Diagnostics) -> None:
    token = tokens[at]
    fixes = _readings(source, tokens, at)
    texts = [fix.text.strip() for fix in fixes]
    text = source.cut(token.span)
    one, other = (texts[0], texts[-1]) if texts else _UNSAID[source.language]
    diagnostics.add(
        _REFUSED[token.payload], token.span, fixes=fixes, term=text, written=text, text=text, one=one, other=other
    )


def _readings(source: Source, tokens: Sequence[Token], at: int) -> tuple[Fix, ...]:
    """What may be written instead of a refused word, one fix a reading."""
    token, french = tokens[at], source.language == "fr"
    match token.payload:
        case "or_else":
            end = next((i for i in range(at + 1, len(tokens)) if tokens[i].type in _BOUNDARIES), len(tokens))
            place = token.span.to(tokens[max(at, end - 1)].span)
            rest = source.cut(Span(place.source, token.span.end, place.end)).strip()
            word, both = ("ou", "mais pas les deux") if french else ("or", "but not both")
            return Fix(place, f"{word} {rest}"), Fix(place, f"{word} {rest} {both}")
        case "only_if":
            whole = tokens[0].span.to(tokens[-1].span)
            rest = source.cut(Span(whole.source, token.span.end, whole.end)).strip()
            name = source.cut(tokens[0].span).lower()
            suffices = Fix(token.span, "si et seulement si" if french else "if and only if")
            if at == 0 or tokens[0].type != "TERM":
                return (suffices,)
            return suffices, Fix(whole, f"Pas de {name} sauf si {rest}" if french else f"No {name} unless {rest}")
        case "only":
            return readings_of_only(source, tokens, at)
        case "no_longer":
            return (Fix(token.span, "n'est pas" if french else "is not"),)
        case "more":
            if at + 1 == len(tokens) or tokens[at + 1].type not in ("TERM", "OF"):
                return ()
            return (Fix(token.span, "pas de" if french else "no"),)
        case "aside":
            return (Fix(token.span, "sauf" if french else "except"),)
        case "forbidden":
            name, none = source.cut(tokens[at - 1].span).lower(), "pas de" if french else "no"
            said = f"{none} {name}" if at > 1 else f"{none.capitalize()} {name}"
            return (Fix(with_article(tokens[at - 1].span.to(token.span), source), said),)
        case "combinable":
            ways = ("s'additionnent", "s'enchaînent") if french else ("add up", "compound")
            return tuple(Fix(token.span, way) for way in ways)
        case "not_combinable":
            ways = ("la plus élevée l'emporte", "la première règle l'emporte") if french else (
                "the highest wins", "the first rule wins")  # fmt: skip
            return tuple(Fix(token.span, way) for way in ways)
        case _:
            return ()


def report_unreadable(source: Source, tokens: Sequence[Token], stop: SentenceError, diagnostics: Diagnostics) -> None:
    """Report a statement that no reading fits, at the word where it stops."""
    kinds = [token.type for token in tokens]
    at = stop.at
    kind = kinds[at] if at < len(kinds) else ""
    span = tokens[at].span if at < len(tokens) else _after(tokens[-1].span)
    text = source.cut(tokens[min(at, len(tokens) - 1)].span)
    before = source.cut(tokens[at - 1].span) if at else ""
    code = _code(kinds, at, kind)
    fixes = readings_of_second_if(source, tokens, at) if code == "E433" else ()
    fixes = _then_before_effect(source, tokens) if code == "E121" else fixes
    said, expected = before if code == "E122" else text, _expected(stop.expected, source)
    diagnostics.add(code, span, fixes=fixes, text=said, before=before, expected=expected)


def _then_before_effect(source: Source, tokens: Sequence[Token]) -> tuple[Fix, ...]:
    """« Si la commande dépasse 500 € refuser »: the « alors » that is missing before what is asked for."""
    named = [token for token in tokens[1:] if isinstance(token.payload, Entry)]
    told = [token for token in named if token.payload.action or token.payload.decided]
    if len(told) != 1:
        return ()
    at = with_article(told[0].span, source).start
    return (Fix(Span(source.number, at, at), "alors " if source.language == "fr" else "then "),)


def _after(span: Span) -> Span:
    return Span(span.source, span.end, span.end)


def _code(kinds: Sequence[str], at: int, kind: str) -> str:
    """The message that says best what is wrong."""
    done = list(kinds[:at])
    if not kind and done.count("LPAR") <= done.count("RPAR"):
        return (
            "E121"
            if "IF" in done[:1] and not {"THEN", "COLON"} & set(done) and done[-1] not in ("IF", "CMP")
            else "E122"
        )
    if done.count("LPAR") > done.count("RPAR") and kind in ("THEN", "ELSE", "ELSE_IF", "UNLESS", ""):
        return "E127"
    if kind == "THEN":
        return "E124" if "IF" not in done and "ELSE_IF" not in done else "E122" if done[-1] == "IF" else "E126"
    if kind in ("ELSE", "ELSE_IF", "ELSE_END"):
        return "E125" if at == 0 or not {"IF", "THEN"} & set(done) else "E120"
    if kind == "IF" and "THEN" in done:
        return "E433"
    if done and done[-1] in ("IF", "THEN", "CMP", "AND", "OR", "IS") and kind in ("THEN", "AND", "OR", "COMMA"):
        return "E122"
    return "E120"


def _expected(kinds: Iterable[str], source: Source) -> str:
    """The kinds that could have come, in words: at most four, the most telling first."""
    column = 0 if source.language == "fr" else 1
    told = [kind for kind in _CLOSING if kind in kinds] + sorted(kind for kind in kinds if kind not in _CLOSING)
    said = list(dict.fromkeys(_SAID[kind][column] for kind in told if kind in _SAID))[:_MOST]
    if not said:
        said = [_SAID["$END"][column]]
    last = " ou " if column == 0 else " or "
    return said[0] if len(said) == 1 else ", ".join(said[:-1]) + last + said[-1]
