"""Entries and rules in, what becomes of each when it is decided again out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rulec.log.again import Difference, again, differences
from rulec.log.entry import Entry, Json
from rulec.ruleset import RuleSet
from rulec.runtime.facts import FactsError
from rulec.source import Language


@dataclass(frozen=True, slots=True)
class Replayed:
    """`became`: same, differ, erased (facts that would be needed are), refused (the rules do not take the facts)."""

    entry: Entry
    became: str
    differences: tuple[Difference, ...] = ()
    error: FactsError | None = None

    def problems(self, language: Language) -> list[str]:
        """Why the facts are refused."""
        return [problem.message(language) for problem in self.error.problems] if self.error else []

    def to_json(self, language: Language) -> dict[str, Json]:
        """Plain data."""
        return {
            "number": self.entry.number, "id": self.entry.id, "became": self.became,
            "differences": [each.to_json() for each in self.differences], "problems": self.problems(language),
        }  # fmt: skip


def replayed(rules: RuleSet, entries: Iterable[Entry], name: str | None = None) -> Iterator[Replayed]:
    """Each decision, made again. `name`: of the rules of which the decisions are meant; all where it is None."""
    return (_one(rules, entry) for entry in entries if name is None or entry.name == name)


def _one(rules: RuleSet, entry: Entry) -> Replayed:
    try:
        decision = again(rules, entry)
    except FactsError as error:
        return Replayed(entry, "refused", error=error)
    if decision is None:
        return Replayed(entry, "erased")
    told = tuple(differences(entry.decision, decision.to_json()))
    return Replayed(entry, "differ" if told else "same", told)
