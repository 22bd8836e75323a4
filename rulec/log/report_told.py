"""A report in, what an owner reads out: sections of sentences and tables, the same for all forms."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from rulec.explanation import STATUS, WORDS
from rulec.log.minutes import Minutes
from rulec.log.report import Report
from rulec.log.telling import SHORT, level_said, shown, status_said, verdict_said
from rulec.plan.tree import Plan
from rulec.runtime.shown import show_number, show_value
from rulec.runtime.supervision import LEVELS
from rulec.runtime.types import Percentage
from rulec.source import Language

MOST = 12  # values told of an outcome
MOST_CORRECTIONS = 50
MOST_DAYS = 62  # beyond them, months
BARS, STACKED = "bars", "stacked"
SAID: Mapping[Language, Mapping[str, str]] = {
    "fr": {
        "title": "Rapport sur les décisions", "between": "Du {since} au {until}", "all": "Depuis le début",
        "made": "Décisions : {count}.", "by rules": "Par règles : {told}.",
        "act": "Exécutées sans personne : {count} ({share}).",
        "propose": "Proposées à une personne : {count} ({share}).",
        "observe": "Seulement observées : {count} ({share}).",
        "answers": "Réponses aux propositions : {told}.", "reviews": "Relectures de ce qui a été exécuté : {told}.",
        "waits": "Délai de réponse : {p50} pour la moitié, {p99} pour 99\u00a0%.",
        "saved": "Temps gagné : {total}, soit {told} : les décisions exécutées sans personne, moins celles "
        "jugées fausses à la relecture, multipliées par les minutes déclarées{approved}.",
        "approved": " ; les propositions approuvées sans changement, par ce qu'il faut de plus pour décider que pour "
        "approuver",
        "task": "{count} × {minutes} min ({name})", "approved task": "{count} × {minutes} min ({name}, approuvées)",
        "stopped": "Erreurs évitées, arrêtées avant d'être exécutées : {count} ({told}).",
        "model": "Modèle : {cost} dollars ; questions posées : {count}.",
        "none": "Aucune décision.", "level": "supervision", "status": "état", "count": "nombre", "share": "part",
        "value": "valeur", "day": "jour", "month": "mois", "days": "Décisions par jour", "months": "Décisions par mois",
        "levels": "Qui décide", "statuses": "États", "outcome": "Issue : {name}", "actions": "Actions demandées",
        "action": "action", "others": "autres", "corrections": "Corrections", "decision": "décision",
        "verdict": "réponse", "by": "par", "reason": "motif", "key": "Chiffres",
        "more": "et {count} autres", "minutes": "{n} min", "hours": "{n} h", "seconds": "{n} s", "rules": "règles",
    },
    "en": {
        "title": "Report on decisions", "between": "From {since} to {until}", "all": "Since the beginning",
        "made": "Decisions: {count}.", "by rules": "By rules: {told}.",
        "act": "Executed without a person: {count} ({share}).",
        "propose": "Proposed to a person: {count} ({share}).",
        "observe": "Only observed: {count} ({share}).",
        "answers": "Answers to what was proposed: {told}.", "reviews": "Reviews of what was executed: {told}.",
        "waits": "Time to answer: {p50} for half of them, {p99} for 99%.",
        "saved": "Time saved: {total}, that is {told}: the decisions executed without a person, less those that a "
        "review found wrong, times the minutes declared{approved}.",
        "approved": "; the proposals approved without a change, times what it takes more to decide than to approve",
        "task": "{count} × {minutes} min ({name})", "approved task": "{count} × {minutes} min ({name}, approved)",
        "stopped": "Errors avoided, stopped before they were executed: {count} ({told}).",
        "model": "Model: {cost} dollars; questions asked: {count}.",
        "none": "No decision.", "level": "supervision", "status": "status", "count": "count", "share": "share",
        "value": "value", "day": "day", "month": "month", "days": "Decisions by day", "months": "Decisions by month",
        "levels": "Who decides", "statuses": "Statuses", "outcome": "Outcome: {name}", "actions": "Actions asked for",
        "action": "action", "others": "others", "corrections": "Corrections", "decision": "decision",
        "verdict": "answer", "by": "by", "reason": "reason", "key": "Figures",
        "more": "and {count} others", "minutes": "{n} min", "hours": "{n} h", "seconds": "{n} s", "rules": "rules",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Section:
    """A table with its title. `plot`: how it is drawn, "" for not at all. The cells that count stand last in a row."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    plot: str = ""
    values: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class ToldReport:
    """A report in a language."""

    language: Language
    title: str
    span: str
    lines: tuple[str, ...]
    sections: tuple[Section, ...]


def told(found: Report, minutes: Minutes, span: tuple[str, str], plan: Plan | None, language: Language) -> ToldReport:
    """All of it. `span`: the days, "" for open. `plan`: of rules that name outcomes and show their values."""
    said = SAID[language]
    since, until = span
    days = sorted(found.days)
    first, last = since or (days[0] if days else ""), until or (days[-1] if days else "")
    between = said["between"].format(since=first, until=last) if first and last else said["all"]
    if not found.decisions and not found.verdicts:
        return ToldReport(language, said["title"], between, (said["none"],), ())
    teller = _Teller(found, minutes, plan, language)
    return ToldReport(language, said["title"], between, tuple(teller.lines()), tuple(teller.sections()))


class _Teller:
    def __init__(self, found: Report, minutes: Minutes, plan: Plan | None, language: Language) -> None:
        self.found, self.minutes, self.language, self.said = found, minutes, language, SAID[language]
        self.outcomes = {slot.key: slot for slot in plan.outcomes} if plan else {}
        self.actions = {slot.key: slot.name for slot in plan.actions} if plan else {}

    def lines(self) -> Iterator[str]:
        found, said = self.found, self.said
        yield said["made"].format(count=self._number(found.decisions))
        if len(found.names) > 1:
            yield said["by rules"].format(told=self._counts(found.names))
        for level in reversed(LEVELS):
            if count := found.levels[level]:
                yield said[level].format(count=self._number(count), share=self._share(count, found.decisions))
        for name, verdicts in (("answers", ("approve", "edit", "refuse", "expire")), ("reviews", ("right", "wrong"))):
            counts = {verdict_said(each, self.language): found.verdicts[each] for each in verdicts}
            if given := {verdict: count for verdict, count in counts.items() if count}:
                yield said[name].format(told=self._counts(given))
        p50, p99 = found.wait(0.5), found.wait(0.99)
        if p50 is not None and p99 is not None:
            yield said["waits"].format(p50=self._length(p50), p99=self._length(p99))
        yield from self._saved()
        if stopped := found.stopped:
            words = {self._status(each): count for each, count in stopped.items()}
            yield said["stopped"].format(count=self._number(sum(stopped.values())), told=self._counts(words))
        if found.calls:
            cost = show_number(round(found.cost, 4), self.language)
            yield said["model"].format(count=self._number(found.calls), cost=cost)

    def _saved(self) -> Iterator[str]:
        spared = self.found.spared(self.minutes)
        if not spared:
            return
        tasks = [
            self.said["approved task" if each.approved else "task"].format(
                count=self._number(each.count), name=each.name or self.said["rules"],
                minutes=show_number(each.minutes, self.language),
            )
            for each in spared
        ]  # fmt: skip
        total = self._length(float(sum(each.count * each.minutes for each in spared)) * 60)
        approved = self.said["approved"] if any(each.approved for each in spared) else ""
        yield self.said["saved"].format(total=total, told=" + ".join(tasks), approved=approved)

    def sections(self) -> Iterator[Section]:
        found, said = self.found, self.said
        yield self._days()
        levels = {level_said(each, self.language): found.levels[each] for each in LEVELS[::-1]}
        yield self._counted(said["levels"], said["level"], levels)
        statuses = {self._status(key): count for key, count in found.statuses.most_common()}
        yield self._counted(said["statuses"], said["status"], statuses)
        for key, values in found.outcomes.items():
            slot = self.outcomes.get(key)
            title = said["outcome"].format(name=slot.name if slot else key)
            yield self._counted(title, said["value"], self._often(key, values))
        if found.actions:
            named = {self.actions.get(key, key): count for key, count in found.actions.most_common(MOST)}
            yield self._counted(said["actions"], said["action"], named)
        if found.corrections:
            yield self._corrections()

    def _days(self) -> Section:
        by, said = self.found.days, self.said
        days = _days_between(min(by), max(by)) if by else []
        months = len(days) > MOST_DAYS
        periods = dict[str, Counter[str]]()
        for day in days:
            periods.setdefault(day[:7] if months else day, Counter()).update(by.get(day, {}))
        levels = LEVELS[::-1]
        values = tuple(tuple(each[level] for level in levels) for each in periods.values())
        rows = tuple((day, *map(self._number, row)) for day, row in zip(periods, values, strict=True))
        heads = (said["month" if months else "day"], *(level_said(level, self.language) for level in levels))
        return Section(said["months" if months else "days"], heads, rows, STACKED, values)

    def _counted(self, title: str, head: str, counts: Mapping[str, int]) -> Section:
        total = sum(counts.values())
        rows = tuple((name, self._number(count), self._share(count, total)) for name, count in counts.items() if count)
        values = tuple((count,) for count in counts.values() if count)
        return Section(title, (head, self.said["count"], self.said["share"]), rows, BARS, values)

    def _corrections(self) -> Section:
        said, all_ = self.said, self.found.corrections
        rows = [
            (each.id[:SHORT], verdict_said(each.verdict, self.language), each.by, each.reason)
            for each in all_[-MOST_CORRECTIONS:]
        ]
        if left := len(all_) - len(rows):
            rows.append((said["more"].format(count=self._number(left)), "", "", ""))
        heads = (said["decision"], said["verdict"], said["by"], said["reason"])
        return Section(said["corrections"], heads, tuple(rows))

    def _often(self, key: str, values: Counter[str]) -> dict[str, int]:
        """The most frequent values, and the others together."""
        slot = self.outcomes.get(key)
        often = values.most_common()
        found = Counter[str]()
        for value, count in often[:MOST]:
            told = status_said(value, self.language)
            found[told if told != value else shown(value, slot.value_type if slot else None, self.language)] += count
        if rest := sum(count for _, count in often[MOST:]):
            found[self.said["others"]] = rest
        return dict(found)

    def _status(self, status: str) -> str:
        return status_said(status, self.language) if status in STATUS else verdict_said(status, self.language)

    def _counts(self, counts: Mapping[str, int]) -> str:
        colon = WORDS[self.language]["colon"]
        return ", ".join(f"{name}{colon}{self._number(count)}" for name, count in counts.items())

    def _number(self, count: int) -> str:
        return show_number(Decimal(count), self.language)

    def _share(self, count: int, total: int) -> str:
        return show_value(Percentage(), round(Decimal(count) / total, 3) if total else Decimal(0), self.language)

    def _length(self, seconds: float) -> str:
        """A length of time in its largest fitting unit."""
        for unit, size in (("hours", 3600), ("minutes", 60), ("seconds", 1)):
            if seconds >= size or unit == "seconds":
                n = show_number(round(Decimal(seconds) / size, 1).normalize() + 0, self.language)
                return self.said[unit].format(n=n)
        raise AssertionError(seconds)


def _days_between(first: str, last: str) -> list[str]:
    """All days from one to another, in which nothing may have been decided."""
    start = date.fromisoformat(first)
    return [(start + timedelta(days=n)).isoformat() for n in range((date.fromisoformat(last) - start).days + 1)]
