"""The functions of compiled rules in, a decision out: the fast path, or where it is in doubt the full one."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from rulec.runtime.course import Course
from rulec.runtime.decision import Decision
from rulec.runtime.direct import Direct, Doubt
from rulec.runtime.errors import CalculationError
from rulec.runtime.outline import Outline

Fast = Sequence[Callable[[Mapping[str, object], Direct], None]]
Full = Callable[[], Sequence[Callable[[Course], None]]]


def evaluate(
    outline: Outline, fast: Fast, full: Full, facts: Mapping[str, object], at: date, steps: Sequence[int] | None = None
) -> Decision:
    """The decision for these facts (path → value as `runtime.types` holds it), at a date or an aware datetime.

    `full` gives its functions when they are first needed. `steps`: the numbers of those that may give something, in
    order; None for all.
    """
    numbers = range(len(fast)) if steps is None else steps
    try:
        direct = Direct(outline, at)
        for number in numbers:
            fast[number](facts, direct)
        return direct.decision()
    except (Doubt, CalculationError, KeyError):  # KeyError: a fact that is not given
        course, enter_fully = Course(outline, facts, at), full()
        for number in numbers:
            enter_fully[number](course)
        return course.decision()
