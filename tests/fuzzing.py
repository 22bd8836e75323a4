"""A text in; out, whether all that must hold of `check`, of its examples and of a decision does, whatever the text is.

python tests/fuzzing.py 200000 7        # inputs, seed; a failure prints the text that causes it
python tests/fuzzing.py 1 7 41          # input number 41 of seed 7 alone
"""

import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from datetime import time as hour
from decimal import Decimal
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import cast

from fuzz_texts import Input, Texts

from rulec.backends.interpreter import interpret
from rulec.backends.python import compile_plan
from rulec.diagnostics.as_json import as_json, text_of
from rulec.diagnostics.render import render
from rulec.formatting import file_of, formatted
from rulec.pipeline import Compiled, compile_paths, compile_text
from rulec.plan.alike import comparable
from rulec.plan.tree import Const, In, Plan
from rulec.plan.verify import verify
from rulec.runtime.calculate import decimals_in
from rulec.runtime.types import Amount, Choice, Duration, ListOf, Number, Record, Slot, Type
from rulec.runtime.units import decimals_of
from rulec.source import LANGUAGES, Language, Source
from rulec.trace import trace
from rulec.tree import Span, walk
from rulec.trial.coverage import coverage_of
from rulec.trial.junit import junit
from rulec.trial.report import as_json as results_as_json
from rulec.trial.run import run_examples
from rulec.trial.tell import Teller
from rulec.trial.tell_coverage import coverage_as_json, coverage_text

SECONDS = 1.0  # of a usual processor, for one text
TURNS, USUAL = 200_000, 0.005  # of an empty loop, and the seconds that they take a usual processor
LINES = 1000  # of a text; with more of them, a millisecond a line
HANGS = 20.0  # seconds of the processor after which a text is given up
DAYS = (date(1, 1, 1), date(2024, 2, 29), date(2026, 3, 1), date(2026, 12, 25), date(9999, 12, 31))
MOMENTS = (*DAYS, datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC))


class Hung(BaseException):
    """A text took so long that it was given up: nothing may catch this on its way."""


# ---- what must hold


def examine(given: Input, random: Random) -> Compiled:
    """Compile the text, look at everything that comes of it, decide where it can be decided."""
    start = time.process_time()
    compiled = compiled_from(given)
    taken = time.process_time() - start
    if taken > (most := SECONDS * max(1, given.text.count("\n") / LINES)):
        assert taken <= most * slowness(), f"{taken:.1f} s"
    diagnostics = compiled.diagnostics
    assert (compiled.plan is None) == diagnostics.failed, "a plan beside errors, or neither"
    texts = {source.number: source.text for source in compiled.sources}
    for span in _spans(compiled):
        assert span.source in (texts or (0,)), f"{span} is in no file"
        assert 0 <= span.start <= span.end <= len(texts.get(span.source, "")), f"{span} is not in the text"
    shown: Language
    spoken: Language
    shown, spoken = random.sample(LANGUAGES, 2)
    assert render(diagnostics, compiled.sources, shown).encode("utf-8"), "no report"
    told = as_json(diagnostics, compiled.sources, spoken)
    assert text_of(told).encode("utf-8"), "no JSON"
    assert len(told) == len(diagnostics), "a diagnostic is lost"
    assert all(each["message"] for each in told), "a message is empty"
    if compiled.plan is not None and compiled.sources:  # a page may hold prose alone
        verify(compiled.plan)
        say_again(given, compiled, compiled.plan)
        decide(compiled.plan, compiled.sources, random)
        try_examples(compiled, compiled.plan, shown)
    return compiled


def slowness() -> float:
    """How many times longer than a usual processor this one takes now; at least 1."""
    start = time.process_time()
    for _ in range(TURNS):
        pass
    return max(1.0, (time.process_time() - start) / USUAL)


def compiled_from(given: Input) -> Compiled:
    """The text compiled, as it stands or as a page."""
    return _page(given.text) if given.literate else compile_text(given.text, language=given.language)


def _page(text: str) -> Compiled:
    """The text compiled as a file of Markdown."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "page.md"
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        return compile_paths([path])


def say_again(given: Input, compiled: Compiled, plan: Plan) -> None:
    """`rulec format`: the text in one form decides the same, and is not changed again."""
    name = compiled.sources[-1].name
    text = formatted(file_of(given.text, (name,), compiled), compiled)
    again = compiled_from(replace(given, text=text))
    assert again.plan is not None, f"the formatted text has errors: {text}"
    assert comparable(again.plan) == comparable(plan), f"the formatted text decides something else: {text}"
    twice = formatted(file_of(text, (name,), again), again)
    assert twice == text, f"formatted twice:\n{text}\n{twice}"


def try_examples(compiled: Compiled, plan: Plan, language: Language) -> None:
    """What `rulec test` does with the examples, in all its forms."""
    results = run_examples(plan, compiled.examples)
    assert all(result.agree for result in results), "an example is decided in two ways"
    if results:
        teller, covered = Teller(plan, compiled.sources, language), coverage_of(plan, results)
        told = [junit([(results, teller)]), text_of(results_as_json(results, teller)), coverage_text(covered, teller)]
        told += [text_of(coverage_as_json(covered, teller))]
        told += [teller.name(result.example) + teller.failure(result) for result in results if not result.passed]
        assert all(each.encode("utf-8") for each in told), "nothing is told"


def _spans(compiled: Compiled) -> Iterator[Span]:
    for each in compiled.diagnostics:
        yield each.span
        yield from (fix.span for fix in each.fixes)
        yield from (related.span for related in each.related)


def decide(plan: Plan, sources: tuple[Source, ...], random: Random) -> None:
    """Nothing known, all known, some known: interpreter and generated Python say the same, and why can be told."""
    generated, values = compile_plan(plan), _Values(plan, random)
    for known in (0.0, 1.0, 0.6):
        facts, at = values.facts(known), random.choice(MOMENTS)
        decision, expected = generated(facts, at), interpret(plan, facts, at)
        assert decision == expected, f"decisions differ: {facts} {at}\n{decision}\n{expected}"
        assert text_of(decision.to_json()) == text_of(expected.to_json()), f"JSON differs: {facts} {at}"
        if known == 0.6:
            trace(plan, sources, facts, at)


class _Values:
    """Random values of facts, those near the constants of the plan above all."""

    def __init__(self, plan: Plan, random: Random) -> None:
        self.slots, self.random = plan.facts, random
        nodes = list(walk(plan))
        self.near = [node.value for node in nodes if isinstance(node, Const)]
        self.near += [value for node in nodes if isinstance(node, In) for value in node.values]

    def facts(self, known: float) -> dict[str, object]:
        """Facts by path; `known`: which part of them is given."""
        found = ((slot.path, self.value(slot)) for slot in self.slots if self.random.random() < known)
        return {path: value for path, value in found if value is not None}

    def value(self, slot: Slot) -> object:
        return self.of_type(slot.type)

    def of_type(self, kind: Type) -> object:
        match kind:
            case Choice(options):
                return self.random.choice([option.key for option in options])
            case ListOf(item):
                made = tuple(self.of_type(item) for _ in range(self.random.choice((0, 1, 1, 2, 3))))
                return tuple(each for each in made if each is not None)
            case Record(_, attributes):
                known = self.random.choice((1.0, 1.0, 0.7))
                found = ((slot.path, self.of_type(slot.type)) for slot in attributes if self.random.random() < known)
                return {path: value for path, value in found if value is not None}
            case Duration() | Number(True):
                return self.decimals(0)
            case Amount(currency):
                return self.decimals(decimals_of(currency))
            case _:
                return self.of_kind(type(kind).__name__)

    def decimals(self, places: int) -> Decimal:
        """A number with so many decimals at most, as facts of some types are."""
        near = cast(Decimal, self.of_kind("Number"))
        return near if decimals_in(near) <= places else round(near, places)

    def of_kind(self, kind: str) -> object:
        match kind:
            case "YesNo":
                return self.random.random() < 0.5
            case "Text":
                return self.some(str, "", "été", "{x}'\"\\\n", "\0")
            case "Date":
                return self.some(date, *DAYS)
            case "DateTime":
                return self.some(datetime, *MOMENTS[len(DAYS) :])
            case "Time":
                return self.some(hour, hour(0), hour(9, 30), hour(23, 59, 59))
            case _:
                near = self.some(Decimal, Decimal(0), Decimal(1), Decimal("-0.01"), Decimal("1E+30"))
                return near + self.random.choice((-1, 0, 0, 1)) if isinstance(near, Decimal) else near

    def some(self, kind: type, *others: object) -> object:
        """A value of that type and no other: a moment is a date to Python."""
        near = [value for value in self.near if type(value) is kind]
        return self.random.choice(near if near and self.random.random() < 0.7 else others)


# ---- campaigns


@dataclass
class Report:
    """What came of a campaign. `failures`: what went wrong → the number of the shortest text that shows it."""

    inputs: int = 0
    accepted: int = 0
    seconds: float = 0.0
    slowest: tuple[float, int] = (0.0, 0)
    codes: Counter[str] = field(default_factory=Counter)
    failures: dict[str, tuple[int, str]] = field(default_factory=dict)
    failed: int = 0

    def __str__(self) -> str:
        rate = self.inputs / self.seconds if self.seconds else 0
        slowest, number = self.slowest
        return (
            f"{self.inputs} inputs, {self.accepted} accepted, {len(self.codes)} codes, {self.failed} failures, "
            f"{rate:.0f} inputs/s, slowest {slowest:.2f} s (number {number})"
        )


def campaign(inputs: int, seed: int, first: int = 0, every: int = 10_000, say: Callable[[str], None] = print) -> Report:
    """Examine texts from a number on; go on after a failure, and tell each kind of failure once."""
    texts, report, begun = Texts(seed), Report(), time.monotonic()
    compile_text("Si commande > 500 € alors remise 10 %")  # the grammar is read once
    for number in range(first, first + inputs):
        given, start = texts.text(number), time.process_time()
        try:
            with limited(HANGS):
                compiled = examine(given, Random(f"{seed}:{number}:facts"))
        except (Exception, Hung) as error:
            _fail(report, number, seed, given, error, say)
        else:
            report.accepted += compiled.plan is not None
            report.codes.update({each.code for each in compiled.diagnostics})
        report.inputs += 1
        report.seconds = time.monotonic() - begun
        report.slowest = max(report.slowest, (time.process_time() - start, number))
        if report.inputs % every == 0:
            say(f"seed {seed}: {report}")
    return report


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Give up after seconds of the processor."""

    def give_up(*_: object) -> None:
        raise Hung(f"more than {seconds} s")

    before = signal.signal(signal.SIGVTALRM, give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _fail(
    report: Report, number: int, seed: int, given: Input, error: BaseException, say: Callable[[str], None]
) -> None:
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames[-3:]]
    kind = f"{type(error).__name__} {' '.join(places)}"
    report.failed += 1
    if kind not in report.failures or len(given.text) < len(report.failures[kind][1]):
        report.failures[kind] = number, given.text
        say(f"FAILURE seed {seed} number {number} ({given.language}): {kind}: {str(error)[:600]}\n{given.text[:400]!r}")


if __name__ == "__main__":
    asked = [int(text) for text in sys.argv[1:]] + [1500, 0, 0][len(sys.argv) - 1 :]
    done = campaign(asked[0], asked[1], asked[2], say=lambda text: print(text, flush=True))
    print(f"seed {asked[1]}: {done}")
    sys.exit(1 if done.failed else 0)
