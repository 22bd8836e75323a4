"""Tables and their plans in, the rows that clash reported: with the case, and both corrections of a column."""

from collections.abc import Iterator, Sequence
from itertools import islice

from rulec.analysis.reads import Reads
from rulec.diagnostics import Diagnostics, Fix, Related, diagnostic
from rulec.plan import tree as p
from rulec.plan.overlaps import Clash, clashes, narrowed
from rulec.runtime.tables import NONE, Within
from rulec.runtime.types import Slot
from rulec.runtime.values import show_value
from rulec.semantics import model
from rulec.source import Source
from rulec.tree import Span

MOST = 20  # clashes told of one table
MANY = 200  # pairs that the proofs leave out
_WORDS = {
    "fr": {"below": "moins de {high}", "range_below": "de {low} à moins de {high}", "above": "plus de {low}",
           "range_above": "entre {low} exclu et {high}"},
    "en": {"below": "less than {high}", "range_below": "from {low} to less than {high}", "above": "more than {low}",
           "range_above": "between {low} exclusive and {high}"},
}  # fmt: skip


def report_overlaps(
    tables: Sequence[model.Table], plan: p.Plan, sources: Sequence[Source], diagnostics: Diagnostics
) -> None:
    """Report the rows of each table that its policy does not let apply together.

    Of tables about facts of which something is assumed, that is left to the proofs, which keep to it.
    """
    known, facts = {source.number: source for source in sources}, {slot.path: slot for slot in plan.facts}
    told, meant = _looked_at(plan), dict(zip((table.id for table in plan.tables), tables, strict=True))
    for table in told:
        _Report(meant[table.id], table, known, facts, diagnostics).all()


def pairs_of(plan: p.Plan) -> dict[str, list[tuple[int, int]]]:
    """For each table, by its id, the pairs of rows that contradict each other, numbered from 1; `MANY` at most."""
    facts = {slot.path: slot for slot in plan.facts}
    return {
        table.id: [(clash.one + 1, clash.other + 1) for clash in islice(clashes(table, facts), MANY)]
        for table in _looked_at(plan)
    }


def _looked_at(plan: p.Plan) -> list[p.Table]:
    """The tables about facts of which nothing is assumed."""
    reads = Reads(plan)
    assumed = {*reads.of(promise for promise in plan.promises if promise.assumed)}
    return [
        table for table in plan.tables
        if assumed.isdisjoint(reads.of(column.input for column in table.columns) if assumed else ())
    ]  # fmt: skip


class _Report:
    def __init__(
        self, meant: model.Table, plan: p.Table, sources: dict[int, Source], facts: dict[str, Slot],
        diagnostics: Diagnostics,
    ) -> None:  # fmt: skip
        self.meant, self.plan, self.sources, self.facts, self.diagnostics = meant, plan, sources, facts, diagnostics

    def all(self) -> None:
        """Each clash; those of one column that touches its neighbours are told once."""
        told, count = set[int](), 0
        for clash in clashes(self.plan, self.facts):
            touching = self.touching(clash)
            if touching is not None and touching in told:
                continue
            told |= {touching} if touching is not None else set()
            if count == MOST:
                return self.more()
            self.report(clash, touching)
            count += 1
        return None

    def touching(self, clash: Clash) -> int | None:
        """The column in which both rows have ranges that share one value alone."""
        for at, column in enumerate(self.plan.columns):
            pair = [column.cells[row] for row in (clash.one, clash.other)]
            tests = [column.tests[cell] for cell in pair if cell != NONE]
            ranges = [test for test in tests if isinstance(test, Within)]
            if len(ranges) == 2 and ranges[0] != ranges[1]:
                both = narrowed(ranges)
                if both.low is not None and both.low == both.high and None not in _ends(ranges):
                    return at
        return None

    def report(self, clash: Clash, touching: int | None) -> None:
        """One clash, at the later row."""
        at = touching if touching is not None else 0
        places = self.meant.columns[at].places if self.meant.columns else ()
        span = places[clash.other] if places else self.meant.span
        related = (Related(places[clash.one], "first"),) if places else ()
        fixes = tuple(self.corrections(touching)) if touching is not None else ()
        one, other = self.plan.lines[clash.one], self.plan.lines[clash.other]
        case = self.case(clash, span)
        self.diagnostics.tell(diagnostic(self.code, span, fixes, related, one=one, other=other, case=case))

    def more(self) -> None:
        """Say that there are more."""
        self.diagnostics.add("N630", self.meant.span, count=MOST, told=self.code)

    @property
    def code(self) -> str:
        """The code of two rows that clash."""
        return "E485" if self.plan.combine == "unique" else "E486"

    def case(self, clash: Clash, span: Span) -> str:
        """The case in words."""
        language = self.sources[span.source].language
        shown = []
        for at, value in clash.case:
            expr = self.plan.columns[at].input
            fact = expr.cases[0][1] if isinstance(expr, p.Choose) else expr
            if isinstance(fact, p.Fact):
                text = show_value(self.facts[fact.path].type, value, language)
                shown.append(f"{self.meant.columns[at].head} = {text}")
        return ", ".join(shown) or "…"

    def corrections(self, at: int) -> Iterator[Fix]:
        """The whole column with each shared bound left to the range above it, then to the one below."""
        column, plan = self.meant.columns[at], self.plan.columns[at]
        source = self.sources[column.places[0].source]
        ranges = {test for test in plan.tests if isinstance(test, Within)}
        lows = {each.low for each in ranges if each.low is not None and each.low_included}
        highs = {each.high for each in ranges if each.high is not None and each.high_included}
        for side in ("below", "above"):
            texts = [
                self.written(test, cell, side, lows if side == "below" else highs, source)
                for test, cell in zip(column.tests, plan.tests, strict=True)
            ]
            if any(text is None for text in texts):
                return
            yield _rewritten(source, column, [text or "" for text in texts])

    def written(
        self, test: model.Condition, cell: object, side: str, shared: set[object], source: Source
    ) -> str | None:  # fmt: skip
        """A cell with its upper (or lower) bound excluded; "" where it stays, None where that cannot be written."""
        if not isinstance(cell, Within):
            return ""
        below = side == "below"
        included, end = (cell.high_included, cell.high) if below else (cell.low_included, cell.low)
        if not included or end is None or end not in shared:
            return ""
        words = _WORDS[source.language]
        match test:
            case model.Between(_, low, high) if cell.low_included and cell.high_included:
                said = {"low": source.cut(low.span), "high": source.cut(high.span)}
                return words[f"range_{side}"].format(**said) if all(said.values()) else None
            case model.Compare(_, _, right) if source.cut(right.span):
                return words[side].format(low=source.cut(right.span), high=source.cut(right.span))
            case _:
                return None


def _ends(ranges: Sequence[Within]) -> set[object]:
    """The ends by which two ranges may touch: the upper one of one, the lower one of the other."""
    one, other = ranges
    return {one.high, other.low} if one.high is not None and one.high == other.low else {other.high, one.low}


def _rewritten(source: Source, column: model.Column, texts: Sequence[str]) -> Fix:
    """The column as one replacement, from its first cell to its last."""
    start, end = column.places[0].start, column.places[-1].end
    text, at = "", start
    for place, cell in zip(column.places, column.cells, strict=True):
        if cell != NONE and texts[cell]:
            text += source.text[at : place.start] + texts[cell]
            at = place.end
    return Fix(Span(source.number, start, end), text + source.text[at:end])
