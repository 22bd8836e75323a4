"""The tests of a clause in, what has no date out: « fidèle depuis plus de 2 ans », and nothing knows since when."""

from collections.abc import Sequence

from rulec.semantics.dates import is_date
from rulec.semantics.meanings import Meanings
from rulec.semantics.predicates import Test
from rulec.syntax import ast

_STATES = frozenset({"is", "has", "given", "one_of"})


def undated(subject: ast.Operand | None, tests: Sequence[Test], meanings: Meanings) -> ast.Ref | None:
    """What is said to hold for some time, or on some day, though it is no date; None where nothing is."""
    for at, test in enumerate(tests):
        if not since(test.value, test.phrase) and not (at and _of_date(test, meanings)):
            continue
        said = tests[at - 1].phrase if at and tests[at - 1].kind in _STATES else None
        if said is not None and isinstance(said.operand, ast.Ref):
            return said.operand
        if at == 0 and isinstance(subject, ast.Ref) and not speaks_of_date(subject) and meanings.means(subject):
            return subject
    return None


def since(comparison: str, phrase: ast.Phrase | None) -> bool:
    """« depuis plus de 2 ans », « avant le 1er mars 2026 »: it compares with a date."""
    value = phrase.operand if phrase else None
    if isinstance(value, ast.Portion):
        return False
    literal = value.literal if isinstance(value, ast.Value) else None
    return comparison.startswith("ago_") or (literal is not None and literal.kind == "date")


def _of_date(test: Test, meanings: Meanings) -> bool:
    """« (payée) après l'échéance »: a comparison with a date that is no literal."""
    compares = test.kind == "compare" and test.value in ("lt", "le", "gt", "ge")
    return compares and test.phrase is not None and is_date(meanings.expressions, test.phrase.operand)


def speaks_of_date(ref: ast.Ref) -> bool:
    """« livraison », « livré », where a date of delivery is declared."""
    return any("@" in term.key for term in ref.terms)
