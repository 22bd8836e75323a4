"""What an example expects in (« la remise est de 10 % et il manque le pays »), values, statuses and actions out.

What is wrong is reported and left out: nothing is run where there is an error.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rulec.diagnostics import Related
from rulec.runtime.plain import changing
from rulec.semantics import model
from rulec.semantics.clauses import LINKS
from rulec.semantics.effects import Effects
from rulec.semantics.expressions import anything
from rulec.syntax import ast
from rulec.tree import Span

_STATUSES = {
    "CONFLICTING": "conflict", "FAILING": "error", "INAPPLICABLE": "not_applicable", "UNDECIDED": "undetermined",
    "DOUBTFUL": "in_doubt",
}  # fmt: skip
_JOINING = frozenset({"AND", "COMMA", "COMMA_AND"})
_GOING_ON = LINKS | {"WITH", "WITHOUT", "ROUNDED", "ROUNDING", "CAPPED", "AT_LEAST"}

Found = list[model.Expected]


@changing
class Expectations:
    """Reads what is expected within a scope."""

    effects: Effects

    def read(self, chain: ast.Chain) -> tuple[model.Expected, ...]:
        """All that a chain expects."""
        found: Found = []
        context: model.OutcomeTerm | None = None
        for piece in _pieces(chain):
            special = self._special(piece, found)
            if special is None:
                given, context = self._effects(piece, context)
                found += given
            else:
                found += special
        return self._merged(found)

    # ---- what is no value

    def _special(self, piece: ast.Chain, found: Sequence[model.Expected]) -> Found | None:
        """A status, something missing, no value or no action; None where the piece is none of these."""
        element = piece.items[0]
        if len(piece.items) > 1 or not isinstance(element, ast.Clause) or len(element.predicates) > 1:
            return None
        operand = element.subject.operand if element.subject and not element.subject.detail else element.subject
        head = element.predicates[0] if element.predicates else None
        phrase = head.phrase.operand if head and head.phrase else None
        match head.marker if head else "", operand, phrase:
            case "NO_ACTION", None, None:
                return [model.ExpectNoAction(span=piece.span)]
            case "LACKING", None, ast.Ref() as ref:
                return self._missing(ref)
            case "LACKING" | "MISSING", ast.Ref() as ref, None:
                return self._missing(ref)
            case marker, ast.Ref() as ref, None if marker in _STATUSES:
                return self._status(ref, _STATUSES[marker], piece.span)
            case ("NOTHING", ast.Ref() as ref, None) | ("NOT", None, ast.Ref() as ref):
                return self._nothing(ref, piece.span)
            case "", ast.Quantified("no", ast.Ref() as ref), None:
                return self._nothing(ref, piece.span)
            case "", ast.Ref() as ref, None if found and isinstance(found[-1], model.ExpectMissing):
                return self._missing(ref) if not self._key(ref) else None
            case _:
                return None

    def _missing(self, ref: ast.Ref) -> Found:
        item = self.effects.expressions.reference(ref, anything)
        if isinstance(item, model.FactOf):
            return [model.ExpectMissing(item.path, span=ref.span)]
        return [] if item is None else self._not_expected(ref)

    def _status(self, ref: ast.Ref, status: str, span: Span) -> Found:
        key = self._key(ref)
        return [model.ExpectStatus(key, status, span=span)] if key else self._not_expected(ref)

    def _nothing(self, ref: ast.Ref, span: Span) -> Found:
        outcome = self.effects.targets.target(ref)
        if outcome is not None:
            return [model.ExpectNothing(outcome.slot.key, span=span)]
        key = self._key(ref)
        return [model.ExpectNoAction(key, span=span)] if key else self._not_expected(ref)

    def _key(self, ref: ast.Ref) -> str:
        """The outcome or the action that a reference names, or ""."""
        outcome = self.effects.targets.target(ref)
        actions = self.effects.expressions.scope.actions(ref.terms)
        return outcome.slot.key if outcome else actions[0].slot.key if len(actions) == 1 else ""

    def _not_expected(self, ref: ast.Ref) -> Found:
        self.effects.expressions.report("E468", ref.span)
        return []

    # ---- values and actions

    def _effects(self, piece: ast.Chain, context: model.OutcomeTerm | None) -> tuple[Found, model.OutcomeTerm | None]:
        done = self.effects.read(piece, context)
        if done is None:
            return [], context
        if done.condition is not None:
            self.effects.expressions.report("E469", piece.span)
        found: Found = []
        for effect in done.effects:
            match effect:
                case model.Give(outcome, value):
                    found.append(model.ExpectValue(outcome, (self._fixed(value),), span=effect.span))
                case model.Forbid(outcome):
                    found.append(model.ExpectNothing(outcome, span=effect.span))
                case model.Do(action, parameters):
                    said = tuple((key, self._fixed(value)) for key, value in parameters)
                    found.append(model.ExpectAction(action, said, span=effect.span))
        return found, done.outcome

    def _fixed(self, value: model.Value) -> model.Value:
        """« 10 % de la commande » is no value yet: an example says the amount itself."""
        if not constant(value):
            self.effects.expressions.report("E469", value.span)
        return value

    def _merged(self, found: Found) -> tuple[model.Expected, ...]:
        """The values of a list stand together; another outcome has one value, said once."""
        slots = {each.slot.key: each.slot for each in self.effects.expressions.scope.vocabulary.outcomes}
        first: dict[str, model.Expected] = {}
        for each in found:
            key = outcome_of(each)
            known = first.setdefault(key, each) if key else each
            if known is each:
                continue
            if isinstance(known, model.ExpectValue) and isinstance(each, model.ExpectValue):
                if slots[key].combine == "collect":
                    first[key] = replace(known, values=(*known.values, *each.values))
                    continue
            related = (Related(known.span, "first"),)
            term = slots[key].name if key in slots else key
            self.effects.expressions.scope.diagnostics.add("E461", each.span, term=term, related=related)
        return (*first.values(), *(each for each in found if not outcome_of(each)))


def outcome_of(expected: model.Expected) -> str:
    """The outcome of which a value or a status is expected, or ""."""
    match expected:
        case model.ExpectValue(key) | model.ExpectNothing(key) | model.ExpectStatus(key):
            return key
        case model.ExpectMissing() | model.ExpectAction() | model.ExpectNoAction():
            return ""


def constant(value: model.Value) -> bool:
    """Whether a value is said, or is a day counted from today; whatever is worked out depends on the case."""
    return isinstance(value, model.Literal | model.Today) or (
        isinstance(value, model.Shifted) and constant(value.date)
    )  # fmt: skip


def _pieces(chain: ast.Chain) -> Iterator[ast.Chain]:
    """The chain cut where something new is expected; « avec le motif … » goes on, and so does a choice."""
    items: list[ast.Element | ast.Connective] = []
    joined: ast.Connective | None = None
    for item in chain.items:
        if isinstance(item, ast.Connective):
            joined = item
            continue
        if items and joined and joined.kind in _JOINING and not _goes_on(item):
            yield ast.Chain(tuple(items), span=items[0].span.to(items[-1].span))
            items = []
        items += [joined, item] if items and joined else [item]
    yield ast.Chain(tuple(items), chain.not_both, span=items[0].span.to(items[-1].span))


def _goes_on(element: ast.Element) -> bool:
    """Whether an element only completes the one before."""
    if not isinstance(element, ast.Clause) or element.subject is not None:
        return False
    return bool(element.predicates) and element.predicates[0].marker in _GOING_ON
