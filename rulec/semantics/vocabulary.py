"""Declarations in, the vocabulary out: what is known, decided and possible, and all the ways to say it."""

from collections.abc import Iterator, Sequence
from dataclasses import field, replace

from rulec.diagnostics import Diagnostics, Related
from rulec.runtime import types as t
from rulec.runtime.plain import changing
from rulec.semantics import measures, model
from rulec.semantics.articles import articles_of
from rulec.semantics.happenings import check_alike, happening
from rulec.semantics.items import Described, bounds_of, default_of, describe
from rulec.semantics.naming import action_ways, attribute_ways, key_of, ways
from rulec.semantics.stray_marks import report_stray
from rulec.source import Source
from rulec.syntax import ast
from rulec.syntax.fold import fold
from rulec.syntax.words import words
from rulec.tree import Span

MAX_DEPTH = 8  # entities that lead to entities


@changing
class _Attribute:
    it: Described
    form: str
    span: Span
    judged: bool = False


@changing
class _Entity:
    name: str
    key: str
    span: Span
    parent: str = ""
    attributes: list[_Attribute] = field(default_factory=list)


@changing
class _Owned:
    """The facts of the whole, or of an element of a list, and the kinds of entity among them."""

    facts: list[model.FactTerm] = field(default_factory=list)
    subtypes: list[model.Subtype] = field(default_factory=list)


@changing
class _Making:
    """The vocabulary while its declarations are read."""

    diagnostics: Diagnostics
    entities: dict[str, _Entity] = field(default_factory=dict)  # by folded name
    known: list[_Attribute] = field(default_factory=list)
    owned: "_Owned" = field(default_factory=lambda: _Owned())
    outcomes: list[model.OutcomeTerm] = field(default_factory=list)
    actions: list[model.ActionTerm] = field(default_factory=list)
    sets: list[model.SetTerm] = field(default_factory=list)
    spoken: dict[tuple[str, str, bool], model.Spoken] = field(default_factory=dict)
    events: list[model.EventTerm] = field(default_factory=list)

    links: dict[str, list[str]] = field(default_factory=dict)  # a key → the names under it

    def link(self, name: str, key: str) -> str:
        """What tells a name from the others: its key, unless another name bears that key already."""
        names = self.links.setdefault(key, [])
        if fold(name) not in names:
            names.append(fold(name))
        number = names.index(fold(name))
        return f"{key}~{number}" if number else key

    def say(self, spoken: model.Spoken) -> None:
        self.spoken.setdefault((fold(spoken.words), spoken.key, spoken.negated), spoken)


def declare(
    declared: list[tuple[Source, ast.Declaration | ast.NamedSet]], diagnostics: Diagnostics
) -> model.Vocabulary:
    """The vocabulary of all the declarations of a rule set, in the order of the text."""
    making = _Making(diagnostics)
    for source, each in declared:
        if isinstance(each, ast.Declaration) and each.kind in ("entity", "subtype"):
            _open_entity(making, source, each)
    for source, each in declared:
        if isinstance(each, ast.Declaration):
            _READ[each.kind](making, source, each)
    for source, root in _roots(making, declared):
        _expand(making, source, root, making.owned, (), (), (), 0)
    for attribute in making.known:
        _fact(making, _source_of(declared, attribute.span), attribute, making.owned, (), (), ())
    for source, each in declared:
        if isinstance(each, ast.NamedSet):
            _named_set(making, source, each)
    _check_twice(making)
    if making.events:
        check_alike(making.events, diagnostics)
    making.outcomes = [_of_list(making, outcome) for outcome in making.outcomes]
    return model.Vocabulary(
        tuple(making.owned.facts), tuple(making.outcomes), tuple(making.actions), tuple(making.sets),
        tuple(making.owned.subtypes), tuple(making.spoken.values()), articles=articles_of(declared),
        events=tuple(making.events),
    )  # fmt: skip


def _source_of(declared: list[tuple[Source, ast.Declaration | ast.NamedSet]], span: Span) -> Source:
    """The source in which a place lies."""
    return next(source for source, _ in declared if source.number == span.source)


def _open_entity(making: _Making, source: Source, each: ast.Declaration) -> None:
    known = making.entities.get(fold(each.name))
    if known is not None:
        making.diagnostics.add("E205", each.span, term=each.name, related=(Related(known.span, "first"),))
        return
    making.entities[fold(each.name)] = _Entity(each.name, each.key or key_of(each.name), each.span, fold(each.parent))


def _entity(making: _Making, source: Source, each: ast.Declaration) -> None:
    entity = making.entities[fold(each.name)]
    if each.parent and fold(each.parent) not in making.entities:
        making.diagnostics.add("E206", each.span, term=each.parent)
    for way in ways(entity.name, entity.key, source.language):
        making.say(way)
    for attribute in _attributes(making, source, each):
        twin = next((a for a in entity.attributes if fold(a.it.name) == fold(attribute.it.name)), None)
        if twin:
            related = (Related(twin.span, "first"),)
            making.diagnostics.add("E205", attribute.span, term=attribute.it.name, related=related)
            continue
        entity.attributes.append(attribute)


def _attributes(making: _Making, source: Source, each: ast.Declaration) -> list[_Attribute]:
    entities = frozenset(making.entities)
    found = []
    for item in each.items:
        if _is_verb(item, each, source):
            item = replace(item, form="verb")
        report_stray(item, each.kind, source, making.diagnostics)
        it = describe(item, source, entities, making.diagnostics)
        if it.type is None and not it.entity and each.kind != "possible":
            making.diagnostics.add("E211", item.span, term=item.name)
            it.type = t.Text()
        found.append(_Attribute(it, item.form, item.span))
    return found


def _is_verb(item: ast.Item, each: ast.Declaration, source: Source) -> bool:
    """In English, a line without article or type is what the thing does: "pays by card"."""
    if source.language != "en" or each.kind not in ("entity", "subtype") or item.form != "named" or item.marks:
        return False
    before = source.text[: item.span.start].rpartition("\n")[2]
    return not any(char.isalpha() for char in before) and " " in item.name


def _known(making: _Making, source: Source, each: ast.Declaration) -> None:
    making.known.extend(_attributes(making, source, each))


def _judged(making: _Making, source: Source, each: ast.Declaration) -> None:
    """What a judgement tells: of an entity, or on its own."""
    judged = [replace(attribute, judged=True) for attribute in _attributes(making, source, each)]
    entity = making.entities.get(fold(each.name))
    if not each.name:
        making.known.extend(judged)
    elif entity is None:
        making.diagnostics.add("E499", each.span, term=each.name)
    else:
        entity.attributes.extend(judged)


def _decided(making: _Making, source: Source, each: ast.Declaration) -> None:
    for attribute in _attributes(making, source, each):
        it, kind = attribute.it, attribute.it.type or t.Text()
        if it.combine == "collect_distinct":
            it.combine, distinct = "collect", True
        else:
            distinct = False
        _check_combine(making, it, kind, attribute.span)
        order = _order(making, it, kind, attribute.span)
        slot = t.OutcomeSlot(
            it.key, kind, it.name, it.combine or "any", default_of(it, kind, making.diagnostics), order, distinct,
            bounds_of(it, kind, making.diagnostics), each.each, it.optional,
        )  # fmt: skip
        link = making.link(it.name, it.key)
        making.outcomes.append(model.OutcomeTerm(slot, frozenset({link}), span=attribute.span))
        for name in (it.name, *it.synonyms):
            verb = attribute.form == "verb"
            for way in attribute_ways(name, link, kind, source.language, verb=verb, decided=True):
                making.say(replace(way, decided=True))
        _say_options(making, it)


def _of_list(making: _Making, outcome: model.OutcomeTerm) -> model.OutcomeTerm:
    """An outcome of each element, with the path of the list of these."""
    if not outcome.slot.each:
        return outcome
    entity = making.entities.get(fold(outcome.slot.each))
    keys = {entity.key if entity else key_of(outcome.slot.each)}
    lists = [each for each in making.owned.facts if each.elements and each.elements.names & keys]
    if len(lists) != 1:
        making.diagnostics.add("E372", outcome.span, text=outcome.slot.each)
        return replace(outcome, slot=replace(outcome.slot, each=""))
    return replace(outcome, slot=replace(outcome.slot, each=lists[0].slot.path))


def _check_combine(making: _Making, it: Described, kind: t.Type, span: Span) -> None:
    fits = {
        "max": measures.ordered(kind), "min": measures.ordered(kind), "sum": measures.additive(kind),
        "compound": isinstance(kind, t.Percentage), "priority": isinstance(kind, t.Choice | t.YesNo),
    }  # fmt: skip
    if it.combine and not fits.get(it.combine, True):
        making.diagnostics.add("E216", span, term=it.name)


def _order(making: _Making, it: Described, kind: t.Type, span: Span) -> tuple[object, ...]:
    if it.combine != "priority" or not isinstance(kind, t.Choice):
        return ()
    keys = {fold(option.label): option.key for option in kind.options}
    order = tuple(keys.get(fold(name), "") for name in it.order)
    if set(order) != set(keys.values()) or len(order) != len(keys):
        making.diagnostics.add("E217", span, term=it.name)
    return order


def _possible(making: _Making, source: Source, each: ast.Declaration) -> None:
    for attribute in _attributes(making, source, each):
        it = attribute.it
        names = [(it.name, it.key), *((name, key or key_of(name)) for name, key in it.alternatives)]
        group = "|".join(key for _, key in names) if it.one_only else ""
        parameters = tuple((key or key_of(name), name, kind) for name, key, kind in it.parameters)
        for name, key in names:
            slot = t.ActionSlot(key, name, parameters, group)
            known = tuple(frozenset({parameter[0]}) for parameter in parameters)
            making.actions.append(model.ActionTerm(slot, frozenset({key}), known, span=attribute.span))
            for way in action_ways(name, key, source.language):
                making.say(replace(way, action=True))
        for key, name, kind in parameters:
            for way in ways(name, key, source.language):
                making.say(way)
            if isinstance(kind, t.Choice):
                _say_options(making, replace(it, type=kind))


def _happening(making: _Making, source: Source, each: ast.Declaration) -> None:
    entities = {entity.name: entity.key for entity in making.entities.values()}
    told = (happening(item, source, entities, making.diagnostics) for item in each.items)
    making.events += [event for event in told if event is not None]


_READ = {
    "happening": _happening, "entity": _entity, "subtype": _entity, "known": _known, "judged": _judged,
    "decided": _decided, "possible": _possible,
}  # fmt: skip


def _say_options(making: _Making, it: Described) -> None:
    kind = it.type.item if isinstance(it.type, t.ListOf) else it.type
    if isinstance(kind, t.Choice):
        for option in kind.options:
            making.say(model.Spoken(option.label, option.key, option=True))


def _roots(
    making: _Making, declared: list[tuple[Source, ast.Declaration | ast.NamedSet]]
) -> list[tuple[Source, _Entity]]:
    """The entities that no attribute reaches and that are no kind of another."""
    reached = {fold(a.it.entity) for e in making.entities.values() for a in e.attributes if a.it.entity}
    reached |= {fold(a.it.entity) for a in making.known if a.it.entity}
    return [
        (_source_of(declared, entity.span), entity)
        for name, entity in making.entities.items()
        if name not in reached and not entity.parent
    ]


def _expand(
    making: _Making,
    source: Source,
    entity: _Entity,
    into: _Owned,
    path: tuple[str, ...],
    names: tuple[str, ...],
    chain: tuple[frozenset[str], ...],
    depth: int,
) -> None:
    """The facts of an entity and of those that it leads to; its kinds add theirs, optional."""
    if depth > MAX_DEPTH:
        making.diagnostics.add("E207", entity.span, term=entity.name)
        return
    here = (path or (entity.key,), names or (entity.name,), chain or (frozenset({entity.key}),))
    _attributes_of(making, source, entity, into, *here, depth)


def _attributes_of(
    making: _Making,
    source: Source,
    entity: _Entity,
    into: _Owned,
    path: tuple[str, ...],
    names: tuple[str, ...],
    chain: tuple[frozenset[str], ...],
    depth: int,
) -> None:
    for attribute in entity.attributes:
        _fact(making, source, attribute, into, path, names, chain, depth)
    for kind in making.entities.values():
        if kind.parent == fold(entity.name):
            _subtype(making, source, kind, entity, into, path, names, chain, depth)


def _elements(
    making: _Making, source: Source, entity: _Entity, link: frozenset[str], depth: int
) -> tuple[t.Record, model.Elements]:
    """What is known of each element of a list of an entity."""
    into, names = _Owned(), link | {entity.key}
    if depth > MAX_DEPTH:
        making.diagnostics.add("E207", entity.span, term=entity.name)
    else:
        _attributes_of(making, source, entity, into, (), (), (names,), depth)
    record = t.Record(entity.key, tuple(fact.slot for fact in into.facts), entity.name)
    return record, model.Elements(names, tuple(into.facts), tuple(into.subtypes))


def _fact(
    making: _Making,
    source: Source,
    attribute: _Attribute,
    into: _Owned,
    path: tuple[str, ...],
    names: tuple[str, ...],
    chain: tuple[frozenset[str], ...],
    depth: int = 0,
) -> None:
    it = attribute.it
    link = making.link(it.name, it.key)
    here = ((*path, it.key), (*names, it.name), (*chain, frozenset({link})))
    for name in (it.name, *it.synonyms):
        kind = it.type or t.Text()
        for way in attribute_ways(name, link, kind, source.language, verb=attribute.form == "verb"):
            making.say(way)
    _say_options(making, it)
    entity = making.entities.get(fold(it.entity)) if it.entity else None
    if entity and not it.many:
        keys = here[2][-1] | {entity.key}
        _expand(making, source, entity, into, here[0], here[1], (*here[2][:-1], frozenset(keys)), depth + 1)
        return
    held_type, elements = it.type or t.Text(), None
    if entity:
        record, elements = _elements(making, source, entity, here[2][-1], depth + 1)
        held_type = t.ListOf(record)
    slot = t.Slot(
        ".".join(here[0]), held_type, here[1], (*it.synonyms, *(names[-1:] if it.main else ())), it.optional,
        default_of(it, held_type, making.diagnostics), bounds_of(it, held_type, making.diagnostics),
        attribute.judged,
    )  # fmt: skip
    form = attribute.form
    verb, trait = form == "verb", form == "trait"
    into.facts.append(
        model.FactTerm(slot, here[2], it.main, verb, elements=elements, trait=trait, span=attribute.span)
    )


def _subtype(
    making: _Making,
    source: Source,
    kind: _Entity,
    entity: _Entity,
    into: _Owned,
    path: tuple[str, ...],
    names: tuple[str, ...],
    chain: tuple[frozenset[str], ...],
    depth: int,
) -> None:
    """A kind of entity: told by the value of a list that bears its name, else by a yes/no fact of that name."""
    choice = _telling_choice(entity, kind)
    if choice:
        attribute, option = choice
        telling = model.Subtype(frozenset({kind.key}), ".".join((*path, attribute.it.key)), option)
    else:
        slot = t.Slot(".".join((*path, kind.key)), t.YesNo(), (*names, kind.name))
        into.facts.append(model.FactTerm(slot, (*chain, frozenset({kind.key})), trait=True, span=kind.span))
        telling = model.Subtype(frozenset({kind.key}), slot.path)
    into.subtypes.append(telling)
    for attribute in kind.attributes:
        _fact(making, source, attribute, into, path, names, chain, depth)


def _telling_choice(entity: _Entity, kind: _Entity) -> tuple[_Attribute, str] | None:
    for attribute in entity.attributes:
        if isinstance(attribute.it.type, t.Choice):
            for option in attribute.it.type.options:
                if fold(option.label) == fold(kind.name):
                    return attribute, option.key
    return None


def _named_set(making: _Making, source: Source, each: ast.NamedSet) -> None:
    if open_ended := _open_ended(source, each):
        making.diagnostics.add("E446", each.span, term=open_ended)
        return
    wanted = {fold(name) for name in each.values}
    for fact in all_facts(making.owned.facts):
        if isinstance(fact.slot.type, t.Choice):
            keys = {fold(option.label): option.key for option in fact.slot.type.options}
            if wanted <= set(keys):
                key = key_of(each.name)
                values = tuple(keys[fold(name)] for name in each.values)
                making.sets.append(model.SetTerm(each.name, frozenset({key}), values))
                for way in ways(each.name, key, source.language):
                    making.say(way)
                return
    making.diagnostics.add("E218", each.span, term=each.name)


def _open_ended(source: Source, each: ast.NamedSet) -> str:
    """« notamment la France »: the word that leaves the list open, "" where none does."""
    said = words(source.language).tables["refused"]["including"]
    starts = [(word, value) for word in said for value in each.values if f"{fold(value)} ".startswith(f"{fold(word)} ")]
    return starts[0][0] if starts else ""


def all_facts(facts: Sequence[model.FactTerm]) -> Iterator[model.FactTerm]:
    """Facts, and after each list those of its elements."""
    for fact in facts:
        yield fact
        if fact.elements:
            yield from all_facts(fact.elements.facts)


def _check_twice(making: _Making) -> None:
    """Two things under one key cannot be told apart in the facts, or in the answer."""
    seen: dict[str, Span] = {}
    for key, span in [
        *((fact.slot.path, fact.span) for fact in making.owned.facts),
        *((f"={outcome.slot.key}", outcome.span) for outcome in making.outcomes),
        *((f"!{action.slot.key}", action.span) for action in making.actions),
    ]:
        if key in seen:
            making.diagnostics.add("E205", span, term=key.lstrip("=!"), related=(Related(seen[key], "first"),))
        seen.setdefault(key, span)
