"""Names of facts in, where they stand in entries out: erased from a log without breaking its chain, or masked."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace

from sqlalchemy import select, update

from rulec.log.entry import DECISION, ERASURE, Entry, Json, Steps, canonical, erasable, held, path_of, put, sealed
from rulec.log.store import DecisionLog
from rulec.log.tables import entries

MASK = "•••"
_AT_A_TIME = 500  # entries of one erasure
_TELLING = 3, 6  # signs that a text has at least to be looked for elsewhere: with a letter, without


@dataclass(frozen=True, slots=True)
class Condition:
    """A fact that has a value, as a person writes both; the path `id` is that of the entry."""

    path: str
    value: str

    def holds(self, entry: Entry) -> bool:
        """Whether the entry is of a decision on such facts."""
        given = entry.id if self.path == "id" else entry.facts.get(self.path)
        if isinstance(given, bool):
            return self.value.casefold() in (("true", "oui", "yes") if given else ("false", "non", "no"))
        return given is not None and str(given) == self.value


def places(entry: Entry, names: Iterable[str], among: Iterable[str] = ()) -> tuple[list[str], list[str]]:
    """Where the facts of these names stand in an entry, or what repeats their texts; and all of these texts.

    A name is a path, or the beginning of some: `client` means `client.nom` too; `lignes.produit` is that of each
    element. `among`: texts to be looked for besides.
    """
    wanted, left = tuple(names), list[Steps]()
    found, texts = list[str](), list(among)
    for steps in erasable(entry.content):
        if steps[0] == "facts" and _is_named(".".join(_keys(entry.content, steps)[1:]), wanted):
            found.append(path_of(steps))
            texts += [str(value)] if (value := held(entry.content, steps)) is not None else []
        else:
            left.append(steps)
    telling = [text.casefold() for text in texts if _is_telling(text)]
    found += [path_of(steps) for steps in left if steps[0] != "facts" and _repeats(held(entry.content, steps), telling)]
    return [path for path in found if path not in entry.erased], texts


def masked(entry: Entry, names: Iterable[str]) -> Entry:
    """The entry with a sign in the place of these facts, and of what repeats them."""
    content = deepcopy(dict(entry.content))
    for path in places(entry, names)[0]:
        put(content, path, MASK)
    return replace(entry, content=content)


def found(
    log: DecisionLog, names: Sequence[str], where: Sequence[Condition], since: str = "", until: str = ""
) -> Iterator[Mapping[str, list[str]]]:
    """What would be erased: for each decision that meets all conditions, by id of entry the places in it."""
    for entry in log.entries(DECISION, since, until):
        if all(condition.holds(entry) for condition in where):
            own, texts = places(entry, names)
            about = [(each, places(each, (), texts)[0]) for each in log.about(entry.id) if each.id != entry.id]
            told = {each.id: paths for each, paths in [(entry, own), *about] if paths}
            if told:
                yield told


def erase(log: DecisionLog, wanted: Iterable[Mapping[str, list[str]]], by: str, reason: str) -> int:
    """Erase what was found; how many decisions it is of. An entry of the log says what was erased and by whom."""
    count, group = 0, dict[str, list[str]]()
    for each in wanted:
        count += 1
        group.update(each)
        if len(group) >= _AT_A_TIME:
            _erase(log, group, by, reason)
            group = {}
    if group:
        _erase(log, group, by, reason)
    log.tidy()
    return count


def _erase(log: DecisionLog, places: Mapping[str, list[str]], by: str, reason: str) -> None:
    entry = Entry(ERASURE, {"erased": dict(places), "by": by, "reason": reason})
    ready = [(entry, *sealed(entry))]
    with log.writing() as connection:
        for id, paths in places.items():
            own = entries.c.id == id
            values: dict[str, Json] = json.loads(connection.execute(select(entries.c.sealed).where(own)).scalar_one())
            left = {path: value for path, value in values.items() if path not in paths}
            connection.execute(update(entries).where(own).values(sealed=canonical(left)))
        log.add(connection, ready)


def _keys(content: Json, steps: Steps) -> list[str]:
    """The steps that are keys, and no places in lists."""
    found = []
    for step in steps:
        if isinstance(content, list):
            content = content[int(step)]
        else:
            found.append(step)
            content = content[step]
    return found


def _is_named(path: str, names: Sequence[str]) -> bool:
    return any(path == name or path.startswith(f"{name}.") for name in names)


def _is_telling(text: str) -> bool:
    """Whether a text is long enough to be recognized elsewhere."""
    with_letter, without = _TELLING
    return len(text) >= (with_letter if any(sign.isalpha() for sign in text) else without)


def _repeats(value: Json, telling: Sequence[str]) -> bool:
    """Whether a text contains one of these, or is a part of it."""
    if not isinstance(value, str) or not telling:
        return False
    said = value.casefold()
    return any(text in said or (said in text and _is_telling(said)) for text in telling)
