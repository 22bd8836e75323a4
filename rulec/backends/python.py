"""A plan in, a function that decides out; or the text of a Python module that decides with nothing else."""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from threading import Lock
from typing import Any

from rulec.backends.indexed import indexed
from rulec.backends.inline import inlined
from rulec.backends.python_code import IMPORTS, StepCode, fast_code, full_code, outline_code, sheets_code, sheets_of
from rulec.backends.quick_code import checked_code, trusted_code
from rulec.plan.tree import Plan
from rulec.runtime.decider import Decider
from rulec.runtime.decision import Decision, dated
from rulec.runtime.facts import FactsReader
from rulec.runtime.leaves import names_of
from rulec.runtime.measured import is_exact
from rulec.runtime.refused import is_text

_SHELL = """\
from collections.abc import Mapping
from functools import partial

from rulec.runtime.evaluate import evaluate
from rulec.runtime.standalone import decide_raw, run


def decide(facts: object, at: object = None) -> dict[str, object]:
    \"\"\"The decision as JSON data. `at`: a date, an aware datetime or their ISO text; None is today.\"\"\"
    return decide_raw(OUTLINE, partial(evaluate, OUTLINE, FAST, lambda: FULL), facts, at)


def main() -> None:
    \"\"\"Reads facts as JSON from a file or the standard input, and prints the decision.\"\"\"
    raise SystemExit(run(decide, OUTLINE.language))


if __name__ == "__main__":
    main()
"""


Trusted = Callable[[Mapping[str, object], date], Decision]
Checked = Callable[..., Decision]  # of facts, a date; of rules without judgements, a judge is of no use


def compile_plan(plan: Plan) -> Trusted:
    """A function of the facts (path → value as `runtime.types` holds it) and the date or aware datetime."""
    return Deciding(plan).trusted


class Deciding:
    """Decides by the rules of a plan."""

    def __init__(self, plan: Plan) -> None:
        fast, full = _Functions(plan, False), _Functions(plan, True)
        self._plan, self._decider = plan, Decider(*indexed(plan), fast.of, full.of)

    @cached_property
    def trusted(self) -> Trusted:
        """Decides for facts that are checked: path → value as `runtime.types` holds it."""
        decider = self._decider
        if not decider.lines.is_plain:
            return decider.decide
        quick: Trusted = self._quick(trusted_code(decider.leaves), slow=decider.learn, moment=lambda at: at)
        return quick

    def checked(self, reader: FactsReader, moment: Callable[[Any], date]) -> Checked:
        """Decides for facts as they are given, at a date as it is given. Raises what `reader` and `moment` do."""
        decider, trusted = self._decider, self.trusted

        def slow(facts: object, at: object = None, judge: object = None) -> Decision:
            held, day = reader.read(facts), moment(at)
            return decider.learn(held, day) if decider.lines.is_plain else trusted(held, day)

        keys = reader.keys()
        code = checked_code(decider.leaves, self._plan.facts, keys) if decider.lines.is_plain else None
        if code is None:
            return slow
        quick: Checked = self._quick(code, slow=slow, moment=moment)
        return quick

    def _quick(self, code: str, **given: object) -> Any:
        decider = self._decider
        names = {f"n{at}": names_of(slot) for at, slot in enumerate(self._plan.facts)}
        known: dict[str, Any] = {**QUICK_NAMES, **names, **given, "R": decider.leaves.root}
        known |= {"A": decider.kept, "alone": decider.alone, "together": decider.together}
        exec(compile(code, "<rules>", "exec"), known)
        return known["quick"]


QUICK_NAMES = {
    "bisect_right": bisect_right, "date": date, "Decimal": Decimal, "dated": dated, "is_exact": is_exact,
    "is_text": is_text, "M": 10**34, "C": Decimal("0.01"),
}  # fmt: skip


class _Functions:
    """The functions of the steps, each written when it is first needed."""

    def __init__(self, plan: Plan, is_full: bool) -> None:
        self._plan, self._is_full, self._writing = plan, is_full, Lock()
        self._made = dict[int, Any]()

    @cached_property
    def _code(self) -> StepCode:
        return StepCode(self._plan, self._is_full)

    @cached_property
    def _names(self) -> dict[str, Any]:
        return dict(sheets_of(self._plan))

    def of(self, number: int) -> Any:
        """The function of that step."""
        made = self._made.get(number)
        return self._write(number) if made is None else made

    def _write(self, number: int) -> Any:
        with self._writing:  # what was written before is no other thread's business
            text = self._code.text(number, f"q{number}")
            exec(compile(text if self._made else IMPORTS + text, "<rules>", "exec"), self._names)
            self._made[number] = made = self._names[f"q{number}"]
        return made


def module_source(plan: Plan) -> str:
    """A module that needs the standard library alone: `decide(facts, at)`, and a command line."""
    code = outline_code(plan) + sheets_code(plan) + fast_code(plan) + full_code(plan)
    return inlined(f'"""Rules compiled by rulec: do not edit."""\n\n{IMPORTS}{code}{_SHELL}')
