"""What a history of events shows in, what is said of it out: in sentences, and as plain data."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from rulec.difference.history import History, HistoryPart, Moved
from rulec.difference.past_told import MOST, PastTold
from rulec.events.times import moment_at, moment_shown
from rulec.plan.tree import Plan
from rulec.runtime.shown import plain_number, show_number, show_value
from rulec.runtime.types import Percentage
from rulec.source import Language

_SAID: Mapping[Language, Mapping[str, str]] = {
    "fr": {
        "all": "Histoire de {file} (événements : {records}, choses suivies : {things}) ; déclenchements qui changent : "
        "{changed} sur {fired} ({share}).",
        "refused": "Événements acceptés d'un seul côté : {count} ; chaque côté rejoue ceux qu'il accepte.",
        "unread": "Lignes acceptées d'aucun côté, qui ne comptent pas : {count}.",
        "part": "{name} : déclenché {before} fois → {after} fois ; changements : {changed}",
        "same": "{name} : déclenché {before} fois, aucun changement",
        "new": "en plus : {where} : {after}", "gone": "en moins : {where} : {before}",
        "otherwise": "autrement : {where} : {before} → {after}", "where": "{at}, {entity} {key} ({because})",
        "more": "changements de plus : {count}",
    },
    "en": {
        "all": "History of {file} (events: {records}, things followed: {things}); firings that change: {changed} of "
        "{fired} ({share}).",
        "refused": "Events accepted on one side only: {count}; each side replays those that it accepts.",
        "unread": "Lines accepted on neither side, which do not count: {count}.",
        "part": "{name}: firings {before} → {after}; changes: {changed}",
        "same": "{name}: firings {before}, no change",
        "new": "more: {where}: {after}", "gone": "less: {where}: {before}",
        "otherwise": "otherwise: {where}: {before} → {after}", "where": "{at}, {entity} {key} ({because})",
        "more": "more changes: {count}",
    },
}  # fmt: skip


class HistoryTold:
    """Tells what a history shows, in a language. `names`: of outcomes and actions."""

    def __init__(self, plan: Plan, names: Mapping[str, str], language: Language) -> None:
        self._zone, self._names, self._language = plan.zone, names, language
        self._entities = {slot.path.partition(".")[0]: slot.names[0] for slot in plan.facts if not slot.happens}

    def told(self, history: History, file: str) -> PastTold:
        """All of it. `file`: where the events are."""
        said, changed, fired = _SAID[self._language], changed_in(history), _fired_in(history)
        share = show_value(Percentage(), round(_decimal(share_of(history)), 4), self._language)
        heads = [
            said["all"].format(
                file=file, records=self._count(history.records), things=self._count(history.things),
                changed=self._count(changed), fired=self._count(fired), share=share,
            )
        ]  # fmt: skip
        heads += [
            said[name].format(count=self._count(count))
            for name, count in (("refused", history.refused), ("unread", history.unread))
            if count
        ]
        parts = tuple((self._part(each), tuple(self._moves(each))) for each in history.parts)
        return PastTold(tuple(heads), parts, self._data(history))

    def _part(self, part: HistoryPart) -> str:
        before, after = map(self._count, part.fired)
        form, changed = "part" if part.moved else "same", self._count(len(part.moved))
        return _SAID[self._language][form].format(
            name=self._name(part.key), before=before, after=after, changed=changed
        )  # fmt: skip

    def _moves(self, part: HistoryPart) -> Iterator[str]:
        said = _SAID[self._language]
        for each in part.moved[:MOST]:
            at, entity, key, _ = each.place
            where = said["where"].format(
                at=moment_shown(at, self._zone, self._language), entity=self._entities.get(entity, entity), key=key,
                because=", ".join(each.because),
            )  # fmt: skip
            yield said[_kind(each)].format(where=where, before=each.before, after=each.after)
        if rest := len(part.moved[MOST:]):
            yield said["more"].format(count=self._count(rest))

    def _data(self, history: History) -> dict[str, object]:
        return {
            "events": history.records, "things": history.things, "refused": history.refused, "unread": history.unread,
            "fired": _fired_in(history), "changed": changed_in(history),
            "share": plain_number(round(_decimal(share_of(history)), 6)),
            "decisions": [
                {
                    "key": each.key, "name": self._name(each.key), "before": each.fired[0], "after": each.fired[1],
                    "changed": len(each.moved), "firings": [self._moved(moved) for moved in each.moved],
                }
                for each in history.parts
            ],
        }  # fmt: skip

    def _moved(self, moved: Moved) -> dict[str, object]:
        at, entity, key, trigger = moved.place
        return {
            "kind": _kind(moved), "at": moment_at(at, self._zone).isoformat(), "entity": entity, "key": key,
            "event": trigger, "because": list(moved.because), "before": moved.before or None,
            "after": moved.after or None,
        }  # fmt: skip

    def _name(self, key: str) -> str:
        return self._names.get(key, key)

    def _count(self, count: int) -> str:
        return show_number(Decimal(count), self._language)


def changed_in(history: History) -> int:
    """How many of its firings change."""
    return sum(len(part.moved) for part in history.parts)


def share_of(history: History) -> Fraction:
    """The part of its firings that changes."""
    return Fraction(changed_in(history), _fired_in(history) or 1)


def _fired_in(history: History) -> int:
    """The firings of either side, those of both once."""
    return sum(part.fired[1] + sum(not moved.after for moved in part.moved) for part in history.parts)


def _decimal(share: Fraction) -> Decimal:
    return Decimal(share.numerator) / share.denominator


def _kind(moved: Moved) -> str:
    return "otherwise" if moved.before and moved.after else "new" if moved.after else "gone"
