"""The leaves of a plan in, Python source out: a function that looks the decision up, the facts checked or not.

What it does not find at once, or does not expect, is left to `slow`.
"""

from collections.abc import Iterator, Sequence

from rulec.runtime.index import Column
from rulec.runtime.leaves import Leaves, bounds_of, is_whole
from rulec.runtime.measured import MOST_DIGITS
from rulec.runtime.types import (
    Amount,
    Choice,
    Date,
    DateTime,
    ListOf,
    Record,
    Slot,
    Text,
    Time,
    YesNo,
)
from rulec.runtime.units import decimals_of


def trusted_code(leaves: Leaves) -> str:
    """The function `quick(f, at)` of facts by path, as held."""
    columns = [*leaves.branching, *leaves.tested]
    reads = [f"v{at} = f[{column.given.path!r}]" for at, column in enumerate(columns)]
    found = [
        line for at, column in enumerate(leaves.tested, len(leaves.branching)) for line in _set(leaves, column, at)
    ]
    return _function([*reads, *_leaf(leaves), *found], leaves)


def checked_code(leaves: Leaves, slots: Sequence[Slot], keys: Sequence[str]) -> str | None:
    """The function `quick(f, at)` of facts as given, each under its key; None where one is of a type that is not
    checked so."""
    if not all(map(_is_simple, slots)):
        return None
    branching = {column.given.path: at for at, column in enumerate(leaves.branching)}
    tested = {column.given.path: (at, column) for at, column in enumerate(leaves.tested, len(branching))}
    first, then = [f"if len(f) != {len(slots)}: return slow(f, at)"], list[str]()
    for number, (slot, key) in enumerate(zip(slots, keys, strict=True)):
        if slot.path in branching:
            name = f"v{branching[slot.path]}"
            first += [f"{name} = f[{key!r}]", *_checks(slot, name, ["pass"])]
        elif slot.path in tested:
            at, column = tested[slot.path]
            then += [f"v{at} = f[{key!r}]", *_checks(slot, f"v{at}", list(_set(leaves, column, at, slot)))]
        elif isinstance(slot.type, Choice):
            then.append(f"n{number}[f[{key!r}]]")
        else:
            then += [f"w = f[{key!r}]", *_checks(slot, "w", _bounded(slot))]
    return _function([*first, *_leaf(leaves), *then], leaves)


def _function(body: Sequence[str], leaves: Leaves) -> str:
    """It gives the very decision that it gave before for the same date."""
    found, kept = _decision(leaves)
    return "\n".join([
        "def quick(f, at=None, judge=None):",
        "    try:",
        *(f"        {line}" for line in body),
        *(f"        {line}" for line in found),
        "    except Exception:",
        "        return slow(f, at)",
        "    if d.moment is at: return d",
        "    if type(at) is not date: at = moment(at)",
        f"    {kept} = d = dated(d.told, at)",
        "    return d",
        "",
    ])  # fmt: skip


def _leaf(leaves: Leaves) -> Iterator[str]:
    """The lines that find the leaf."""
    names = ["memo", "k"]
    for at, column in enumerate(leaves.tested, len(leaves.branching)):
        names += [f"s{at}"] if leaves.is_named(column) else [f"c{at}", f"s{at}"]
    branches = "".join(f"[v{at}]" for at in range(len(leaves.branching))) or "['']"
    yield f"{', '.join(names)}, = R{branches}"


def _set(leaves: Leaves, column: Column, at: int, checked: Slot | None = None) -> Iterator[str]:
    """The lines that find the set of lines which a fact leaves."""
    if not column.given.ordered:
        is_open = checked is None or isinstance(checked.type, Text)
        yield f"m{at} = s{at}.get(v{at}, memo[{column.given.path!r}])" if is_open else f"m{at} = s{at}[v{at}]"
    elif leaves.is_named(column):
        yield f"m{at} = s{at}[v{at}]"
    else:
        yield f"m{at} = s{at}[bisect_right(c{at}, v{at})]"


def _decision(leaves: Leaves) -> tuple[list[str], str]:
    """The lines that find the decision for the sets that facts leave, and where it is kept."""
    places = range(len(leaves.branching), len(leaves.branching) + len(leaves.tested))
    held = " & ".join(f"m{at}" for at in places)
    if leaves.lines.first_alone:
        first = [f"m = {held}", "i = k[(m & -m).bit_length()]"] if held else ["i = k[-1]"]
        return [*first, "d = A[i]", "if d is None: d = alone(i)"], "A[i]"
    whole = held or "(1 << len(k) - 1) - 1"
    return [f"m = {whole}", "try:", "    d = memo[m]", "except KeyError:", "    d = together(memo, k, m)"], "memo[m]"


def _is_simple(slot: Slot) -> bool:
    """Whether a fact must be given, and is of a type that a few lines check."""
    if slot.optional or slot.default is not None:
        return False
    match slot.type:
        case DateTime() | Time() | ListOf() | Record():
            return False
        case Choice(options):
            return bool(options)
        case _:
            return True


def _checks(slot: Slot, name: str, use: Sequence[str]) -> list[str]:
    """The lines that leave what is not surely a value of the fact to `slow`, and use it."""
    match slot.type:
        case YesNo():
            return [f"if {name} is not True and {name} is not False: return slow(f, at)", *use]
        case Choice():
            return [*use]
        case Text():
            return [
                f"if type({name}) is not str or not ({name}.isascii() or is_text({name})): return slow(f, at)",
                *use,
            ]
        case Date():
            return [f"if type({name}) is not date: return slow(f, at)", *use]
        case _:
            return _measured(slot, name, use)


def _measured(slot: Slot, name: str, use: Sequence[str]) -> list[str]:
    bounds = slot.bounds
    is_bounded = bounds is not None and bounds.low is not None and bounds.high is not None
    other = f"type({name}) is not int" if is_bounded else f"type({name}) is not int or not -M < {name} < M"
    if is_whole(slot):
        return [f"if {other}: return slow(f, at)", *use]
    decimals = decimals_of(slot.type.currency) if isinstance(slot.type, Amount) else MOST_DIGITS
    is_fine = f"is_exact({name}, {decimals})"
    if decimals == 2 and is_bounded:  # as most amounts are written
        is_fine = f"({name}.same_quantum(C) or {is_fine})"
    exact = [f"if not {is_fine}: return slow(f, at)"]
    whole = [line.replace(f"(c{name[1:]}, ", f"(memo[{slot.path!r}], ") for line in use]
    return [
        f"if type({name}) is Decimal:", *(f"    {line}" for line in (*exact, *use)),
        f"elif {other}: return slow(f, at)",
        "else:", *(f"    {line}" for line in whole),
    ]  # fmt: skip


def _bounded(slot: Slot) -> list[str]:
    """The line that leaves what is out of bounds to `slow`."""
    low, high = bounds_of(slot)
    ends = (f"{low!r} <= " if low is not None else "", f" <= {high!r}" if high is not None else "")
    return [f"if not {ends[0]}w{ends[1]}: return slow(f, at)"] if any(ends) else ["pass"]
