"""Operands that take several steps in (a scale, a pro rata, a power, the highest of some, brackets), values out."""

from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from rulec.runtime import types as t
from rulec.runtime.plain import changing
from rulec.runtime.units import convert_factor
from rulec.semantics import model
from rulec.semantics.measures import additive, comparable, ordered, type_of
from rulec.syntax import ast
from rulec.tree import Span

if TYPE_CHECKING:  # it reads these, these read it
    from rulec.semantics.expressions import Expressions

Formula = ast.Scaled | ast.ProRata | ast.Power | ast.Extreme | ast.Followed | ast.Piece | ast.Brackets


@changing
class Formulas:
    """Reads formulas within a scope."""

    expressions: "Expressions"

    def read(self, operand: Formula, wanted: t.Type | None) -> model.Value | None:
        """A formula as a value of the type wanted (None: whatever it is); None where an error was reported."""
        match operand:
            case ast.Scaled():
                return self._scaled(operand, wanted)
            case ast.ProRata():
                return self._pro_rata(operand, wanted)
            case ast.Power():
                return self._power(operand)
            case ast.Extreme(which, items):
                return self._extreme(which, items, wanted, operand.span)
            case ast.Followed(left, right):
                one, other = (self.expressions.read(side, t.Text()) for side in (left, right))
                return model.Joined(one, other, t.Text(), span=operand.span) if one and other else None
            case ast.Piece(end, count, text):
                length, item = self.expressions.read(count, t.Number()), self.expressions.read(text, t.Text())
                return model.Piece(end, item, length, t.Text(), span=operand.span) if item and length else None
            case ast.Brackets():
                return self._brackets(operand, wanted)

    def _misfit(self, span: Span) -> None:
        self.expressions.report("E310", span)

    def _scaled(self, operand: ast.Scaled, wanted: t.Type | None) -> model.Value | None:
        """« augmenté de 10 % » is a tenth more; of a percentage, a tenth of it or ten points?"""
        item = self.expressions.read(operand.item, wanted)
        if item is None:
            return None
        if operand.how in ("times", "divided"):
            number = self.expressions.read(operand.by, t.Number())
            operator = "mul" if operand.how == "times" else "div"
            return model.Arithmetic(operator, item, number, item.type, span=operand.span) if number else None
        operator = "add" if operand.how == "up" else "sub"
        literal = operand.by.literal if isinstance(operand.by, ast.Value) else None
        rate = isinstance(item.type, t.Percentage)
        if rate and literal is not None and literal.kind == "percentage":
            return self._points(operand, literal.value)
        by = self.expressions.read(operand.by, None if literal is not None else (item.type if rate else None))
        if by is None:
            return None
        if isinstance(by.type, t.Percentage) and not rate:
            if not additive(item.type):
                return self._misfit(operand.span)
            factor = model.Arithmetic(operator, _one(by.span), by, t.Number(), span=by.span)
            return model.Arithmetic("mul", item, factor, item.type, span=operand.span)
        if not additive(item.type) or not comparable(item.type, by.type):
            return self._misfit(operand.span)
        return model.Arithmetic(operator, item, by, item.type, span=operand.span)

    def _points(self, operand: ast.Scaled, by: object) -> None:
        """Both readings, as they are written."""
        source = self.expressions.scope.source
        item, value = self.expressions.scope.whole(operand.item.span), source.cut(operand.by.span)
        assert isinstance(by, Decimal)
        number = value.replace("%", "").strip()
        sign = "+" if operand.how == "up" else "−"
        factor = f"{1 + by if operand.how == 'up' else 1 - by:f}"
        french = source.language == "fr"
        points = f"{item} {sign} {number} points"
        scaled = f"{item} × {factor.replace('.', ',') if french else factor}"
        self.expressions.refuse(
            "E332", operand.span, [points, scaled], keep=self.expressions.scope.with_article(operand.span)
        )

    def _pro_rata(self, operand: ast.ProRata, wanted: t.Type | None) -> model.Value | None:
        item = self.expressions.read(operand.item, wanted)
        part = self.expressions.read(operand.part, None)
        whole = self.expressions.read(operand.whole, part.type) if part else None
        if item is None or part is None or whole is None:
            return None
        if not additive(item.type) or not additive(part.type):
            return self._misfit(operand.span)
        if isinstance(part.type, t.Quantity) and isinstance(whole.type, t.Quantity):
            factor = convert_factor(whole.type.unit, part.type.unit) or Decimal(1)
            unit = model.Literal(factor, t.Number(), span=whole.span)
            whole = model.Arithmetic("mul", whole, unit, part.type, span=whole.span) if factor != 1 else whole
        shared = model.Arithmetic("mul", item, part, item.type, span=operand.span)
        return model.Arithmetic("div", shared, whole, item.type, span=operand.span)

    def _power(self, operand: ast.Power) -> model.Value | None:
        base = self.expressions.read(operand.base, None)
        exponent = self.expressions.read(operand.exponent, None)
        if base is None or exponent is None:
            return None
        counted = isinstance(exponent.type, t.Number | t.Duration) and isinstance(base.type, t.Number | t.Percentage)
        if not counted:
            return self._misfit(operand.span)
        return model.Arithmetic(operand.how, base, exponent, t.Number(), span=operand.span)

    def _extreme(
        self, which: str, items: tuple[ast.Operand, ...], wanted: t.Type | None, span: Span
    ) -> model.Value | None:
        kind = wanted or self._kind(items)
        found = [self.expressions.read(item, kind) for item in items]
        values = tuple(value for value in found if value is not None)
        if len(values) != len(found):
            return None
        taxed = next((v.type for v in values if isinstance(v.type, t.Amount) and v.type.kind), values[0].type)
        if not ordered(taxed) or not all(comparable(taxed, value.type) for value in values):
            return self._misfit(span)
        return model.Extreme(which, values, taxed, span=span)

    def _kind(self, items: tuple[ast.Operand, ...]) -> t.Type | None:
        """The type of the first item that has one by itself: a literal « 0 » takes that of the others."""
        for item in items:
            if not (isinstance(item, ast.Value) and item.literal is not None and item.literal.kind == "number"):
                value = self.expressions.read(item, None)
                return value.type if value is not None else None
        return None

    def _brackets(self, operand: ast.Brackets, wanted: t.Type | None) -> model.Value | None:
        """« par tranche : 10 % jusqu'à 1 000 €, 5 % au-delà »."""
        first = self._first_end(operand)
        if first is None:
            return None
        base = self._base(operand, first, wanted)
        rows = [self._row(row, base) for row in operand.rows] if base is not None else [None]
        kept = tuple(row for row in rows if row is not None)
        if base is None or len(kept) != len(rows):
            return None
        if _descending(kept):
            return self.expressions.report("E335", operand.span)
        rates = isinstance(kept[0].value.type, t.Percentage | t.Rate | t.Number)
        plain = operand.how != "bracket" and (not rates or isinstance(wanted, t.Percentage))
        if operand.how == "bracket" and not rates:
            return self._misfit(operand.span)
        kind = kept[0].value.type
        if not plain:
            kind = kind.of if isinstance(kind, t.Rate) else base.type
        return model.Brackets(operand.how, base, kept, kind, plain, span=operand.span)

    def _first_end(self, operand: ast.Brackets) -> ast.Value | None:
        """The end of the first bracket, where all have one but the last; the first point, of two at least."""
        ends = [row.upto for row in operand.rows]
        pointed = operand.how == "interpolation"
        if len(ends) < 2 or None in ends[:-1] or (ends[-1] is None) == pointed:
            return self.expressions.report("E339" if pointed else "E334", operand.span)
        return ends[0]

    def _base(self, operand: ast.Brackets, end: ast.Value, wanted: t.Type | None) -> model.Value | None:
        """What the brackets are of: what is named, else the only fact measured as their ends."""
        like = type_of(end.literal)
        if operand.of is not None:
            return self.expressions.reference(operand.of, lambda kind: comparable(kind, like))
        named = self.expressions.scope.facts((), lambda kind: comparable(kind, like))
        if not named:
            return self.expressions.report("E336", operand.span)
        chosen = self.expressions.scope.one(named, operand.span)
        if not isinstance(chosen, model.FactTerm):
            return None
        slot, optional = chosen.slot, chosen.slot.optional and chosen.slot.default is None
        return model.FactOf(slot.path, slot.type, chosen.defined, chosen.of, optional, span=operand.span)

    def _row(self, row: ast.Bracket, base: model.Value | None) -> model.Bracket | None:
        value = self.expressions.literal(row.value, None)
        upto = self.expressions.literal(row.upto, base.type) if row.upto is not None and base is not None else None
        if value is None or (row.upto is not None and upto is None):
            return None
        return model.Bracket(value, upto, span=row.span)


def _one(span: Span) -> model.Value:
    return model.Literal(Decimal(1), t.Number(), span=span)


def _descending(rows: tuple[model.Bracket, ...]) -> bool:
    """Whether some end does not lie beyond the one before."""
    ends = [row.upto.value for row in rows if isinstance(row.upto, model.Literal)]
    numbers = [end for end in ends if isinstance(end, Decimal)]
    return any(later <= earlier for earlier, later in pairwise(numbers))
