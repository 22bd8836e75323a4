"""Findings in, diagnostics out: at their places, in the words of the author, with the case that `rulec run` replays."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from rulec.analysis.findings import At, Case, Finding
from rulec.diagnostics import Diagnostics, Related, diagnostic
from rulec.plan.tree import Definition, Plan, Promise, Table
from rulec.runtime.facts import FactsError, FactsReader
from rulec.runtime.shown import SPACE, dump_value, show_value
from rulec.runtime.types import IN_DOUBT_KEY, Date, Slot, record_of
from rulec.source import Language, Source
from rulec.tree import NOWHERE, Span

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "fr": {"at": "le {day}", "row": "la ligne {line}", "rule": "« {title} »", "any": "n'importe lesquelles",
           "doubt": "dans le doute", "later": " (une fois les lignes du tableau mises d'accord)"},
    "en": {"at": "on {day}", "row": "row {line}", "rule": '"{title}"', "any": "any", "doubt": "in doubt",
           "later": " (once the rows of the table agree)"},
}


class Report:
    """Reports the findings about one plan. `declared`: where its outcomes are, by their keys.

    `runs`: whether `rulec run` decides by the rules, which it does not while rows of a table clash.
    """

    def __init__(
        self, plan: Plan, sources: Sequence[Source], language: Language, diagnostics: Diagnostics,
        declared: Mapping[str, Span] | None = None, runs: bool = True,
    ) -> None:  # fmt: skip
        self.plan, self.language, self.diagnostics = plan, language, diagnostics
        self._declared, self._runs = declared or {}, runs
        self._sources = {source.number: source for source in sources}
        self._library = {source.number for source in sources if source.library}
        self._named = {source.name: source for source in sources}
        self._slots = {slot.path: slot for slot in plan.facts}
        self._names = {slot.key: slot.name for slot in plan.outcomes} | {slot.key: slot.name for slot in plan.actions}
        calculated = tuple(each.slot for each in plan.definitions)
        self._reader = FactsReader(plan.facts, language, calculated)
        self._keys = dict(zip(self._slots, self._reader.keys(), strict=True))

    def add(self, finding: Finding) -> None:
        """Report one finding; advice on modules of the library is not for those who use them in part."""
        span = self._span(finding)
        if not finding.code.startswith("E") and span.source in self._library:
            return
        told: dict[str, Any] = {"outcome": self._names.get(finding.outcome, ""), "rule": self._called(finding.at)}
        if finding.other is not None:
            told["other"] = self._called(finding.other)
        if finding.case is not None:
            told |= {"case": self.case(finding.case), "replay": self.replayed(finding.case)}
        told["text"] = self._text(span) if finding.part is not None else told["rule"]
        if finding.count:
            told |= {"count": finding.count, "told": finding.told}
        if finding.rival:
            told["rival"] = self._names[finding.rival]
        related = [Related(self.place(finding.other), "other")] if finding.other is not None else []
        related += [Related(each.span, "beside") for each in finding.beside if each.span != NOWHERE]
        place = self._declared.get(finding.outcome, NOWHERE) if finding.declared else NOWHERE
        related += [Related(place, "declared")] if place != NOWHERE else []
        self.diagnostics.tell(diagnostic(finding.code, span, (), tuple(related), **told))

    def _text(self, span: Span) -> str:
        return " ".join(self._sources[span.source].cut(span).split())

    def _span(self, finding: Finding) -> Span:
        return finding.part.span if finding.part is not None else self.place(finding.at)

    def place(self, at: At) -> Span:
        """Where a branch or a row stands."""
        statement = at.statement
        if isinstance(statement, Table):
            line = statement.lines[at.number - 1] if at.number else statement.line
            return self._line(statement.rows_file if at.number else statement.file, line)
        if isinstance(statement, Promise | Definition):
            return statement.span
        branch = statement.branches[at.number - 1] if at.number and len(statement.branches) > 1 else None
        span = branch.span if branch is not None and branch.span != NOWHERE else statement.span
        return span if span != NOWHERE else self._line(statement.file, statement.line)

    def _line(self, file: str, number: int) -> Span:
        source = self._named.get(file)
        return source.written(number) if source is not None else NOWHERE

    def _called(self, at: At) -> str:
        words, statement = _WORDS[self.language], at.statement
        if isinstance(statement, Promise):
            return statement.text
        if isinstance(statement, Definition):
            return words["rule"].format(title=statement.names[-1])
        if isinstance(statement, Table) and at.number:
            return words["row"].format(line=statement.lines[at.number - 1])
        return words["rule"].format(title=statement.title)

    # ---- cases

    def case(self, case: Case) -> str:
        """« client fidèle = oui, commande = 620 €, le 3 mars 2026 »."""
        told = [f"{self._slot(path).names[-1]} = {self._shown(path, value)}" for path, value in case.facts]
        if case.at is not None:
            told.append(_WORDS[self.language]["at"].format(day=show_value(Date(), case.at, self.language)))
        return ", ".join(told) or _WORDS[self.language]["any"]

    def _slot(self, path: str) -> Slot:
        """The fact of a path; of a judgement that is in doubt, see `doubt_of`."""
        return self._slots.get(path) or self._slots[path[:-1]]

    def _shown(self, path: str, value: object) -> str:
        if path not in self._slots:
            return _WORDS[self.language]["doubt"]
        return show_value(self._slots[path].type, value, self.language)

    def replayed(self, case: Case) -> str:
        """The same options as a message says them: with what must be mended before."""
        return self.replay(case) + ("" if self._runs else _WORDS[self.language]["later"])

    def replay(self, case: Case) -> str:
        """The options of `rulec run` that give these facts."""
        day = [f"--at {case.at.isoformat()}"] if isinstance(case.at, date) else []
        if any(record_of(self._slot(path).type) or value in ("", ()) for path, value in case.facts):
            dumped = dict(self._dumped(path, value) for path, value in case.facts)
            return " ".join([f"--facts - <<< '{json.dumps(dumped, ensure_ascii=False)}'", *day])
        return " ".join([*(f'--fact "{self._fact(path, value)}"' for path, value in case.facts), *day])

    def _dumped(self, path: str, value: object) -> tuple[str, object]:
        if path not in self._slots:
            return self._keys[path[:-1]], IN_DOUBT_KEY
        return self._keys[path], dump_value(self._slots[path].type, value)

    def _fact(self, path: str, value: object) -> str:
        slot, text = self._slot(path), self._shown(path, value).replace(SPACE, " ")
        return f"{slot.names[-1] if self._means(slot.names[-1], path, value) else self._keys[slot.path]}={text}"

    def _means(self, name: str, path: str, value: object) -> bool:
        try:
            return self._reader.read({name: self._shown(path, value)}) == {path: value}
        except FactsError:
            return False


def report(
    findings: Sequence[Finding], plan: Plan, sources: Sequence[Source], language: Language, diagnostics: Diagnostics,
    declared: Mapping[str, Span], runs: bool = True,
) -> None:  # fmt: skip
    """Report all the findings. `runs`: see `Report`."""
    reporting = Report(plan, sources, language, diagnostics, declared, runs)
    for finding in findings:
        reporting.add(finding)
