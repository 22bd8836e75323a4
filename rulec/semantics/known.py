"""Statements that did not change in, what they said before out; and what is said now, noted for the next time.

What a statement says hangs on its text and on what it sees: the names, the types, the zone. Where that is not what it
was (`StaleError`), every statement is read again.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import field, fields, is_dataclass
from typing import Any, Protocol

from rulec.diagnostics.report import Diagnostic
from rulec.runtime.plain import Plain, changed, changing, plain
from rulec.semantics import model
from rulec.semantics.rules import Meaning
from rulec.source import Language, Source
from rulec.syntax.layout import Statement
from rulec.tree import Span

Lower = Callable[[Meaning], Any]
_NEXT = 80  # characters in which the word after a statement is looked for


class StaleError(Exception):
    """What was known of statements does not hold any more."""


class Placed(Protocol):
    """What a statement is lowered to, wherever it stands."""

    def at(self, source: int, start: int) -> Any:
        """The branches and what the rule does not apply to, of a statement that starts there."""


@plain
class Said(Plain):
    """What a statement says, wherever it stands.

    `id`, `title`: "" where they are made of its place. `shown`: the branches and the exception that `model.Rule` has,
    as those of a rule that is `like` another: their places, numbers and values of lists tell nothing.
    """

    id: str
    title: str
    shown: Meaning
    exception_to: str
    fallback: bool
    because: str
    lowered: Placed


@plain
class Known(Plain):
    """A statement that says what it said before."""

    source: Source
    span: Span
    said: Said

    @property
    def rule(self) -> model.Rule:
        """The rule that it is."""
        said, line = self.said, self.source.place(self.span.start)[0]
        where = f"{self.source.name}:{line}"
        return model.Rule(
            said.id or where, said.title or where, self.source.name, line, said.shown.branches, said.shown.unless,
            said.exception_to, said.fallback, said.because, like=self, span=self.span,
        )  # fmt: skip

    def lowered(self, _: Lower) -> Any:
        """What comes of it further on."""
        return self.said.lowered.at(self.source.number, self.span.start)


@changing
class Noted:
    """A rule that may be known the next time. `text`: its statement; `lowered_to`: what came of it further on."""

    text: str
    language: Language
    rule: model.Rule
    lowered_to: Any = None

    @property
    def meaning(self) -> Meaning:
        """What it says."""
        meaning: Meaning = self.rule.like.meaning if self.rule.like else Meaning(self.rule.branches, self.rule.unless)
        return meaning

    def lowered(self, lower: Lower) -> Any:
        """What `lower` makes of it."""
        self.lowered_to = self.rule.like.lowered(lower) if self.rule.like else lower(self.meaning)
        return self.lowered_to


Before = dict[tuple[str, str], Said]  # what was said, by language and text


@changing
class Notes:
    """What is known of the statements of some files, and what is to be known of them the next time.

    `seen`: what statements see, told in short; `expected`: the same, before; () where nothing is known. `noting`:
    whether anything is noted.
    """

    before: Before = field(default_factory=Before)
    expected: tuple[str, ...] = ()
    noting: bool = True
    seen: list[str] = field(default_factory=list)
    noted: list[Noted] = field(default_factory=list)

    def said(self, source: Source, statement: Statement) -> Said | None:
        """What a statement said before; of statements of the same text, the first alone is known."""
        if not self.before or statement.period is not None or statement.draft is not None:
            return None
        return self.before.pop((source.language, text_of(source, statement.span(source))), None)

    def sees(self, *what: object) -> None:
        """Tell what statements see. StaleError: they saw something else before."""
        if self.noting or self.expected:
            told = hashlib.sha256(_told(what).encode("utf-8", "surrogatepass")).hexdigest()
            if self.expected and told != self.expected[len(self.seen)]:
                raise StaleError
            self.seen.append(told)

    def stop(self) -> None:
        """Statements hang on each other: nothing is noted. StaleError: something was known of them."""
        if self.expected:
            raise StaleError
        self.noting = False

    def taken(self, source: Source, span: Span, rules: Sequence[model.Rule]) -> Sequence[model.Rule]:
        """The rules of a statement in which nothing is wrong, noted where they hang on nothing else."""
        if not self.noting or len(rules) != 1 or not _stands_alone(rules[0], span):
            return rules
        noted = Noted(text_of(source, span), source.language, rules[0])
        self.noted.append(noted)
        return [changed(rules[0], like=noted)]

    def found(self, new: Iterable[Diagnostic], span: Span) -> None:
        """Tell what was found in a statement: what stands elsewhere is found once, whichever statement shows it."""
        inside = (each.span.source == span.source and span.start <= each.span.start <= span.end for each in new)
        self.noting &= all(inside)

    def fine(self, diagnostics: Iterable[Diagnostic]) -> list[Noted]:
        """The rules noted, but those about which something was found."""
        ordered = sorted(self.noted, key=lambda each: _place(each.rule.span))
        starts = [_place(each.rule.span) for each in ordered]
        spans = {each for one in diagnostics for each in (one.span, *(other.span for other in one.related))}
        bad = {at for span in spans if (at := bisect_right(starts, (span.source, span.end)) - 1) >= 0
               and ordered[at].rule.span.end >= span.start}  # fmt: skip
        return [each for at, each in enumerate(ordered) if at not in bad]


def text_of(source: Source, span: Span) -> str:
    """The lines of a statement; with the word after it, where that may belong to the number at its end."""
    text, starts = source.text, source.starts
    begin = starts[bisect_right(starts, span.start) - 1]
    line = bisect_right(starts, span.end - 1)
    end = starts[line] if line < len(starts) else len(text)
    return text[begin:end] + (" ".join(text[end : end + _NEXT].split()[:1]) if text[span.end - 1].isdigit() else "")


def _place(span: Span) -> tuple[int, int]:
    return span.source, span.start


def _stands_alone(rule: model.Rule, span: Span) -> bool:
    """Whether a rule is the whole statement, and what it forbids is no rule of its own."""
    forbids = any(isinstance(effect, model.Forbid) for branch in rule.branches for effect in branch.effects)
    return not (rule.period or rule.each or forbids) and rule.span == span


def _told(value: object) -> str:
    """A value with all that it is made of, but places; the same for equal ones in any process."""
    if isinstance(value, Span):
        return ""
    if isinstance(value, tuple | list):
        return f"({','.join(map(_told, value))})"
    if isinstance(value, frozenset):
        return f"{{{','.join(sorted(map(_told, value)))}}}"
    if is_dataclass(value):
        parts = (f"{each.name}={_told(getattr(value, each.name))}" for each in fields(value))
        return f"{type(value).__name__}({','.join(parts)})"
    return repr(value)
