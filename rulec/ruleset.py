"""Rule files in, a `RuleSet` out: it decides, explains, asks, and describes the facts that it reads."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rulec.diagnostics import Diagnostics
from rulec.diagnostics.render import render
from rulec.diagnostics.report import Diagnostic
from rulec.files import rule_files
from rulec.moment import Moment, read_moment
from rulec.pipeline import Compiled, compile_text
from rulec.plan.tree import Plan
from rulec.rule_sets import compile_sets, names_in, set_in
from rulec.runtime.decision import Decision
from rulec.runtime.facts import FactsReader, dump_facts
from rulec.semantics.model import Example, Vocabulary
from rulec.source import Language, Source
from rulec.tree import Span

if TYPE_CHECKING:  # what only some callers need is imported when they ask for it
    from pydantic import BaseModel

    from rulec.backends.python import Checked, Deciding
    from rulec.explanation import Explanation
    from rulec.judgement.answers import Judge
    from rulec.questions import Question
    from rulec.what_if import WhatIf


class CompileError(Exception):
    """The rules have errors. `diagnostics`: all that was found; `str()` is the report that `rulec check` prints."""

    def __init__(self, diagnostics: Iterable[Diagnostic], sources: Iterable[Source]) -> None:
        self.diagnostics, self.sources = tuple(diagnostics), tuple(sources)
        super().__init__(self.diagnostics, self.sources)

    def __str__(self) -> str:
        return render(self.diagnostics, self.sources)


@dataclass(frozen=True)
class RuleSet:
    """A compiled rule set: immutable, safe to share between threads.

    Facts are given as a dict (nested or flat, keys or terms), a dataclass or a pydantic model. `at` is the date of
    the decision: a date, a date-time with its zone or their ISO text; by default today in the zone of the rules.
    """

    plan: Plan
    language: Language
    vocabulary: Vocabulary
    sources: tuple[Source, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()
    examples: tuple[Example, ...] = field(default=(), repr=False)

    def decide(self, facts: object, at: Moment | str | None = None, judge: "Judge | None" = None) -> Decision:
        """The decision for these facts. Raises `FactsError` where a fact is unknown to the rules or ill-typed.

        `judge`: what answers the judgements that the decision depends on (`judgement.judge.judge_in` makes one).
        """
        if judge is not None and self.plan.judgements:
            from rulec.judgement.deciding import judged
            from rulec.judgement.loop import run

            return run(judged(self.plan, self.decide_trusted, self._read(facts), self.moment(at), judge))
        decide = self._checked
        if not self.plan.judgements:
            self.__dict__["decide"] = decide  # called without a detour
        return decide(facts, at)

    async def adecide(self, facts: object, at: Moment | str | None = None, judge: "Judge | None" = None) -> Decision:
        """As `decide`; while a judge is asked, other tasks go on."""
        if judge is None or not self.plan.judgements:
            return self.decide(facts, at)
        from rulec.judgement.deciding import judged
        from rulec.judgement.loop import arun

        return await arun(judged(self.plan, self.decide_trusted, self._read(facts), self.moment(at), judge))

    def decide_trusted(self, facts: Mapping[str, object], at: Moment) -> Decision:
        """The decision for facts that are checked already: path → value, as `runtime.types` says values are held."""
        return self._deciding.trusted(facts, at)

    def decide_many(self, table: Any, at: Moment | str | None = None) -> Any:
        """The table (pyarrow, Polars, pandas, Spark) with the decision for each row in further columns.

        Columns are the facts, under their keys or terms; others stay as they are. `batch.results` names the new ones.
        A row whose facts do not fit has the status "rejected", and says why in `problems`. Raises `FactsError` where a
        column does not fit, `ImportError` without the extra `batch`.
        """
        from rulec.batch.tables import decide_many

        return decide_many(self, table, self.moment(at))

    def why(
        self, facts: object, at: Moment | str | None = None, language: Language | None = None
    ) -> "Explanation":  # fmt: skip
        """The decision, rule by rule and condition by condition, told in a language. Raises as `decide`."""
        from rulec.trace import trace

        return trace(self.plan, self.sources, self._read(facts), self.moment(at), language or self.language)

    def questions(
        self, facts: object, at: Moment | str | None = None, language: Language | None = None
    ) -> "tuple[Question, ...]":
        """The facts not given that can still change the decision, each as a question. Raises as `decide`."""
        from rulec.questions import questions

        return questions(self.plan.facts, self.decide(facts, at), language or self.language)

    def what_if(
        self, facts: object, goal: str, at: Moment | str | None = None, change: Iterable[str] | None = None,
        budget: float = 10, language: Language | None = None,
    ) -> "WhatIf":  # fmt: skip
        """The smallest change of the facts that meets a goal, a condition on outcomes: « remise ≥ 10 % ».

        `change`: the facts that may change, by key or name; by default all. One that lacks may always be given.
        `budget`: seconds for the search. Raises as `decide`; `CompileError` for a goal that cannot be read,
        `ValueError` for an unknown fact in `change`, `ImportError` without the extra `analysis`.
        """
        from rulec.goals import goal_of
        from rulec.what_if import fixed_facts, what_if

        diagnostics = Diagnostics()
        source, wanted = goal_of(goal, self.plan, self.vocabulary, self.language, diagnostics)
        if wanted is None:
            raise CompileError(diagnostics, [source])
        fixed = fixed_facts(self.plan, self._reader.keys(), change)
        return what_if(
            self.plan, self.sources, wanted, self._read(facts), self.moment(at), fixed, budget,
            language or self.language,
        )

    def facts_as_json(self, facts: object) -> dict[str, object]:
        """The facts by path as JSON data of one form, of which `decide` makes the same decision. Raises as it does."""
        return dump_facts(self.plan.facts, self._read(facts))

    def prove(self, budget: float = 10) -> tuple[Diagnostic, ...]:
        """What is proven about all facts there may be, and what could not be within `budget` seconds."""
        from rulec.proof import findings

        return tuple(findings(self.plan, self.sources, self.language, self.vocabulary, self.examples, budget))

    def schema(self) -> dict[str, Any]:
        """The facts as a JSON Schema (draft 2020-12)."""
        from rulec.artefacts.json_schema import json_schema

        return json_schema(self.plan.facts, self.language)

    def tools(self, name: str | None = None, language: Language | None = None) -> list[dict[str, Any]]:
        """The tools of a model, as the Messages API takes them: decide, why, what-if and questions, typed.

        `name`: how they call these rules; by default as their file. `call` does what the model asks for.
        """
        from rulec.agent.tools import definitions, tool_name

        return definitions(self, tool_name(name or self.name), language or self.language)

    def call(
        self, tool: str, arguments: object, name: str | None = None, language: Language | None = None
    ) -> dict[str, Any]:
        """What comes of a call of one of these tools: the `content` and `is_error` of a tool result."""
        from rulec.agent.tools import call, tool_name

        return call(self, tool_name(name or self.name), tool, arguments, language or self.language).as_result()

    @property
    def name(self) -> str:
        """What the rules are called: the name of their last file, without its ending."""
        own = [source.name for source in self.sources if not source.library]
        return Path(own[-1]).stem if own else "rules"

    def model(self) -> "type[BaseModel]":
        """The facts as a pydantic model; it accepts what `decide` accepts ("620 €"), under the keys."""
        return self._model

    def moment(self, at: Moment | str | None = None) -> Moment:
        """The date of the decision. Raises `ValueError` for what is none, or for a time without its zone."""
        return read_moment(at, self.plan.zone, self.language)

    def _read(self, facts: object) -> Mapping[str, object]:
        return self._reader.read(facts)

    @cached_property
    def _reader(self) -> FactsReader:
        return FactsReader(self.plan.facts, self.language, tuple(each.slot for each in self.plan.definitions))

    @cached_property
    def _deciding(self) -> "Deciding":
        from rulec.backends.python import Deciding

        return Deciding(self.plan)

    @cached_property
    def _checked(self) -> "Checked":
        return self._deciding.checked(self._reader, self.moment)

    @cached_property
    def kernels(self) -> dict[tuple[object, ...], list[Any]]:
        """What was learnt of tables decided on before, by their columns and the date."""
        return {}

    @cached_property
    def _model(self) -> "type[BaseModel]":
        from rulec.artefacts.pydantic_model import model_for

        return model_for(self.plan.facts, self.language)


def load(path: str | PathLike[str], *more: str | PathLike[str], language: Language | None = None) -> RuleSet:
    """The rule set of these files; a folder stands for every rule file beneath it. Raises `CompileError`.

    `language`: which rules to take from files that say the same in French ("fr") and in English ("en").
    """
    sets = compile_sets(rule_files([Path(path), *(Path(each) for each in more)]))
    chosen = set_in(sets, language)
    if chosen is None:
        raise _twice(sets)
    return from_compiled(chosen)


def _twice(sets: Sequence[Compiled]) -> CompileError:
    """The same rules in two languages, and nothing says which are meant."""
    one, other = (names_in(each) for each in sets)
    source = sets[0].sources[0]
    diagnostics = Diagnostics()
    diagnostics.add("E937", Span(source.number), path=f"{one}, {other}", one=one, other=other)
    return CompileError(diagnostics, sets[0].sources)


def loads(text: str, language: Language | None = None) -> RuleSet:
    """The rule set of a text (French unless said otherwise). Raises `CompileError`."""
    return from_compiled(compile_text(text, language=language))


def from_compiled(compiled: Compiled) -> RuleSet:
    """The rule set of a compilation, if it has no error. Raises `CompileError`."""
    if compiled.plan is None:
        raise CompileError(compiled.diagnostics, compiled.sources)
    return RuleSet(
        compiled.plan, compiled.language, compiled.vocabulary, compiled.sources, tuple(compiled.diagnostics),
        compiled.examples,
    )  # fmt: skip
