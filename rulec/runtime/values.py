"""A raw value and its type in, the value as it is held out: from JSON data, a text, or a Python object.

`show_value`, `dump_value` and `expected`, the way back, stand in `shown`; they may be imported from here.
"""

import re
from collections.abc import Callable, Sequence
from enum import Enum
from functools import partial

from rulec.runtime.literals import folded
from rulec.runtime.measured import read_measure
from rulec.runtime.members import UnreadableError, members_of
from rulec.runtime.moments import read_day, read_moment, read_time
from rulec.runtime.refused import ValueProblem as ValueProblem
from rulec.runtime.refused import given_text, is_text
from rulec.runtime.shown import dump_value as dump_value
from rulec.runtime.shown import expected as expected
from rulec.runtime.shown import show_value as show_value
from rulec.runtime.spelling import bare_words, plain_words
from rulec.runtime.types import (
    Amount,
    Choice,
    Date,
    DateTime,
    Duration,
    ListOf,
    Number,
    Percentage,
    Quantity,
    Rate,
    Record,
    Text,
    Time,
    Type,
    YesNo,
)

_TRUE = frozenset({"oui", "vrai", "yes", "true"})
_FALSE = frozenset({"non", "faux", "no", "false"})
_NEAREST = 3  # options offered for one that is unknown
_LONGEST_OPTION = 100  # characters compared to find the nearest


def read_value(type_: Type, raw: object, language: str) -> object:
    """The value as `runtime.types` holds it. Raises ValueProblem, and nothing else, for what is no such value."""
    plain = raw.value if isinstance(raw, Enum) else raw
    if isinstance(plain, str) and not is_text(plain):
        raise ValueProblem("E523", type_, given=given_text(plain))
    match type_:
        case YesNo():
            return _yes_no(type_, plain)
        case Number() | Percentage() | Amount() | Quantity() | Rate() | Duration():
            return read_measure(type_, plain, language)
        case Text():
            return _text_of(type_, plain)
        case Date():
            return read_day(type_, plain, language)
        case DateTime():
            return read_moment(type_, plain, language)
        case Time():
            return read_time(type_, plain, language)
        case Choice():
            return _option(type_, _text_of(type_, plain), language)
        case ListOf():
            return _list(type_, plain, language)
        case Record():
            return _record(type_, plain)


def _yes_no(type_: YesNo, raw: object) -> bool:
    word = folded(raw.strip()) if isinstance(raw, str) and len(raw) < _LONGEST_OPTION else ""
    if isinstance(raw, bool) or word in _TRUE or word in _FALSE:
        return raw is True or word in _TRUE
    raise ValueProblem("E505", type_, given=given_text(raw))


def _text_of(type_: Text | Choice, raw: object) -> str:
    if not isinstance(raw, str):
        raise ValueProblem("E505", type_, given=given_text(raw))
    return str.__str__(raw)


def _option(type_: Choice, text: str, language: str) -> str:
    """The key of the option named by its key or its label; case, accents and articles matter only to tell two apart."""
    if not type_.options:
        return text
    for spelled in _spellings(language):
        wanted = spelled(text)
        found = [option for option in type_.options if wanted in (spelled(option.key), spelled(option.label))]
        if len(found) == 1:
            return found[0].key
        if found:
            choices = ", ".join(option.label for option in found)
            raise ValueProblem("E510", type_, given=given_text(text), choices=choices)
    raise _unknown_option(type_, text)


def _spellings(language: str) -> tuple[Callable[[str], str], ...]:
    """Ways to spell a name for comparison, the strictest first."""
    return (str, plain_words, partial(bare_words, language=language))


def _unknown_option(type_: Choice, text: str) -> ValueProblem:
    by_words = {plain_words(option.label): option for option in type_.options}
    by_words |= {plain_words(option.key): option for option in type_.options}
    from difflib import get_close_matches  # only a mistake needs it

    near = get_close_matches(plain_words(text[:_LONGEST_OPTION]), by_words, n=_NEAREST)
    closest = ", ".join(dict.fromkeys(by_words[words].label for words in near))
    return ValueProblem("E509" if near else "E505", type_, given=given_text(text), closest=closest)


def _list(type_: ListOf, raw: object, language: str) -> tuple[object, ...]:
    """Each item read; a text holds its items between `;`, or commas followed by a space."""
    if isinstance(raw, str) and not isinstance(type_.item, ListOf | Record):
        items: Sequence[object] = [item.strip() for item in re.split(";|, ", raw) if item.strip()]
    elif isinstance(raw, list | tuple):
        items = raw
    else:
        raise ValueProblem("E505", type_, given=given_text(raw))
    return tuple(_item(type_.item, item, at, language) for at, item in enumerate(items, 1))


def _item(type_: Type, raw: object, at: int, language: str) -> object:
    try:
        return read_value(type_, raw, language)
    except ValueProblem as problem:
        place = f"#{at} {problem.place}".strip()
        raise ValueProblem(problem.code, problem.type, place, **problem.values) from None


def _record(type_: Record, raw: object) -> dict[str, object]:
    try:
        members = members_of(raw)
    except UnreadableError as error:
        raise ValueProblem("E505", type_, given=str(error)) from None
    if members is None or not all(isinstance(key, str) and is_text(key) for key in members):
        raise ValueProblem("E505", type_, given=given_text(raw))
    return {str(key): value for key, value in members.items()}
