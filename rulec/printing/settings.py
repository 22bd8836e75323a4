"""What a statement sets for the whole rule set in (calendar, closures, time zone), its sentence out."""

from decimal import Decimal

from rulec.diagnostics import Diagnostics
from rulec.printing.declarations import capital
from rulec.printing.names import GLUE, Speech, UnsaidError
from rulec.printing.values import literal
from rulec.runtime import types as t
from rulec.runtime.shown import SPACE, show_value
from rulec.source import Source
from rulec.syntax.parse import Raw
from rulec.syntax.settings import calendar_of, closed_in, lateness_of, zone_of
from rulec.syntax.words import words


def setting(speech: Speech, source: Source, raw: Raw, kind: str) -> str:
    """« Calendrier : Alsace-Moselle ». `kind`: calendar, zone, lateness or closed."""
    head = capital(speech.word("settings", kind))
    if kind == "closed":
        return f"{head} {_days(speech, source, raw)}"
    if kind == "lateness":
        return f"{head}{speech.choose(f'{GLUE}:', ':')} {_late(speech, source, raw)}"
    found = Diagnostics()
    key = calendar_of(source, raw, found) if kind == "calendar" else zone_of(source, raw, found)
    if not key:
        raise UnsaidError
    known = words(speech.language).tables["calendars"]
    name = known[key][0] if kind == "calendar" else key
    return f"{head}{speech.choose(f'{GLUE}:', ':')} {name}"


def _late(speech: Speech, source: Source, raw: Raw) -> str:
    """« 2 jours »."""
    amount, unit = lateness_of(source, raw, Diagnostics()).split()
    return show_value(t.Duration(unit), Decimal(amount), speech.language).replace(SPACE, GLUE).replace(" ", GLUE)


def _days(speech: Speech, source: Source, raw: Raw) -> str:
    """« du 1er août 2026 au 15 août 2026 et le 24 décembre 2026 »."""
    found = Diagnostics()
    said = []
    for first, last in closed_in(source, raw, found):
        start, end = (literal(speech, day, t.Date()) for day in (first, last))
        if first == last:
            said.append(speech.choose(start, f"on {start}"))
        else:
            said.append(speech.choose(f"{speech.of(start)} {speech.to(end)}", f"from {start} to {end}"))
    if found.failed:
        raise UnsaidError
    *most, final = said
    return f"{', '.join(most)} {speech.word('structure', 'AND')} {final}" if most else final
