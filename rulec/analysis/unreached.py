"""Definitions that no decision reads, and cases of definitions that never are."""

from collections.abc import Iterable, Iterator

from rulec.analysis.findings import At, Finding
from rulec.analysis.logic import Term, opposite
from rulec.analysis.prover import UnsettledError
from rulec.analysis.question import UNSETTLED, Analysis
from rulec.plan.tree import Choose, Const, Defined, DefinedGiven, Definition, Expr, Rule, Table
from rulec.tree import NOWHERE, Node, walk


def unreached(analysis: Analysis) -> Iterator[Finding]:
    """Definitions that only rules that never apply read, or such definitions; then cases that never are."""
    definitions = {each.key: each for each in analysis.plan.definitions}
    live = _keys(_live(analysis), definitions)
    readers = _readers(analysis)
    for definition in analysis.plan.definitions:
        if definition.key not in live and definition.key in readers:
            yield Finding("W618", At(definition), At(readers[definition.key]))
    for definition in analysis.plan.definitions:
        for chosen in walk(definition.value):
            if isinstance(chosen, Choose):
                yield from _cases(analysis, definition, chosen)


def _readers(analysis: Analysis) -> dict[str, Rule | Table | Definition]:
    """For each definition the first rule, table or definition that reads it."""
    found = dict[str, Rule | Table | Definition]()
    for reader in [*analysis.plan.statements, *analysis.plan.definitions]:
        for key in _read(reader):
            found.setdefault(key, reader)
    return found


def _live(analysis: Analysis) -> Iterator[Node]:
    """What decisions rest on: rules and tables, less the branches that never apply."""
    yield from (*analysis.plan.promises, *analysis.plan.oversight)
    for statement in analysis.plan.statements:
        if isinstance(statement, Table):
            dead = [(statement.id, number) in analysis.dead for number in range(1, len(statement.lines) + 1)]
            yield from [] if all(dead) else [statement]
        else:
            branches = [each for each in statement.branches if (statement.id, each.number) not in analysis.dead]
            yield from branches
            yield from [statement.unless] if branches else []


def _keys(nodes: Iterable[Node], definitions: dict[str, Definition]) -> set[str]:
    """The definitions that are read, by whatever way."""
    found, waiting = set[str](), [*nodes]
    while waiting:
        new = _read(waiting.pop()) - found
        found |= new
        waiting += [definitions[key] for key in new if key in definitions]
    return found


def _read(node: Node) -> set[str]:
    return {each.key for each in walk(node) if isinstance(each, Defined | DefinedGiven)}


def _cases(analysis: Analysis, definition: Definition, chosen: Choose) -> Iterator[Finding]:
    """The cases before which another one always is."""
    before = list[Term]()
    for part, condition in _written(chosen):
        truth = analysis.statements.truth(condition)
        try:
            if part.span != NOWHERE and analysis.prover.never(*before, truth.yes):
                yield Finding("W619", At(definition), part=part)
        except UnsettledError:
            analysis.leave(UNSETTLED, At(definition), "")
        before.append(opposite(truth.yes))


def _written(chosen: Choose) -> Iterator[tuple[Expr, Expr]]:
    """Where each case stands, and its condition; the last holds for all that is left."""
    yield from ((condition, condition) for condition, _ in chosen.cases)
    if chosen.otherwise is not None:
        yield chosen.otherwise, Const(True)
