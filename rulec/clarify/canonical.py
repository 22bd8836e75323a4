"""A reading of a statement in, the same in canonical form out; as it is, where its canonical form would mean more."""

from dataclasses import replace

from rulec.diagnostics import Diagnostics
from rulec.formatting import printed_alone
from rulec.pipeline import Compiled, compile_sources, rule_sources
from rulec.plan.alike import comparable
from rulec.runtime.plain import Plain, plain
from rulec.source import Source
from rulec.tree import Span


@plain
class Reading(Plain):
    """A statement said in one way. `text`: the statement as it is then written; `rules`: what comes of it.

    `proposed`: by a model, and not by rulec itself.
    """

    text: str
    rules: Compiled
    proposed: bool = False


def canonical(reading: Reading, place: Span) -> Reading:
    """The reading in canonical form, its lines at the margin of the statement. `place`: where that begins."""
    sources = rule_sources(reading.rules)
    source = next(each for each in sources if each.number == place.source)
    lines = _lines(source, reading.rules, place.start)
    if not lines:
        return reading
    margin = " " * (source.place(place.start)[1] - 1)
    text = f"\n{margin}".join(lines)
    whole = source.text[: place.start] + text + source.text[place.start + len(reading.text) :]
    said = [replace(each, text=whole) if each.number == place.source else each for each in sources]
    again = compile_sources(said, Diagnostics())
    if again.plan is None or reading.rules.plan is None or comparable(again.plan) != comparable(reading.rules.plan):
        return reading
    return replace(reading, text=text, rules=again)


def _lines(source: Source, rules: Compiled, start: int) -> tuple[str, ...]:
    """The canonical lines of the statement that begins there; () where it has none, or would be several."""
    for each, _, printed in printed_alone(source, rules):
        if each.span(source).start == start and len(printed.blocks) == 1:
            return printed.blocks[0].lines
    return ()
