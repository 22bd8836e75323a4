"""Rules and what is asked in, the decision out, counted and written down."""

import asyncio
from typing import cast

from rulec.agent.answers import Json, decision_as_json
from rulec.agent.requests import Asked
from rulec.agent.wrong import problems_of
from rulec.judgement.answers import Judge
from rulec.moment import Moment
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
        """The decision, kept. Raises as `RuleSet.decide`."""
        decision = await self.decision(served, asked.facts, asked.at)
        return {**decision_as_json(decision, language), **await self.keep(served, asked.facts, decision)}

    async def decide_many(self, served: Served, asked: Asked, language: Language) -> Json:
        """A decision for each row, in their order; one whose facts do not fit is rejected, and says why."""
        found: list[Json] = []
        for number, facts in enumerate(cast("list[object]", asked.facts), 1):
            try:
                decision = await self.decision(served, facts, asked.at)
            except FactsError as error:
                self.metrics.decisions[served.name, REJECTED] += 1
                found.append({"status": REJECTED, "problems": problems_of(error, language)})
            else:
                kept = await self.keep(served, facts, decision)
                found.append({**decision_as_json(decision, language), **kept})
            if number % AT_A_TIME == 0:
                await asyncio.sleep(0)
        return {"decisions": found}

    async def decision(self, served: Served, facts: object, at: Moment) -> Decision:
        """The decision, of which nothing is kept yet."""
        return await served.rules.adecide(facts, at, self.judge)

    async def keep(self, served: Served, facts: object, decision: Decision) -> Json:
        """Count a decision that is about to be told."""
        self.metrics.decisions[served.name, decision.status] += 1
        return {}
