"""Entries and differences in, what a person reads out."""

from collections.abc import Iterator, Mapping, Sequence

from rulec.explanation import STATUS, WORDS
from rulec.log.again import Difference
from rulec.log.approvals import Proposal
from rulec.log.entry import Entry, Json
from rulec.plan.tree import Plan
from rulec.questions import called
from rulec.runtime.refused import ValueProblem
from rulec.runtime.types import Type
from rulec.runtime.values import read_value, show_value
from rulec.source import Language

SHORT = 12  # signs of an id or a hash
_SAID: Mapping[Language, Mapping[str, str]] = {
    "fr": {
        "decision": "décision", "review": "avis", "agreement": "accord", "erasure": "effacement", "shadow": "à blanc",
        "nothing": "rien", "asked": "demandé", "supervision": "supervision",
        "entry": "entrée {number}, {id}", "time": "le {time}", "rules": "règles {name} {digest}",
        "at": "décidé pour le {at} : {status}", "facts": "faits", "outcomes": "décisions", "actions": "actions",
        "judgements": "appréciations", "given": "corrigé", "reason": "motif", "by": "par {by}", "about": "sur {about}",
        "erased": "effacé : {path}", "chain": "empreinte {hash}, après {before}",
        "observe": "observer", "propose": "proposer", "act": "exécuter", "waiting": "en attente",
        "approve": "approuvé", "agree": "accord donné", "edit": "modifié", "refuse": "refusé", "expire": "expiré",
        "right": "juste", "wrong": "faux", "rejected": "faits refusés", "failed": "échec",
        "answer": "réponse : {verdict}",
    },
    "en": {
        "decision": "decision", "review": "review", "agreement": "agreement", "erasure": "erasure", "shadow": "shadow",
        "nothing": "nothing", "asked": "asked for", "supervision": "supervision",
        "entry": "entry {number}, {id}", "time": "at {time}", "rules": "rules {name} {digest}",
        "at": "decided for {at}: {status}", "facts": "facts", "outcomes": "decisions", "actions": "actions",
        "judgements": "judgements", "given": "corrected", "reason": "reason", "by": "by {by}", "about": "about {about}",
        "erased": "erased: {path}", "chain": "hash {hash}, after {before}",
        "observe": "observe", "propose": "propose", "act": "act", "waiting": "waiting",
        "approve": "approved", "agree": "agreed", "edit": "changed", "refuse": "refused", "expire": "expired",
        "right": "right", "wrong": "wrong", "rejected": "facts refused", "failed": "failed",
        "answer": "answer: {verdict}",
    },
}  # fmt: skip


def row_of(entry: Entry, language: Language) -> list[str]:
    """The entry as a row: number, time, id, kind, rules, what was decided."""
    said = _SAID[language]
    moment = entry.time[:19].replace("T", " ")
    told = "; ".join(_summary(entry, language))
    return [str(entry.number), moment, entry.id[:SHORT], said.get(entry.kind, entry.kind), entry.name, told]


def proposal_row(proposal: Proposal, language: Language) -> list[str]:
    """A proposal as a row: time, id, rules, whose agreement lacks, what is proposed, its answer."""
    entry = proposal.decision
    asked = ", ".join(role.said for role in proposal.awaited)
    status = verdict_said(proposal.status, language)
    _, moment, id, _, name, told = row_of(entry, language)
    return [moment, id, status, asked, name, told]


def verdict_said(verdict: str, language: Language) -> str:
    """An answer in words."""
    return _SAID[language].get(verdict, verdict)


def lines_of(entry: Entry, language: Language) -> Iterator[str]:
    """All of an entry, a line each."""
    said, colon = _SAID[language], WORDS[language]["colon"]
    yield said["entry"].format(number=entry.number, id=entry.id) + f" ({said.get(entry.kind, entry.kind)})"
    yield f"  {said['time'].format(time=entry.time)}"
    if entry.about != entry.id:
        yield f"  {said['about'].format(about=entry.about)}"
    if entry.content.get("verdict"):
        yield "  " + said["answer"].format(verdict=verdict_said(str(entry.content["verdict"]), language))
    if entry.by:
        yield f"  {said['by'].format(by=entry.by)}"
    if entry.decision:
        yield "  " + said["rules"].format(name=entry.name, digest=entry.rules[:SHORT])
        status = status_said(entry.status, language)
        yield "  " + said["at"].format(at=entry.decision["at"], status=status)
    for name in ("facts", "given", "reason"):
        if entry.content.get(name):
            yield f"  {said[name]}{colon}" + "; ".join(_pairs("", entry.content[name], colon))
    for name in ("outcomes", "actions", "judgements"):
        told = list(_parts(entry, name, colon, language))
        if told:
            yield f"  {said[name]}{colon}{'; '.join(told)}"
    for path in entry.erased:
        yield f"  {said['erased'].format(path=path)}"
    yield "  " + said["chain"].format(hash=entry.hash, before=entry.before)


def difference_said(difference: Difference, plan: Plan, language: Language) -> str:
    """« remise : 10 % → 12 % », names and values as the rules say them."""
    outcomes = {slot.key: (slot.name, slot.value_type) for slot in plan.outcomes}
    actions = {slot.key: slot.name for slot in plan.actions}
    name, type_ = outcomes.get(difference.key, (actions.get(difference.key, difference.key), None))
    if difference.key == "supervision":
        name = _SAID[language]["supervision"]
    before, after = (_side(value, type_, language) for value in (difference.before, difference.after))
    return f"{name}{WORDS[language]['colon']}{before} → {after}"


def sides_said(before: Json, after: Json, type_: Type | None, language: Language) -> tuple[str, str]:
    """Both sides of a difference in words."""
    return _side(before, type_, language), _side(after, type_, language)


def supervision_said(language: Language) -> str:
    """The supervision in a word."""
    return _SAID[language]["supervision"]


def facts_said(entry: Entry, plan: Plan, language: Language) -> str:
    """The facts that these rules read, as they name them."""
    colon = WORDS[language]["colon"]
    given = [(slot, entry.facts.get(slot.path)) for slot in plan.facts]
    return ", ".join(
        f"{called(slot)}{colon}{shown(value, slot.type, language)}" for slot, value in given if value is not None
    )


def status_said(status: str, language: Language) -> str:
    """A status in words."""
    return STATUS[status][language == "en"] if status in STATUS else _SAID[language].get(status, status)


def level_said(level: str, language: Language) -> str:
    """A level of supervision in words."""
    return _SAID[language].get(level, level)


def _side(value: Json, type_: Type | None, language: Language) -> str:
    said = _SAID[language]
    if value is None:
        return said["nothing"]
    if isinstance(value, str):
        return level_said(value, language)
    if isinstance(value, list):  # an action, as often as it is asked for
        return "; ".join(filter(None, (_asked(each, language) for each in value)))
    if "value" in value:
        return shown(value["value"], type_, language)
    return status_said(value["status"], language)


def _asked(action: Mapping[str, Json], language: Language) -> str:
    said = _SAID[language]["asked"] if action["status"] == "decided" else status_said(action["status"], language)
    parameters = ", ".join(_pairs("", action["parameters"], WORDS[language]["colon"]))
    return f"{said} ({parameters})" if parameters else said


def shown(value: Json, type_: Type | None, language: Language) -> str:
    """A value as a person writes it; as it is where it is none of that type."""
    try:
        return str(value) if type_ is None else show_value(type_, read_value(type_, value, language), language)
    except ValueProblem:
        return str(value)


def _summary(entry: Entry, language: Language) -> Iterator[str]:
    colon = WORDS[language]["colon"]
    if entry.content.get("verdict"):
        verdict = verdict_said(str(entry.content["verdict"]), language)
        yield f"{verdict} ({entry.by})" if entry.by else verdict
    yield from _parts(entry, "outcomes", colon, language)
    yield from _parts(entry, "actions", colon, language)


def _parts(entry: Entry, name: str, colon: str, language: Language) -> Iterator[str]:
    told = entry.decision.get(name, {})
    members: Sequence[tuple[str, Json]] = (
        list(told.items()) if isinstance(told, dict) else [(e["key"], e) for e in told]
    )
    for key, each in members:
        if name == "actions":
            parameters = ", ".join(_pairs("", each["parameters"], colon))
            yield key + (f" ({parameters})" if parameters else "")
        elif each.get("status") != "decided":
            yield f"{key}{colon}{status_said(each.get('status', ''), language)}"
        else:
            quote = (
                f" ({WORDS[language]['left']}{each['quote']}{WORDS[language]['right']})" if each.get("quote") else ""
            )
            yield f"{key}{colon}{each.get('value', each.get('answer'))}{quote}"


def _pairs(before: str, value: Json, colon: str) -> Iterator[str]:
    """Each value of plain data with its path."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _pairs(f"{before}.{key}" if before else key, each, colon)
    elif isinstance(value, list):
        for at, each in enumerate(value, 1):
            yield from _pairs(f"{before}[{at}]", each, colon)
    else:
        yield f"{before}{colon}{value}" if before else str(value)
