"""What is said of a subject in, tests out: verbs and prepositions put together into one meaning each."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from rulec.runtime.plain import Plain, plain
from rulec.syntax import ast
from rulec.tree import NOWHERE, Span

_NEGATED = frozenset({"IS_NOT", "IS_NEITHER", "HAS_NOT", "NOT_ONE_OF", "MISSING", "NOT", "WITHOUT", "SEEMS_NOT",
                      "NOT_EMPTY"})  # fmt: skip
_LINKING = frozenset(
    {"IS", "IS_NOT", "HAS", "HAS_NOT", "EXACTLY", "IS_NEITHER", "NOT", "FOR", "ON", "WITH", "WHO", "TEXT_TEST",
     "SEEMS", "SEEMS_NOT"}
)
_KINDS = {
    "IS": "is", "IS_NOT": "is", "IS_NEITHER": "neither", "EXACTLY": "exactly", "HAS": "has", "HAS_NOT": "has",
    "GIVEN": "given", "MISSING": "given", "ONE_OF": "one_of", "NOT_ONE_OF": "one_of", "TEXT_TEST": "text",
    "CMP": "compare", "CALENDAR": "calendar", "ALWAYS_TRUE": "always", "NOT": "is", "WITH": "has", "WITHOUT": "has",
    "BETWEEN": "range", "SEEMS": "is", "SEEMS_NOT": "is", "FOR": "of", "ON": "of", "OFF": "of", "TO": "of", "IN": "of",
    "WHO": "of", "EMPTY": "empty", "NOT_EMPTY": "empty",
}  # fmt: skip
RELATIVE = ("ago_", "ahead_")  # the comparisons with a day counted from today
_SEEMING = frozenset({"SEEMS", "SEEMS_NOT"})
_UPPER = {"below": "lt", "at_most": "le"}


@plain
class Test(Plain):
    """One thing said of a subject.

    `kind`: is, neither, exactly, has, given, one_of, text, compare, range, calendar, always, of, empty.
    `value`: the comparison (lt, le, eq, ge, gt), the text test, the day, or "owns" (« a », not « avec »).
    A range goes from `phrase` to `other`. `seems`: it is judged, not known.
    """

    kind: str
    value: str = ""
    phrase: ast.Phrase | None = None
    other: ast.Phrase | None = None
    negated: bool = False
    exact: bool = False
    low_included: bool = True
    high_included: bool = True
    seems: bool = False
    span: Span = NOWHERE


def tells_day(test: Test) -> bool:
    """Whether something is said of a day: « le lundi », « avant le 1er mars 2026 », « dans moins de 5 jours »."""
    operand = test.phrase.operand if test.phrase else None
    dated = isinstance(operand, ast.Value) and operand.literal.kind == "date"
    return dated or test.kind == "calendar" or test.value.startswith(RELATIVE)


class UnfitError(Exception):
    """A verb or preposition that makes no condition; `predicate` is the one."""

    def __init__(self, predicate: ast.Predicate) -> None:
        super().__init__()
        self.predicate = predicate


def said_of(predicates: Sequence[ast.Predicate], first: ast.Value | None = None) -> list[Test]:
    """The tests of a clause, in order. `first`: a bound said before « à » (« de 5 à 10 kg »). Raises `UnfitError`."""
    if first is not None:
        opening = ast.Predicate("CMP", "ge", ast.Phrase(first, span=first.span), span=first.span)
        predicates = (opening, *predicates)
    return list(_tests(list(predicates)))


def said_twice(tests: Sequence[Test]) -> Test | None:
    """« est 5 € est 6 € », « est 5 € dépasse 6 € »: what is said next of what has its value already."""
    for one, other in pairwise(tests):
        equal = [each.kind == "is" and each.phrase is not None for each in (one, other)]
        valued = [isinstance(each.phrase.operand, ast.Value) for each in (one, other) if each.phrase is not None]
        if all(equal) or (valued == [True, True] and any(equal)):
            return other
    return None


def first_test(predicates: Sequence[ast.Predicate]) -> int:
    """How many predicates the first thing said takes: « qui (a plus de 3 lignes) », « dont (le prix) (est de 5 €) ».

    « dont au moins 2 lignes sont fragiles »: a count, and what is said of what it counts.
    """
    head, *rest = predicates
    if grouped((head,)) is not None or head.marker in ("SORTED", "SORTED_DOWN"):
        return 1
    if head.marker == "WHO" and rest:
        counts = head.phrase is None and rest[0].marker in ("CMP", "EXACTLY") and _counts(rest[0])
        return 1 + _size(rest) + (_size(rest[1:]) if counts and len(rest) > 1 else 0)
    return _size(predicates)


def grouped(predicates: Sequence[ast.Predicate]) -> ast.Group | None:
    """« dont (le prix dépasse 10 € ou la quantité dépasse 2) »: the conditions in parentheses."""
    head = predicates[0]
    operand = head.phrase.operand if head.phrase and len(predicates) == 1 and head.marker == "WHO" else None
    return operand if isinstance(operand, ast.Group) else None


def _counts(predicate: ast.Predicate) -> bool:
    portion = predicate.phrase.operand if predicate.phrase else None
    return isinstance(portion, ast.Portion) and not isinstance(portion.of, ast.Value)


def _size(predicates: Sequence[ast.Predicate]) -> int:
    left = list(predicates)
    try:
        next(_tests(left))
    except UnfitError:  # told where it is read
        return 1
    return len(predicates) - len(left)


def _tests(left: list[ast.Predicate]) -> Iterator[Test]:
    told = False
    while left:
        head = left.pop(0)
        negated = False
        exact, seems = head.marker == "EXACTLY", head.marker in _SEEMING
        while head.marker in _LINKING and head.phrase is None and left:
            nxt = left.pop(0)
            exact |= nxt.marker == "EXACTLY"
            if _unlinked(head, nxt) or (told and _for_so_much(head, nxt)):
                raise UnfitError(replace(head, span=head.span.to(nxt.span)))
            exactly = head.marker == "TEXT_TEST" and nxt.marker == "EXACTLY"  # « contient exactement « A » »
            said = replace(head, phrase=nxt.phrase) if exactly else nxt
            negated ^= _denies(head) and not exactly
            head = replace(said, span=head.span.to(nxt.span))
        told = True
        upper = left[0] if left and left[0].marker in ("TO", "UPPER") else None
        if upper is not None and head.phrase is not None and (head.marker == "IS" or _opens_range(head)):
            left.pop(0)
            yield replace(_range(head, upper, negated), seems=seems)
        else:
            yield replace(_one(head, negated), exact=exact, seems=seems)


def _unlinked(head: ast.Predicate, following: ast.Predicate) -> bool:
    """« commence par est « A » », « est avec 5 kg »: the one says nothing together with the other."""
    if head.marker == "TEXT_TEST":
        return following.marker not in ("EXACTLY", "CMP", "BETWEEN")  # « contient plus de 3 articles »
    valued = following.phrase is not None and isinstance(following.phrase.operand, ast.Value)
    return following.marker == "WITH" and valued and head.marker in ("IS", "IS_NOT", "SEEMS", "SEEMS_NOT")


def _for_so_much(head: ast.Predicate, following: ast.Predicate) -> bool:
    """« a acheté pour plus de 500 € »: the amount is not said of what was spoken of."""
    valued = following.phrase is not None and isinstance(following.phrase.operand, ast.Value)
    return head.marker in ("FOR", "ON") and following.marker == "CMP" and valued


def _opens_range(head: ast.Predicate) -> bool:
    return head.marker == "CMP" and head.value in ("ge", "gt")


def _range(head: ast.Predicate, upper: ast.Predicate, negated: bool) -> Test:
    included = _UPPER.get(upper.value, "le") == "le"
    test = Test("range", "", head.phrase, upper.phrase, negated, span=head.span.to(upper.span))
    return _with_marks(replace(test, low_included=head.value != "gt", high_included=included))


def _one(head: ast.Predicate, negated: bool) -> Test:
    if head.marker not in _KINDS:
        raise UnfitError(head)
    value, negated = head.value.removeprefix("not_"), negated ^ _denies(head)
    value = "owns" if head.marker in ("HAS", "HAS_NOT") else value
    test = Test(_KINDS[head.marker], value, head.phrase, head.other, negated, span=head.span)
    return _with_marks(test) if head.marker == "BETWEEN" else test


def _denies(head: ast.Predicate) -> bool:
    return head.marker in _NEGATED or head.value.startswith("not_")


def _with_marks(test: Test) -> Test:
    """« inclus », « exclus » after a bound."""
    low, high = _mark(test.phrase), _mark(test.other)
    if low in ("INCLUSIVE", "EXCLUSIVE"):
        test = replace(test, low_included=low == "INCLUSIVE")
    if high in ("INCLUSIVE", "EXCLUSIVE"):
        test = replace(test, high_included=high == "INCLUSIVE")
    return replace(test, phrase=_unmarked(test.phrase), other=_unmarked(test.other))


def _mark(phrase: ast.Phrase | None) -> str:
    match phrase.operand if phrase else None:
        case ast.Value(_, mark) | ast.Portion(ast.Value(_, mark)):
            return mark
        case _:
            return ""


def _unmarked(phrase: ast.Phrase | None) -> ast.Phrase | None:
    """« 20 commandes exclues » as « 20 commandes », where the bound tells that it is not included."""
    portion = phrase.operand if phrase else None
    if phrase is None or not isinstance(portion, ast.Portion) or portion.value.mark not in ("INCLUSIVE", "EXCLUSIVE"):
        return phrase
    return replace(phrase, operand=replace(portion, value=replace(portion.value, mark="")))
