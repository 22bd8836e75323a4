"""Powers and roots against exact rationals, and what has none."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulec.runtime.calculate import EXACT
from rulec.runtime.errors import CalculationError
from rulec.runtime.powers import OPERATORS, exact_pow, exact_root

BASES = st.decimals("0.01", "50", places=2)


@given(base=BASES, exponent=st.integers(-40, 40))
def test_a_whole_power_is_the_exact_one_rounded_once(base: Decimal, exponent: int) -> None:
    exact = Fraction(base) ** exponent
    wide = EXACT.copy()
    wide.prec = 200
    nearest = EXACT.plus(wide.divide(Decimal(exact.numerator), Decimal(exact.denominator)))
    assert exact_pow(base, Decimal(exponent)) == nearest


@given(value=BASES, degree=st.integers(1, 12))
def test_the_root_of_a_power_is_the_base(value: Decimal, degree: int) -> None:
    assert exact_root(exact_pow(value, Decimal(degree)), Decimal(degree)) - value < Decimal("1E-31")
    assert exact_root(Decimal(3) ** degree, Decimal(degree)) == 3


@given(value=BASES)
def test_a_half_power_is_the_square_root(value: Decimal) -> None:
    assert exact_pow(value, Decimal("0.5")) == exact_root(value, Decimal(2)) == EXACT.sqrt(value)


@pytest.mark.parametrize(
    ("operator", "left", "right", "result"),
    [
        ("pow", "1.0025", "240", "1.820754995316484519240040846699715"),
        ("pow", "2", "-2", "0.25"),
        ("pow", "0", "3", "0"),
        ("pow", "0", "0.5", "0"),
        ("pow", "-2", "3", "-8"),
        ("pow", "7", "0", "1"),
        ("pow", "10", "100", "1E+100"),
        ("pow", "0.5", "1E+9", "0"),
        ("root", "-27", "3", "-3"),
        ("root", "0", "2", "0"),
        ("root", "1E+90", "1E+60", "1"),
        ("root", "-8.000000000000000000000000000000001", "1", "-8.000000000000000000000000000000001"),
        ("root", "2", "2", "1.414213562373095048801688724209698"),
    ],
)
def test_a_power_or_a_root(operator: str, left: str, right: str, result: str) -> None:
    assert OPERATORS[operator](Decimal(left), Decimal(right)) == Decimal(result)


@pytest.mark.parametrize(
    ("operator", "left", "right", "code", "said"),
    [
        ("pow", "0", "0", "E571", "0 ^ 0"),
        ("pow", "0", "-1", "E551", "1 (0 ^ -1)"),
        ("pow", "-2", "0.5", "E571", "-2 ^ 0.5"),
        ("pow", "10", "9999", "E552", ""),
        ("pow", "10", "1E+5000", "E552", ""),
        ("root", "-4", "2", "E571", "√ -4"),
        ("root", "4", "0", "E571", "4 ^ (1 / 0)"),
        ("root", "-4", "1E+60", "E571", "-4 ^ (1 / 1"),
        ("root", "4", "1.5", "E571", "4 ^ (1 / 1.5)"),
        ("pow", "-1E+200", "0.5", "E571", "…"),
    ],
)
def test_what_has_no_power_or_root(operator: str, left: str, right: str, code: str, said: str) -> None:
    with pytest.raises(CalculationError) as stop:
        OPERATORS[operator](Decimal(left), Decimal(right))
    assert stop.value.code == code
    assert said in dict(stop.value.details).get("text", "")
