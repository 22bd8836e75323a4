"""A plan in, a function that decides out; or the text of a Python module that decides with nothing else."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial

from rulec.backends.inline import inlined
from rulec.backends.python_code import IMPORTS, plan_code
from rulec.plan.tree import Plan
from rulec.runtime.decision import Decision
from rulec.runtime.evaluate import evaluate

_SHELL = """\
from collections.abc import Mapping
from functools import partial

from rulec.runtime.evaluate import evaluate
from rulec.runtime.standalone import decide_raw, run


def decide(facts: object, at: object = None) -> dict[str, object]:
    \"\"\"The decision as JSON data. `at`: a date, an aware datetime or their ISO text; None is today.\"\"\"
    return decide_raw(OUTLINE, partial(evaluate, OUTLINE, FAST, FULL), facts, at)


def main() -> None:
    \"\"\"Reads facts as JSON from a file or the standard input, and prints the decision.\"\"\"
    raise SystemExit(run(decide, OUTLINE.language))


if __name__ == "__main__":
    main()
"""


def compile_plan(plan: Plan) -> Callable[[Mapping[str, object], date], Decision]:
    """A function of the facts (path → value as `runtime.types` holds it) and the date or aware datetime."""
    names: dict[str, object] = {}
    exec(compile(IMPORTS + plan_code(plan), "<rules>", "exec"), names)
    return partial(evaluate, names["OUTLINE"], names["FAST"], names["FULL"])  # type: ignore[arg-type]  # exec is untyped


def module_source(plan: Plan) -> str:
    """A module that needs the standard library alone: `decide(facts, at)`, and a command line."""
    return inlined('"""Rules compiled by rulec: do not edit."""\n\n' + IMPORTS + plan_code(plan) + _SHELL)
