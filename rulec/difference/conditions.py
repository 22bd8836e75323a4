"""Conditions of a region in, the tests of a plan that say the same out."""

from rulec.analysis.reads import TODAY
from rulec.difference.cone import Test
from rulec.difference.result import Among, Axis, Between, Condition, Given, Says
from rulec.plan import tree as p
from rulec.runtime.types import YesNo


def tests_of(condition: Condition) -> list[Test]:
    """The tests that hold where the condition does."""
    match condition:
        case Between(axis, low, high, low_included, high_included):
            found = list[p.Expr]()
            if low is not None and low == high:
                return [Test(p.Compare("eq", expr_of(axis), p.Const(low)), axis.each)]
            if low is not None:
                found.append(p.Compare("ge" if low_included else "gt", expr_of(axis), p.Const(low)))
            if high is not None:
                found.append(p.Compare("le" if high_included else "lt", expr_of(axis), p.Const(high)))
            return [Test(each, axis.each) for each in found]
        case Among(axis, values, negated):
            return [Test(_among(axis, values, negated), axis.each)]
        case Given(axis, given):
            return [Test(_given(axis) if given else p.Not(_given(axis)), axis.each)]
        case Says(test, holds):
            return [test if holds else Test(p.Not(test.expr), test.each)]


def expr_of(axis: Axis) -> p.Expr:
    """The fact itself."""
    if axis.path == TODAY:
        return p.Today()
    if axis.each:
        return p.Member(p.Item(axis.each), axis.slot.path)
    return p.Fact(axis.path)


def _among(axis: Axis, values: tuple[object, ...], negated: bool) -> p.Expr:
    if isinstance(axis.slot.type, YesNo) and len(values) == 1:
        return expr_of(axis) if bool(values[0]) is not negated else p.Not(expr_of(axis))
    found = p.In(expr_of(axis), values)
    return p.Not(found) if negated else found


def _given(axis: Axis) -> p.Expr:
    if axis.each:
        return p.MemberGiven(p.Item(axis.each), axis.slot.path, True)
    return p.Given(axis.path)

