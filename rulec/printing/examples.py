"""An example as meant in, its lines out: what is given as clauses, then what is expected."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import assert_never

from rulec.printing.cells import given as value_cell
from rulec.printing.conditions import condition
from rulec.printing.declarations import capital
from rulec.printing.effects import effect
from rulec.printing.grids import Grid, aligned
from rulec.printing.histories import history
from rulec.printing.layout import lines_of
from rulec.printing.names import GLUE, Speech, UnsaidError
from rulec.printing.values import quoted, value
from rulec.runtime import types as t
from rulec.semantics import model
from rulec.syntax.words import words

INDENT = 2
_SAID_OF = t.YesNo | t.Choice | t.Text | t.ListOf | t.Record  # what a clause alone gives
STATUSES = {
    "conflict": "CONFLICTING", "error": "FAILING", "not_applicable": "INAPPLICABLE", "undetermined": "UNDECIDED",
    "in_doubt": "DOUBTFUL",
}  # fmt: skip


def example(speech: Speech, said: model.Example) -> list[str]:
    """The lines of an example that stands alone."""
    speech = replace(speech, brief=True)
    head = capital(speech.word("examples", "EXAMPLE"))
    lines = lines_of(opening(speech, head, said.title), 0)
    if said.history:
        lines += history(speech, said.history, partial(_known, speech), INDENT)
    lists = [each for each in said.supposed if isinstance(each.value, model.Rows)]
    given = supposed(speech, replace(said, supposed=tuple(each for each in said.supposed if each not in lists)))
    for number, each in enumerate(lists):
        opened = speech.word("structure", "AND") if given or number else speech.word("examples", "ASSUMING")
        given = f"{given} {opened} {_all_of(speech, each.path)}{speech.choose(f'{GLUE}:', ':')}".strip()
        lines += [*lines_of(given, INDENT), *elements(speech, each)]
        given = ""
    if given:
        lines += lines_of(given, INDENT)
    return [*lines, *lines_of(f"{speech.word('examples', 'THEN')} {expectations(speech, said.expected)}", INDENT)]


def opening(speech: Speech, head: str, title: str) -> str:
    """« Exemple « au-dessus du seuil » : »."""
    shown = f"{GLUE}{quoted(title, speech.french)}" if title else ""
    return f"{head}{shown}{speech.choose(f'{GLUE}:', ':')}"


# ---- given


def elements(speech: Speech, said: model.Supposed) -> list[str]:
    """The lines of a table of elements, one a row, a column for each attribute that any of them has."""
    assert isinstance(said.value, model.Rows)
    record = t.record_of(speech.facts[said.path].slot.type)
    assert record is not None
    given = [{each.path: each.value for each in row} for row in said.value.rows]
    slots = [slot for slot in record.attributes if any(slot.path in row for row in given)] or record.attributes[:1]
    heads = tuple(slot.names[-1] for slot in slots)
    rows = [tuple(_held(speech, row, slot.path) for slot in slots) for row in given]
    return [f"{' ' * (INDENT + 2)}{line}" for line in aligned(Grid((heads, *rows), len(heads)))]


def _held(speech: Speech, row: Mapping[str, model.Value | model.Rows | None], path: str) -> str:
    """A cell of a table of elements."""
    value = row.get(path)
    if isinstance(value, model.Rows):
        raise UnsaidError
    if value is None:
        return speech.choose("manque", "missing") if path in row else "-"
    return value_cell(speech, value)


def _all_of(speech: Speech, path: str) -> str:
    """« les lignes » | "the lines"."""
    return f"{speech.choose('les', 'the')} {speech.facts[path].slot.names[-1]}"


def supposed(speech: Speech, said: model.Example) -> str:
    """« étant donné, le 3 mars 2026, un poids de 5 kg et le client est fidèle »; "" for nothing."""
    facts = _facts(speech, said.supposed)
    assuming = speech.word("examples", "ASSUMING")
    if said.at is None:
        clause = bool(facts) and facts[0] == condition(speech, fixed(speech, said.supposed[0]))
        that = speech.choose(" que", " that") if clause else ""
        return f"{assuming}{that} {_joined(speech, facts)}" if facts else ""
    day = dated(speech, said.at)
    return f"{assuming}, {day}, {_joined(speech, facts)}" if facts else f"{assuming} {day}"


def _facts(speech: Speech, said: Sequence[model.Supposed]) -> list[str]:
    return [_fact(speech, each) for each in said]


def _known(speech: Speech, said: Sequence[model.Supposed]) -> str:
    return _joined(speech, _facts(speech, said))


def _fact(speech: Speech, said: model.Supposed) -> str:
    """« un poids de 5 kg »; what is no measure, as a clause."""
    if isinstance(said.value, model.Literal) and said.value.value is t.IN_DOUBT:
        return f"{_doubtful(speech, said.path)} {speech.word('supposed', 'DOUBTFUL')}"
    name, kind = speech.facts[said.path].slot.names[-1], speech.facts[said.path].slot.type
    agreement = speech.agreement(name)
    clause = isinstance(kind, t.YesNo | t.Choice | t.Text | t.ListOf | t.Record) or not isinstance(
        said.value, model.Literal
    )
    if clause or agreement.plural or (speech.french and not agreement.gender) or not speech.alone(name):
        return condition(speech, fixed(speech, said))
    assert isinstance(said.value, model.Literal)
    shown = value(speech, said.value)
    if speech.french:
        return f"{'une' if agreement.gender == 'f' else 'un'} {name} {speech.of(shown)}"
    return f"{'an' if name[:1].lower() in 'aeio' else 'a'} {name} of {shown}"


def fixed(speech: Speech, said: model.Supposed) -> model.Condition:
    """The condition that gives a fact its value."""
    item = fact_of(speech, said.path)
    match said.value:
        case None:
            return model.Not(model.IsGiven(item))
        case model.Literal(held, t.YesNo()):
            return model.Holds(item) if held else model.Not(model.Holds(item))
        case model.Literal(held, t.Text()):
            return model.TextTest("equals", item, str(held))
        case model.Literal(_, t.Choice()) as literal:
            return model.Among(item, (literal,))
        case model.Rows():
            raise UnsaidError  # said as a table
        case other:
            return model.Compare("eq", item, other)


def _doubtful(speech: Speech, path: str) -> str:
    """What is judged, named as a thing: « le client mécontent », "the unhappy customer"."""
    fact = speech.facts[path]
    if not fact.trait:
        return speech.fact(path)
    *owners, own = fact.slot.names
    return f"{speech.owner(path)} {own}" if speech.french else f"the {own} {owners[-1]}"


def fact_of(speech: Speech, path: str) -> model.FactOf:
    """A fact; what is judged seems to be."""
    slot = speech.facts[path].slot
    return model.FactOf(path, slot.type, judged=slot.judged, seems=slot.judged)


def dated(speech: Speech, day: model.Value) -> str:
    """« le 3 mars 2026 » | "on 3 March 2026"."""
    if not isinstance(day, model.Literal):
        raise UnsaidError
    return speech.choose("", "on ") + value(speech, day)


def _joined(speech: Speech, said: Sequence[str]) -> str:
    *most, last = said
    return f"{', '.join(most)} {speech.word('structure', 'AND')} {last}" if most else last


# ---- expected


def expectations(speech: Speech, said: Sequence[model.Expected]) -> str:
    """What is expected, one after the other."""
    return _joined(speech, [expected(speech, each) for each in said])


def expected(speech: Speech, said: model.Expected) -> str:
    """One value, status or action that is expected, one that is not, a fact that is missing."""
    match said:
        case model.ExpectValue(outcome, values):
            each = [effect(speech, model.Give(outcome, one)) for one in values]
            return f" {speech.word('structure', 'AND')} ".join(each)
        case model.ExpectNothing(outcome):
            return effect(speech, model.Forbid(outcome))
        case model.ExpectStatus(key, status):
            return _status(speech, key, status)
        case model.ExpectMissing(path):
            return speech.choose(f"il manque {speech.fact(path)}", f"{speech.fact(path)} is missing")
        case model.ExpectAction(action, parameters):
            return effect(speech, model.Do(action, parameters))
        case model.ExpectNoAction(""):
            return speech.word("expected", "NO_ACTION")
        case model.ExpectNoAction(action):
            return f"{speech.choose('ne pas', 'not')} {speech.actions[action].slot.name}"
        case _:
            assert_never(said)


def _status(speech: Speech, key: str, status: str) -> str:
    ways = words(speech.language).tables["expected"][STATUSES[status]]
    if key in speech.actions:
        return f"{speech.actions[key].slot.name} {ways[0]}"
    plural = status != "undetermined" and speech.agreement(speech.outcomes[key].slot.name).plural
    return f"{speech.outcome(key)} {ways[1 if plural else 0]}"
