"""What `rulec check` proves, in seconds of CPU: rules that meet or not, and a table, each compiled beforehand."""

import os
from statistics import median
from time import monotonic, process_time

from workload import rulec_text, rules_of

from rulec.analysis.analyse import analyse
from rulec.pipeline import compile_text
from rulec.source import Language

RUNS, BUDGET = 3, 120.0
HEAD = """\
We know:
  - an order (in €)
  - a country among Spain, Italy, Greece
We decide:
  - the discount (percentage), optional
"""
COUNTRIES = ("Spain", "Italy", "Greece")


def apart(count: int) -> str:
    """Rules that part an amount among three countries, and must agree."""
    return HEAD + "\n".join(
        f"If the order is from €{at // 3 * 100} inclusive to €{at // 3 * 100 + 100} exclusive "
        f"and the country is {COUNTRIES[at % 3]} then the discount is {at % 7}%"
        for at in range(count)
    )


def table(count: int) -> str:
    """The same as the rows of a table."""
    head = 'Table "T" (only one row applies):\n| order | country || discount |\n'
    return HEAD + head + "\n".join(
        f"| from €{at // 3 * 100} inclusive to €{at // 3 * 100 + 100} exclusive | {COUNTRIES[at % 3]} || {at % 7}% |"
        for at in range(count)
    )


def seconds(text: str, language: Language = "en") -> float:
    """The median of some runs."""
    plan = compile_text(text + "\n", language=language).plan
    assert plan is not None
    found = []
    for _ in range(RUNS):
        start = process_time()
        analyse(plan, True, BUDGET, monotonic)
        found.append(process_time() - start)
    return median(found)


def main() -> None:
    """Print a line a size."""
    for count in (100, 300, 1_000):
        print(f"{count} rules that must agree: {seconds(apart(count)):.2f} s")
        print(f"{count} rules of which the first wins: {seconds(rulec_text(rules_of(count))):.2f} s")
    for count in (1_000, 3_000, 10_000):
        print(f"{count} rows: {seconds(table(count)):.2f} s")
    print(f"load: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
