"""A vocabulary in, its terms by the keys that may name them out: no reference looks at every term."""

from collections.abc import Iterable, Sequence
from dataclasses import field

from rulec.runtime import types as t
from rulec.runtime.plain import changing
from rulec.semantics import model
from rulec.semantics.naming import keys_of
from rulec.source import Language

Stems = tuple[str, ...]


@changing
class Index:
    """The terms of a vocabulary, in its order under each key."""

    vocabulary: model.Vocabulary
    language: Language
    facts: dict[str, list[int]] = field(default_factory=dict)  # a key of any link → numbers of facts
    paths: dict[str, model.FactTerm] = field(default_factory=dict)
    outcomes: dict[str, list[model.OutcomeTerm]] = field(default_factory=dict)
    actions: dict[str, list[model.ActionTerm]] = field(default_factory=dict)
    options: dict[str, list[tuple[model.FactTerm, t.Option]]] = field(default_factory=dict)
    entities: set[str] = field(default_factory=set)  # keys of what facts belong to
    lists: list[model.FactTerm | model.OutcomeTerm] = field(default_factory=list)
    alike: dict[Stems, list[model.FactTerm | model.OutcomeTerm]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for number, fact in enumerate(self.vocabulary.facts):
            self.paths.setdefault(fact.slot.path, fact)
            for key in frozenset[str]().union(*fact.chain):
                self.facts.setdefault(key, []).append(number)
            self.entities.update(*fact.chain[:-1])
            if isinstance(fact.slot.type, t.Choice):
                for option in fact.slot.type.options:
                    self.options.setdefault(option.key, []).append((fact, option))
            if isinstance(fact.slot.type, t.ListOf):
                self.lists.append(fact)
        self.lists += [outcome for outcome in self.vocabulary.outcomes if outcome.slot.each and outcome.of is None]
        for outcome in self.vocabulary.outcomes:
            for key in outcome.names:
                self.outcomes.setdefault(key, []).append(outcome)
        for action in self.vocabulary.actions:
            for key in action.names:
                self.actions.setdefault(key, []).append(action)
        if self.vocabulary.inferred:
            for fact in self.vocabulary.facts:
                self.alike.setdefault(self.stems(" ".join(fact.slot.names)), []).append(fact)
            for outcome in self.vocabulary.outcomes:
                self.alike.setdefault(self.stems(outcome.slot.name), []).append(outcome)

    def stems(self, name: str) -> Stems:
        """What names made of the same words share, whatever their order and form."""
        return tuple(sorted(keys_of(name, self.language)))

    def facts_of(self, terms: Sequence[frozenset[str]]) -> Iterable[model.FactTerm]:
        """The facts that some term may name, in the order of the vocabulary; without terms, all."""
        if not terms:
            return self.vocabulary.facts
        found = [sorted({n for key in keys for n in self.facts.get(key, ())}) for keys in terms]
        return (self.vocabulary.facts[number] for number in min(found, key=len))
