"""What undeclared names are used for in, the vocabulary that this implies out: each name with the one type it has."""

from collections.abc import Iterable
from dataclasses import field, replace

from rulec.diagnostics import Diagnostics, Fix
from rulec.runtime import types as t
from rulec.runtime.plain import changing
from rulec.runtime.units import convert_factor
from rulec.semantics import model
from rulec.semantics.declare import declarations
from rulec.semantics.naming import attribute_ways, key_of, verb_ways
from rulec.source import Source
from rulec.syntax.words import words
from rulec.tree import Span

Stems = tuple[str, ...]


@changing
class Use:
    """A name with what its uses say: `kind` None where none says a type; `options`, `alike` (as the type of those)."""

    name: str
    span: Span
    kind: t.Type | None = None
    told: Span | None = None
    options: dict[str, str] = field(default_factory=dict)
    alike: list[Stems] = field(default_factory=list)
    owner: str = ""
    verb: bool = False
    denied: bool = False  # « pas de remise »: what has a value that is none


def vocabulary_of(
    source: Source | None, facts: dict[Stems, Use], outcomes: dict[Stems, Use], actions: dict[Stems, Use],
    diagnostics: Diagnostics,
) -> model.Vocabulary:  # fmt: skip
    """The vocabulary of names by where they stand; of what no use tells the type, its declarations are asked (E219)."""
    if source is None:
        return model.Vocabulary(inferred=True)
    everything = {**facts, **outcomes}
    _report_verbs(everything.values(), source, diagnostics)
    kinds = {id(use): _settled(use, everything) for use in everything.values()}
    open_uses = [use for use in everything.values() if kinds[id(use)] is None]

    def made(assumed: t.Type) -> model.Vocabulary:
        typed = {number: kind or assumed for number, kind in kinds.items()}
        return _with_types(source, facts, outcomes, actions, typed)

    for use in open_uses:
        others = [t.Percentage()] if use.denied else [t.Text(), t.Date()]
        _ask_type(use, source, [made(kind) for kind in (t.Number(), t.Amount("EUR"), *others)], diagnostics)
    return made(t.Text())


def _report_verbs(uses: Iterable[Use], source: Source, diagnostics: Diagnostics) -> None:
    """« remise doit être »: what has a value is named, and not what it may or must do."""
    modal = set(words(source.language).tables["hints"]["modal"])
    for use in uses:
        verb = next((word for word in use.name.split() if word in modal), None)
        if verb is not None and not isinstance(use.kind, t.YesNo):
            diagnostics.add("E330", use.span, word=verb, term=use.name)


def _with_types(
    source: Source, facts: dict[Stems, Use], outcomes: dict[Stems, Use], actions: dict[Stems, Use],
    kinds: dict[int, t.Type],
) -> model.Vocabulary:  # fmt: skip
    spoken: list[model.Spoken] = []
    fact_terms, outcome_terms, action_terms = [], [], []
    for use in facts.values():
        kind, key = kinds[id(use)], key_of(use.name)
        owners = (use.owner,) if use.owner else ()
        slot = t.Slot(".".join((*map(key_of, owners), key)), kind, (*owners, use.name))
        chain = tuple(frozenset({key_of(name)}) for name in (*owners, use.name))
        fact_terms.append(model.FactTerm(slot, chain, verb=use.verb, span=use.span))
        spoken += [model.Spoken(name, key_of(name)) for name in owners]
        spoken += _verb(use, key, source) if use.verb else _spoken(use.name, key, kind, source, decided=False)
    for use in outcomes.values():
        kind, key = kinds[id(use)], key_of(use.name)
        outcome_terms.append(model.OutcomeTerm(t.OutcomeSlot(key, kind, use.name), frozenset({key}), span=use.span))
        spoken += _spoken(use.name, key, kind, source, decided=True)
    for use in actions.values():
        key = key_of(use.name)
        action_terms.append(model.ActionTerm(t.ActionSlot(key, use.name), frozenset({key}), span=use.span))
        spoken.append(model.Spoken(use.name, key, action=True))
    return model.Vocabulary(
        tuple(fact_terms), tuple(outcome_terms), tuple(action_terms), spoken=tuple(spoken), inferred=True
    )


def _verb(use: Use, key: str, source: Source) -> list[model.Spoken]:
    said = list(verb_ways(use.name, key, source.language))
    return [*said, model.Spoken(f"{use.owner} {use.name}", key)]


def _spoken(name: str, key: str, kind: t.Type, source: Source, *, decided: bool) -> list[model.Spoken]:
    said = [replace(way, decided=decided) for way in attribute_ways(name, key, kind, source.language, verb=False)]
    if isinstance(kind, t.Choice):
        said += [model.Spoken(option.label, option.key, option=True) for option in kind.options]
    return said


def _settled(use: Use, everything: dict[Stems, Use]) -> t.Type | None:
    """The type of a name: its own, or that of a name that it is compared with."""
    if use.options:
        return t.Choice(tuple(t.Option(key, label) for key, label in use.options.items()))
    if use.kind is not None:
        return use.kind
    alike = (everything.get(stems) for stems in use.alike)
    return next((other.kind for other in alike if other and other.kind is not None), None)


def _ask_type(use: Use, source: Source, readings: list[model.Vocabulary], diagnostics: Diagnostics) -> None:
    """Nothing tells the type: the declarations of each one that it may be."""
    start = Span(use.span.source, 0, 0)
    fixes = tuple(Fix(start, declarations(reading, source.language)) for reading in readings)
    diagnostics.add("E219", use.span, fixes=fixes, term=use.name)


def refines(kind: t.Type, other: t.Type) -> bool:
    """Whether a type says more than another that it agrees with: « HT » of an amount, whole of a number."""
    match kind, other:
        case t.Amount(one, _), t.Amount(two, ""):
            return one == two
        case t.Number(), t.Number(whole):
            return not whole or kind == other
        case t.Date() | t.DateTime(), t.Date():
            return True
        case t.Quantity(one), t.Quantity(two):
            return convert_factor(one, two) is not None
        case _:
            return kind == other
