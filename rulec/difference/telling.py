"""A difference in, what is said of it out, in sentences: the same for all forms of the report."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property

from rulec.analysis.findings import Case as Shown
from rulec.analysis.report import Report
from rulec.diagnostics import Diagnostics
from rulec.difference.facts import known_to
from rulec.difference.past_told import PastTold
from rulec.difference.result import Became, Change, Compared, Difference, Term
from rulec.difference.terms import told_term
from rulec.difference.wording import Wording
from rulec.explanation import STATUS
from rulec.pipeline import Compiled
from rulec.plan.tree import Plan
from rulec.questions import named
from rulec.runtime.decision import ActionResult, OutcomeResult
from rulec.runtime.plain import Plain, plain
from rulec.runtime.shown import show_value
from rulec.runtime.types import ActionSlot, OutcomeSlot
from rulec.source import Language

SAID: Mapping[Language, Mapping[str, str]] = {
    "fr": {
        "all": "dans tous les cas", "if": "si {region}", "case": "dans ce cas", "example": "par exemple {value}",
        "nothing": "pas de valeur", "not asked": "pas demandé", "asked": "demandé", "with": "{name} : {value}",
        "missing": "il manque {names}",
        "time": "le temps donné (--budget) n'a pas suffi", "digits": "les divisions sont arrondies à 34 chiffres",
        "lists": "les conditions reposent sur une liste ou un calcul sans preuve",
        "types": "la valeur n'est plus du même type", "solver": "il manque le solveur (pip install 'rulec[analysis]')",
    },
    "en": {
        "all": "in all cases", "if": "if {region}", "case": "in this case", "example": "for example {value}",
        "nothing": "no value", "not asked": "not asked for", "asked": "asked for", "with": "{name}: {value}",
        "missing": "missing {names}",
        "time": "the time given (--budget) did not suffice", "digits": "divisions are rounded to 34 digits",
        "lists": "the conditions rest on a list or a calculation without a proof",
        "types": "the value is no longer of the same type",
        "solver": "the solver is missing (pip install 'rulec[analysis]')",
    },
}  # fmt: skip


@plain
class ToldChange(Plain):
    """A change. `where`: the region; `replay`: the commands that decide the case by the old and by the new rules."""

    where: str
    before: str
    after: str
    case: str
    replay: tuple[str, str]
    change: Change


@plain
class ToldPart(Plain):
    """An outcome or action. `unproven`: why it is not known whether there are changes beside those; "" where it is."""

    key: str
    name: str
    changes: tuple[ToldChange, ...]
    more: bool
    unproven: str


@plain
class Told(Plain):
    """A difference in sentences. `vocabulary`: a line for each change of it; `beside`: of promises and supervision."""

    language: Language
    vocabulary: tuple[str, ...]
    parts: tuple[ToldPart, ...]
    difference: Difference
    past: PastTold | None = None
    beside: tuple[str, ...] = ()

    @property
    def equal(self) -> bool:
        """Whether all facts are proven to be decided alike."""
        return not self.vocabulary and self.difference.proven and not self.difference.changed


class Telling:
    """Tells the differences of two rule sets in a language.

    `paths`: where `rulec run` finds them, quoted for a shell; `names`: the revisions that they are of, "" for none.
    """

    def __init__(
        self, old: Compiled, new: Compiled, language: Language, paths: tuple[str, str], names: tuple[str, str]
    ) -> None:
        assert old.plan is not None
        assert new.plan is not None
        self.old, self.new, self.language = old.plan, new.plan, language
        self._rules, self._words, self._paths, self._revisions = (old, new), SAID[language], paths, names
        self._reports = dict[tuple[int, Language], Report]()

    def told(self, difference: Difference, beside: Sequence[Term] = ()) -> Told:
        """All of it. `beside`: what else is said differently."""
        vocabulary, more = (
            tuple(told_term(term, self.language) for term in terms) for terms in (difference.vocabulary, beside)
        )
        parts = tuple(map(self._part, difference.compared))
        return Told(self.language, vocabulary, parts, difference, beside=more)

    def _part(self, each: Compared) -> ToldPart:
        changes = tuple(self._change(each.key, change) for change in each.changes)
        why = self._words[each.unproven] if each.unproven else ""
        return ToldPart(each.key, self.name(each.key), changes, each.more, why)

    def name(self, key: str) -> str:
        """An outcome or action, as the new rules call it."""
        slots: list[OutcomeSlot | ActionSlot] = [*self.new.outcomes, *self.new.actions]
        return next(slot.name for slot in slots if slot.key == key)

    def _change(self, key: str, change: Change) -> ToldChange:
        one, other = change.before, change.after
        before, after = self.became(self.old, key, one), self.became(self.new, key, other)
        if change.region is not None:
            before = before if change.same[0] else self._words["example"].format(value=before)
            after = after if change.same[1] else self._words["example"].format(value=after)
        return ToldChange(
            self._where(change), before, after, self._case(change),
            (self._replay(0, change), self._replay(1, change)), change,
        )  # fmt: skip

    def _case(self, change: Change) -> str:
        """The facts, as the new rules call them, then those that the old ones alone know."""
        facts = dict(change.case.facts)
        known = known_to(self.new.facts, facts)
        gone = {path: value for path, value in facts.items() if path not in known}
        told = [(1, known, self._day(change))] if known or not gone or change.dated else []
        told += [(0, gone, None)] if gone else []
        return ", ".join(self._report(new, self.language).case(Shown(tuple(f.items()), day)) for new, f, day in told)

    def _where(self, change: Change) -> str:
        if change.region is None:
            return self._words["case"]
        region = self._wording.region(change.region)
        return self._words["if"].format(region=region) if region else self._words["all"]

    def _replay(self, new: int, change: Change) -> str:
        plan = (self.old, self.new)[new]
        facts = known_to(plan.facts, dict(change.case.facts))
        options = self._report(new, self._rules[new].language).replay(Shown(tuple(facts.items()), self._day(change)))
        revision = f"  # {self._revisions[new]}" if self._revisions[new] else ""
        return f"rulec run {self._paths[new]} {options}".rstrip() + revision

    def _day(self, change: Change) -> date | None:
        return change.case.at if change.dated else None

    def _report(self, new: int, language: Language) -> Report:
        key = new, language
        if key not in self._reports:
            plan = (self.old, self.new)[new]
            self._reports[key] = Report(plan, self._rules[new].sources, language, Diagnostics())
        return self._reports[key]

    @cached_property
    def _wording(self) -> Wording:
        return Wording(*self._rules)

    # ---- decisions

    def move(self, key: str, before: Became, after: Became) -> tuple[str, str]:
        """What is decided before and after."""
        return self.became(self.old, key, before), self.became(self.new, key, after)

    def became(self, plan: Plan, key: str, became: Became) -> str:
        """What is decided: « 10 % », « pas de valeur »."""
        if isinstance(became, tuple):
            return ", ".join(self._action(plan, each) for each in became) or self._words["not asked"]
        slot = next(slot for slot in plan.outcomes if slot.key == key)
        if became.status == "decided":
            return show_value(slot.value_type, became.value, self.language)
        if became.status == "not_applicable":
            return self._words["nothing"]
        return self._undecided(plan, became)

    def _action(self, plan: Plan, asked: ActionResult) -> str:
        if asked.status != "decided":
            return self._undecided(plan, asked)
        slot = next(slot for slot in plan.actions if slot.key == asked.key)
        known = [
            self._words["with"].format(name=name, value=show_value(kind, asked.parameters[key], self.language))
            for key, name, kind in slot.parameters
            if key in asked.parameters
        ]
        return self._words["asked"] + (f" ({', '.join(known)})" if known else "")

    def _undecided(self, plan: Plan, became: OutcomeResult | ActionResult) -> str:
        if became.status == "undetermined":
            names = ", ".join(named(plan.facts, path, self.language) for path in became.missing)
            return self._words["missing"].format(names=names)
        return STATUS[became.status][self.language == "en"]
