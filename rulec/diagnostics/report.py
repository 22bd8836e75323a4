"""The parts of a report: `Diagnostic` (what, where, instead) and `Diagnostics`, the collector that passes fill."""

from collections.abc import Iterable, Iterator
from dataclasses import field
from enum import Enum
from typing import Any

from rulec.runtime.plain import Plain, changing, plain
from rulec.tree import Span


class Severity(Enum):
    """How much a finding weighs: an error stops the compilation, a warning and a note do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@plain
class Fix(Plain):
    """A replacement of the text at `span` by `text`. Several fixes on one diagnostic are alternatives, not steps.

    `label`: what the alternative means, already in the file's language ("" where the replacement says it all).
    """

    span: Span
    text: str
    label: str = ""


@plain
class Related(Plain):
    """A second place that explains the first; `key` names its sentence in the catalogue entry (`[E201.related]`)."""

    span: Span
    key: str


@plain
class Diagnostic(Plain):
    """One finding: `code` of the catalogue, its place, the values of its message, what to write instead."""

    code: str
    span: Span
    values: tuple[tuple[str, str], ...] = ()
    fixes: tuple[Fix, ...] = ()
    related: tuple[Related, ...] = ()


def diagnostic(
    code: str, span: Span, fixes: tuple[Fix, ...] = (), related: tuple[Related, ...] = (), **values: object
) -> Diagnostic:
    """A finding; the values fill the message."""
    return Diagnostic(code, span, tuple((key, str(value)) for key, value in values.items()), fixes, related)


_CASES = ("case", "replay")


@changing
class Diagnostics:
    """What the passes have found so far, in the order found; the same finding at the same place counts once."""

    found: list[Diagnostic] = field(default_factory=list)
    _seen: set[tuple[object, ...]] = field(default_factory=set)

    def add(
        self,
        code: str,
        span: Span,
        *,
        fixes: tuple[Fix, ...] = (),
        related: tuple[Related, ...] = (),
        **values: object,
    ) -> None:
        """Report `code` at `span`; the values fill the message."""
        if (code, span) in self._seen:
            return
        self._seen.add((code, span))
        self.found.append(diagnostic(code, span, fixes, related, **values))

    def without_names(self) -> "Diagnostics":
        """The same list, deaf to unknown names: where declarations failed, their names are unknown for that alone."""
        return _Deaf(self.found, self._seen)

    def forget(self, found: Iterable[Diagnostic]) -> None:
        """Leave out what something else tells better."""
        gone = list(found)
        self.found[:] = [each for each in self.found if each not in gone]

    def again(self, found: Diagnostic) -> None:
        """Report what was found elsewhere."""
        if (found.code, found.span) not in self._seen:
            self._seen.add((found.code, found.span))
            self.found.append(found)

    def tell(self, found: Diagnostic) -> None:
        """Report what may be true of one place and several others: the same counts once, whatever case shows it."""
        values = tuple(value for value in found.values if value[0] not in _CASES)
        key = (found.code, found.span, found.related, values)
        if key not in self._seen:
            self._seen |= {key, (found.code, found.span)}
            self.found.append(found)

    def taken(self) -> list[Diagnostic]:
        """What was found, which is forgotten here."""
        found, self.found = self.found, []
        self._seen.clear()
        return found

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)

    def failed_since(self, number: int) -> bool:
        """Whether an error was found after the first `number` findings."""
        return any(each.code.startswith("E") for each in self.found[number:])

    @property
    def failed(self) -> bool:
        """Whether an error is among them (every code that starts with E is one)."""
        return any(each.code.startswith("E") for each in self.found)


class _Deaf(Diagnostics):
    def add(self, code: str, span: Span, **values: Any) -> None:
        if code not in ("E201", "E202"):
            super().add(code, span, **values)
