"""A value of the model in, its words out."""

from decimal import Decimal
from typing import assert_never

from rulec.printing.arithmetic import arithmetic, is_portion, parts_of
from rulec.printing.dates import amount_of, elapsed, moved, span_of
from rulec.printing.formulas import formula, values_of
from rulec.printing.lists import aggregated, attributes, element
from rulec.printing.names import GLUE, Speech, UnsaidError
from rulec.runtime import types as t
from rulec.runtime.shown import SPACE, show_value
from rulec.semantics import model
from rulec.semantics.effect_values import ROUNDING
from rulec.syntax.words import words
from rulec.tree import walk


def value(speech: Speech, said: model.Value) -> str:
    """The value as an operand."""
    match said:
        case model.Literal(held, kind):
            return literal(speech, held, kind)
        case model.FactOf(path, of=model.Aggregated() as one):
            whole = element(speech, one, _condition)
            return f"{speech.noun(speech.term(said).slot.names[-1])} {speech.of(whole)}" if path else whole
        case model.FactOf("", of=model.ItemOf() as one):
            return speech.spoken_of(one)
        case model.FactOf():
            return speech.shown(said)
        case model.OutcomeOf(key, of=model.Aggregated() as one):
            return f"{speech.outcome(key)} {speech.of(element(speech, one, _condition))}"
        case model.OutcomeOf(key):
            return speech.outcome(key)
        case model.Today():
            return speech.word("structure", "TODAY")
        case model.Arithmetic():
            made = value if is_portion(said) else part
            return arithmetic(speech, said, [made(speech, each) for each in parts_of(said)])
        case model.Elapsed(_, start, end):
            return elapsed(speech, said, value(speech, start), value(speech, end))
        case model.Shifted(date):
            return moved(speech, said, value(speech, date), span_of(speech, said) or value(speech, amount_of(said)))
        case model.Rounded(item, step, mode, kind):
            return f"{part(speech, item)}, {_rounding(speech, step, mode, kind)}"
        case model.Limited(which, item, limit):
            kept = speech.word("structure", "CAPPED" if which == "min" else "AT_LEAST")
            return f"{part(speech, item)}, {_joined(speech, kept, part(speech, limit))}"
        case model.Extreme() | model.Joined() | model.Piece() | model.Brackets():
            return formula(speech, said, [part(speech, each) for each in values_of(said)])
        case model.Aggregated():
            return aggregated(speech, said, _condition, value)
        case model.Collected() | model.Filtered():
            return f"{speech.choose('la liste', 'the list')} {speech.of(attributes(speech, said, _condition))}"
        case model.Called(path, arguments):
            return f"{speech.fact(path)} {applied(speech, [_argument(speech, each) for each in arguments])}"
        case model.ItemOf() | model.Distinct() | model.SortedBy() | model.Taken():
            raise UnsaidError
        case _:
            assert_never(said)


def _argument(speech: Speech, said: model.Value) -> str:
    """The value of a parameter: a calculation stands in parentheses."""
    return value(speech, said) if isinstance(said, model.Literal | model.FactOf) else f"({value(speech, said)})"


def applied(speech: Speech, said: list[str]) -> str:
    """« pour 12 km et 3 kg »."""
    also = f" {speech.word('structure', 'AND')} "
    return f"{speech.word('structure', 'FOR')} {also.join(said)}"


def part(speech: Speech, said: model.Value) -> str:
    """A value within something else: with the filters of a list it stands in parentheses."""
    return f"({value(speech, said)})" if is_filtered(said) else value(speech, said)


def is_filtered(said: model.Value) -> bool:
    """Whether the words of a value end with what is said of elements."""
    asked = isinstance(said, model.Aggregated) or (isinstance(said, model.FactOf) and said.of is not None)
    return asked and any(isinstance(node, model.Filtered | model.SortedBy) for node in walk(said))


def _condition(speech: Speech, said: model.Condition) -> str:
    from rulec.printing.conditions import condition  # which says values itself

    return condition(speech, said)


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
        euros = isinstance(kind, t.Amount) and (way.startswith("cent") or kind.currency == "EUR")
        other = {"cent": -1}.get(way, 1 if way.startswith("unit") else 0)  # numbers have neither euros nor cents
        return f"{rounded} {words(speech.language).tables['rounding'][way][0 if euros else other]}"
    head = _joined(speech, speech.word("structure", "MULTIPLE_OF"), literal(speech, step, kind))
    upward = "" if mode == "nearest" else f" {speech.word('upward', mode)}"
    return f"{rounded} {head}{upward}"
