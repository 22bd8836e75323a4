"""The parameters of a definition in, their types and their names within it out; and what its uses stand for."""

from collections.abc import Sequence
from dataclasses import replace

from rulec.diagnostics import Diagnostics, Related
from rulec.runtime import types as t
from rulec.semantics import model
from rulec.semantics.expressions import Expressions
from rulec.semantics.items import describe
from rulec.semantics.measures import comparable
from rulec.semantics.naming import key_of, ways
from rulec.semantics.scope import Named, Scope
from rulec.source import Source
from rulec.syntax import ast
from rulec.syntax.fold import fold
from rulec.syntax.heads import Head
from rulec.syntax.parameters import declared_items

PENDING = t.Record("")  # the type of a name whose definition is not read yet
_SAID = frozenset({"type", "measure", "type_name", "key"})


def with_parameters(
    vocabulary: model.Vocabulary, heads: Sequence[tuple[Source, Head]], diagnostics: Diagnostics
) -> model.Vocabulary:
    """The vocabulary with the new names that have parameters, and the names of these."""
    facts, spoken = vocabulary.facts, list(vocabulary.spoken)
    for source, head in heads:
        if head.parameters is None:
            continue
        key = head.key or key_of(head.name)
        named: tuple[Named, ...] = (*facts, *vocabulary.outcomes)
        known = next((each for each in named if _is_called(each, key, head.name)), None)
        if known is not None and not getattr(known, "parameters", ()):
            diagnostics.add("E384", head.span, term=head.name, related=(Related(known.span, "first"),))
        if known is None and (parameters := _parameters(head, source, facts, diagnostics)):
            slot = t.Slot(key, PENDING, (head.name,))
            facts = (*facts, model.FactTerm(slot, (frozenset({key}),), parameters=parameters, span=head.span))
            spoken.append(model.Spoken(head.name, key, parameters=len(parameters)))
            spoken += _said_within(key, parameters, source)
    return replace(vocabulary, facts=facts, spoken=tuple(spoken))


def _is_called(named: Named, key: str, name: str) -> bool:
    """Whether a fact or an outcome goes by a key or a name."""
    if isinstance(named, model.OutcomeTerm):
        return named.slot.key == key or fold(named.slot.name) == fold(name)
    return named.slot.path == key or fold(named.slot.names[-1]) == fold(name)


def _parameters(
    head: Head, source: Source, facts: Sequence[model.FactTerm], diagnostics: Diagnostics
) -> tuple[t.Slot, ...]:
    """The parameters of a definition, each under its own key; none where an error was reported."""
    assert head.parameters is not None
    slots: list[t.Slot] = []
    for item in declared_items(source, head.parameters.parts, diagnostics):
        kind = _kind(item, source, facts, diagnostics)
        key = next((mark.texts[0] for mark in item.marks if mark.kind == "key"), key_of(item.name))
        if kind is None:
            return ()
        if any(slot.path == key for slot in slots):
            diagnostics.add("E205", item.span, term=item.name)
            return ()
        slots.append(t.Slot(key, kind, (item.name,)))
    return tuple(slots)


def _kind(
    item: ast.Item, source: Source, facts: Sequence[model.FactTerm], diagnostics: Diagnostics
) -> t.Type | None:  # fmt: skip
    """The type of a parameter: one that is said, or « (pays) », that of a known fact."""
    named = next((fold(mark.texts[0]) for mark in item.marks if mark.kind == "type_name"), "")
    like = {fact.slot.type for fact in facts if fold(fact.slot.names[-1]) == named}
    before, kind = len(diagnostics), like.pop() if len(like) == 1 else None
    if kind is None:
        kind = describe(item, source, frozenset(), diagnostics).type
    if diagnostics.failed_since(before):
        return None
    if kind is None or isinstance(kind, t.ListOf) or not {mark.kind for mark in item.marks} <= _SAID:
        return diagnostics.add("E385", item.span, text=source.cut(item.span))
    return kind


def _key_within(path: str, slot: t.Slot) -> str:
    """What a parameter goes by among all names."""
    return f"{path}.{slot.path}"


def _said_within(path: str, slots: Sequence[t.Slot], source: Source) -> list[model.Spoken]:
    """The ways to say the parameters of a definition, and the values of lists that they may have."""
    said = [way for slot in slots for way in ways(slot.names[0], _key_within(path, slot), source.language)]
    kinds = [slot.type for slot in slots]
    options = [option for kind in kinds if isinstance(kind, t.Choice) for option in kind.options]
    return [*said, *(model.Spoken(option.label, option.key, option=True) for option in options)]


def scope_within(
    vocabulary: model.Vocabulary, term: model.FactTerm, source: Source, diagnostics: Diagnostics
) -> Scope:  # fmt: skip
    """The names of the parameters of a definition, found before all others."""
    path = term.slot.path
    facts = tuple(
        model.FactTerm(
            t.Slot("", slot.type, slot.names), (frozenset({_key_within(path, slot)}),),
            of=model.ItemOf(model.parameter_name(path, slot), slot.type),
        )
        for slot in term.parameters
    )  # fmt: skip
    inner = model.Vocabulary(facts, sets=vocabulary.sets)
    return Scope(inner, source, diagnostics, outer=Scope(vocabulary, source, diagnostics))


def called(expressions: Expressions, said: ast.Applied, wanted: t.Type | None) -> model.Called | None:
    """What is defined with parameters, for values of these."""
    if not isinstance(said.ref, ast.Ref) or len(said.ref.terms) > 1:
        return expressions.report("E208", said.ref.span)
    named = expressions.scope.applied(said.ref.terms[0])
    found = [fact for fact in named if wanted is None or comparable(fact.slot.type, wanted)]
    if not found:
        return expressions.report("E302", said.span, actual=expressions.said(named[0].slot.type))
    fact = found[0]
    if len(said.arguments) != len(fact.parameters):
        return report_bare(expressions, fact, said)
    read = [
        expressions.read(argument, slot.type)
        for argument, slot in zip(said.arguments, fact.parameters, strict=True)
    ]  # fmt: skip
    values = tuple(each for each in read if each is not None)
    if len(values) < len(read):
        return None
    return model.Called(fact.slot.path, values, fact.slot.type, span=said.span)


def report_bare(expressions: Expressions, fact: model.FactTerm, place: ast.Applied | ast.Ref) -> None:
    """Report a use without a value for each parameter."""
    for_, and_ = ("pour", "et") if expressions.scope.source.language == "fr" else ("for", "and")
    form = f"{fact.slot.names[-1]} {for_} {f' {and_} '.join(f'({slot.names[0]})' for slot in fact.parameters)}"
    expressions.report("E386", place.span, term=fact.slot.names[-1], form=form)
