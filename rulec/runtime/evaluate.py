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


def evaluate(outline: Outline, fast: Fast, full: Full, facts: Mapping[str, object], at: date) -> Decision:
    """The decision for these facts (path → value as `runtime.types` holds it), at a date or an aware datetime.

    `full` gives its functions when they are first needed.
    """
    try:
        direct = Direct(outline, at)
        for enter in fast:
            enter(facts, direct)
        return direct.decision()
    except (Doubt, CalculationError, KeyError):  # KeyError: a fact that is not given
        course = Course(outline, facts, at)
        for enter_fully in full():
            enter_fully(course)
        return course.decision()
