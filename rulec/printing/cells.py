"""What a cell of a table means in, its words out: a comparison without its subject, or a value."""

from typing import assert_never

from rulec.printing.conditions import CLOSE, ITEM, OPEN, condition, mark
from rulec.printing.dates import day_of
from rulec.printing.names import GLUE, Speech, UnsaidError
from rulec.printing.values import quoted, value
from rulec.runtime import types as t
from rulec.semantics import model

ANY = "-"
_SIGNS = {"lt": "<", "le": "≤", "ne": "≠", "ge": "≥", "gt": ">"}
_MEASURED = {
    "gt": ("plus de", "more than"), "ge": ("au moins", "at least"),
    "lt": ("moins de", "less than"), "le": ("jusqu'à", "up to"),
}  # fmt: skip
_DATED = {
    "gt": ("après", "after"), "lt": ("avant", "before"), "ge": ("à partir de", "from"), "le": ("jusqu'à", "until"),
}  # fmt: skip
_LISTS = frozenset(f"{OPEN}{ITEM}{CLOSE}")


def plain_cell(text: str) -> str:
    """A cell in its one line; what needs several has no cell."""
    if _LISTS & set(text):
        raise UnsaidError
    return text.replace(GLUE, " ")


def given(speech: Speech, said: model.Value) -> str:
    """The value that a decided cell gives."""
    if isinstance(said, model.Literal) and isinstance(said.type, t.YesNo):
        return speech.word("values", "yes" if said.value else "no")
    return plain_cell(bare(speech, said))


def bare(speech: Speech, said: model.Value) -> str:
    """A value without the article that a sentence gives it: « France », « 3 mars 2026 »."""
    match said:
        case model.Literal(held, t.Choice() as kind):
            return speech.label(kind, str(held))
        case model.Literal(_, t.Date()):
            return value(speech, said).removeprefix("le ")
        case _:
            return value(speech, said)


def test(speech: Speech, said: model.Condition) -> str:
    """A condition as the cell below its subject."""
    return plain_cell(_test(speech, said))


def about(said: model.Condition) -> model.Value:
    """What a condition speaks of; nothing that several values share."""
    match said:
        case model.Compare(_, item) | model.Between(item) | model.Among(item):
            return item
        case model.Holds(item) | model.IsGiven(item) | model.TextTest(_, item) | model.Calendar(_, item):
            return item
        case model.Not(item):
            return about(item)
        case model.All(items) | model.AnyOf(items) if len({about(item) for item in items}) == 1:
            return about(items[0])
        case _:
            raise UnsaidError


def _test(speech: Speech, said: model.Condition) -> str:
    match said:
        case model.Compare(operator, _, other):
            return _compared(speech, operator, other)
        case model.Between():
            return _between(speech, said)
        case model.Among(_, values):
            return _listed(speech, said, values)
        case model.Holds():
            return speech.word("values", "yes")
        case model.IsGiven(item):
            return _agreed(speech, "GIVEN", item)
        case model.TextTest():
            return _text(speech, said, negated=False)
        case model.Calendar(what, _):
            return day_of(speech, what)
        case model.Not(item):
            return _not(speech, item)
        case model.AnyOf(items) if all(isinstance(item, model.Compare | model.Between) for item in items):
            return f" {speech.word('structure', 'OR')} ".join(_test(speech, item) for item in items)
        case model.All(items) if all(isinstance(item, model.Compare) for item in items):
            return f" {speech.word('structure', 'AND')} ".join(_test(speech, item) for item in items)
        case model.All() | model.AnyOf() | model.Count() | model.Always():
            return _without(speech, said)
        case model.CountWhere() | model.ListHas() | model.Another():
            raise UnsaidError
        case _:
            assert_never(said)


def _without(speech: Speech, said: model.Condition) -> str:
    """The clause without the subject that leads it."""
    whole, subject = condition(speech, said), value(speech, about(said))
    if not whole.startswith(f"{subject} "):
        raise UnsaidError
    return whole.removeprefix(subject).strip()


def _compared(speech: Speech, operator: str, other: model.Value) -> str:
    if operator == "eq":
        return bare(speech, other)
    shown = value(speech, other)
    if operator == "ne" or not isinstance(other, model.Literal):
        return f"{_SIGNS[operator]} {shown}"
    dated = isinstance(other.type, t.Date | t.DateTime | t.Time)
    head = speech.choose(*(_DATED if dated else _MEASURED)[operator])
    if speech.french and head.endswith(" de"):
        return f"{head.removesuffix(' de')} {speech.of(shown)}" if dated else f"{head} {shown}"
    return f"jusqu'{speech.to(shown)}" if head == "jusqu'à" else f"{head} {shown}"


def _between(speech: Speech, said: model.Between) -> str:
    low, high = value(speech, said.low), value(speech, said.high)
    if said.low_included and said.high_included and not isinstance(said.item.type, t.Time) and not speech.explicit:
        return speech.choose(f"{speech.of(low)} {speech.to(high)}", f"from {low} to {high}")
    if said.low_included != said.high_included and not isinstance(said.item.type, t.Time | t.Date | t.DateTime):
        if said.low_included:
            return speech.choose(f"{speech.of(low)} à moins de {high}", f"from {low} to less than {high}")
        if speech.french:
            return f"de plus de {low} {speech.to(high)}"
    low, high = f"{low} {mark(speech, said.low_included)}", f"{high} {mark(speech, said.high_included)}"
    return f"{speech.word('structure', 'BETWEEN')} {low} {speech.word('structure', 'AND')} {high}"


def _listed(speech: Speech, said: model.Among, values: tuple[model.Literal, ...]) -> str:
    keys = tuple(str(each.value) for each in values)
    if isinstance(said.item, model.FactOf) and (whole := speech.named_set(said.item.path, keys)):
        return f"{speech.choose('parmi', 'one of')} {whole}"
    return ", ".join(bare(speech, each) for each in values)


def _not(speech: Speech, said: model.Condition) -> str:
    match said:
        case model.Holds():
            return speech.word("values", "no")
        case model.IsGiven(item):
            return _agreed(speech, "MISSING", item)
        case model.Among(_, values):
            return f"{speech.choose('sauf', 'not')} {_listed(speech, said, values)}"
        case model.Compare("eq", _, model.Literal() as other):
            return f"{speech.choose('pas', 'not')} {bare(speech, other)}"
        case model.TextTest():
            return _text(speech, said, negated=True)
        case _:
            return _without(speech, model.Not(said))


def _text(speech: Speech, said: model.TextTest, negated: bool) -> str:
    text = quoted(said.pattern, speech.french)
    exactly = f"{speech.word('structure', 'EXACTLY')} " if said.exact else ""
    if said.test == "equals":
        return f"{speech.choose('pas ', 'not ') if negated else ''}{exactly}{text}"
    return f"{speech.word('text_tests', f'not_{said.test}' if negated else said.test)} {exactly}{text}"


def _agreed(speech: Speech, table: str, item: model.Value) -> str:
    said = speech.word("tables", table)
    return speech.agreed(said, speech.name_of(item)).removesuffix("s") if speech.french else said
