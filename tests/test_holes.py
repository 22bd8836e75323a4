"""A number kept from sight compares as it is, tells how it was compared, and refuses all else."""

from decimal import Decimal

import pytest

from rulec.semantics.holes import Heard, Hole, LookedAtError


def test_what_is_compared_is_heard() -> None:
    heard = Heard()
    hole, other = Hole(0, Decimal(5), heard), Hole(1, Decimal(7), heard)
    assert isinstance(hole, Decimal)
    assert (hole < other, hole <= 5, hole > other, hole >= other, hole == other, hole != other) == (
        True, True, False, False, False, True,
    )  # fmt: skip
    assert hole
    assert hole.to_integral_value() is hole
    assert heard.hold([Decimal(4), Decimal(9)])
    assert not heard.hold([Decimal(6), Decimal(9)])  # no longer 5 at most
    assert not heard.hold([Decimal("4.5"), Decimal(9)])  # no longer whole


def test_what_is_looked_at_is_refused() -> None:
    hole = Hole(0, Decimal("5.5"), Heard())
    for look in (str, repr, "{:f}".format, Hole.to_integral_value, lambda each: each.as_tuple()):
        with pytest.raises(LookedAtError):
            look(hole)
    with pytest.raises(TypeError):
        Decimal(1) + hole  # type: ignore[operator]  # what it refuses
