"""Facts and a goal in, the text of what would meet it out: for a person, or JSON."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec

from rulec.cli.decided import plain_spaces
from rulec.cli.deciding import Deciding
from rulec.cli.output import complain, paint_for
from rulec.cli.refusals import ERRORS, Refusal, Stopped
from rulec.diagnostics import Diagnostics
from rulec.diagnostics.as_json import text_of
from rulec.diagnostics.render import render
from rulec.diagnostics.screen import paragraph
from rulec.goals import goal_of
from rulec.pipeline import Compiled
from rulec.source import Language
from rulec.what_if import fixed_facts, what_if

BUDGET = 10.0  # seconds


@dataclass(frozen=True)
class Supposing:
    """How to search, beside how to decide. `change`: the facts that may change; None: all."""

    deciding: Deciding
    rules: Compiled
    goal: str
    change: Sequence[str] | None

    @property
    def language(self) -> Language:
        """The language to speak."""
        return self.deciding.language

    @property
    def as_json(self) -> bool:
        """Whether the answer is JSON."""
        return self.deciding.as_json

    def answer(self, told: Sequence[tuple[str, str]], facts: object) -> str:
        """What would meet the goal. Raises `FactsError` where the facts do not fit; refuses what is no goal."""
        deciding, language = self.deciding, self.language
        held = deciding.read(told, facts)
        if find_spec("z3") is None:
            raise Refusal("E980", ERRORS, language=language)
        diagnostics = Diagnostics()
        source, goal = goal_of(self.goal, deciding.plan, self.rules.vocabulary, self.rules.language, diagnostics)
        if goal is None:
            complain(render(diagnostics, [source], language, paint_for(sys.stderr)))
            raise Stopped(ERRORS)
        try:
            fixed = fixed_facts(deciding.plan, deciding.reader.keys(), self.change)
        except ValueError as error:
            known = ", ".join(slot.names[-1] for slot in deciding.plan.facts)
            raise Refusal("E981", language=language, detail=str(error), known=known) from None
        found = what_if(
            deciding.plan, deciding.sources, goal, held, deciding.moment, fixed, BUDGET, language
        )  # fmt: skip
        return text_of(found.to_json()) if self.as_json else plain_spaces(paragraph(str(found)))
