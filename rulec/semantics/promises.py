"""Promises and assumptions as written in, as meant out: the one speaks of what is decided, the other of facts alone."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import chain

from rulec.diagnostics import Diagnostics, Fix
from rulec.runtime.types import Slot
from rulec.semantics import model
from rulec.semantics.guards import check_guards
from rulec.semantics.rules import Rules
from rulec.semantics.spare import report_spare
from rulec.source import Source
from rulec.syntax import ast
from rulec.syntax.promises import affirmed, denies, other_head
from rulec.tree import Node, Span, walk

Slots = tuple[Slot, ...]


def read_promises(
    rules: Rules, promise: ast.Promise, span: Span, decided: Collection[str], slots: Slots
) -> Iterator[model.Promise]:  # fmt: skip
    """What each says; nothing of one for which an error was reported. `decided`: definitions that read outcomes."""
    for item in promise.items:
        made = promise_of(rules, promise.kind, item, span)
        if made is not None and _fits(rules, made, item, decided):
            branch = model.Branch(made.kept(), ())
            pseudo = model.Rule(made.id, made.text, made.file, made.line, (branch,))
            check_guards(pseudo, slots, rules.source, rules.diagnostics, promised=True)
            yield made


def decided_in(definitions: Collection[model.Definition]) -> frozenset[str]:
    """The definitions that read outcomes, by whatever way."""
    reads = {each.slot.path: list(walk(each)) for each in definitions}
    found = {path for path, nodes in reads.items() if any(isinstance(node, model.OutcomeOf) for node in nodes)}
    while more := {path for path, nodes in reads.items() if path not in found and _reads(nodes, found)}:
        found |= more
    return frozenset(found)


def _reads(nodes: Collection[Node], decided: Collection[str]) -> bool:
    return any(
        isinstance(node, model.FactOf | model.Called) and node.path in decided and getattr(node, "defined", True)
        for node in nodes
    )


def promise_of(rules: Rules, kind: str, item: ast.Promised, span: Span) -> model.Promise | None:
    """One of them; None where an error was reported."""
    source, before = rules.source, len(rules.diagnostics)
    said = rules.conditions.read(item.said)
    when, unless = (rules.conditions.read(each) if each is not None else None for each in (item.when, item.unless))
    if said is None or rules.diagnostics.failed_since(before):
        return None
    meant = [each for each in (said, when, unless) if each is not None]
    if report_spare(item, meant, source, rules.diagnostics):
        return None
    if kind == "never" and len(item.said.items) == 1 and denies(source, source.cut(item.said.span)):
        return _report_twice(source, item, span, rules.diagnostics)
    if kind != "never":
        parted = _restricted(rules, item.said, said)
        if parted is None:
            return rules.diagnostics.add("E383", item.said.span, text=said_in(source, item))
        restricted, said = parted
        when = model.All((*restricted, when)) if restricted and when else _all(restricted) or when
    line = source.place(item.span.start)[0]
    text = f"{_head(source, span)} {said_in(source, item)}"
    return model.Promise(
        kind, f"{source.name}:{line}", text, source.name, line, said, when, unless, rules.because(item), span=item.span
    )


def _all(conditions: tuple[model.Condition, ...]) -> model.Condition | None:
    return model.All(conditions) if len(conditions) > 1 else conditions[0] if conditions else None


Parted = tuple[tuple[model.Condition, ...], model.Condition]


def _restricted(rules: Rules, chain: ast.Chain, said: model.Condition) -> Parted | None:
    """« Un client fidèle a au plus 30 % de remise »: of whom it is said, and what is. None where that is not clear."""
    clauses = [each for each in chain.items if isinstance(each, ast.Clause) and len(each.predicates) > 0]
    if not any(map(_speaks_of_some, clauses)):
        return (), said
    if len(chain.items) > 1:
        quiet = replace(rules, diagnostics=Diagnostics())
        alone = [quiet.conditions.read(ast.Chain((each,), span=each.span)) for each in clauses]
        return None if any(isinstance(each, model.All) for each in alone) else ((), said)
    if not isinstance(said, model.All):
        return (), said
    facts = tuple(each for each in said.items if not _reads_outcomes(each))
    rest = tuple(each for each in said.items if _reads_outcomes(each))
    meant = _all(rest)
    return None if meant is None else (facts, meant)


def _speaks_of_some(clause: ast.Clause) -> bool:
    """Whether a clause says something of those of whom something else holds; « ni … ni … » does not."""
    return not any(each.marker in ("IS_NEITHER", "BETWEEN") for each in clause.predicates)


def _reads_outcomes(condition: model.Condition) -> bool:
    return any(isinstance(node, model.OutcomeOf) for node in walk(condition))


def said_in(source: Source, item: ast.Promised) -> str:
    """What one promise says, with its article, as written."""
    ends = [item.span, *(each.span for each in (item.when, item.unless, item.because) if each is not None)]
    start, end = item.span.start, max(each.end for each in ends)
    begin = max(source.text.rfind(mark, 0, start) for mark in _OPENS) + 1
    return " ".join(source.text[begin:end].split())


_OPENS = ("\n", ":", "-", "•", "*")


def _head(source: Source, span: Span) -> str:
    """« Toujours : »."""
    return f"{source.cut(span).partition(':')[0].rstrip()}{' :' if source.language == 'fr' else ':'}"


def _report_twice(source: Source, item: ast.Promised, span: Span, diagnostics: Diagnostics) -> None:
    """« Jamais : la remise ne dépasse pas 30 % »: does it, or does it not?"""
    start, said, always = span.start + len(_head(source, span).rstrip(" :")), item.said.span, other_head(source)
    one = f"{always}{source.cut(Span(span.source, start, span.end))}"
    before, rest = (source.cut(Span(span.source, *ends)) for ends in ((start, said.start), (said.end, span.end)))
    other = f"{always}{before}{affirmed(source, source.cut(said))}{rest}"
    fixes = (Fix(span, one), Fix(span, other))
    diagnostics.add("E382", said, fixes=fixes, text=said_in(source, item), one=one, other=other)


def _fits(rules: Rules, made: model.Promise, item: ast.Promised, decided: Collection[str]) -> bool:
    """Whether a promise speaks of something decided, and an assumption of nothing decided."""
    nodes = list(chain.from_iterable(walk(each) for each in (made.said, made.when, made.unless) if each is not None))
    speaks = any(isinstance(node, model.OutcomeOf) for node in nodes) or _reads(nodes, decided)
    if speaks == (made.kind != "assume"):
        return True
    code = "E380" if made.kind != "assume" else "E381"
    rules.diagnostics.add(code, made.span, text=said_in(rules.source, item))
    return False
