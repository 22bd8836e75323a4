"""Rules and rows of a table of growing number in; seconds, memory and how they grow out, with a plot.

    python benchmarks/compile.py            rules → seconds, memory; rows of a table; growth.svg
    python benchmarks/compile.py rules 1000 one measurement of 1,000 rules

Seconds are of CPU, the best of three, each in a process of its own, its start not counted. Memory is the most that the
process held, its start counted.
"""

import json
import math
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from workload import SEGMENTS, facts_of, rulec_text, rules_of

RULES, ROWS = (100, 1_000, 10_000), (1_000, 3_000, 10_000, 30_000, 100_000)
PLOT = Path(__file__).with_name("growth.svg")
TABLE = f"""\
We know:
  - a segment among {", ".join(SEGMENTS)}
  - a quantity (whole number)
We decide:
  - the discount (percentage)
Table "Discounts" from "rows.csv" (the first row wins)
"""


def rows_of(count: int, seed: int = 3) -> str:
    """A file of that many rows."""
    draw = random.Random(seed)
    rows = [
        f"{draw.choice(SEGMENTS)};from {low} to {low + draw.randint(1, 50)};{draw.randint(1, 300) / 10}%"
        for low in (draw.randrange(100_000) for _ in range(count))
    ]
    return "\n".join(["segment;quantity;discount", *rows, ""])


def write(folder: Path, what: str, count: int) -> Path:
    """The file to compile."""
    path = folder / "discounts.rules"
    path.write_text(rulec_text(rules_of(count)) if what == "rules" else TABLE, encoding="utf-8")
    if what == "rows":
        (folder / "rows.csv").write_text(rows_of(count), encoding="utf-8")
    return path


def measured(what: str, count: int) -> dict[str, float]:
    """Seconds to compile and to decide first, to find again and then to decide first, to compile once the last line
    changed; megabytes."""
    facts = facts_of(1)[0] if what == "rules" else {"segment": SEGMENTS[0], "quantity": 7}
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = folder
        path = write(Path(folder), what, count)
        import rulec

        rulec.loads("If the order exceeds €5 then the discount is 3%", "en")
        os.environ["RULEC_CACHE"] = "off"
        first = _seconds(lambda: rulec.load(path))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        del os.environ["RULEC_CACHE"]
        decided = _seconds(partial(rulec.load(path).decide, facts, "2026-01-01"))
        again = min(_seconds(lambda: rulec.load(path)) for _ in range(3))
        found = _seconds(partial(rulec.load(path).decide, facts, "2026-01-01"))
        path.write_text(path.read_text(encoding="utf-8").rstrip() + " # changed\n", encoding="utf-8")
        edited = _seconds(lambda: rulec.load(path))
    told = {"compile": first, "first": decided, "reload": again, "first again": found}
    return {**told, "edited": edited, "megabytes": memory}


def _seconds(call: Callable[[], object]) -> float:
    start = time.process_time()
    call()
    return time.process_time() - start


def best(what: str, count: int, times: int = 3) -> dict[str, float]:
    """The best of some runs, each in a process of its own."""
    command = [sys.executable, __file__, what, str(count)]
    found = [json.loads(subprocess.run(command, check=True, capture_output=True).stdout) for _ in range(times)]
    return {key: min(each[key] for each in found) for key in found[0]}


def exponent(counts: Sequence[int], seconds: Sequence[float]) -> float:
    """The power of the number with which the seconds grow: the slope of the line through the logarithms."""
    xs, ys = [math.log(each) for each in counts], [math.log(each) for each in seconds]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum((a - x) ** 2 for a in xs)


def plot(counts: Sequence[int], seconds: Sequence[float]) -> None:
    """Draws the growth beside n and n log n."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(6, 4))
    axes.loglog(counts, seconds, "o-", label="compile")
    first, start = seconds[0], counts[0]
    axes.loglog(counts, [first * n / start for n in counts], ":", label="n")
    axes.loglog(counts, [first * n * math.log(n) / (start * math.log(start)) for n in counts], "--", label="n log n")
    axes.set(xlabel="rows of a table", ylabel="seconds of CPU", title="Compiling a table")
    axes.legend()
    figure.savefig(PLOT, metadata={"Date": None})


def main() -> None:
    """All measurements."""
    if len(sys.argv) == 3:
        print(json.dumps(measured(sys.argv[1], int(sys.argv[2]))))
        return
    for what, counts in (("rules", RULES), ("rows", ROWS)):
        found = [best(what, count) for count in counts]
        for count, each in zip(counts, found, strict=True):
            again = f"found again in {each['reload'] * 1000:6.1f} ms, edited in {each['edited']:6.3f} s"
            decided = f"first decision {each['first']:6.3f} s, then {each['first again']:6.3f} s"
            print(f"{count:8,} {what}: {each['compile']:8.3f} s, {again}, {decided}, {each['megabytes']:6.0f} MB")
        seconds = [each["compile"] for each in found]
        print(f"grows with the power {exponent(counts, seconds):.2f} of the {what}")
        if what == "rows":
            plot(counts, seconds)


if __name__ == "__main__":
    main()
