"""Powers and roots: decimals in, the decimal of 34 digits nearest to the result out.

They are calculated with many more digits than are kept, by operations that every decimal library rounds alike.
"""

from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow

from rulec.runtime.calculate import ARITHMETIC, EXACT, ONE, ZERO, short
from rulec.runtime.errors import CalculationError

_WIDE = Context(
    prec=90,
    rounding=ROUND_HALF_EVEN,
    Emin=-999_999,
    Emax=999_999,
    capitals=1,
    clamp=0,
    flags=[],
    traps=[DivisionByZero, InvalidOperation, Overflow],
)


def exact_pow(base: Decimal, exponent: Decimal) -> Decimal:
    """base to the power of exponent. E551: 0 to a negative power; E571: 0 to 0, or a negative base and no integer."""
    whole = exponent == exponent.to_integral_value()
    if not base and exponent < 0:
        raise CalculationError("E551", (("text", short(f"1 (0 ^ {exponent:f})")),))
    if (not base and not exponent) or (base < 0 and not whole):
        raise _none(f"{base:f} ^ {exponent:f}")
    if not base:
        return ZERO
    return _kept(lambda: _whole_power(base, int(exponent)) if whole else _real_power(base, exponent))


def exact_root(value: Decimal, degree: Decimal) -> Decimal:
    """The root of a value. E571: of a negative one, unless the degree is odd; of a degree that is not 1, 2, 3 …"""
    if degree < 1 or degree != degree.to_integral_value() or (value < 0 and int(degree) % 2 == 0):
        raise _none(f"√ {value:f}" if degree == 2 else f"{value:f} ^ (1 / {degree:f})")
    if value <= 0:
        return exact_root(value.copy_negate(), degree).copy_negate() if value else ZERO
    return _kept(lambda: _WIDE.exp(_WIDE.divide(_WIDE.ln(value), degree)))


OPERATORS: dict[str, Callable[[Decimal, Decimal], Decimal]] = {**ARITHMETIC, "pow": exact_pow, "root": exact_root}


def _none(text: str) -> CalculationError:
    return CalculationError("E571", (("text", short(text)),))


def _whole_power(base: Decimal, exponent: int) -> Decimal:
    """By squaring: exact where the result has no more digits than are calculated."""
    square = base if exponent >= 0 else _WIDE.divide(ONE, base)
    left, result = abs(exponent), ONE
    while left:
        if left % 2:
            result = _WIDE.multiply(result, square)
        left //= 2
        if left:
            square = _WIDE.multiply(square, square)
    return result


def _real_power(base: Decimal, exponent: Decimal) -> Decimal:
    return _WIDE.exp(_WIDE.multiply(exponent, _WIDE.ln(base)))


def _kept(calculate: Callable[[], Decimal]) -> Decimal:
    """The result to 34 digits, without the zeros at its end. E552: too large."""
    try:
        result = EXACT.plus(calculate())
    except (Overflow, InvalidOperation):
        raise CalculationError("E552") from None
    whole = result.to_integral_value()
    return whole if result == whole else result.normalize(EXACT)
