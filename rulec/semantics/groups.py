"""Whom something is for, in one or several groups: « les professionnels et les revendeurs ont … »."""

import re
from collections.abc import Sequence, Set
from dataclasses import replace

from rulec.runtime.plain import Plain, plain
from rulec.semantics import model
from rulec.semantics.scope import Scope, keys
from rulec.source import Language, Source
from rulec.syntax import ast
from rulec.syntax.fold import fold
from rulec.tree import Span

Group = tuple[str, ast.Ref]  # the connective before it, "" for the first
Joined = tuple[str, ast.Element]

# What may follow a name without a verb: « en France », « sans code promo », « le lundi ».
_TRAILING = frozenset({"IN", "FOR", "ON", "OFF", "TO", "WHO", "WITH", "WITHOUT", "CALENDAR"})
_PLACE = re.compile(r"\s+((?:en|au|aux|à|in|at)\s+[A-ZÉÎ].*)$")
GIVING = frozenset({"HAS", "HAS_NOT", "GRANT"})


@plain
class Leading(Plain):
    """The groups that open a chain of effects, and the elements after them."""

    groups: list[Group]
    rest: list[Joined]


def joined_elements(chain: ast.Chain) -> list[Joined]:
    """The elements of a chain, each with the connective before it."""
    found: list[Joined] = []
    joined = ""
    for item in chain.items:
        if isinstance(item, ast.Connective):
            joined = item.kind
        else:
            found.append((joined, item))
    return found


def leading_groups(chain: ast.Chain) -> Leading:
    """« Les professionnels et les revendeurs ont … »: the names before the one that the verb follows."""
    elements = joined_elements(chain)
    giving = next((at for at, (_, element) in enumerate(elements) if _gives(element)), 0)
    found = [(joined, only_reference(element)) for joined, element in elements[:giving]]
    groups = [(joined, ref) for joined, ref in found if ref is not None]
    return Leading(groups, elements[giving:]) if len(groups) == len(found) else Leading([], elements)


def giving_at(predicates: Sequence[ast.Predicate]) -> int | None:
    """Where « ont » gives something: the second in « qui ont 3 commandes ont … », « dont la commande a … ont … »."""
    told = [at for at, each in enumerate(predicates) if each.marker in GIVING]
    for at in told:
        before = predicates[at - 1] if at and predicates[at - 1].marker == "WHO" else None
        if before is None or (before.phrase is not None and at == told[-1]):
            return at
    return None


def only_reference(element: ast.Element) -> ast.Ref | None:
    """The reference of an element that is nothing else."""
    if not isinstance(element, ast.Clause) or element.predicates or element.subject is None or element.subject.detail:
        return None
    return element.subject.operand if isinstance(element.subject.operand, ast.Ref) else None


def only_value(element: ast.Element | ast.Connective) -> ast.Value | None:
    """The literal of an element that is nothing else."""
    if not isinstance(element, ast.Clause) or element.predicates or element.subject is None or element.subject.detail:
        return None
    return element.subject.operand if isinstance(element.subject.operand, ast.Value) else None


def _gives(element: ast.Element) -> bool:
    subject = element.subject if isinstance(element, ast.Clause) else None
    named = subject is not None and isinstance(subject.operand, ast.Ref)
    return isinstance(element, ast.Clause) and named and any(each.marker in GIVING for each in element.predicates)


def union(conditions: Sequence[model.Condition], groups: Sequence[Group], source: Source) -> model.Condition | None:
    """Those of one group or another; « fidèles et actifs », two words of one group, are both at once.

    None where « et » may mean either: the groups are no values of one list.
    """
    first = conditions[0]
    if len(conditions) == 1:
        return first
    span = first.span.to(conditions[-1].span)
    among = [each for each in conditions if isinstance(each, model.Among)]
    if isinstance(first, model.Among) and len(among) == len(conditions):
        if all(each.item == first.item for each in among):
            return model.Among(first.item, tuple(value for each in among for value in each.values), span=span)
    joins = {joined for joined, _ in groups[1:]}
    if joins <= {"OR", "COMMA", "COMMA_OR"} and joins & {"OR", "COMMA_OR"}:
        return model.AnyOf(tuple(conditions), span=span)
    refs = [ref for _, ref in groups]
    both = joins == {"AND"} and one_group(conditions, refs, source)
    return model.All(tuple(conditions), span=span) if both else None


def one_group(conditions: Sequence[model.Condition], refs: Sequence[ast.Ref], source: Source) -> bool:
    """Whether names joined by « et » tell two things of one group: « les clients fidèles et actifs »."""
    if source.language == "en":
        return _of_one_noun(conditions, refs, source)
    return not any(own_group(ref, source.language) for ref in refs[1:])


def _of_one_noun(conditions: Sequence[model.Condition], refs: Sequence[ast.Ref], source: Source) -> bool:
    """ "loyal and active customers": words that say yes or no of one noun, which only the last has."""
    *others, last = (len(ref.terms) for ref in refs)
    adjectives = not any(source.cut(term.span).endswith("s") for ref in refs[:-1] for term in ref.terms)
    told = all(isinstance(each, model.Holds) for each in conditions)
    return told and adjectives and last > 1 and set(others) == {1}


def shared_word(one: str, other: str, join: str, language: Language) -> list[str]:
    """« clients et fournisseurs fidèles »: is it said of both, or of the last? Each reading; none where it is clear.

    In English what is said comes first: "loyal customers and suppliers".
    """
    alone, described = one.split(), other.split()
    if language == "en":
        alone, described = described, alone[::-1]
    if len(alone) != 1 or len(described) != 2 or not all(word.endswith(("s", "x")) for word in (*alone, described[0])):
        return []
    (name,), (noun, said) = alone, described
    if language == "en":
        again = said[:1].lower() + said[1:]
        return [f"{said} {noun} {join} {again} {name}", f"{name} {join} {again} {noun}"]
    return [f"{name} {said} {join} {noun} {said}", f"{noun} {said} {join} {name}"] if said.endswith(("s", "x")) else []


def own_group(ref: ast.Ref, language: Language) -> bool:
    """Whether a reference names a group of its own: in French its article says so, in English nothing does."""
    first = min(ref.terms, key=lambda term: term.span.start)
    return language == "en" or first.entry.article or len(ref.terms) > 1


def own_noun(ref: ast.Ref, entities: Set[str]) -> bool:
    """Whether a reference says what it is about: « client professionnel », not « professionnel »."""
    return any(keys(term) & entities for term in ref.terms)


def with_tail(element: ast.Element, scope: Scope) -> tuple[ast.Ref | None, Span | None]:
    """« professionnel en France »: a name, and the place of what is said after it without a verb."""
    if not isinstance(element, ast.Clause):
        return None, None
    if scope.vocabulary.inferred and (name := _last_name(element)) is not None:
        return _place_of(name, scope.source)
    subject, heads = element.subject, element.predicates
    ref = subject.operand if subject and not subject.detail else None
    if not isinstance(ref, ast.Ref) or not heads or heads[0].marker not in _TRAILING:
        return None, None
    return ref, heads[0].span.to(heads[-1].span)


def _last_name(element: ast.Clause) -> ast.Ref | None:
    """The name that « professionnel en France » is without vocabulary, « en France » within it."""
    alone = element.subject if not element.predicates else None
    said = element.predicates[0] if len(element.predicates) == 1 and element.predicates[0].marker == "IS" else None
    phrase = alone or (said.phrase if said else None)
    return phrase.operand if phrase and not phrase.detail and isinstance(phrase.operand, ast.Ref) else None


def _place_of(ref: ast.Ref, source: Source) -> tuple[ast.Ref | None, Span | None]:
    found = _PLACE.search(source.cut(ref.span))
    if found is None:
        return None, None
    start = ref.span.start + found.start(1)
    name = replace(ref, span=Span(source.number, ref.span.start, ref.span.start + found.start()))
    return name, Span(source.number, start, ref.span.end)


def one_noun(names: Sequence[str], language: Language) -> bool:
    """Whether names repeat one noun: « client fidèle », « client professionnel »."""
    return len({fold(name.split()[-1 if language == "en" else 0]) for name in names}) == 1
