"""A declaration as written in, its canonical lines out, an item after the other."""

from collections.abc import Iterator
from decimal import Decimal

from rulec.printing.layout import lines_of
from rulec.printing.names import GLUE, Speech, UnsaidError
from rulec.printing.values import quoted
from rulec.runtime.literals import Literal
from rulec.runtime.plain import Plain, plain
from rulec.runtime.shown import SPACE, show_value
from rulec.semantics.measures import type_of
from rulec.source import Source
from rulec.syntax import ast
from rulec.syntax.fold import one_spaced
from rulec.syntax.words import words

_TYPED = frozenset({"type", "measure", "type_name", "list_of", "list_here", "one_only"})
HEADS = {"known": "KNOW", "possible": "CAN", "happening": "HAPPENS"}
_FEMININE = {"principal": "principale", "facultatif": "facultative"}


@plain
class Block(Plain):
    """Lines that stand for what begins at a place of the source."""

    start: int
    lines: tuple[str, ...]


def declaration(speech: Speech, source: Source, said: ast.Declaration) -> Iterator[Block]:
    """The head of a declaration, then its items."""
    yield Block(said.span.start, tuple(lines_of(_head(speech, source, said), 0)))
    for item in said.items:
        lead = _lead(source, item.span.start)
        text = item_text(speech, source, item)
        yield Block(item.span.start, tuple(lines_of(f"-{GLUE}{lead}{text}", 2)))


def named_set(speech: Speech, source: Source, said: ast.NamedSet) -> str:
    """« Les pays proches sont la France, la Belgique et la Suisse »."""
    lead = _lead(source, said.span.start)
    written = one_spaced(source.cut(said.span))
    values, at = [], len(said.name)
    for value in said.values:
        found = written.index(value, at)
        values.append(_article(written[at:found]) + value.replace(" ", GLUE))
        at = found + len(value)
    *most, last = values
    listed = f"{', '.join(most)} {speech.declared('AND')} {last}"
    return f"{capital(lead)}{said.name} {speech.declared('ARE')} {listed}"


def capital(text: str) -> str:
    """With a capital at its head."""
    return text[:1].upper() + text[1:]


def _article(text: str) -> str:
    """The article at the end of « , la »."""
    word = text.replace("’", "'").split(" ")[-1] if text.endswith("'") else text.strip().split(" ")[-1]
    if word.endswith("'"):
        return word
    return f"{word} " if word.casefold() in ("le", "la", "les", "the", "un", "une", "a", "an") else ""


def _lead(source: Source, at: int) -> str:
    """What stands on the line before a name: its article, « il peut être »."""
    before = source.text[:at].rpartition("\n")[2].replace("’", "'").lstrip(" \t\r\ufeff")
    words = before.lstrip("-–•* \t").split()
    lead = " ".join(words)
    return lead if lead.endswith("'") or not lead else f"{lead} "


def _head(speech: Speech, source: Source, said: ast.Declaration) -> str:
    colon = speech.choose(" :", ":")
    key = f" [{said.key}]" if said.key else ""
    match said.kind:
        case "known" | "possible" | "happening":
            return f"{capital(speech.declared(HEADS[said.kind]))}{colon}"
        case "decided" if said.each:
            return f"{capital(speech.declared('DECIDE'))} {speech.declared('EACH')} {said.each}{colon}"
        case "decided":
            return f"{capital(speech.declared('DECIDE'))}{colon}"
        case _:
            other = f" ({speech.declared('IN_OTHER')} {quoted(said.other, speech.french)})" if said.other else ""
            lead = capital(f"{_lead(source, said.span.start)}{said.name}{key}{other}")
            if said.kind == "entity":
                has = "ont" if speech.french and speech.agreement(said.name).plural else speech.declared("HAS")
                return f"{lead} {has}{colon}"
            feminine = speech.french and speech.agreement(said.parent).gender == "f"
            is_a = "est une" if feminine else speech.declared("IS_A")
            return f"{lead} {is_a} {said.parent} {speech.declared('WHO_HAS')}{colon}"


def item_text(speech: Speech, source: Source, item: ast.Item) -> str:
    """The name of an item and all that is said of it."""
    return "".join(_item(speech, source, item))


def _item(speech: Speech, source: Source, item: ast.Item) -> Iterator[str]:
    yield item.name
    listed, typed = "", list[str]()
    for mark in item.marks:
        if mark.kind in _TYPED:
            typed.append(_type(speech, mark))
            continue
        if typed:
            yield f" ({', '.join(typed)})"
            typed = []
        if mark.kind in ("among", "in_order"):
            listed = mark.kind
        yield _mark(speech, source, item, mark, listed)
    if typed:
        yield f" ({', '.join(typed)})"


def _type(speech: Speech, mark: ast.Mark) -> str:
    text = mark.texts[-1] if mark.texts else ""
    match mark.kind:
        case "type":
            name = speech.word("types", mark.texts[0])
            return f"{name} {speech.declared('IN')} {text}" if len(mark.texts) > 1 else name
        case "measure":
            return f"{speech.declared('IN')} {text}"
        case "list_of":
            return list_of(speech, text)
        case "one_only":
            return speech.declared("ONE_ONLY")
        case "list_here":
            return speech.declared("LIST")
        case _:
            return text


def list_of(speech: Speech, text: str) -> str:
    """« liste de lignes », « liste d'articles »."""
    head = speech.declared("LIST_OF")
    return f"{head.removesuffix(' de')} {speech.of(text)}" if speech.french else f"{head} {text}"


def _mark(speech: Speech, source: Source, item: ast.Item, mark: ast.Mark, listed: str) -> str:
    texts = " ".join(quoted(text, speech.french) for text in mark.texts)
    match mark.kind:
        case "key":
            return f"{GLUE}[{mark.texts[0]}]"
        case "among":
            return f" {speech.declared('AMONG')} {_name(speech, source, mark)}"
        case "another":
            joined = ", " if listed else f" {speech.declared('OR')} "
            return f"{joined}{_name(speech, source, mark)}"
        case "another_text":
            return f", {texts}"
        case "in_order":
            return f", {speech.declared('IN_ORDER')} {_name(speech, source, mark)}"
        case "main" | "optional":
            said = speech.declared(mark.kind.upper())
            feminine = speech.french and speech.agreement(item.name).gender == "f"
            return f", {_FEMININE[said] if feminine else said}"
        case "also" | "plural":
            return f", {speech.declared(mark.kind.upper())} {texts}"
        case "in_other":
            return f" ({speech.declared('IN_OTHER')} {texts})"
        case "combine":
            return f", {combined(speech, item.name, mark.texts[0])}"
        case "default":
            return f", {default_text(speech, mark)} {speech.declared('BY_DEFAULT')}"
        case "range":
            return f", {ranged(speech, mark)}"
        case _ if not mark.texts:
            raise UnsaidError
        case _:
            article = _article(one_spaced(source.cut(mark.span)).removesuffix(mark.texts[0]))
            return f", {speech.declared('WITH')} {article}{mark.texts[0]}"


def _name(speech: Speech, source: Source, mark: ast.Mark) -> str:
    quotes = any(quote in source.cut(mark.span) for quote in '«“"')
    return quoted(mark.texts[0], speech.french) if quotes else mark.texts[0]


def combined(speech: Speech, name: str, way: str) -> str:
    """How outcomes combine, agreeing with what combines."""
    ways = words(speech.language).tables["combine"][way]
    masculine = speech.agreement(name).gender == "m" and way in ("max", "min")
    return next((each for each in ways if masculine and each.startswith("le ")), ways[0])


def default_text(speech: Speech, mark: ast.Mark) -> str:
    """The value of a default."""
    if mark.values:
        return shown(speech, mark.values[0])
    return {"yes": speech.declared("YES"), "no": speech.declared("NO")}.get(mark.texts[0], mark.texts[0])


def ranged(speech: Speech, mark: ast.Mark) -> str:
    """The bounds of an item."""
    ends = [shown(speech, value) for value in mark.values]
    if mark.texts:
        return f"{speech.declared(mark.texts[0])} {ends[0]}"
    return f"{speech.declared('FROM')} {ends[0]} {speech.declared('TO')} {ends[-1]}"


def shown(speech: Speech, said: ast.Value) -> str:
    """A literal of a declaration."""
    literal = said.literal
    assert isinstance(literal, Literal)
    held = literal.value
    return show_value(type_of(literal), Decimal(str(held)) if isinstance(held, Decimal | int) else held,
                      speech.language).replace(SPACE, GLUE).replace(" ", GLUE)  # fmt: skip
