"""A part of a list in, the comparison of two counts out: « plus de la moitié des articles sont fragiles »."""

from dataclasses import replace
from decimal import Decimal

from rulec.runtime import types as t
from rulec.runtime.plain import Plain, plain
from rulec.semantics import model
from rulec.semantics.lists import Found, together
from rulec.semantics.predicates import Test
from rulec.syntax import ast


@plain
class Share(Plain):
    """A part of the elements of a list: so many parts of the whole."""

    of: ast.Ref | ast.Picked | ast.Listed
    part: Decimal
    whole: Decimal


def share_of(predicate: ast.Predicate) -> Share | None:
    """« la moitié des articles », « 30 % des articles »; None of any other value."""
    plain = predicate.phrase is not None and predicate.phrase.detail is None and predicate.other is None
    operand = predicate.phrase.operand if plain and predicate.phrase else None
    part = whole = Decimal(1)
    while isinstance(operand, ast.Binary) and isinstance(operand.right, ast.Value):
        times = operand.right.literal.value
        if operand.operator not in ("mul", "div") or not isinstance(times, Decimal):
            return None
        part, whole = (part * times, whole) if operand.operator == "mul" else (part, whole * times)
        operand = operand.left
    if isinstance(operand, ast.Portion) and operand.value.literal.kind == "percentage":
        rate = operand.value.literal.value
        assert isinstance(rate, Decimal)
        part, operand = rate, operand.of
    if part == whole or not isinstance(operand, ast.Ref | ast.Picked | ast.Listed):
        return None
    return Share(operand, part, whole)


def compared(share: Share, found: Found, said: model.Condition, test: Test) -> model.Condition:
    """How many of the elements meet a condition, beside how many there are."""
    some = replace(found, condition=together([found.condition, said]))
    sides = [
        model.Arithmetic(
            "mul", model.Aggregated("count", each.filtered, t.Number(whole=True), span=test.span),
            model.Literal(times, t.Number(), span=test.span), t.Number(), span=test.span,
        )
        for each, times in ((some, share.whole), (found, share.part))
    ]  # fmt: skip
    condition = model.Compare(test.value if test.kind == "compare" else "eq", *sides, span=test.span)
    return model.Not(condition, span=test.span) if test.negated else condition
