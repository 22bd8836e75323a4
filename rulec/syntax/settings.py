"""Statements in, what they set out: the calendar of public holidays, the company's closures, the time zone."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, time
from decimal import Decimal
from zoneinfo import available_timezones

from rulec.diagnostics import Diagnostics, Fix, Related
from rulec.runtime.literals import Literal
from rulec.runtime.plain import Plain, plain
from rulec.source import Source
from rulec.syntax.fold import fold
from rulec.syntax.nearest import nearest
from rulec.syntax.parse import Raw
from rulec.syntax.tokens import Item
from rulec.syntax.words import phrases_of, words
from rulec.tree import Span

FRANCE, PARIS = "FR", "Europe/Paris"
MOST_CLOSED = 3700  # days of one statement: ten years
Raws = list[tuple[Source, list[Raw]]]
Said = tuple[Source, Raw, str]  # a statement and what it sets
Reading = Callable[[Source, Raw, Diagnostics], str]


@plain
class Settings(Plain):
    """`calendar`: as `calendars.holidays_of` names it. `closed`: days, as ordinals. `zone`: IANA name.

    `lateness`: as in a plan.
    """

    calendar: str = FRANCE
    closed: tuple[int, ...] = ()
    zone: str = PARIS
    lateness: tuple[int, str] = (0, "second")


def settings_of(raws: Raws, diagnostics: Diagnostics) -> tuple[Settings, Raws]:
    """What the files set, and the statements that set nothing."""
    said = [(source, raw, kind) for source, statements in raws for raw in statements if (kind := kind_of(source, raw))]
    left = [(source, [raw for raw in statements if not kind_of(source, raw)]) for source, statements in raws]
    calendar = _only(said, "calendar", calendar_of, diagnostics) or FRANCE
    zone = _only(said, "zone", zone_of, diagnostics) or PARIS
    closed = {
        day
        for source, raw, kind in said
        if kind == "closed"
        for first, last in closed_in(source, raw, diagnostics)
        for day in range(first.toordinal(), last.toordinal() + 1)
    }
    late = _only(said, "lateness", lateness_of, diagnostics)
    amount, unit = late.split() if late else ("0", "second")
    return Settings(calendar, tuple(sorted(closed)), zone, (int(amount), unit)), left


def _only(said: Sequence[Said], kind: str, read: Reading, diagnostics: Diagnostics) -> str:
    """What is set once, "" where it is not."""
    first: tuple[str, Raw] | None = None
    for source, raw, _ in (each for each in said if each[2] == kind):
        value = read(source, raw, diagnostics)
        if first is None:
            first = (value, raw)
        elif value and first[0] != value:
            diagnostics.add("E343", raw.span, text=source.cut(raw.span), related=(Related(first[1].span, "first"),))
    return first[0] if first else ""


def kind_of(source: Source, raw: Raw) -> str:
    """calendar, zone, lateness or closed; "" for any other statement."""
    if raw.declares or raw.example or raw.sheet or raw.broken:
        return ""
    keys = [item.key if item.kind == "WORD" else "\0" for item in raw.items[:8]]
    found = phrases_of(source.language, "settings").longest(keys, 0, words(source.language).articles)
    if found is None:
        return ""
    end, kinds = found
    colon = end < len(raw.items) and raw.items[end].payload == ":"
    return kinds[0] if colon or kinds[0] == "closed" else ""


def _said(source: Source, raw: Raw) -> Span:
    """What stands after the colon."""
    items = raw.items
    colon = next(at for at, item in enumerate(items) if item.payload == ":")
    rest = [item for item in items[colon + 1 :] if item.payload != "."]
    if not rest:
        return Span(source.number, items[colon].end, items[colon].end)
    return Span(source.number, rest[0].start, rest[-1].end)


def calendar_of(source: Source, raw: Raw, diagnostics: Diagnostics) -> str:
    """The key of a calendar; "" where an error was reported."""
    known = {
        fold(way): key for key, ways in words(source.language).tables["calendars"].items() for way in (*ways, key)
    }
    return _named("E340", source, _said(source, raw), known, diagnostics)


def lateness_of(source: Source, raw: Raw, diagnostics: Diagnostics) -> str:
    """By how much events may be late, « 2 day »; "" where an error was reported."""
    span = _said(source, raw)
    said = [item.payload for item in raw.items if item.start >= span.start and item.end <= span.end]
    literal = said[0] if len(said) == 1 and isinstance(said[0], Literal) else None
    hours = literal is not None and literal.kind == "time" and isinstance(literal.value, time)
    if literal is not None and hours and isinstance(literal.value, time):
        return f"{literal.value.hour * 3600 + literal.value.minute * 60} second"
    if literal is None or literal.kind != "duration" or literal.unit not in ("day", "month", "second"):
        diagnostics.add("E723", span, text=source.cut(span))
        return ""
    return f"{literal.value:f} {literal.unit}" if isinstance(literal.value, Decimal) else ""


def zone_of(source: Source, raw: Raw, diagnostics: Diagnostics) -> str:
    """The name of a time zone; "" where an error was reported."""
    return _named("E341", source, _said(source, raw), {fold(zone): zone for zone in available_timezones()}, diagnostics)


def _named(code: str, source: Source, span: Span, known: dict[str, str], diagnostics: Diagnostics) -> str:
    """What a name stands for; "" where an error was reported."""
    text = source.cut(span)
    if fold(text) in known:
        return known[fold(text)]
    close = nearest(text, list(known))
    shown = [known[name] if code == "E341" else name.capitalize() for name in close]
    fixes = tuple(Fix(span, name) for name in shown)
    diagnostics.add(code, span, term=text, closest=" | ".join(shown), fixes=fixes)
    return ""


def closed_in(source: Source, raw: Raw, diagnostics: Diagnostics) -> Iterator[tuple[date, date]]:
    """The first and last days of « du 1er au 15 août 2026 et le 24 décembre 2026 »."""
    dated = [item for item in raw.items if item.kind == "LIT"]
    days = _with_months([item.payload for item in dated])
    if not days or None in days:
        diagnostics.add("E342", raw.span, text=source.cut(raw.span))
        return
    at = 0
    while at < len(days):
        first = last = days[at]
        if at + 1 < len(days) and _joined(source, raw, dated[at], dated[at + 1]):
            at, last = at + 1, days[at + 1]
        assert first is not None
        assert last is not None
        if not 0 <= last.toordinal() - first.toordinal() <= MOST_CLOSED:
            diagnostics.add("E342", raw.span, text=source.cut(raw.span))
            return
        yield first, last
        at += 1


def _joined(source: Source, raw: Raw, one: Item, other: Item) -> bool:
    """Whether « au », "to" stands between two days."""
    between = {item.key for item in raw.items if one.end <= item.start < other.start and item.kind == "WORD"}
    return bool(between & {"a", "à", "to", "until", "jusqu'", "through"})


def _with_months(literals: Sequence[object]) -> list[date | None]:
    """The dates; a bare day takes the month and year of the date after it: « du 1er au 15 août 2026 »."""
    found: list[date | None] = []
    after: date | None = None
    for literal in reversed(literals):
        if isinstance(literal, Literal) and literal.kind == "date":
            after = literal.value if isinstance(literal.value, date) else None
        elif isinstance(literal, Literal) and literal.kind == "number" and after is not None:
            try:
                after = after.replace(day=int(str(literal.value)))
            except ValueError:
                after = None
        else:
            after = None
        found.append(after)
    return found[::-1]
