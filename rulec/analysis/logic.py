"""Truths and values of formulas in, those of what joins them out, in the three-valued logic of the plan.

A term is a formula of z3, or a Python bool where it is settled already.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import z3

Term = Any  # bool | z3.BoolRef; the arithmetic terms of z3 besides


def both(terms: Iterable[Term]) -> Term:
    """True where all terms are."""
    kept = [term for term in terms if term is not True]
    if any(term is False for term in kept):
        return False
    return True if not kept else kept[0] if len(kept) == 1 else _made(z3.Z3_mk_and, kept)


def either(terms: Iterable[Term]) -> Term:
    """True where one term at least is."""
    kept = [term for term in terms if term is not False]
    if any(term is True for term in kept):
        return True
    return False if not kept else kept[0] if len(kept) == 1 else _made(z3.Z3_mk_or, kept)


def opposite(term: Term) -> Term:
    """True where the term is not."""
    if isinstance(term, bool):
        return not term
    context = z3.main_ctx()
    return z3.BoolRef(z3.Z3_mk_not(context.ref(), term.as_ast()), context)


def simplified(term: Term) -> Term:
    """The term, a Python bool where it is settled by what is written."""
    if isinstance(term, bool):
        return term
    simple = z3.simplify(term)
    return True if z3.is_true(simple) else False if z3.is_false(simple) else term


def _made(make: Callable[..., Any], terms: Sequence[Term]) -> Term:
    """Terms joined, without the checks of `z3.And` and `z3.Or`: tables of thousands of rows are made of them."""
    context = z3.main_ctx()
    asts = (z3.Ast * len(terms))(*(term.as_ast() for term in terms))
    return z3.BoolRef(make(context.ref(), len(terms), asts), context)


def picked(condition: Term, one: Term, other: Term) -> Term:
    """The one where the condition holds, else the other."""
    if isinstance(condition, bool) or one is other:
        return one if condition is not False else other
    return z3.If(condition, one, other)


class Truth(NamedTuple):
    """Where a condition is true, and where it is false; elsewhere it is unknown. `sure`: it is never unknown."""

    yes: Term
    no: Term
    sure: bool = False

    @property
    def settled(self) -> Term:
        """Where it is not unknown."""
        return True if self.sure else either([self.yes, self.no])


class Value(NamedTuple):
    """A value. `kind`: as `plan.kinds` names them. `known`: where it has one; `given`: where it is not nothing."""

    kind: str
    term: Term
    known: Term = True
    given: Term = True


def written(meant: Truth | Value) -> object:
    """What a constant is, of a kind of its own; None for anything else."""
    if isinstance(meant, Truth):
        return meant.yes if meant.sure and isinstance(meant.yes, bool) else None
    if meant.known is not True or meant.given is not True:
        return None
    if z3.is_rational_value(meant.term):
        return meant.term.as_fraction()
    return meant.term.as_long() if z3.is_int_value(meant.term) else None


def certain(term: Term) -> Truth:
    """A condition that is never unknown."""
    return Truth(term, opposite(term), True)


def known_if(known: Term, term: Term) -> Truth:
    """A condition that is unknown where its operands are."""
    if known is True:
        return certain(term)
    return Truth(both([known, term]), both([known, opposite(term)]))


TRUE, FALSE = certain(True), certain(False)


def negated(item: Truth) -> Truth:
    """True where the item is false."""
    return Truth(item.no, item.yes, item.sure)


def all_of(items: Sequence[Truth]) -> Truth:
    """False if one is; else unknown if one is; else true."""
    items = [item for item in items if not (item.sure and item.yes is True)]
    if len(items) == 1:
        return items[0]
    yes = both(item.yes for item in items)
    if all(item.sure for item in items):
        return certain(yes)
    return Truth(yes, either(item.no for item in items))


def any_of(items: Sequence[Truth]) -> Truth:
    """True if one is; else unknown if one is; else false."""
    return negated(all_of([negated(item) for item in items]))


def count_of(low: int, high: int, items: Sequence[Truth]) -> Truth:
    """Whether the number of true items is from `low` to `high`, both included."""
    if not items:
        return certain(low <= 0 <= high)
    true = z3.Sum([_one(item.yes) for item in items])
    false = z3.Sum([_one(item.no) for item in items])
    most = len(items) - false
    return Truth(z3.And(low <= true, most <= high), z3.Or(most < low, true > high), all(each.sure for each in items))


def _one(term: Term) -> Term:
    return z3.If(term, 1, 0) if not isinstance(term, bool) else z3.IntVal(int(term))


def first_truth(cases: Sequence[tuple[Truth, Truth]], otherwise: Truth) -> Truth:
    """What the first case whose condition holds gives; unknown while values that differ are possible."""
    for condition, value in reversed(cases):
        yes, no = (_chosen(condition, *each) for each in ((value.yes, otherwise.yes), (value.no, otherwise.no)))
        sure = condition.sure and value.sure and otherwise.sure
        otherwise = certain(yes) if sure else Truth(yes, no)
    return otherwise


def _chosen(condition: Truth, one: Term, other: Term) -> Term:
    terms = [both([condition.yes, one]), both([condition.no, other])]
    return either(terms if condition.sure else [*terms, both([one, other])])


def first_value(cases: Sequence[tuple[Truth, Value]], otherwise: Value) -> Value:
    """As `first_truth`, for values."""
    for condition, value in reversed(cases):
        same = both([value.known, otherwise.known, _equal(value, otherwise)])
        settled = [both([condition.yes, value.known]), both([condition.no, otherwise.known])]
        known = either(settled if condition.sure else [*settled, same])
        certain_ = condition.sure and value.known is True and otherwise.known is True
        kind, other = (value.kind, otherwise.term) if otherwise.given is not False else (value.kind, value.term)
        otherwise = Value(
            kind, picked(condition.yes, value.term, other), certain_ or known,
            picked(condition.yes, value.given, otherwise.given),
        )  # fmt: skip
    return otherwise


def _equal(one: Value, other: Value) -> Term:
    alike = False if False in (one.given, other.given) else one.term == other.term
    given = both([one.given, other.given, alike])
    return either([given, both([opposite(one.given), opposite(other.given)])])
