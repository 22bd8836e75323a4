"""Findings and what was asked about codes in, those to report and those that fail out."""

from collections.abc import Sequence
from dataclasses import field

from rulec.diagnostics import Diagnostic, Severity, catalogue
from rulec.diagnostics.render import in_order
from rulec.pipeline import Compiled
from rulec.review.baseline import Key, Known, keys_of
from rulec.runtime.plain import Plain, plain


@plain
class Policy(Plain):
    """`strict`: warnings fail. `denied`: codes that fail. `allowed`: codes that are left out; an error never is."""

    strict: bool = False
    denied: frozenset[str] = frozenset()
    allowed: frozenset[str] = frozenset()

    def fails(self, code: str) -> bool:
        """Whether a finding with this code makes the check fail."""
        severity = catalogue.entry(code).severity
        return severity is Severity.ERROR or code in self.denied or (self.strict and severity is Severity.WARNING)


@plain
class Reviewed(Plain):
    """A rule set with the findings to report, by file and place, and the key of each in a baseline.

    `failing`: those that fail. `allowed`: those that are left out by their code; `known`: by the baseline.
    """

    rules: Compiled
    shown: tuple[Diagnostic, ...]
    keys: tuple[Key, ...]
    failing: tuple[Diagnostic, ...]
    allowed: tuple[Diagnostic, ...] = field(default_factory=tuple)
    known: tuple[Diagnostic, ...] = field(default_factory=tuple)


def review(rules: Compiled, policy: Policy, baseline: Known) -> Reviewed:
    """Part the findings of a rule set; what the baseline knows is struck off it."""
    found = in_order(rules.diagnostics, {source.number: source for source in rules.sources})
    kept = [each for each in found if each.code not in policy.allowed]
    told = list(zip(kept, keys_of(kept, rules.sources), strict=True))
    known = [each for each, key in told if not is_error(each) and baseline.strike(key)]
    shown = [(each, key) for each, key in told if not _in(each, known)]
    return Reviewed(
        rules, tuple(each for each, _ in shown), tuple(key for _, key in shown),
        tuple(each for each, _ in shown if policy.fails(each.code)),
        tuple(each for each in found if each.code in policy.allowed), tuple(known),
    )  # fmt: skip


def is_error(found: Diagnostic) -> bool:
    """Whether it keeps the rules from being sure."""
    return catalogue.entry(found.code).severity is Severity.ERROR


def _in(found: Diagnostic, some: Sequence[Diagnostic]) -> bool:
    return any(each is found for each in some)
