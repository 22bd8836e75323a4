"""A definition as meant in, its sentence out: « Un client est assidu si … », « Le seuil vaut 3 »."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from rulec.printing.conditions import condition
from rulec.printing.declarations import capital
from rulec.printing.layout import lines_of, only_line
from rulec.printing.names import GLUE, Speech, UnsaidError, elides
from rulec.printing.periods import since
from rulec.printing.rules import ends
from rulec.printing.values import applied, literal, part
from rulec.runtime import types as t
from rulec.semantics import model
from rulec.semantics.declare import said as type_said
from rulec.semantics.element_terms import INSIDE


def definition(speech: Speech, said: model.Definition, form: str, key: str) -> list[str]:
    """The lines of a definition. `form`: as in `Head`; `key`: in brackets, "" none."""
    parts = list(_parts(speech, said, form, key))
    if only_line(whole := "".join(parts)):
        return lines_of(whole, 0)
    first, *rest = (f"{part}," if after.startswith(",") else part for part, after in pairwise([*parts, ""]))
    return [*lines_of(first, 0), *(line for part in rest for line in lines_of(part.removeprefix(",").strip(), 2))]


def _parts(speech: Speech, said: model.Definition, form: str, key: str) -> Iterator[str]:
    *owners, own = _names(speech, said.slot.path)
    shown = f"{own}{GLUE}[{key}]" if key else own
    if said.parameters:
        shown = f"{shown} {applied(speech, [_parameter(speech, said, slot) for slot in said.parameters])}"
    branches = said.rule.branches
    if form in ("trait", "concept"):
        if len(branches) > 1 or not owners:
            raise UnsaidError
        yield f"{capital(indefinite(speech, owners[-1]))} {speech.is_(owners[-1])} {shown}"
        yield f" {speech.word('structure', 'IF')} {condition(speech, branches[0].condition)}"
    else:
        yield from _valued(speech, _subject(speech, form, shown, own, owners), own, branches)
    yield from (f" {end}" for end in ends(speech, said.rule.unless, said.rule.because))


def _parameter(speech: Speech, said: model.Definition, slot: t.Slot) -> str:
    """« une distance (en km) [distance] », which is spoken of from now on."""
    speech.bound[said.parameter(slot)] = model.Elements(frozenset(), ()), slot.names[0]
    return f"{indefinite(speech, slot.names[0])} ({_typed(speech, slot.type)}){GLUE}[{slot.path}]"


def _typed(speech: Speech, kind: t.Type) -> str:
    """A type as it is declared; of a value of a list, the name of what has such values."""
    like = (fact.slot.names[-1] for fact in speech.facts.values() if fact.slot.type == kind)
    return next(like, "") if isinstance(kind, t.Choice) else type_said(kind, speech.language)


def _names(speech: Speech, path: str) -> tuple[str, ...]:
    """What a term is called, after what it belongs to; of an element, which is spoken of from now on."""
    if INSIDE not in path:
        return speech.facts[path].slot.names
    listed = path.rpartition(INSIDE)[0]
    if listed not in speech.facts:
        raise UnsaidError
    element = speech.enter(listed, model.FactOf(listed, speech.facts[listed].slot.type))
    return speech.bound[listed][1], *element[path].slot.names


def _subject(speech: Speech, form: str, shown: str, own: str, owners: list[str]) -> str:
    """« Constante : le seuil [threshold] », « Le prix public d'une commande »."""
    named = speech.noun(own).removesuffix(own) + shown
    if form == "constant":
        return f"{capital(speech.word('structure', 'CONSTANT'))}{speech.choose(f'{GLUE}:', ':')} {named}"
    named = named if named == shown else capital(named)  # a name alone is not given the capital of a sentence
    if owners and form == "attribute":
        return f"{named} {speech.of(indefinite(speech, owners[-1]))}"
    return named


def _valued(speech: Speech, subject: str, own: str, branches: tuple[model.Branch, ...]) -> Iterator[str]:
    """« vaut 2 € si …, 3 € si …, sinon 4 € »."""
    is_ = speech.verb(own, "vaut", "valent") if speech.french else speech.is_(own)
    if_ = speech.word("structure", "IF")
    if lasting := _lasting(speech, branches):
        yield f"{subject} {is_} {lasting}"
        return
    for number, branch in enumerate(branches):
        (given,) = branch.effects
        if not isinstance(given, model.Give):
            raise UnsaidError
        shown = _value(speech, given.value)
        always = isinstance(branch.condition, model.Always)
        case = "" if always else f" {if_} {condition(speech, branch.condition)}"
        if number == 0:
            yield f"{subject} {is_} {shown}{case}"
        elif always:
            yield f", {speech.word('structure', 'ELSE')} {shown}"
        else:
            yield f", {shown}{case}"


def _lasting(speech: Speech, branches: tuple[model.Branch, ...]) -> str:
    """« 11 € à partir du 1er mars 2024, 12 € à partir du 1er mars 2025 »; "" where something else counts."""
    said = []
    for branch in reversed(branches):
        match branch:
            case model.Branch(model.Compare("ge", model.Today(), model.Literal(day)), (model.Give(_, given),)) if (
                isinstance(given, model.Literal)
            ):
                said.append(f"{_value(speech, given)} {since(speech, 'ge', literal(speech, day, t.Date()))}")
            case _:
                return ""
    return ", ".join(said)


def _value(speech: Speech, said: model.Value) -> str:
    """A value; an amount says whether it is HT or TTC, which nothing else tells."""
    if isinstance(said, model.Literal):
        return literal(replace(speech, explicit=True), said.value, said.type)
    return part(speech, said)


def indefinite(speech: Speech, name: str) -> str:
    """« une commande » | "an order"."""
    if speech.french:
        return f"{'une' if speech.agreement(name).gender == 'f' else 'un'} {name}"
    return f"{'an' if elides(name) and name[:1] not in 'hu' else 'a'} {name}"
