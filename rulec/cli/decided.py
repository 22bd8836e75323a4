"""A decision in, what a person reads out: each outcome and action, and the rules that gave it as written."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rulec.diagnostics.screen import harmless
from rulec.explanation import STATUS, WORDS
from rulec.plan.supervised import is_overseen
from rulec.plan.tree import Plan, Rule, Table
from rulec.questions import named
from rulec.runtime.decision import ActionResult, Decision, FiredRule, Judged, OutcomeResult, Supervision
from rulec.runtime.types import ActionSlot, OutcomeSlot
from rulec.runtime.values import show_value
from rulec.source import Language, Source

LONGEST = 400  # characters of a rule's text
SAID: Mapping[Language, Mapping[str, str]] = {
    "fr": {
        "nothing": "Aucune règle ne s'applique.", "to do": "à faire", "perhaps": "peut-être à faire",
        "clash": "à faire, mais en conflit avec une autre action", "rule": "règle {title}{case} ({file}, ligne {line})",
        "untitled": "règle de {file}, ligne {line}{case}", "not_applicable": " (aucune règle ne s'applique)",
        "table": "tableau {title}{case} ({file}, ligne {line})",
        "untitled table": "tableau de {file}, ligne {line}{case}",
        "doubt": "dans le doute : {title} ({file}, ligne {line})", "judged": "à l'appréciation,",
    },
    "en": {
        "nothing": "No rule applies.", "to do": "to do", "perhaps": "perhaps to do",
        "clash": "to do, but in conflict with another action", "rule": "rule {title}{case} ({file}, line {line})",
        "untitled": "rule of {file}, line {line}{case}", "not_applicable": " (no rule applies)",
        "table": "table {title}{case} ({file}, line {line})", "untitled table": "table of {file}, line {line}{case}",
        "doubt": "in doubt: {title} ({file}, line {line})", "judged": "judged,",
    },
}  # fmt: skip
SUPERVISED: Mapping[Language, Mapping[str, str]] = {
    "fr": {
        "supervision": "supervision", "act": "exécuter", "propose": "proposer", "observe": "observer", "then": " ; ",
        "asked": "accord {who} demandé", "perhaps": "accord {who} peut-être demandé", "place": "{file}, ligne {line}",
    },
    "en": {
        "supervision": "supervision", "act": "act", "propose": "propose", "observe": "observe", "then": "; ",
        "asked": "approval asked for: {who}", "perhaps": "approval perhaps asked for: {who}",
        "place": "{file}, line {line}",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Reader:
    """Tells the decisions of one plan, in a language."""

    plan: Plan
    sources: Sequence[Source]
    language: Language

    def text(self, decision: Decision) -> str:
        """All of it; plain spaces everywhere, so that « 10 % » can be searched for."""
        lines = list(self._lines(decision)) or [SAID[self.language]["nothing"]]
        return plain_spaces("\n".join(map(harmless, lines)))

    def _lines(self, decision: Decision) -> Iterator[str]:
        outcomes = {slot.key: slot for slot in self.plan.outcomes}
        actions = {slot.key: slot for slot in self.plan.actions}
        for key, result in decision.outcomes.items():
            yield from self._outcome(outcomes[key], result)
        for action in decision.actions:
            yield from self._action(actions[action.key], action)
        if is_overseen(self.plan):
            yield from self._supervision(decision.supervision)
        for each in decision.judgements:
            yield self._judgement(each)

    def _supervision(self, said: Supervision) -> Iterator[str]:
        """How far an agent may go, whose approval is asked for, and the statements that say so."""
        words, told = WORDS[self.language], SUPERVISED[self.language]
        approvals = [
            told["asked" if each.status == "decided" else "perhaps"].format(who=each.name) for each in said.approvals
        ]
        yield f"{told['supervision']}{words['colon']}{told['then'].join([told[said.level], *approvals])}"
        if said.missing:
            yield f"  {self._missing(said.missing, 'undetermined')}"
        for problem in said.problems:
            yield f"  {problem.message(self.language)}"
        for rule in dict.fromkeys([*said.fired, *(rule for each in said.approvals for rule in each.fired)]):
            if any(rule.id == each.id for each in self.plan.oversight):
                yield f"  {told['place'].format(file=rule.file, line=rule.line)}"
                yield f"    {rule.title}"

    def _outcome(self, slot: OutcomeSlot, result: OutcomeResult) -> Iterator[str]:
        words = WORDS[self.language]
        yield slot.name + words["colon"] + self._value(slot, result)
        yield from self._reasons(result)

    def _value(self, slot: OutcomeSlot, result: OutcomeResult) -> str:
        words = WORDS[self.language]
        if result.status == "decided":
            value = show_value(slot.value_type, result.value, self.language)
            return f"{value} ({words['default']})" if result.default else value
        if result.missing and not result.problems:
            return self._missing(result.missing, result.status)
        reason = SAID[self.language].get(result.status, "")
        return STATUS[result.status][self.language == "en"] + reason

    def _judgement(self, said: Judged) -> str:
        """What was judged: the answer with the words that it rests on, or why it is in doubt."""
        words = WORDS[self.language]
        if said.reason:
            from rulec.judgement.answers import REASONS  # only judgements need it

            told = f"{STATUS['in_doubt'][self.language == 'en']} ({REASONS[said.reason][self.language]})"
        else:
            type_ = next(slot.type for slot in self.plan.facts if slot.path == said.path)
            told = f"{show_value(type_, said.answer, self.language)} ({words['left']}{said.quote}{words['right']})"
        return f"{SAID[self.language]['judged']} {said.question}{words['colon']}{told}"

    def _missing(self, paths: Iterable[str], status: str) -> str:
        names = ", ".join(named(self.plan.facts, path, self.language) for path in paths)
        if status == "in_doubt":
            return f"{STATUS[status][self.language == 'en']}{WORDS[self.language]['colon']}{names}"
        return f"{WORDS[self.language]['missing']} {names}"

    def _action(self, slot: ActionSlot, action: ActionResult) -> Iterator[str]:
        colon = WORDS[self.language]["colon"]
        known = [
            f"{name}{colon}{show_value(type_, action.parameters[key], self.language)}"
            for key, name, type_ in slot.parameters
            if key in action.parameters
        ]
        head = {"decided": "to do", "conflict": "clash"}.get(action.status, "perhaps")
        yield SAID[self.language][head] + colon + slot.name + (f" ({', '.join(known)})" if known else "")
        if action.missing:
            yield f"  {self._missing(action.missing, action.status)}"
        yield from self._reasons(action)

    def _reasons(self, result: OutcomeResult | ActionResult) -> Iterator[str]:
        for problem in result.problems:
            yield f"  {problem.message(self.language)}"
        rules = {rule.id: rule for rule in self.plan.statements}
        for fired in result.fired:
            if fired.id in rules:
                yield from self._rule(fired, rules[fired.id])
            else:  # a judgement in doubt
                doubt = SAID[self.language]["doubt"]
                yield "  " + doubt.format(title=fired.title, file=fired.file, line=fired.line)

    def _rule(self, fired: FiredRule, rule: Rule | Table) -> Iterator[str]:
        words, said = WORDS[self.language], SAID[self.language]
        is_table = isinstance(rule, Table)
        branch = words["row" if is_table else "branch"].format(number=fired.branch)
        told = fired.branch > 0 if isinstance(rule, Table) else len(rule.branches) > 1
        place = {"file": fired.file, "line": str(fired.line), "case": f", {branch}" if told else ""}
        untitled = fired.title == f"{rule.file}:{rule.line}"
        title = words["left"] + fired.title + words["right"]
        kind = "table" if is_table else "rule"
        form = ("untitled table" if is_table else "untitled") if untitled else kind
        yield "  " + said[form].format(title=title, **place)
        text = " ".join(self._text(fired, rule).split())
        if text:
            yield f"    {text if len(text) <= LONGEST else text[:LONGEST] + '…'}"

    def _text(self, fired: FiredRule, rule: Rule | Table) -> str:
        """The rule as written; of a table, its row."""
        if isinstance(rule, Table) and fired.branch:
            return next((each.line(fired.line) for each in self.sources if each.name == fired.file), "")
        return next((each.cut(rule.span) for each in self.sources if each.number == rule.span.source), "")


def plain_spaces(text: str) -> str:
    """Every space that keeps words together becomes a plain one."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")
