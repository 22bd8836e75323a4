"""A seed and a number in, a rule text out; and what must hold of `check` and of a decision whatever the text is.

python tests/fuzzing.py 200000 7        # inputs, seed; a failure prints the text that causes it
python tests/fuzzing.py 1 7 41          # input number 41 of seed 7 alone
"""

import re
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from datetime import time as hour
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random

from rulec.backends.interpreter import interpret
from rulec.backends.python import compile_plan
from rulec.diagnostics.as_json import as_json, text_of
from rulec.diagnostics.render import render
from rulec.pipeline import Compiled, compile_text
from rulec.plan.tree import Const, In, Plan
from rulec.plan.verify import verify
from rulec.runtime.types import Choice, Slot
from rulec.source import LANGUAGES, Language, Source
from rulec.syntax.fold import fold
from rulec.trace import trace
from rulec.tree import Span, walk

HERE = Path(__file__).parent
ENDINGS: dict[Language, str] = {"fr": "regles", "en": "rules"}
LONGEST = 10_000  # bytes of a text
SECONDS = 1.0  # of the processor, for one text
LINES = 1000  # of a text; with more of them, a millisecond a line
HANGS = 20.0  # seconds of the processor after which a text is given up
THEN = {"fr": " alors ", "en": " then "}
IF = {"fr": "Si ", "en": "If "}
JOINS = {
    "fr": (" et ", " ou ", ", ou ", " sauf si ", " et (", " ou non ", ", sinon si ", " mais pas si "),
    "en": (" and ", " or ", ", or ", " unless ", " and (", " or not ", ", otherwise if ", " but not if "),
}
MAIN = {"fr": "principal", "en": "main"}
COMMON = set(re.findall(r"\w+", "nomb date numb euro oui non yes the les des une par parm amon avec with"))
NUMBERS = (
    "0", "1", "2", "3", "7", "10", "12", "28", "29", "31", "100", "2026", "9999", "1000000", "0,5", "1.5", "007", "-1",
)  # fmt: skip
UNITS = ("€", "%", "kg", "g", "km", "€ HT", "€ TTC", "$", "jours", "days", "mois", "months", "h", "points", "")
BREAKS = ("\n", "\n  ", "\r\n", "\r", " # ", "\n  - ", ".\n")
CHARS = (
    "abcé €%0123456789.,:;()«»\"'’-–+*/<>=≥≠|#\n\t\r\u00a0\u202f\ufeff[]{}\\_&!?ßİıſ٣½①\u0301\u200b𝟘\u2028\x85\x0b\x0c"
    "\x1b\u202e\u2066œŒ²³°→⇒−×÷$£¥@~`^\x7f"
)
RARE = "\0\ud800\udfff\U0010ffff"
DAYS = (date(1, 1, 1), date(2024, 2, 29), date(2026, 3, 1), date(2026, 12, 25), date(9999, 12, 31))
MOMENTS = (*DAYS, datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC))


@dataclass(frozen=True)
class Input:
    """A text of one language."""

    language: Language
    text: str


class Hung(BaseException):
    """A text took so long that it was given up: nothing may catch this on its way."""


# ---- texts


@dataclass(frozen=True)
class Seeds:
    """What the texts of a language are made from: sentences that are fine, statements of all kinds, declarations (each
    a head and its lines), words."""

    fine: tuple[str, ...]
    statements: tuple[str, ...]
    declarations: tuple[tuple[str, ...], ...]
    words: tuple[str, ...]


@cache
def seeds(language: Language) -> Seeds:
    """From the golden pairs, their vocabulary, the examples, and the chunks with announced errors."""
    ending = ENDINGS[language]
    column = 1 + LANGUAGES.index(language)
    pairs = (HERE / "golden" / "pairs.tsv").read_text(encoding="utf-8").splitlines()
    said = [line.replace("\\n", "\n").split("\t") for line in pairs if line and line[0] != "#"]
    statements = [pair[column] for pair in said]
    fine = tuple(pair[column] for pair in said if pair[0] in ("clear", "stated"))
    examples = [path.read_text(encoding="utf-8") for path in sorted(HERE.parent.glob(f"examples/*/*.{ending}"))]
    for path in sorted(HERE.glob(f"errors/*.{ending}")):
        chunks = re.split(r"^---$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        examples += [re.sub(r"^#include.*\n|[ \t]*#!.*$", "", chunk, flags=re.MULTILINE).strip() for chunk in chunks]
    paragraphs = [part for text in examples for part in re.split(r"\n(?=\S)", text)]
    vocabulary = (HERE / "golden" / f"vocabulary.{ending}").read_text(encoding="utf-8")
    declarations = tuple(tuple(part.splitlines()) for part in re.split(r"\n(?=\S)", vocabulary.strip()))
    words = re.findall(r"\S+", " ".join([*statements, *paragraphs, vocabulary]))
    grammar = (HERE.parent / "grammar" / f"words.{language}.toml").read_text(encoding="utf-8")
    words += re.findall(r'"([^"\n]+)"', grammar)
    return Seeds(fine, tuple(statements + paragraphs), declarations, tuple(sorted(set(words))))


class Texts:
    """The texts of a seed; each depends on its number alone, so that it can be made again."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def text(self, number: int) -> Input:
        """The text of a number."""
        random = Random(f"{self.seed}:{number}")
        language = random.choice(LANGUAGES)
        text = _Text(random, language).text()
        data = text.encode("utf-8", "surrogatepass")
        return Input(language, text if len(data) <= LONGEST else data[:LONGEST].decode("utf-8", "ignore"))


class _Text:
    def __init__(self, random: Random, language: Language) -> None:
        self.random, self.language, self.seeds = random, language, seeds(language)

    def text(self) -> str:
        """Arbitrary characters, arbitrary words, or statements changed here and there, with or without vocabulary."""
        kind = self.random.random()
        if kind < 0.06:
            return "".join(self.char() for _ in range(self.random.randint(0, 120)))
        if kind < 0.12:
            return " ".join(self.word() for _ in range(self.random.randint(1, 40)))
        statements = "\n".join(self.statement() for _ in range(self.random.choice((1, 1, 1, 1, 2, 3))))
        if kind < 0.14:
            statements = self.long(statements)
        elif kind < 0.5:
            statements = self.varied(statements)
        elif kind > 0.6:
            statements = self.mutated(statements, self.random.choice((1, 1, 1, 1, 2, 2, 3, 6)))
        vocabulary = self.vocabulary(statements)
        if self.random.random() < 0.07:
            vocabulary = self.mutated(vocabulary, self.random.randint(1, 4))
        return vocabulary + statements

    def statement(self) -> str:
        """A statement as it stands, or one made of a condition, another, and a result."""
        kind = self.random.random()
        if kind < 0.15:
            return self.random.choice(self.seeds.statements)
        one = self.random.choice(self.seeds.fine)
        if kind < 0.5:
            return one
        condition, then, result = one.partition(THEN[self.language])
        for _ in range(self.random.choice((0, 1, 1, 2))):
            other = self.random.choice(self.seeds.fine).partition(THEN[self.language])[0]
            condition += self.random.choice(JOINS[self.language]) + other.removeprefix(IF[self.language])
        condition += ")" * condition.count(" (")
        result = self.random.choice(self.seeds.fine).partition(THEN[self.language])[2] or result
        return condition + (then or THEN[self.language]) + result

    def varied(self, text: str) -> str:
        """The text with small changes that often mean something: numbers, units, operators, case, words left out."""
        random = self.random
        for _ in range(random.randint(1, 3)):
            match random.randint(0, 5):
                case 0:
                    text = re.sub(r"\d+", lambda _: random.choice(NUMBERS), text, count=random.randint(1, 3))
                case 1:
                    text = re.sub(r"€|%|kg|\bHT\b|\bTTC\b", random.choice(UNITS), text, count=1)
                case 2:
                    text = re.sub(r"[<>=≥≤≠]+", random.choice("<>=≥≤≠"), text, count=1)
                case 3:
                    text = random.choice((str.upper, str.lower, str.title))(text)
                case 4:
                    words = text.split(" ")
                    del words[random.randrange(len(words))]
                    text = " ".join(words)
                case _:
                    text = text.replace(" ", random.choice(("  ", "\u00a0", "\u202f", "\n  ", "\t")))
        return text

    def long(self, text: str) -> str:
        """A part of it repeated up to some thousands of times."""
        start = self.random.randint(0, len(text))
        part = text[start : start + self.random.choice((1, 2, 5, 20, 80))] or "("
        times = self.random.choice((10, 100, 1000, LONGEST)) // len(part)
        return text[:start] + part * times + text[start:]

    def vocabulary(self, text: str) -> str:
        """Mostly the declarations that share a word with the text; sometimes all, sometimes none."""
        kind = self.random.random()
        if kind < 0.25:
            return ""
        if kind < 0.26:
            return "".join(line + "\n" for part in self.seeds.declarations for line in part)
        said, chosen = self.stems(text), []
        for head, *lines in self.seeds.declarations:
            meant = self.stems(head) & said
            kept = [line for line in lines if self.wanted(line, said) or (meant and MAIN[self.language] in line)]
            if kept or meant:
                chosen += [head, *(kept or lines[:1])]
        return "".join(line + "\n" for line in chosen)

    def wanted(self, line: str, said: set[str]) -> bool:
        """Whether a declaration is kept: it shares a word with the text, or luck has it."""
        return bool(self.stems(line) & said) or self.random.random() < 0.01

    def stems(self, text: str) -> set[str]:
        return {word[:4] for word in re.findall(r"\w{3,}", fold(text))} - COMMON

    def mutated(self, text: str, times: int) -> str:
        """The text with characters, words, pieces and lines added, removed, doubled, moved."""
        random = self.random
        for _ in range(times):
            start = random.randint(0, len(text))
            end = min(len(text), start + random.randint(0, 12))
            match random.randint(0, 9):
                case 0:
                    text = text[:start] + self.char() + text[start:]
                case 1:
                    text = text[:start] + text[end:]
                case 2:
                    text = text[:start] + text[start:end] * 2 + text[end:]
                case 3:
                    text = text[:start] + self.char() * random.randint(1, 5) + text[end:]
                case 4 | 5:
                    words = text.split(" ")
                    words[random.randrange(len(words))] = self.word()
                    text = " ".join(words)
                case 6:
                    words = text.split(" ")
                    words.insert(random.randint(0, len(words)), self.word())
                    text = " ".join(words)
                case 7:
                    words = text.split(" ")
                    one, other = random.randrange(len(words)), random.randrange(len(words))
                    words[one], words[other] = words[other], words[one]
                    text = " ".join(words)
                case 8:
                    text = text[:start] + random.choice(BREAKS) + text[start:]
                case _:
                    added = random.choice(self.seeds.statements)
                    cut = random.randint(0, len(added))
                    text = text[:start] + (added[cut:] if random.random() < 0.5 else added[:cut]) + text[end:]
        return text

    def char(self) -> str:
        kind = self.random.random()
        if kind < 0.9:
            return self.random.choice(CHARS)
        return self.random.choice(RARE) if kind < 0.93 else chr(self.random.randrange(0x110000))

    def word(self) -> str:
        other = self.random.random() < 0.05
        return self.random.choice(seeds("en" if self.language == "fr" else "fr").words if other else self.seeds.words)


# ---- what must hold


def examine(given: Input, random: Random) -> Compiled:
    """Compile the text, look at everything that comes of it, decide where it can be decided."""
    start = time.process_time()
    compiled = compile_text(given.text, language=given.language)
    taken = time.process_time() - start
    assert taken <= SECONDS * max(1, given.text.count("\n") / LINES), f"{taken:.1f} s"
    diagnostics = compiled.diagnostics
    assert (compiled.plan is None) == diagnostics.failed, "a plan beside errors, or neither"
    for span in _spans(compiled):
        assert 0 <= span.start <= span.end <= len(given.text), f"{span} is not in the text"
        assert span.source == 0, f"{span} is in no file"
    shown: Language
    spoken: Language
    shown, spoken = random.sample(LANGUAGES, 2)
    assert render(diagnostics, compiled.sources, shown).encode("utf-8"), "no report"
    told = as_json(diagnostics, compiled.sources, spoken)
    assert text_of(told).encode("utf-8"), "no JSON"
    assert len(told) == len(diagnostics), "a diagnostic is lost"
    assert all(each["message"] for each in told), "a message is empty"
    if compiled.plan is not None:
        verify(compiled.plan)
        decide(compiled.plan, compiled.sources, random)
    return compiled


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
        nodes = [node for rule in plan.rules for node in walk(rule)]
        self.near = [node.value for node in nodes if isinstance(node, Const)]
        self.near += [value for node in nodes if isinstance(node, In) for value in node.values]

    def facts(self, known: float) -> dict[str, object]:
        """Facts by path; `known`: which part of them is given."""
        found = ((slot.path, self.value(slot)) for slot in self.slots if self.random.random() < known)
        return {path: value for path, value in found if value is not None}

    def value(self, slot: Slot) -> object:
        match slot.type:
            case Choice(options):
                return self.random.choice([option.key for option in options])
            case _:
                return self.of_kind(type(slot.type).__name__)

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
            case "ListOf" | "Record":
                return None
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
