"""The history of an example as meant in, its lines out: one moment after the other."""

from collections.abc import Callable, Sequence
from datetime import date, time

from rulec.printing.happenings import happening
from rulec.printing.layout import lines_of, only_line
from rulec.printing.names import GLUE, Speech
from rulec.runtime import types as t
from rulec.runtime.shown import show_value
from rulec.semantics import model

Known = Callable[[Sequence[model.Supposed]], str]


def history(speech: Speech, said: Sequence[model.Happening], known: Known, indent: int) -> list[str]:
    """« étant donné : le 1er mars 2026, une facture est payée ; … »; one a line where one line is too short for all.

    `known`: says what is known. `indent`: where the line begins.
    """
    head = f"{speech.word('examples', 'ASSUMING')}{speech.choose(f'{GLUE}:', ':')}"
    moments = [_moment(speech, each, known) for each in said]
    line = f"{head} {speech.choose(f'{GLUE}; ', '; ').join(moments)}"
    if only_line(" " * indent + line):
        return lines_of(line, indent)
    listed = [found for each in moments for found in lines_of(f"-{GLUE}{each}", 2 * indent)]
    return [*lines_of(head, indent), *listed]


def _moment(speech: Speech, said: model.Happening, known: Known) -> str:
    what = [happening(speech, said.event)] if said.event else []
    what += [known(said.supposed)] if said.supposed else []
    if said.day is None:
        return ", ".join(what)
    day = _day(speech, said.day, said.any_year) + (_clock(speech, said.clock) if said.clock else "")
    if not what:
        until = speech.choose("jusqu'au", "until")
        return f"{until} {day}"
    return f"{speech.choose('le', 'on')} {', '.join([day, *what])}"


def _day(speech: Speech, day: date, any_year: bool) -> str:
    shown = show_value(t.Date(), day, speech.language).replace("\u00a0", " ")
    return (shown.rpartition(" ")[0] if any_year else shown).replace(" ", GLUE)


def _clock(speech: Speech, clock: time) -> str:
    shown = show_value(t.Time(), clock, speech.language).replace("\u00a0", " ")
    return f"{GLUE}{speech.choose('à', 'at')}{GLUE}{shown.replace(' ', GLUE)}"
