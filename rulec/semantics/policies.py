"""What the parentheses after the title of a table say in, how its rows combine out."""

import re
from collections.abc import Sequence

from rulec.diagnostics import Diagnostics
from rulec.runtime.types import Choice, OutcomeSlot
from rulec.semantics.measures import additive, ordered
from rulec.semantics.model import Policy
from rulec.source import Source
from rulec.syntax.fold import fold
from rulec.syntax.sheets import Sheet
from rulec.syntax.words import words
from rulec.tree import NOWHERE


def policy_of(
    sheet: Sheet, source: Source, outcomes: Sequence[OutcomeSlot], diagnostics: Diagnostics
) -> Policy | None:  # fmt: skip
    """How the rows combine; None where an error was reported."""
    if sheet.policy == NOWHERE:
        return Policy()
    written = source.cut(sheet.policy)
    tables, said = words(source.language).tables, _plain(written)
    found = next(
        (key for table in ("combine", "rows") for key, ways in tables[table].items() if said in map(_plain, ways)), ""
    )
    if found:
        policy = Policy(found.removesuffix("_distinct"), distinct=found.endswith("_distinct"))
    else:
        order = _ordered(written, outcomes, tables["declarations"]["IN_ORDER"])
        if order is None:
            known = " | ".join(tables["rows"][key][0] for key in tables["rows"])
            diagnostics.add("E480", sheet.policy, text=written, known=known)
            return None
        policy = Policy("priority", order)
    for outcome in outcomes:
        if not _fits(policy.combine, outcome):
            diagnostics.add("E489", sheet.policy, text=written, term=outcome.name)
            return None
    return policy


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[(),.]", " ", fold(text)).split())


def _ordered(
    written: str, outcomes: Sequence[OutcomeSlot], ways: Sequence[str]
) -> tuple[object, ...] | None:  # fmt: skip
    """« selon l'ordre Or, Argent »: the values from the strongest."""
    lead = next((way for way in ways if fold(written).startswith(fold(way))), None)
    kind = outcomes[0].type if outcomes else None
    if lead is None or not isinstance(kind, Choice):
        return None
    keys = {_plain(option.label): option.key for option in kind.options}
    said = [_plain(each) for each in re.split(r",", written[len(lead) :])]
    return tuple(keys[each] for each in said) if all(each in keys for each in said) else None


def _fits(combine: str, outcome: OutcomeSlot) -> bool:
    """Whether the values of an outcome combine so."""
    match combine:
        case "sum" | "compound":
            return additive(outcome.type)
        case "max" | "min":
            return ordered(outcome.type)
        case "collect":
            return outcome.combine == "collect"
        case _:
            return True
