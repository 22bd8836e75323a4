"""Rules and what is asked in, the decision out, counted and written down."""

import asyncio
from typing import TYPE_CHECKING, cast

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

if TYPE_CHECKING:  # not every service has a log
    from rulec.log.entry import Entry
    from rulec.service.keeping import Keeper
    from rulec.service.shadow import Shadow

REJECTED = "rejected"
AT_A_TIME = 50  # rows between two looks at what else there is to do


class Decider:
    """Decides. `judge`: what answers judgements; None: they are facts to be given. `keeper`: of the log, if any.

    `shadow`: what compares decisions with those of new rules, if anything does.
    """

    def __init__(
        self, metrics: Metrics, judge: Judge | None = None, keeper: "Keeper | None" = None,
        shadow: "Shadow | None" = None,
    ) -> None:  # fmt: skip
        self.metrics, self.judge, self.keeper, self.shadow = metrics, judge, keeper, shadow

    async def decide(self, served: Served, asked: Asked, language: Language) -> Json:
        """The decision, kept. Raises as `RuleSet.decide`."""
        decision = await self.decision(served, asked.facts, asked.at)
        return {**decision_as_json(decision, language), **await self.keep(served, asked.facts, decision)}

    async def decide_many(self, served: Served, asked: Asked, language: Language) -> Json:
        """A decision for each row, in their order; one whose facts do not fit is rejected, and says why."""
        found, entries = list[Json](), list["Entry"]()
        for number, facts in enumerate(cast("list[object]", asked.facts), 1):
            try:
                decision = await self.decision(served, facts, asked.at)
            except FactsError as error:
                self.metrics.decisions[served.name, REJECTED] += 1
                found.append({"status": REJECTED, "problems": problems_of(error, language)})
            else:
                told = decision_as_json(decision, language)
                if (entry := self._counted(served, facts, decision)) is not None:
                    entries.append(entry)
                    told["id"] = entry.id
                found.append(told)
            if number % AT_A_TIME == 0:
                await asyncio.sleep(0)
        await self._kept(entries)
        return {"decisions": found}

    async def decision(self, served: Served, facts: object, at: Moment) -> Decision:
        """The decision, of which nothing is kept yet."""
        return await served.rules.adecide(facts, at, self.judge)

    async def keep(self, served: Served, facts: object, decision: Decision) -> Json:
        """Count a decision that is about to be told, and write it down; what is told beside it."""
        entry = self._counted(served, facts, decision)
        if entry is None:
            return {}
        await self._kept([entry])
        return {"id": entry.id}

    async def _kept(self, entries: "list[Entry]") -> None:
        if self.keeper is not None:
            await self.keeper.keep(entries)
        if self.shadow is not None:
            for entry in entries:
                self.shadow.follow(entry)

    def _counted(self, served: Served, facts: object, decision: Decision) -> "Entry | None":
        """What is to be written of a decision, which is counted."""
        self.metrics.decisions[served.name, decision.status] += 1
        if self.keeper is None:
            return None
        from rulec.log.recording import decided  # not every service has a log

        return decided(served.rules, facts, decision, served.name, self.keeper.patience)
