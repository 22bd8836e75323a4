"""Statements that define names in, the vocabulary with these names and what each stands for out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter

from rulec.diagnostics import Diagnostics, Fix, Related
from rulec.runtime import types as t
from rulec.runtime.plain import Plain, plain
from rulec.semantics import model
from rulec.semantics.element_terms import INSIDE, inside, lists_in, record_of, with_defined, with_new
from rulec.semantics.measures import too_many_decimals
from rulec.semantics.naming import attribute_ways, key_of, keys_of
from rulec.semantics.parameters import PENDING, scope_within
from rulec.semantics.periods import gaps, gaps_said, overlap, report_overlap, within
from rulec.semantics.rules import Rules
from rulec.semantics.scope import Scope, keys, matches
from rulec.source import Source
from rulec.syntax import ast
from rulec.syntax.heads import Head, resembles
from rulec.syntax.parse import Read
from rulec.tree import Span, walk

PLACE = model.FactTerm(t.Slot("", PENDING, ("",)), ())  # where a term is still to come


@plain
class Defining(Plain):
    """A statement that defines a term. `owner`: the entity, as a name. `others`: those of the same term elsewhen.

    `listed`: of the elements of a list, the path of the list.
    """

    source: Source
    rule: ast.Rule
    span: Span
    head: Head
    term: model.FactTerm
    owner: tuple[ast.Term, ...] = ()
    others: tuple["Defining", ...] = ()
    listed: str = ""

    @property
    def path(self) -> str:
        """The path of what is defined."""
        return self.term.slot.path


def with_terms(
    vocabulary: model.Vocabulary, heads: Sequence[tuple[Source, Head]], diagnostics: Diagnostics
) -> model.Vocabulary:
    """The vocabulary with the new names; one that looks like a known name is refused, with that name."""
    facts, spoken = vocabulary.facts, list(vocabulary.spoken)
    paths = {fact.slot.path for fact in facts}
    known = tuple(dict.fromkeys(each.words for each in spoken if not each.negated))
    for source, head in heads:
        close = next((words for words in known if resembles(head.name, words)), "")
        if close:
            diagnostics.add("E221", head.span, fixes=(Fix(head.span, close),), term=head.name, closest=close)
        name = _bare(head, vocabulary, source)
        key = head.key or key_of(name)
        kind = t.YesNo() if head.form in ("trait", "concept") else PENDING
        spoken += attribute_ways(name, key, kind, source.language, verb=False)
        for listed, path, names, chain in _owners(vocabulary, head.owner):
            slot = t.Slot((f"{listed}{INSIDE}" if listed else "") + ".".join((*path, key)), kind, (*names, name))
            if slot.path not in paths:
                paths.add(slot.path)
                trait = head.form in ("trait", "concept")
                term = model.FactTerm(slot, (*chain, frozenset({key})), trait=trait, span=head.span)
                facts = with_new(facts, term, listed) if listed else (*facts, term)
    return replace(vocabulary, facts=facts, spoken=tuple(dict.fromkeys(spoken)))


def _bare(head: Head, vocabulary: model.Vocabulary, source: Source) -> str:
    """« grosse commande » without « commande »."""
    if head.form != "concept":
        return head.name
    owners = {keys_of(each.words, source.language) for each in vocabulary.spoken if head.owner in each.key.split("+")}
    kept = [word for word in head.name.split() if keys_of(word, source.language) not in owners]
    return " ".join(kept) or head.name


Owner = tuple[str, tuple[str, ...], tuple[str, ...], tuple[frozenset[str], ...]]


def _owners(vocabulary: model.Vocabulary, owner: str) -> Iterator[Owner]:
    """Each path, with its names and keys, that leads to an entity; before it, the path of the list that it is in."""
    if not owner:
        yield "", (), (), ()
        return
    yield from _leading("", vocabulary.facts, owner, 0)
    for listed, fact in lists_in(vocabulary.facts):
        assert fact.elements is not None
        if record_of(fact).entity == owner:
            yield listed, (), (), (fact.elements.names,)
        yield from _leading(listed, fact.elements.facts, owner, 1)


def _leading(listed: str, facts: Sequence[model.FactTerm], owner: str, skipped: int) -> Iterator[Owner]:
    """`skipped`: how many links of each chain stand for no part of the path."""
    seen = set[str]()
    for fact in facts:
        for at, link in enumerate(fact.chain[skipped:-1], 1):
            path = tuple(fact.slot.path.rpartition(INSIDE)[2].split("."))[:at]
            if owner in link and ".".join(path) not in seen:
                seen.add(".".join(path))
                yield listed, path, fact.slot.names[:at], fact.chain[: at + skipped]


def defining(vocabulary: model.Vocabulary, source: Source, read: Read, head: Head) -> list[Defining]:
    """What a statement with a head defines; nothing where it is a rule of something decided."""
    rule = read.statement
    assert isinstance(rule, ast.Rule)
    ref = _named(rule, head)
    if ref is None:
        return []
    rules = Rules(vocabulary, source, Diagnostics())
    if rules.effects.targets.target(ref) or rules.effects.targets.acts(ref):
        return []
    owned = [term for term in ref.terms if not head.owner or head.owner not in keys(term)]
    facts = [
        fact
        for fact in rules.effects.expressions.scope.index.facts_of([keys(term) for term in ref.terms])
        if matches(ref.terms, fact.chain) and any(keys(term) & fact.chain[-1] for term in owned)
        and bool(fact.parameters) == (head.form == "applied")
    ]
    owner = tuple(term for term in ref.terms if head.owner and head.owner in keys(term))
    whole = [Defining(source, rule, read.span, head, fact, owner) for fact in facts]
    return [*whole, *_of_elements(vocabulary, Defining(source, rule, read.span, head, PLACE, owner), ref)]


def _of_elements(vocabulary: model.Vocabulary, defining: Defining, ref: ast.Ref) -> Iterator[Defining]:
    """The same of what the elements of lists have, under a path of its own."""
    owner = defining.head.owner
    for listed, around in lists_in(vocabulary.facts) if owner else ():
        assert around.elements is not None
        for fact in around.elements.facts:
            owners = frozenset({record_of(around).entity}).union(*fact.chain[1:-1])
            said = any(keys(term) & fact.chain[-1] for term in ref.terms if owner not in keys(term))
            if owner in owners and said and matches(ref.terms, fact.chain):
                slot = replace(fact.slot, path=inside(listed, fact))
                yield replace(defining, term=replace(fact, slot=slot), listed=listed)


def _named(rule: ast.Rule, head: Head) -> ast.Ref | None:
    """The names of what is defined, its owner among them."""
    clause = rule.cases[0].effects.items[0]
    if not isinstance(clause, ast.Clause) or clause.subject is None or clause.subject.detail:
        return None
    subject = clause.subject.operand
    if not isinstance(subject, ast.Ref) or not clause.predicates or clause.predicates[0].marker != "IS":
        return None
    phrase = clause.predicates[0].phrase
    said = phrase.operand if phrase and not phrase.detail else None
    if head.form in ("trait", "concept"):
        assert isinstance(said, ast.Ref)  # a head is made of names alone
        terms = (*subject.terms, *(term for term in said.terms if term.key not in {each.key for each in subject.terms}))
        return ast.Ref(tuple(sorted(terms, key=lambda term: term.key)), span=subject.span.to(said.span))
    return subject


def each_once(definings: Sequence[Defining], diagnostics: Diagnostics) -> list[Defining]:
    """The first definition of each name, with those of other periods; another one is refused."""
    found: dict[str, list[Defining]] = {}
    for each in definings:
        earlier = found.setdefault(each.path, [])
        period = each.rule.period
        known = next((one for one in earlier if overlap(one.rule.period, period)), None)
        if known is None:
            earlier.append(each)
        elif period or known.rule.period:
            report_overlap(each.head.name, each.span, known.span, (known.rule.period, period), diagnostics)
        else:
            diagnostics.add("E224", each.span, related=(Related(known.span, "first"),), term=each.head.name)
    for first, *_ in found.values():
        _report_gaps(found[first.path], diagnostics)
    return [replace(first, others=tuple(others)) for first, *others in found.values()]


def _report_gaps(definings: Sequence[Defining], diagnostics: Diagnostics) -> None:
    """Warn of the days for which nothing is defined."""
    periods = [each.rule.period for each in definings if each.rule.period is not None]
    if days := gaps(periods) if periods else []:
        first, said = definings[0], gaps_said(days, definings[0].source.language)
        diagnostics.add("W422", first.head.span, term=first.head.name, days=said)


def mentions(statement: ast.Statement, names: frozenset[str]) -> bool:
    """Whether a statement uses a name of which the definition could not be read."""
    return bool(names) and any(isinstance(node, ast.Term) and keys(node) & names for node in walk(statement))


def typed(
    vocabulary: model.Vocabulary, definings: Sequence[Defining], diagnostics: Diagnostics
) -> tuple[model.Vocabulary, list[Defining]]:
    """The vocabulary in which all that is defined has a type, and the statements with their terms so typed."""
    terms = {each.path: replace(each.term, defined=True) for each in definings}
    vocabulary = replace(vocabulary, facts=with_defined(vocabulary.facts, terms))
    pending = {each.path: each for each in definings if each.term.slot.type == PENDING}
    sorter = TopologicalSorter({path: _reads(each, pending) for path, each in pending.items()})
    try:
        sorter.prepare()
    except CycleError as error:
        _report_cycle([pending[path] for path in error.args[1]], diagnostics)
        return vocabulary, []
    while sorter.is_active():
        ready = sorter.get_ready()
        for path in ready:
            kind = _kind(vocabulary, pending[path], diagnostics)
            term = terms[path]
            terms[path] = replace(term, slot=replace(term.slot, type=kind or PENDING))
        vocabulary = replace(vocabulary, facts=with_defined(vocabulary.facts, terms))
        sorter.done(*ready)
    kept = [replace(each, term=terms[each.path]) for each in definings]
    return vocabulary, [each for each in kept if each.term.slot.type != PENDING]


def _reads(defining: Defining, pending: Mapping[str, Defining]) -> list[str]:
    """The names without a type yet that a definition may read."""
    every = (defining, *defining.others)
    refs = [node for each in every for case in each.rule.cases for node in walk(case) if isinstance(node, ast.Ref)]
    subjects = [_named(each.rule, each.head) for each in every]
    return [
        path
        for path, each in pending.items()
        if any(
            not any(ref is subject for subject in subjects) and matches(ref.terms, each.term.chain)
            and any(keys(term) & each.term.chain[-1] for term in ref.terms)
            for ref in refs
        )
    ]  # fmt: skip


def _report_cycle(around: Sequence[Defining], diagnostics: Diagnostics) -> None:
    path = " → ".join(each.term.slot.names[-1] for each in around)
    related = tuple(Related(each.span, "next") for each in around[1:-1])
    diagnostics.add("E404", around[0].span, related=related, path=path)


def _kind(vocabulary: model.Vocabulary, defining: Defining, diagnostics: Diagnostics) -> t.Type | None:
    """The type of what a definition gives: that of its first value which is more than a bare number."""
    kinds = [
        kind
        for each in (defining, *defining.others)
        for rules in [_reader(vocabulary, each, Diagnostics())]
        for case in each.rule.cases
        if (kind := rules.kind_of(case.effects)) and kind != PENDING
    ]
    if kinds:
        return next((kind for kind in kinds if not isinstance(kind, t.Number)), kinds[0])
    before = len(diagnostics)
    loud = _reader(vocabulary, defining, diagnostics)
    loud.kind_of(defining.rule.cases[0].effects)
    if len(diagnostics) == before:
        diagnostics.add("E222", defining.span, term=defining.head.name)
    return None


def _reader(vocabulary: model.Vocabulary, defining: Defining, diagnostics: Diagnostics) -> Rules:
    """What reads a definition: only its own term is decided in it, and what it says is about its owner."""
    slot, chain = defining.term.slot, defining.term.chain
    scope, path = _scope(vocabulary, defining, diagnostics)
    rules = Rules(vocabulary, defining.source, diagnostics, scope=scope)
    outcome = t.OutcomeSlot(slot.path, slot.type, slot.names[-1])
    rules.effects.targets.defining = model.OutcomeTerm(outcome, chain[-1], span=defining.term.span)
    within = path.rpartition(".")[0]
    rules.effects.expressions.scope.within = f"{within}." if within else ""
    rules.before = defining.owner
    return rules


def _scope(
    vocabulary: model.Vocabulary, defining: Defining, diagnostics: Diagnostics
) -> tuple[Scope | None, str]:  # fmt: skip
    """The names of the element that a definition is about, or of its parameters, and the path of its term there."""
    path = defining.path
    if defining.term.parameters:
        return scope_within(vocabulary, defining.term, defining.source, diagnostics), path
    if not defining.listed:
        return None, path
    listed = dict(lists_in(vocabulary.facts))[defining.listed]
    assert listed.elements is not None
    item = model.ItemOf(defining.listed, record_of(listed))
    outer = Scope(vocabulary, defining.source, diagnostics)
    at = defining.listed
    return outer.inside(listed.elements, item, at, at), path.removeprefix(f"{defining.listed}{INSIDE}")


def defined(vocabulary: model.Vocabulary, defining: Defining, diagnostics: Diagnostics) -> model.Definition | None:
    """What is said of a term, in each period; None where an error was reported."""
    terms = [replace(each, term=defining.term) for each in (defining, *defining.others)]
    found = [_defined(vocabulary, each, diagnostics) for each in terms]
    every = [each for each in found if each is not None]
    if len(every) < len(found):
        return None
    first = every[0]
    if len(every) > 1:
        branches = tuple(branch for each in every for branch in _spared(each.rule))
        first = replace(first, rule=replace(first.rule, branches=branches, unless=None))
    return first


def _spared(rule: model.Rule) -> tuple[model.Branch, ...]:
    """The branches of a rule that stands beside others, its « sauf si » a part of their conditions."""
    if rule.unless is None:
        return rule.branches
    spared = model.Not(rule.unless, span=rule.unless.span)
    return tuple(
        replace(branch, condition=model.All((branch.condition, spared), span=branch.condition.span))
        for branch in rule.branches
    )


def _defined(vocabulary: model.Vocabulary, defining: Defining, diagnostics: Diagnostics) -> model.Definition | None:
    """What a statement says of its term."""
    rules = _reader(vocabulary, defining, diagnostics)
    rule, form = defining.rule, defining.head.form
    if form in ("trait", "concept"):
        chain = rule.cases[0].condition if form == "trait" else _concept(rule)
        if chain is None or len(rule.cases) > 1:
            diagnostics.add("E223", defining.span, term=defining.head.name)
            return None
        yes = model.Give(defining.path, model.Literal(True, t.YesNo(), span=chain.span), span=defining.span)
        condition = rules.conditions.read(chain, defining.owner)
        branches = [model.Branch(condition, (yes,), span=defining.span)] if condition else None
    else:
        branches = rules.branches_of(rule)
    unless = rules.conditions.read(rule.unless, defining.owner) if rule.unless is not None else None
    if branches is None or (rule.unless is not None and unless is None):
        return None
    governed = within(rule.period, branches, rules.conditions)
    if governed is None:
        return None
    _report_unpayable(governed, rules.diagnostics)
    line, name = defining.source.place(defining.span.start)[0], defining.term.slot.names[-1]
    made = model.Rule(defining.path, name, defining.source.name, line, governed, unless, span=defining.span)
    return model.Definition(defining.term.slot, made, defining.term.parameters, span=defining.span)


def _report_unpayable(branches: Sequence[model.Branch], diagnostics: Diagnostics) -> None:
    """Report each amount that is given as it stands and has more decimals than its currency."""
    for give in (effect for branch in branches for effect in branch.effects if isinstance(effect, model.Give)):
        if isinstance(give.value, model.Literal):
            if (most := too_many_decimals(give.value.value, give.value.type)) is not None:
                currency = getattr(give.value.type, "currency", "")
                diagnostics.add("E475", give.value.span, currency=currency, count=most)


def _concept(rule: ast.Rule) -> ast.Chain | None:
    """« Une grosse commande est une commande dont … »: the condition after « est une commande »."""
    chain = rule.cases[0].effects
    first, *rest = chain.items
    if rule.form != "sentence" or not isinstance(first, ast.Clause) or len(first.predicates) < 2:
        return None
    said = first.predicates[1:]
    clause = ast.Clause(None, said, span=said[0].span.to(said[-1].span))
    return ast.Chain((clause, *rest), chain.not_both, span=clause.span.to(chain.span))


def report_unused(definings: Sequence[Defining], used: frozenset[str], diagnostics: Diagnostics) -> None:
    """Warn of what is defined and nothing reads; a module of the library is there to be used in part."""
    read = {each.span for each in definings if each.path in used}
    for span, each in {each.span: each for each in definings}.items():
        if span not in read and not each.source.library:
            diagnostics.add("W421", each.head.span, term=each.head.name)
