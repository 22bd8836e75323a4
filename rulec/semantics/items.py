"""A declared item in, its type, bounds, default and names out."""

from dataclasses import field
from decimal import Decimal

from rulec.diagnostics import Diagnostics, Fix
from rulec.runtime import types as t
from rulec.runtime.plain import changing
from rulec.semantics.measures import Misfit, held, measure, too_many_decimals
from rulec.semantics.naming import key_of, keys_of
from rulec.source import Language, Source
from rulec.syntax import ast
from rulec.syntax.fold import fold, stem
from rulec.syntax.words import words as words_of
from rulec.tree import Span

_SIMPLE: dict[str, t.Type] = {
    "yes_no": t.YesNo(), "number": t.Number(), "whole": t.Number(whole=True), "percentage": t.Percentage(),
    "text": t.Text(), "date": t.Date(), "datetime": t.DateTime(), "time": t.Time(), "duration": t.Duration(),
}  # fmt: skip
_TAX_WORDS = {"ht": "net", "ttc": "gross"}


@changing
class Described:
    """What an item says of its thing. `options`, `alternatives`: (name, key) of each; "" where no key is said."""

    name: str
    key: str
    type: t.Type | None = None
    options: list[tuple[str, str]] = field(default_factory=list)
    alternatives: list[tuple[str, str]] = field(default_factory=list)
    parameters: list[tuple[str, str, t.Type]] = field(default_factory=list)
    synonyms: tuple[str, ...] = ()
    main: bool = False
    optional: bool = False
    one_only: bool = False
    combine: str = ""
    order: tuple[str, ...] = ()
    default: ast.Mark | None = None
    range: ast.Mark | None = None
    entity: str = ""  # the name of the entity that it leads to
    many: bool = False  # a list of it
    option_last: bool = False  # the mark read last names an option


def describe(item: ast.Item, source: Source, entities: frozenset[str], diagnostics: Diagnostics) -> Described:
    """Read the marks of an item one after the other; a key belongs to what was named last."""
    it = Described(item.name, "")
    it.name, it.optional = without_optional(item.name, source.language)
    for mark in item.marks:
        _READ.get(mark.kind, _ignore)(it, mark, source, entities, diagnostics)
        if mark.kind != "in_other":  # « or (en anglais « gold ») [gold] »
            it.option_last = _READ.get(mark.kind) is _named and bool(it.options) and not it.order
    if item.form in ("trait", "verb"):
        it.type = t.YesNo()
    if it.options:
        it.type = t.Choice(tuple(t.Option(key or key_of(name), name) for name, key in it.options))
        it.type = t.ListOf(it.type) if it.many else it.type
    if isinstance(it.type, t.Amount) and not it.type.kind:
        said = set(fold(item.name).split())
        it.type = next((t.Amount(it.type.currency, kind) for word, kind in _TAX_WORDS.items() if word in said), it.type)
    it.key = it.key or key_of(it.name)
    return it


def without_optional(name: str, language: Language) -> tuple[str, bool]:
    """« code facultatif », "optional code": the name itself, and whether it is said to be optional."""
    said = name.split(" ")
    ways = {stem(way, language) for way in words_of(language).tables["declarations"]["OPTIONAL"]}
    for at, rest in ((len(said) - 1, said[:-1]), (0, said[1:] if language == "en" else [])):
        if rest and stem(said[at], language) in ways:
            return " ".join(rest), True
    return name, False


def _ignore(it: Described, mark: ast.Mark, source: Source, entities: frozenset[str], diagnostics: Diagnostics) -> None:
    """Marks that change nothing here: the name in the other language, a plural."""


def _type(it: Described, mark: ast.Mark, source: Source, entities: frozenset[str], diagnostics: Diagnostics) -> None:
    name, *unit = mark.texts
    kind = _SIMPLE.get(name)
    if unit:
        kind = measure(unit[0], source.language)
        if kind is None:
            diagnostics.add("E212", mark.span, words=source.cut(mark.span))
    elif kind is None:
        diagnostics.add("E213", mark.span, fixes=(Fix(mark.span, "en €" if source.language == "fr" else "in €"),))
    _set_type(it, kind or t.Number())


def _set_type(it: Described, kind: t.Type) -> None:
    if it.parameters:
        name, key, _ = it.parameters[-1]
        it.parameters[-1] = (name, key, kind)
    else:
        it.type = kind


def _measure(it: Described, mark: ast.Mark, source: Source, entities: frozenset[str], diagnostics: Diagnostics) -> None:
    words = mark.texts[0]
    kind = measure(words, source.language)
    if kind is None and len(words.split()) > 1:
        diagnostics.add("E212", mark.span, words=words)
    _set_type(it, kind or t.Quantity(words.strip()))


def _type_name(
    it: Described, mark: ast.Mark, source: Source, entities: frozenset[str], diagnostics: Diagnostics
) -> None:
    words = mark.texts[0]
    if fold(words) in entities:
        it.entity = words
    elif kind := measure(words, source.language):
        _set_type(it, kind)
    else:
        diagnostics.add("E212", mark.span, words=words)
        _set_type(it, t.Text())


def _list_of(it: Described, mark: ast.Mark, source: Source, entities: frozenset[str], diagnostics: Diagnostics) -> None:
    words, *unit = mark.texts
    said = keys_of(words, source.language)
    entity = next((name for name in sorted(entities) if keys_of(name, source.language) == said), "")
    tables = words_of(source.language).tables["types"]
    simple = next((kind for kind in _SIMPLE if any(keys_of(w, source.language) == said for w in tables[kind])), "")
    kind = measure(unit[0], source.language) if unit else measure(words, source.language) or _SIMPLE.get(simple)
    if entity and not unit:
        it.entity, it.many = entity, True
    elif kind is not None:
        _set_type(it, t.ListOf(kind))
    else:
        diagnostics.add("E212", mark.span, words=unit[0] if unit else words)
        _set_type(it, t.ListOf(t.Text()))


def _named(it: Described, mark: ast.Mark, source: Source, entities: frozenset[str], diagnostics: Diagnostics) -> None:
    if it.order:
        it.order += mark.texts
        return
    if mark.kind == "another_text" and it.synonyms:
        it.synonyms += mark.texts
        return
    if it.parameters and (mark.kind == "among" or isinstance(it.parameters[-1][2], t.Choice)):
        _parameter_option(it, mark.texts[0])
        return
    listed = mark.kind == "among" or bool(it.options)
    (it.options if listed else it.alternatives).append((mark.texts[0], ""))


def _parameter_option(it: Described, label: str) -> None:
    """« avec un niveau parmi doux, ferme »: one value more."""
    name, key, kind = it.parameters[-1]
    known = kind.options if isinstance(kind, t.Choice) else ()
    it.parameters[-1] = (name, key, t.Choice((*known, t.Option(key_of(label), label))))


def _in_order(
    it: Described, mark: ast.Mark, source: Source, entities: frozenset[str], diagnostics: Diagnostics
) -> None:
    it.combine, it.order = "priority", mark.texts


def _key(it: Described, mark: ast.Mark, source: Source, entities: frozenset[str], diagnostics: Diagnostics) -> None:
    key = mark.texts[0]
    if it.parameters:
        name, said, kind = it.parameters[-1]
        if isinstance(kind, t.Choice):
            *before, last = kind.options
            key, kind = said, t.Choice((*before, t.Option(key, last.label)))
        it.parameters[-1] = (name, key, kind)
        return
    for named in (it.alternatives, it.options if it.option_last else []):
        if named and not named[-1][1]:
            named[-1] = (named[-1][0], key)
            return
    it.key = key


def _said(it: Described, mark: ast.Mark, source: Source, entities: frozenset[str], diagnostics: Diagnostics) -> None:
    match mark.kind:
        case "main":
            it.main = True
        case "one_only":
            it.one_only = True
        case "list_here":
            it.many = True
        case "also" | "plural":
            it.synonyms += mark.texts
        case "combine":
            it.combine = mark.texts[0]
        case "default":
            it.default = mark
        case "range":
            it.range = mark
        case _:
            it.parameters.append((mark.texts[0], "", t.Text()))


def _optional(
    it: Described, mark: ast.Mark, source: Source, entities: frozenset[str], diagnostics: Diagnostics
) -> None:
    """« parmi obligatoire, facultative »: after one value alone, it may be the second one."""
    it.optional = True
    if len(it.options) != 1:
        return
    said, either = source.cut(mark.span), {"fr": "ou", "en": "or"}[source.language]
    comma = Span(source.number, source.text.rfind(",", 0, mark.span.start), mark.span.end)
    diagnostics.add("E769", mark.span, fixes=(Fix(comma, f" {either} {said}"),), text=said, only=it.options[0][0])


_COMBINING = {"combinable": ("sum", "compound"), "not_combinable": ("max", "first"), "best": ("max", "min")}


def _refused(it: Described, mark: ast.Mark, source: Source, entities: frozenset[str], diagnostics: Diagnostics) -> None:
    if mark.texts[0] == "combinable" and it.type is not None and not isinstance(it.type, t.Percentage):
        it.combine = "sum"  # only reductions in percent compound
        return
    combine = words_of(source.language).tables["combine"]
    ways = _COMBINING[mark.texts[0]]
    fixes = tuple(Fix(mark.span, combine[way][0]) for way in ways)
    diagnostics.add(
        "E401", mark.span, fixes=fixes, written=source.cut(mark.span), one=fixes[0].text, other=fixes[1].text
    )


_READ = {
    "type": _type, "measure": _measure, "type_name": _type_name, "list_of": _list_of, "among": _named,
    "another": _named, "another_text": _named, "in_order": _in_order, "key": _key, "refused": _refused,
    "optional": _optional,
    **dict.fromkeys(("main", "one_only", "also", "plural", "combine", "default", "range"), _said),
    "parameter": _said, "list_here": _said,
}  # fmt: skip


def bounds_of(it: Described, kind: t.Type, diagnostics: Diagnostics) -> t.Bounds | None:
    """The bounds of an item, in the unit of its type."""
    if it.range is None:
        return None
    ends = [_held(value, kind, diagnostics) for value in it.range.values]
    low, high = (ends[0], ends[-1]) if len(ends) == 2 else (ends[0], ends[0])
    if it.range.texts == ("AT_LEAST",):
        high = None
    if it.range.texts == ("AT_MOST",):
        low = None
    if low is not None and high is not None and low > high:
        diagnostics.add("E214", it.range.span)
    return t.Bounds(low, high)


def _held(value: ast.Value, kind: t.Type, diagnostics: Diagnostics) -> Decimal | None:
    found = held(value.literal, kind)
    if isinstance(found, Misfit) and value.literal.kind == "number":  # « de 0 à 100 € »: the unit is said once
        found = value.literal.value
    if not isinstance(found, Decimal):
        diagnostics.add("E215", value.span)
        return None
    return found


def default_of(it: Described, kind: t.Type, diagnostics: Diagnostics) -> object:
    """The default of an item, None where it has none."""
    mark = it.default
    if mark is None:
        return None
    found: object = None
    if mark.values:
        found = held(mark.values[0].literal, kind)
    elif mark.texts and isinstance(kind, t.Text):
        found = mark.texts[0]
    elif mark.texts and isinstance(kind, t.YesNo):
        found = {"yes": True, "no": False}.get(mark.texts[0])
    elif mark.texts and isinstance(kind, t.Choice):
        found = next((o.key for o in kind.options if fold(o.label) == fold(mark.texts[0])), None)
    if found is None or isinstance(found, Misfit):
        diagnostics.add("E215", mark.span)
        return None
    if mark.values and (most := too_many_decimals(found, kind)) is not None:
        diagnostics.add("E475", mark.span, currency=getattr(kind, "currency", ""), count=most)
        return None
    return found
