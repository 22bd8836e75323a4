"""An action of one plan in, formulas of where it is asked for and with which parameters out."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from rulec.analysis.logic import Term, Truth, Value, all_of, both, either, negated, opposite
from rulec.difference.fates import held
from rulec.plan.tree import Do, Rule

if TYPE_CHECKING:
    from rulec.difference.side import Side

Parameters = tuple[tuple[str, Value], ...]


class Request(NamedTuple):
    """A way in which an action is asked for."""

    fires: Truth
    parameters: Parameters

    @property
    def known(self) -> Term:
        """Where all its parameters are known."""
        return both(value.known for _, value in self.parameters)


class Asked(NamedTuple):
    """What becomes of an action. `decided`: where it is asked for, and nothing is open; `none`: where it is not."""

    decided: Term
    none: Term
    requests: tuple[Request, ...]


def asked_of(side: "Side", key: str) -> Asked | None:
    """What becomes of an action; None where it is asked for each element of a list."""
    rivals = [other for other in side.groups.get(key, ()) if other != key]
    found = {each: _requests(side, each) for each in (key, *rivals)}
    own = found[key]
    if own is None or any(each is None for each in found.values()):
        return None
    others = [request for each in rivals for request in found[each] or ()]
    settled = both(either([each.fires.no, both([each.known, _certain(each, own)])]) for each in own)
    alone = both(request.fires.no for request in others)
    some = either(each.fires.yes for each in own)
    return Asked(both([some, settled, alone]), both(each.fires.no for each in own), tuple(own))


def same_requests(one: Asked, other: Asked) -> Term:
    """That the same is asked for on both sides."""
    return both([_covers(one, other), _covers(other, one)])


def _covers(one: Asked, other: Asked) -> Term:
    return both(
        either([opposite(each.fires.yes), *(both([o.fires.yes, same_parameters(each, o)]) for o in other.requests)])
        for each in one.requests
    )


def same_parameters(one: Request, other: Request) -> Term:
    """That two requests have the same parameters."""
    if [key for key, _ in one.parameters] != [key for key, _ in other.parameters]:
        return False
    pairs = zip(one.parameters, other.parameters, strict=True)
    return both(a.term == b.term if a.kind == b.kind else False for (_, a), (_, b) in pairs)


def _certain(request: Request, own: Sequence[Request]) -> Term:
    """Where a request, or another that asks for the same, certainly asks."""
    return either(
        both([each.fires.yes, True if each is request else both([each.known, same_parameters(each, request)])])
        for each in own
    )


def _requests(side: "Side", key: str) -> list[Request] | None:
    found = list[Request]()
    for rule in side.reads.giving(key):
        if not isinstance(rule, Rule) or rule.each:
            return None
        spoken = negated(side.silenced(rule, key))
        for branch, goes in zip(rule.branches, side.branches(rule), strict=True):
            for do in branch.does:
                if do.action == key:
                    parameters = [*_parameters(side, do)]
                    known = tuple((name, value) for name, value in parameters if value is not None)
                    if len(known) < len(parameters):
                        return None
                    found.append(Request(all_of([goes, spoken]), known))
    return found


def _parameters(side: "Side", do: Do) -> Iterator[tuple[str, Value | None]]:
    for name, expr in do.parameters:
        yield name, held(side.value(expr))
