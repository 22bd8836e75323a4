"""« maximum 50 € » after a value in, both its readings out: a limit of that value, or a condition?"""

from rulec.diagnostics import Fix
from rulec.runtime.plain import changing
from rulec.semantics.expressions import Expressions
from rulec.semantics.making import Making
from rulec.semantics.measures import comparable, type_of
from rulec.syntax import ast
from rulec.syntax.fold import fold
from rulec.syntax.words import words
from rulec.tree import Span

_SIDES = {"le": "le", "lt": "le", "ge": "ge", "gt": "ge"}
_SAID = {
    "fr": {
        "cap": "plafonné à",
        "floor": "avec un minimum de",
        "le": "d'au plus",
        "ge": "d'au moins",
        "of": "du montant",
    },
    "en": {
        "cap": "capped at",
        "floor": "with a minimum of",
        "le": "of at most",
        "ge": "of at least",
        "of": "of the amount",
    },
}


@changing
class Limiting:
    """Finds bounds that may be limits within a scope."""

    expressions: Expressions

    def refused(self, clause: Making, element: ast.Clause | ast.Predicate, predicates: list[ast.Predicate]) -> bool:
        """Whether what follows a value was refused as a limit or a condition. `clause`: what the value is given to."""
        bound = predicates[0].phrase.operand if len(predicates) == 1 and predicates[0].phrase else None
        side = _SIDES.get(predicates[0].value, "") if predicates and predicates[0].marker == "CMP" else ""
        if not predicates and isinstance(element, ast.Clause) and element.subject and not element.subject.detail:
            bound = element.subject.operand  # « 50 € maximum »
            side = bound.mark if isinstance(bound, ast.Value) and bound.mark in ("le", "ge") else ""
        if not side or not isinstance(bound, ast.Value):
            return False
        apart = isinstance(element, ast.Clause)
        if not self._limits_value(clause, bound, apart) and not self._limits_rate(clause, bound, element.span, apart):
            return False
        self._refuse(clause, side, bound, element.span)
        return True

    def _limits_value(self, clause: Making, bound: ast.Value, apart: bool) -> bool:
        """« 10 % du montant, maximum 50 € »: something that the value compares with, said apart from it."""
        kind = clause.outcome.slot.type if clause.outcome else None
        return apart and kind is not None and comparable(type_of(bound.literal), kind)

    def _limits_rate(self, clause: Making, bound: ast.Value, span: Span, apart: bool) -> bool:
        """« remise 10 %, maximum 50 € »: an amount after a rate. « dès 50 € » opens a condition, « jusqu'à 50 € »
        does among several cases.
        """
        rate = isinstance(clause.value, ast.Value) and clause.value.literal.kind == "percentage"
        source = self.expressions.scope.source
        ways = words(source.language).tables["limiting"]
        said = [*ways["always"], *([] if clause.several else ways["alone"])]
        written = fold(source.cut(span))
        told = any(written.startswith(fold(way)) or (apart and written.endswith(fold(way))) for way in said)
        return rate and bound.literal.kind == "amount" and told

    def _refuse(self, clause: Making, side: str, bound: ast.Value, span: Span) -> None:
        scope, literal, kind = self.expressions.scope, bound.literal, type_of(bound.literal)
        said, value = _SAID[scope.source.language], scope.source.text[literal.start : literal.end]
        limit = f"{said['cap' if side == 'le' else 'floor']} {value}"
        held = clause.outcome is not None and comparable(kind, clause.outcome.slot.type)
        rate = clause.value if isinstance(clause.value, ast.Value) else None
        one = limit if held or rate is None else f"{scope.source.cut(rate.span)} {said['of']}, {limit}"
        when = words(scope.source.language).say("structure", "FOR")
        facts = scope.facts((), lambda other: comparable(kind, other))
        readings = [limit] if held else []
        readings += [f"{when} {scope.label(fact)} {said[side]} {value}" for fact in facts[:2]]
        fixes = tuple(Fix(span, reading) for reading in readings)
        self.expressions.report(
            "E451", span, fixes, readings=" | ".join(readings), one=one, other="".join(readings[-1:])
        )
