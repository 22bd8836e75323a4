"""Facts in, the text of the decision for them out: for a person, or JSON."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from rulec.backends.python import compile_plan
from rulec.cli.decided import Reader, plain_spaces
from rulec.diagnostics.as_json import text_of
from rulec.diagnostics.screen import paragraph
from rulec.explanation import Explanation
from rulec.moment import Moment
from rulec.plan.tree import Plan
from rulec.runtime.decision import Decision, JudgedDecision
from rulec.runtime.facts import FactsError, FactsReader, InputProblem
from rulec.runtime.types import doubt_of
from rulec.runtime.values import show_value
from rulec.source import Language, Source

if TYPE_CHECKING:  # only judgements need it
    from rulec.judgement.answers import Judge

Held = dict[str, object]  # path → value


@dataclass(frozen=True)
class Deciding:
    """How to decide and to show it. `only`: the keys to show, all where it is empty. `judge`: of what is open."""

    plan: Plan
    sources: Sequence[Source]
    language: Language
    moment: Moment
    only: frozenset[str]
    why: bool
    as_json: bool
    judge: "Judge | None" = None

    def answer(self, told: Sequence[tuple[str, str]], facts: object) -> str:
        """The decision for the facts of `--fact` and of `--facts`. Raises `FactsError` where they do not fit."""
        held = self.read(told, facts)
        decision = self._decided(held)
        held |= {doubt_of(each.path) if each.reason else each.path: each.answer for each in decision.judgements}
        decision = self._only(decision)
        if self.as_json:
            why = {"why": self._explanation(held).to_json()} if self.why else {}
            return text_of({**decision.to_json(), **why})
        if self.why:
            return plain_spaces(paragraph(self._explanation(held).text(self.language)))
        return self._told.text(decision)

    def _decided(self, held: Held) -> Decision:
        """The decision; what is open is asked of the judge."""
        if self.judge is None:
            return self._decide(held, self.moment)
        from rulec.judgement.deciding import judged  # only judgements need it
        from rulec.judgement.loop import run

        return run(judged(self.plan, self._decide, held, self.moment, self.judge))

    def read(self, told: Sequence[tuple[str, str]], facts: object) -> Held:
        """All the facts by path; one that is given twice must have the same value."""
        found: Held = {}
        sources: dict[str, str] = {}
        problems: list[InputProblem] = []
        for label, given in [("--facts", facts), *((f"--fact {name}", {name: value}) for name, value in told)]:
            try:
                read = self.reader.read(given)
            except FactsError as error:
                problems += error.problems
                continue
            problems += [
                self._twice(path, found[path], sources[path], value, label)
                for path, value in read.items()
                if path in found and found[path] != value
            ]
            found |= read
            sources |= dict.fromkeys(read, label)
        if problems:
            raise FactsError(problems, self.language)
        return found

    def _twice(self, path: str, first: object, first_key: str, given: object, given_key: str) -> InputProblem:
        type_ = next(slot.type for slot in self.plan.facts if slot.path == path)
        texts = {"first": show_value(type_, first, self.language), "given": show_value(type_, given, self.language)}
        return InputProblem("E504", path, tuple({**texts, "first_key": first_key, "given_key": given_key}.items()))

    def _only(self, decision: Decision) -> Decision:
        """The decision without what was not asked for."""
        if not self.only:
            return decision
        outcomes = {key: result for key, result in decision.outcomes.items() if key in self.only}
        actions = tuple(each for each in decision.actions if each.key in self.only)
        kept = Decision(outcomes, actions, decision.at, decision.rules, decision.language, decision.supervision)
        return JudgedDecision(kept, decision.judgements) if decision.judgements else kept

    def _explanation(self, held: Mapping[str, object]) -> Explanation:
        from rulec.trace import trace  # only --why needs it

        full = trace(self.plan, self.sources, held, self.moment, self.language)
        outcomes = tuple(each for each in full.outcomes if not self.only or each.key in self.only)
        actions = tuple(each for each in full.actions if not self.only or each.key in self.only)
        return replace(full, outcomes=outcomes, actions=actions)

    @cached_property
    def reader(self) -> FactsReader:
        calculated = tuple(each.slot for each in self.plan.definitions)
        return FactsReader(self.plan.facts, self.plan.language, calculated)

    @cached_property
    def _decide(self) -> Callable[[Mapping[str, object], Moment], Decision]:
        return compile_plan(self.plan)

    @cached_property
    def _told(self) -> Reader:
        return Reader(self.plan, self.sources, self.language)
