"""What is told of a firing in, JSON data with its sentences in both languages out; and what the decision log keeps."""

from collections.abc import Mapping, Sequence
from typing import Any

from rulec.cli.decided import Reader
from rulec.events.kernel import Message
from rulec.events.rules import EventRules, Firing
from rulec.events.times import moment_at, moment_shown
from rulec.plan.tree import Plan
from rulec.runtime.decision import Decision
from rulec.source import LANGUAGES, Language, Source

Json = Any
_HEAD: Mapping[str, Mapping[Language, str]] = {
    "fired": {
        "fr": "{at}, {entity} {key} : {waited} ({because})",
        "en": "{at}, {entity} {key}: {waited} ({because})",
    },
    "corrected": {
        "fr": "{at}, {entity} {key} : {waited} ({because}). Corrigé : {by} est venu après coup.",
        "en": "{at}, {entity} {key}: {waited} ({because}). Corrected: {by} came afterwards.",
    },
    "withdrawn": {
        "fr": "{at}, {entity} {key} : la règle « {title} » ne se déclenche plus ({trigger}). Retiré : {by} est venu "
        "après coup.",
        "en": "{at}, {entity} {key}: rule \"{title}\" no longer fires ({trigger}). Withdrawn: {by} came afterwards.",
    },
}  # fmt: skip
_AND: Mapping[Language, str] = {"fr": " ; ", "en": "; "}
_PERHAPS: Mapping[Language, str] = {
    "fr": "  On ne sait pas si la règle « {title} » s'applique.",
    "en": '  It is not known whether rule "{title}" applies.',
}


class TellingIn:
    """Tells the firings of a plan, with their sentences in one language alone."""

    def __init__(self, plan: Plan, sources: Sequence[Source], language: Language) -> None:
        self._telling, self._language = Telling(plan, sources), language

    def __call__(self, told: Message) -> Json:
        """What is told as JSON data."""
        body, _ = self._telling(told)
        return {**body, "text": body["text"][self._language]}


class Telling:
    """Tells the firings of a plan. `logs`: whether the decision log wants them."""

    def __init__(self, plan: Plan, sources: Sequence[Source], logs: bool = False) -> None:
        self.plan, self.rules, self.logs = plan, EventRules(plan), logs
        self._readers: dict[Language, Reader] = {language: Reader(plan, sources, language) for language in LANGUAGES}
        self._named = {slot.path.partition(".")[0]: slot.names[0] for slot in plan.facts if not slot.happens}
        self._phrases = {slot.path: slot.names[-1] for slot in plan.facts if slot.happens}

    def __call__(self, told: Message) -> tuple[Json, Json]:
        """What is told as JSON data, and the content of its entry in the log, None for none."""
        firing, statement = told.firing, self.rules.statements[told.rule]
        place = {"id": told.rule, "title": statement.title, "file": statement.file, "line": statement.line}
        head: dict[str, Json] = {
            "kind": told.kind, "id": told.id, "rule": place, "entity": told.entity, "key": told.key,
            "event": told.trigger, "at": self._iso(told.at),
        }  # fmt: skip
        if told.by:
            head["by"] = told.by
        if firing is not None:
            head["because"] = [{"id": id, "at": self._iso(at)} for at, id in firing.because]
            head |= firing.content
        text = {language: self._text(told, statement.title, language) for language in LANGUAGES}
        return {**head, "text": text}, self._logged(firing) if self.logs and firing else None

    def _logged(self, firing: Firing) -> Json:
        """What an entry of the log says (see `rulec.log.recording`)."""
        if firing.decision is None:
            return None
        return {"name": "", "facts": dict(firing.facts), "decision": firing.decision.to_json()}

    def _text(self, told: Message, title: str, language: Language) -> str:
        firing = told.firing
        values: dict[str, str] = {
            "at": self._shown(told.at, language), "entity": self._named.get(told.entity, told.entity), "key": told.key,
            "title": title, "trigger": told.trigger, "by": told.by, "waited": "", "because": "",
        }  # fmt: skip
        if firing is None:
            return _HEAD[told.kind][language].format(**values)
        so = [path for path in firing.facts if path in self.rules.waits[told.rule]]
        values["waited"] = _AND[language].join(self._phrases[path] for path in so) or title
        records = [f"{id}, {self._shown(at, language)}" for at, id in firing.because]
        values["because"] = _AND[language].join(records) or told.trigger
        lines: list[str] = [_HEAD[told.kind][language].format(**values)]
        if firing.content["status"] == "undetermined":
            lines.append(_PERHAPS[language].format(title=title))
        if firing.decision is None:
            return "\n".join([*lines, *(f"  {said}" for said in firing.content["problems"])])
        said = self._readers[language].text(self._own(firing, firing.decision))
        return "\n".join([*lines, *(f"  {line}" for line in said.splitlines())])

    def _own(self, firing: Firing, decision: Decision) -> Decision:
        """What the rule itself gives of a decision."""
        outcomes, actions = self.rules.parts(firing.rule, decision)
        return Decision(
            outcomes, tuple(actions), decision.at, decision.rules, decision.language, decision.supervision
        )  # fmt: skip

    def _iso(self, at: int) -> str:
        return moment_at(at, self.plan.zone).isoformat()

    def _shown(self, at: int, language: Language) -> str:
        return moment_shown(at, self.plan.zone, language)
