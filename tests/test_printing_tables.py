"""A table printed and read again is the same table, in both languages, whatever its cells hold."""

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from models import about, literals
from test_pairs import ENDINGS
from test_printing import declared

from rulec.diagnostics import Diagnostics
from rulec.files import open_source
from rulec.formatting import reads_of
from rulec.plan.conditions import condition_of
from rulec.printing import cells
from rulec.printing.grids import RULED, Grid, aligned
from rulec.printing.names import Speech
from rulec.printing.tables import drawn_table
from rulec.runtime import types as t
from rulec.runtime.tables import NONE
from rulec.semantics import model
from rulec.semantics.rules import Rules
from rulec.semantics.tables import read_table
from rulec.source import LANGUAGES, Language
from rulec.syntax.parse import Drawn

EXAMPLES = int(os.environ.get("RULEC_EXAMPLES", "60"))
FRENCH, ENGLISH = declared("fr").vocabulary, declared("en").vocabulary
POLICIES = ("any", "unique", "first")


@st.composite
def tables(draw: st.DrawFn) -> model.Table:
    """A table over the shared declarations: one to three inputs, one or two outcomes, a default row or none."""
    facts = draw(st.lists(st.sampled_from(FRENCH.facts), min_size=1, max_size=3, unique=True))
    outcomes = draw(st.lists(st.sampled_from(FRENCH.outcomes), min_size=1, max_size=2, unique=True))
    count, default = draw(st.integers(1, 4)), draw(st.booleans())
    columns = []
    for fact in facts:
        subject = model.FactOf(fact.slot.path, fact.slot.type)
        tests = draw(st.lists(_spoken_of(subject), min_size=1, max_size=3, unique=True))
        tests = [draw(st.sampled_from(_ways(each))) for each in tests]
        columns.append(model.Column("", tuple(tests), _cells(draw, len(tests), count)))
    decides = []
    for outcome in outcomes:
        values = draw(st.lists(_values(outcome.slot), min_size=1, max_size=3, unique=True))
        last = draw(st.integers(0, len(values) - 1)) if default else NONE
        decides.append(model.Decides(outcome.slot.key, tuple(values), _cells(draw, len(values), count), last))
    policy = model.Policy(draw(st.sampled_from(POLICIES)))
    because = draw(st.sampled_from(["", "tarif 2026", "a || b"]))
    return model.Table(
        "Port", "Port", "x", 1, tuple(columns), tuple(decides), "x", tuple(range(count + default)), policy,
        default, because=because,
    )  # fmt: skip


def _spoken_of(subject: model.FactOf) -> st.SearchStrategy[model.Condition]:
    """Conditions that a cell under its name can say."""
    return about(subject).filter(lambda said: cells.about(said) == subject)


def _ways(said: model.Condition) -> list[model.Condition]:
    """A condition, and its contrary where a cell says it."""
    ordered = isinstance(said, model.Between) or (isinstance(said, model.Compare) and said.operator != "eq")
    return [said] if ordered else [said, model.Not(said)]


def _cells(draw: st.DrawFn, size: int, count: int) -> tuple[int, ...]:
    """Every test or value in some row; NONE for « - »."""
    return tuple(draw(st.sampled_from([NONE, *range(size)])) for _ in range(count))


def _values(slot: t.OutcomeSlot) -> st.SearchStrategy[model.Literal]:
    match slot.type:
        case t.YesNo():
            return st.booleans().map(lambda yes: model.Literal(yes, t.YesNo()))
        case t.Choice(options):
            return st.sampled_from([model.Literal(option.key, slot.type) for option in options])
        case kind:
            return literals(kind)


def read_back(text: str, language: Language) -> model.Table:
    found = Diagnostics()
    of = declared(language)
    source = open_source(0, f"x.{ENDINGS[language]}", text, language, found)
    drawn = [read.statement for read in reads_of(source, of) if isinstance(read.statement, Drawn)]
    read = [each for one in drawn for each in read_table(Rules(of.vocabulary, source, found), one, 0)]
    assert not [each.code for each in found if each.code.startswith("E")], text
    return read[0]


def meant(table: model.Table) -> object:
    """What each cell of a table means, in its place."""
    columns = [
        [None if at == NONE else condition_of(column.tests[at]) for at in column.cells] for column in table.columns
    ]
    decides = [
        (each.outcome, [None if at == NONE else _held(each.values[at]) for at in (*each.cells, each.default)])
        for each in table.decides
    ]
    return columns, decides, table.policy, table.because, table.title


def _held(value: model.Value) -> object:
    return value.value if isinstance(value, model.Literal) else value


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=EXAMPLES, deadline=None)
@given(table=tables())
def test_a_table_that_is_printed_reads_as_the_same_table(language: Language, table: model.Table) -> None:
    of = {"fr": FRENCH, "en": ENGLISH}[language]
    text = "\n".join(drawn_table(Speech(language, of), table)) + "\n"
    assert meant(read_back(text, language)) == meant(table), text


def test_bars_stand_below_each_other_whatever_the_characters() -> None:
    rows = (("pays", "clé"), (RULED, RULED), ("日本", "cle\u0301"), ("France", "-"))
    assert aligned(Grid(rows, 1)) == [
        "| pays   || clé |", "|--------||-----|", "| 日本   || cle\u0301 |", "| France || -   |",
    ]  # fmt: skip
