"""A plan in, the amounts that may leave the decision with decimals that cannot be paid reported, with the rounding."""

from collections.abc import Sequence

from rulec.diagnostics import Diagnostics, Fix
from rulec.plan.decimals import too_fine
from rulec.plan.tree import Plan
from rulec.source import Source
from rulec.tree import Span

_ROUNDED = {
    "fr": {0: ", arrondi à l'unité", 2: ", arrondi au centime", 3: ", arrondi à 3 décimales"},
    "en": {0: ", rounded to the unit", 2: ", rounded to the cent", 3: ", rounded to 3 decimals"},
}


def report_unrounded(plan: Plan, sources: Sequence[Source], diagnostics: Diagnostics) -> None:
    """Report each value given to an amount that may have more decimals than its currency."""
    known = {source.number: source for source in sources}
    for fine in too_fine(plan):
        rounding = _ROUNDED[known[fine.span.source].language][fine.places]
        end = Span(fine.span.source, fine.span.end, fine.span.end)
        fixes = () if fine.rounded else (Fix(end, rounding),)
        diagnostics.add("E360", fine.span, fixes=fixes, term=fine.name, currency=fine.currency, count=fine.places)
