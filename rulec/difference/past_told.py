"""What past facts show in, what is said of it out: in sentences, and as plain data."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from rulec.difference.past import Past, PastPart
from rulec.runtime.plain import Plain, plain
from rulec.runtime.shown import plain_number, show_number, show_value
from rulec.runtime.types import Percentage
from rulec.source import Language

MOST = 10  # moves told of one outcome or action
_SAID: Mapping[Language, Mapping[str, str]] = {
    "fr": {
        "all": "Sur {rows} cas de {file}, {changed} changent ({share}).",
        "refused": "{count} ne sont acceptés que d'un côté : ils comptent comme changés.",
        "unread": "{count} ne sont acceptés d'aucun côté : ils ne comptent pas.",
        "part": "{name} : {changed} changent ({share})", "one": "{name} : 1 change ({share})",
        "same": "{name} : aucun ne change",
        "sum": "{part} ; somme {before} → {after} ({sign}{difference})", "still": "{part} ; somme {before}",
        "move": "{before} → {after} : {count}", "more": "et {count} autres",
    },
    "en": {
        "all": "Of {rows} cases of {file}, {changed} change ({share}).",
        "refused": "{count} are accepted on one side only: they count as changed.",
        "unread": "{count} are accepted on neither side: they do not count.",
        "part": "{name}: {changed} change ({share})", "one": "{name}: 1 changes ({share})",
        "same": "{name}: none changes",
        "sum": "{part}; sum {before} → {after} ({sign}{difference})", "still": "{part}; sum {before}",
        "move": "{before} → {after}: {count}", "more": "and {count} others",
    },
}  # fmt: skip


@plain
class PastTold(Plain):
    """What past facts show. `parts`: a sentence for each outcome or action, and lines below it."""

    heads: tuple[str, ...]
    parts: tuple[tuple[str, tuple[str, ...]], ...]
    data: Mapping[str, object]


def past_told(past: Past, names: Mapping[str, str], file: str, language: Language) -> PastTold:
    """All of it. `names`: of the outcomes and actions; `file`: where the facts are."""
    said = _SAID[language]
    share = show_value(Percentage(), round(past.share, 4), language)
    rows, changed = _count(past.rows, language), _count(past.changed, language)
    heads = [said["all"].format(rows=rows, file=file, changed=changed, share=share)]
    heads += [
        said[name].format(count=_count(count, language))
        for name, count in (("refused", past.refused), ("unread", past.unread))
        if count
    ]
    parts = [(_part(each, past, names[each.key], language), tuple(_moves(each, language))) for each in past.parts]
    return PastTold(tuple(heads), tuple(parts), _data(past, names))


def _count(count: int, language: Language) -> str:
    return show_number(Decimal(count), language)


def _part(part: PastPart, past: Past, name: str, language: Language) -> str:
    said = _SAID[language]
    share = show_value(Percentage(), round(part.share(past.rows), 4), language)
    form = "part" if part.changed > 1 else "one" if part.changed else "same"
    head = said[form].format(name=name, changed=_count(part.changed, language), share=share)
    if part.type is None:
        return head
    one, other = part.sums
    before, after, difference = (show_value(part.type, each, language) for each in (one, other, other - one))
    sign = "+" if other > one else ""
    form = "sum" if one != other else "still"
    return said[form].format(part=head, before=before, after=after, sign=sign, difference=difference)


def _moves(part: PastPart, language: Language) -> Iterator[str]:
    said = _SAID[language]
    for before, after, count in part.moves[:MOST]:
        yield said["move"].format(before=before, after=after, count=_count(count, language))
    if rest := sum(count for _, _, count in part.moves[MOST:]):
        yield said["more"].format(count=_count(rest, language))


def _data(past: Past, names: Mapping[str, str]) -> dict[str, object]:
    return {
        "rows": past.rows, "changed": past.changed, "share": plain_number(round(past.share, 6)),
        "refused": past.refused, "unread": past.unread,
        "decisions": [
            {
                "key": each.key, "name": names[each.key], "changed": each.changed,
                "moves": [{"before": one, "after": other, "count": count} for one, other, count in each.moves],
                **({} if each.type is None else {
                    "before": plain_number(each.sums[0]), "after": plain_number(each.sums[1]),
                    "difference": plain_number(each.sums[1] - each.sums[0]),
                }),
            }
            for each in past.parts
        ],
    }  # fmt: skip
