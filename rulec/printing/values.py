"""A value of the model in, its words out."""

from decimal import Decimal
from typing import assert_never

from rulec.printing.arithmetic import arithmetic, parts_of
from rulec.printing.dates import amount_of, elapsed, moved, span_of
from rulec.printing.formulas import formula, values_of
from rulec.printing.names import GLUE, Speech, UnsaidError
from rulec.runtime import types as t
from rulec.runtime.shown import SPACE, show_value
from rulec.semantics import model
from rulec.semantics.effect_values import ROUNDING


def value(speech: Speech, said: model.Value) -> str:
    """The value as an operand."""
    match said:
        case model.Literal(held, kind):
            return literal(speech, held, kind)
        case model.FactOf(path, of=None):
            return speech.fact(path)
        case model.OutcomeOf(key):
            return speech.outcome(key)
        case model.Today():
            return speech.word("structure", "TODAY")
        case model.Arithmetic():
            return arithmetic(speech, said, [value(speech, part) for part in parts_of(said)])
        case model.Elapsed(_, start, end):
            return elapsed(speech, said, value(speech, start), value(speech, end))
        case model.Shifted(date):
            return moved(speech, said, value(speech, date), span_of(speech, said) or value(speech, amount_of(said)))
        case model.Rounded(item, step, mode, kind):
            return f"{value(speech, item)}, {_rounding(speech, step, mode, kind)}"
        case model.Limited(which, item, limit):
            kept = speech.word("structure", "CAPPED" if which == "min" else "AT_LEAST")
            return f"{value(speech, item)}, {_joined(speech, kept, value(speech, limit))}"
        case model.Extreme() | model.Joined() | model.Piece() | model.Brackets():
            return formula(speech, said, [value(speech, part) for part in values_of(said)])
        case model.FactOf() | model.ItemOf() | model.Filtered() | model.Collected() | model.Aggregated():
            raise UnsaidError
        case model.Distinct() | model.SortedBy() | model.Taken():
            raise UnsaidError
        case _:
            assert_never(said)


def literal(speech: Speech, held: object, kind: t.Type) -> str:
    """A literal; no line ends inside it."""
    if isinstance(kind, t.Text):
        return quoted(str(held), speech.french)
    if isinstance(kind, t.Choice):
        return speech.option(kind, str(held))
    if isinstance(kind, t.Amount) and not speech.explicit:
        kind = t.Amount(kind.currency)  # a bare amount is of the kind of what it is compared with
    shown = show_value(kind, held, speech.language).replace(SPACE, GLUE).replace(" ", GLUE)
    return f"le {shown}" if speech.french and isinstance(kind, t.Date) else shown


def quoted(text: str, french: bool) -> str:
    """A text between quotes of the language, or others where it holds those."""
    inner = text.replace(" ", GLUE)
    marks = ((f"«{GLUE}", f"{GLUE}»"), ('"', '"'), ("“", "”"))
    for opening, closing in marks if french else (marks[1], marks[2], marks[0]):
        if closing.strip(GLUE) not in text:
            return f"{opening}{inner}{closing}"
    return f'"{inner}"'


def _joined(speech: Speech, head: str, said: str) -> str:
    """« plafonné à » and what follows, « au » where it is contracted."""
    if speech.french and head.endswith(" à"):
        return f"{head.removesuffix(' à')} {speech.to(said)}"
    if speech.french and head.endswith(" de"):
        return f"{head.removesuffix(' de')} {speech.of(said)}"
    return f"{head} {said}"


def _rounding(speech: Speech, step: Decimal, mode: str, kind: t.Type) -> str:
    """« arrondi au centime », « arrondi au multiple de 5 € supérieur »."""
    rounded = speech.word("structure", "ROUNDED")
    way = next((way for way, (size, how) in ROUNDING.items() if (Decimal(size), how) == (step, mode)), "")
    if way:
        return f"{rounded} {speech.word('rounding', way)}"
    head = _joined(speech, speech.word("structure", "MULTIPLE_OF"), literal(speech, step, kind))
    upward = "" if mode == "nearest" else f" {speech.word('upward', mode)}"
    return f"{rounded} {head}{upward}"
