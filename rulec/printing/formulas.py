"""Extremes, texts and brackets in, their words out."""

from collections.abc import Sequence
from typing import assert_never

from rulec.printing.names import Speech
from rulec.semantics import model

Formula = model.Extreme | model.Joined | model.Piece | model.Brackets


def formula(speech: Speech, said: Formula, parts: Sequence[str]) -> str:
    """A formula, its values said already, in the order in which it holds them."""
    match said:
        case model.Extreme(which):
            return _extreme(speech, which, parts)
        case model.Joined():
            joined = speech.of(parts[1]) if speech.french else parts[1]
            return f"{parts[0]} {speech.choose('suivi', 'followed by')} {joined}"
        case model.Piece(end):
            first = {"first": ("premiers", "first"), "last": ("derniers", "last")}[end]
            head = speech.choose(f"les {parts[1]} {first[0]} caractères", f"the {first[1]} {parts[1]} characters")
            return f"{head} {speech.of(parts[0])}"
        case model.Brackets(how, _, rows):
            return _brackets(speech, how, rows, parts)
        case _:
            assert_never(said)


def values_of(said: Formula) -> tuple[model.Value, ...]:
    """The values of a formula."""
    match said:
        case model.Extreme(_, items):
            return items
        case model.Joined(left, right):
            return left, right
        case model.Piece(_, text, count):
            return text, count
        case model.Brackets(_, base, rows):
            ends = (end for row in rows for end in (row.value, row.upto) if end is not None)
            return base, *ends
        case _:
            assert_never(said)


def _extreme(speech: Speech, which: str, parts: Sequence[str]) -> str:
    head = {"max": ("le plus élevé", "the highest"), "min": ("le plus petit", "the lowest")}[which]
    if not speech.french:
        return f"{head[1]} of {', '.join(parts[:-1])} and {parts[-1]}"
    of = [speech.of(part) for part in parts]
    return f"{head[0]} {', '.join(of[:-1])} et {of[-1]}"


def _brackets(speech: Speech, how: str, rows: Sequence[model.Bracket], parts: Sequence[str]) -> str:
    base, *ends = parts
    kinds = {"bracket": "BY_BRACKET", "whole": "ON_WHOLE", "interpolation": "BY_INTERPOLATION"}
    head = speech.word("structure", kinds[how])
    said, left = [], iter(ends)
    for row in rows:
        value = next(left)
        if row.upto is None:
            said.append(f"{value} {speech.word('structure', 'ELSE_ABOVE')}")
        else:
            upto = next(left)
            if how == "interpolation":
                said.append(f"{value} {speech.to(upto) if speech.french else f'at {upto}'}")
                continue
            said.append(f"{value} {speech.choose(f'jusqu{chr(39)}{speech.to(upto)}', f'up to {upto}')}")
    return f"{head} {speech.of(base)}{speech.choose(' :', ':')} {', '.join(said)}"
