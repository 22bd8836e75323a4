"""The leaves of a plan in, Python source out: a function that looks the decision up, the facts checked or not.

What it does not find at once, or does not expect, is left to `slow`.
"""

from collections.abc import Iterator, Sequence

from rulec.runtime.index import Column
from rulec.runtime.leaves import Leaves
from rulec.runtime.types import (
    Amount,
    Choice,
    Date,
    DateTime,
    Duration,
    ListOf,
    Number,
    Percentage,
    Record,
    Slot,
    Text,
    Time,
    YesNo,
)
from rulec.runtime.units import decimals_of


def trusted_code(leaves: Leaves) -> str:
    """The function `quick(f, at)` of facts by path, as held."""
    reads = [f"        v{at} = f[{column.given.path!r}]" for at, column in enumerate(_columns(leaves))]
    return _function([*reads, *_found(leaves, {})])


def checked_code(leaves: Leaves, slots: Sequence[Slot], keys: Sequence[str]) -> str | None:
    """The function `quick(f, at)` of facts as given, each under its key; None where one is of a type that is not
    checked so."""
    if not all(map(_is_simple, slots)):
        return None
    places = {column.given.path: at for at, column in enumerate(_columns(leaves))}
    lines, whole = [f"        if len(f) != {len(slots)}: return slow(f, at)"], {}
    for number, (slot, key) in enumerate(zip(slots, keys, strict=True)):
        name = f"v{places[slot.path]}" if slot.path in places else f"w{number}"
        lines.append(f"        {name} = f[{key!r}]")
        lines += _checks(slot, name, number, slot.path in places)
        whole[slot.path] = True
    return _function([*lines, *_found(leaves, whole)])


def _function(body: Sequence[str]) -> str:
    """It gives the very decision that it gave before for the same date."""
    return "\n".join([
        "def quick(f, at=None):",
        "    try:",
        *body,
        "        d = memo[m]",
        "    except Exception:",
        "        return slow(f, at)",
        "    if d.moment is at: return d",
        "    if type(at) is not date: at = moment(at)",
        "    memo[m] = d = dated(d.told, at)",
        "    return d",
        "",
    ])  # fmt: skip


def _columns(leaves: Leaves) -> list[Column]:
    return [*leaves.branching, *leaves.tested]


def _found(leaves: Leaves, is_checked: object) -> Iterator[str]:
    """The lines that find the leaf and the set of lines."""
    branches = "".join(f"[v{at}]" for at in range(len(leaves.branching))) or "['']"
    names, sets = ["memo"], list[str]()
    for at, column in enumerate(leaves.tested, len(leaves.branching)):
        if column.given.ordered:
            names += [f"c{at}", f"i{at}", f"s{at}"]
            sets.append(f"s{at}[bisect_right(i{at} if type(v{at}) is int else c{at}, v{at})]")
        else:
            names += [f"s{at}", f"o{at}"]
            is_text = isinstance(leaves.slots[column.given.path].type, Text)
            sets.append(f"s{at}.get(v{at}, o{at})" if is_text or not is_checked else f"s{at}[v{at}]")
    yield f"        {', '.join(names)}, _ = R{branches}"
    yield f"        m = {' & '.join(sets) or '-1'}"


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


def _checks(slot: Slot, name: str, number: int, is_tested: bool) -> Iterator[str]:
    """The lines that leave what is not surely a value of the fact to `slow`."""
    match slot.type:
        case YesNo():
            yield f"        if {name} is not True and {name} is not False: return slow(f, at)"
        case Choice():
            if not is_tested:
                yield f"        if {name} not in n{number}: return slow(f, at)"
        case Text():
            yield f"        if type({name}) is not str or not ({name}.isascii() or is_text({name})): return slow(f, at)"
        case Date():
            yield f"        if type({name}) is not date: return slow(f, at)"
        case _:
            yield from _measured(slot, name, is_tested)


def _measured(slot: Slot, name: str, is_tested: bool) -> Iterator[str]:
    is_whole = isinstance(slot.type, Duration) or (isinstance(slot.type, Number) and slot.type.whole)
    bounds = slot.bounds
    is_bounded = bounds is not None and bounds.low is not None and bounds.high is not None
    other = f"type({name}) is not int" if is_bounded else f"type({name}) is not int or not -M < {name} < M"
    if is_whole:
        yield f"        if {other}: return slow(f, at)"
    else:
        yield f"        if type({name}) is Decimal:"
        if isinstance(slot.type, Amount) and decimals_of(slot.type.currency) == 2 and is_bounded:
            yield f"            try: e = str({name})[-3] == '.'"
            yield "            except IndexError: e = False"
            yield f"            if not e and not is_exact({name}, 2): return slow(f, at)"
        else:
            most = decimals_of(slot.type.currency) if isinstance(slot.type, Amount) else 34
            yield f"            if not is_exact({name}, {most}): return slow(f, at)"
        yield f"        elif {other}: return slow(f, at)"
    if not is_tested and bounds is not None:
        low = "" if bounds.low is None else f"{bounds.low!r} <= "
        high = "" if bounds.high is None else f" <= {bounds.high!r}"
        yield f"        if not {low}{name}{high}: return slow(f, at)"
    if not is_tested and isinstance(slot.type, Percentage):
        yield f"        if not -1 <= {name} <= 1: return slow(f, at)"
