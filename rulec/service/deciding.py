"""Rules and what is asked in, the decision out, counted and written down."""

import asyncio
from typing import cast

from rulec.agent.answers import Json, decision_as_json
from rulec.agent.requests import Asked
from rulec.agent.wrong import problems_of
from rulec.judgement.answers import Judge
from rulec.runtime.decision import Decision
from rulec.runtime.facts import FactsError
from rulec.service.metrics import Metrics
from rulec.service.sets import Served
from rulec.source import Language

REJECTED = "rejected"
AT_A_TIME = 50  # rows between two looks at what else there is to do


class Decider:
    """Decides. `judge`: what answers judgements; None: they are facts to be given."""

    def __init__(self, metrics: Metrics, judge: Judge | None = None) -> None:
        self.metrics, self.judge = metrics, judge

    async def decide(self, served: Served, asked: Asked, language: Language) -> Json:
        """The decision. Raises as `RuleSet.decide`."""
        decision = await self._decided(served, asked.facts, asked)
        return decision_as_json(decision, language)

    async def decide_many(self, served: Served, asked: Asked, language: Language) -> Json:
        """A decision for each row, in their order; one whose facts do not fit is rejected, and says why."""
        found: list[Json] = []
        for number, facts in enumerate(cast("list[object]", asked.facts), 1):
            try:
                decision = await self._decided(served, facts, asked)
            except FactsError as error:
                self.metrics.decisions[served.name, REJECTED] += 1
                found.append({"status": REJECTED, "problems": problems_of(error, language)})
            else:
                found.append(decision_as_json(decision, language))
            if number % AT_A_TIME == 0:
                await asyncio.sleep(0)
        return {"decisions": found}

    async def _decided(self, served: Served, facts: object, asked: Asked) -> Decision:
        decision = await served.rules.adecide(facts, asked.at, self.judge)
        self.metrics.decisions[served.name, decision.status] += 1
        return decision
