"""A declared item in, what it says that has no meaning where it stands out: nothing of it is passed over."""

from collections.abc import Sequence

from rulec.diagnostics import Diagnostics, Fix
from rulec.source import Language, Source
from rulec.syntax import ast
from rulec.syntax.fold import fold
from rulec.syntax.words import words
from rulec.tree import Span

_HAVING: dict[Language, tuple[str, ...]] = {
    "fr": (" avec un ", " avec une ", " avec des ", " avec le ", " avec la "),
    "en": (" with a ", " with an ", " with the ", " with some "),
}
_HAS: dict[Language, str] = {"fr": "a :", "en": "has:"}
_JOINED: dict[Language, tuple[str, ...]] = {"fr": ("et ", "ou "), "en": ("and ", "or ")}
_TYPES = frozenset({"type", "measure", "type_name", "list_of"})
_DECIDED = frozenset({"combine", "in_order", "refused"})  # what only an outcome may say
_DONE = frozenset({"one_only", "parameter"})  # what only an action may say


def report_stray(item: ast.Item, kind: str, source: Source, diagnostics: Diagnostics) -> None:
    """`kind`: that of the declaration, as `ast.Declaration` has it."""
    if kind != "possible" and _report_having(item, source, diagnostics):
        return
    typed = listed = item.form in ("trait", "verb")
    for mark in item.marks:
        if mark.kind == "parameter" and kind == "possible":
            return  # what follows is said of it
        if mark.kind in _misplaced(kind) or (mark.kind in _TYPES and typed) or _limits(mark, source.language):
            diagnostics.add("E225", mark.span, text=source.cut(mark.span).lstrip(", "), term=item.name)
            return
        if mark.kind == "another" and not listed and kind != "possible":
            after = any(each.kind in _TYPES and each.span.start > mark.span.start for each in item.marks)
            if kind == "decided" and typed and not after:
                _report_way(item, mark, source, diagnostics)
            else:
                _report_another(item, mark, source, diagnostics)
            return
        typed = typed or mark.kind in _TYPES | {"among"}
        listed = listed or mark.kind in ("among", "in_order")


def _limits(mark: ast.Mark, language: Language) -> bool:
    """« un port (en €), arrondi au centime »: of a value, said where it is calculated."""
    said = fold(mark.texts[0]) if mark.kind == "another" else ""
    ways = words(language).tables["structure"]
    return any(said.startswith(fold(way)) for kind in ("ROUNDED", "CAPPED") for way in ways[kind])


def _misplaced(kind: str) -> frozenset[str]:
    if kind == "possible":
        return _DECIDED | _TYPES | {"main", "default", "range", "list_here"}
    return _DONE | {"main"} if kind == "decided" else _DONE | _DECIDED


def _report_another(item: ast.Item, mark: ast.Mark, source: Source, diagnostics: Diagnostics) -> None:
    """« le nom et le prénom (texte) »: which is a text? « un statut, Or, Argent » lists values."""
    start = len(source.text[: mark.span.start].rstrip())
    line = source.text[source.text.rfind("\n", 0, item.span.start) + 1 : item.span.start]
    indent = line[: len(line) - len(line.lstrip())]
    place = Span(source.number, start, mark.span.end)
    other = _without_joint(source.text[start : mark.span.end], source.language)
    typed = [each.span for each in item.marks if each.kind in _TYPES]
    before, after = (any((each.start > mark.span.start) == later for each in typed) for later in (False, True))
    among = words(source.language).tables["declarations"]["AMONG"][0]
    if not typed and fold(other).split()[0] in words(source.language).articles:
        fixes: tuple[Fix, ...] = ()
    elif not typed:
        fixes = (Fix(place, f" {among} {other}"),)
    else:
        said = f" {_parenthesis(typed[0], source)}"
        fixes = (Fix(place, f"{'' if before else said}\n{indent}- {other}{'' if after else said}"),)
    diagnostics.add("E209", mark.span, fixes=fixes, term=mark.texts[0])


def _parenthesis(inside: Span, source: Source) -> str:
    """« (texte) », around a type."""
    start, end = source.text.rfind("(", 0, inside.start), source.text.find(")", inside.end)
    return source.text[start : end + 1]


def _report_way(item: ast.Item, mark: ast.Mark, source: Source, diagnostics: Diagnostics) -> None:
    """« la remise (pourcentage), au plus offrant »: after its type, an outcome says how several values combine."""
    start = source.text.rfind(",", 0, mark.span.end)
    place = Span(source.number, start, mark.span.end) if start > item.span.end else mark.span
    combine = words(source.language).tables["combine"]
    ways = [combine[way][0] for way in ("max", "min", "first", "any")]
    said = source.text[mark.span.start : mark.span.end].lstrip(" ,")
    diagnostics.add("E757", mark.span, fixes=tuple(Fix(place, f", {way}") for way in ways), text=said, term=item.name)


def _report_having(item: ast.Item, source: Source, diagnostics: Diagnostics) -> bool:
    """« un client avec un nom (texte) »: what a thing has is declared under the thing."""
    name = fold(source.cut(item.span))
    having = next((words for words in _HAVING[source.language] if words in name), "")
    if not having or any(mark.kind == "parameter" for mark in item.marks):
        return False
    at = source.text.lower().index(having.strip().split(" ")[0], item.span.start)
    owner = source.text[item.span.start : at].strip()
    line_start = source.text.rfind("\n", 0, item.span.start) + 1
    article = source.text[line_start : item.span.start].strip(" \t-*•")
    head = f"{article} {owner} {_HAS[source.language]}".strip()
    parts = _parts(item, at + len(having.split()[0]), source)
    lines = "\n".join(f"      - {part}" for part in parts)
    diagnostics.add("E227", item.span, term=owner, text=head[:1].upper() + head[1:], lines=lines)
    return True


def _parts(item: ast.Item, start: int, source: Source) -> Sequence[str]:
    """Each thing that the item says that its own has."""
    line_end = source.text.find("\n", start)
    listed = next((at for at, mark in enumerate(item.marks) if mark.kind == "among"), len(item.marks))
    starts = [start, *(mark.span.start for mark in item.marks[:listed] if mark.kind == "another")]
    ends = [*starts[1:], line_end if line_end >= 0 else len(source.text)]
    cut = (source.text[one:two].strip().rstrip(",;.") for one, two in zip(starts, ends, strict=True))
    return [_without_joint(each, source.language).rstrip() for each in cut]


def _without_joint(text: str, language: Language) -> str:
    text = text.strip(" ,;\t")
    for joint in _JOINED[language]:
        text = text.removeprefix(joint)
        text = text.removesuffix(f" {joint.strip()}").rstrip(" ,")
    return text
