"""A plan in, a function that decides out; or the text of a Python module that decides with nothing else."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any

from rulec.backends.inline import inlined
from rulec.backends.lines import lines_of
from rulec.backends.outline import outline_of
from rulec.backends.python_code import IMPORTS, fast_code, full_code, outline_code, sheets_code, sheets_of
from rulec.plan.tree import Plan
from rulec.runtime.decision import Decision
from rulec.runtime.evaluate import Fast, Full, evaluate

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
    fast: Fast = _defined(fast_code(plan), "FAST", sheets)
    full: Full = cache(lambda: _defined(full_code(plan), "FULL", sheets))
    outline, lines = outline_of(plan), lines_of(plan)

    def decide(facts: Mapping[str, object], at: date) -> Decision:
        _, maybe = lines.found(facts)
        return evaluate(outline, fast, full, facts, at, lines.steps_in(maybe))

    return decide


def module_source(plan: Plan) -> str:
    """A module that needs the standard library alone: `decide(facts, at)`, and a command line."""
    code = outline_code(plan) + sheets_code(plan) + fast_code(plan) + full_code(plan)
    return inlined(f'"""Rules compiled by rulec: do not edit."""\n\n{IMPORTS}{code}{_SHELL}')


def _defined(code: str, name: str, given: Mapping[str, object]) -> Any:
    names: dict[str, Any] = dict(given)
    exec(compile(IMPORTS + code, "<rules>", "exec"), names)
    return names[name]
