"""A plan in, a function that decides out; or the text of a Python module that decides with nothing else."""

from collections.abc import Callable, Mapping
from datetime import date
from threading import Lock
from typing import Any

from rulec.backends.inline import inlined
from rulec.backends.lines import lines_of
from rulec.backends.outline import outline_of
from rulec.backends.python_code import IMPORTS, StepCode, fast_code, full_code, outline_code, sheets_code, sheets_of
from rulec.plan.tree import Plan
from rulec.runtime.decider import Decider
from rulec.runtime.decision import Decision

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


def compile_plan(plan: Plan) -> Callable[[Mapping[str, object], date], Decision]:
    """A function of the facts (path → value as `runtime.types` holds it) and the date or aware datetime."""
    sheets = sheets_of(plan)
    fast, full = _Functions(StepCode(plan, False), sheets), _Functions(StepCode(plan, True), sheets)
    return Decider(outline_of(plan), lines_of(plan), fast.of, full.of).decide


class _Functions:
    """The functions of the steps, each written when it is first needed."""

    def __init__(self, code: StepCode, given: Mapping[str, object]) -> None:
        self._code, self._writing = code, Lock()
        self._names, self._made = dict[str, Any](given), dict[int, Any]()

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
