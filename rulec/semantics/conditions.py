"""A chain of clauses and connectives in, one condition out: what belongs together is decided by types.

The parser refuses nothing that has a meaning; here what has two is refused, with both.
"""

from dataclasses import field, replace

from rulec.diagnostics import Diagnostics
from rulec.runtime.plain import changing
from rulec.semantics import model
from rulec.semantics.clauses import Clauses
from rulec.semantics.comparisons import Terms, like
from rulec.semantics.connectives import AND, OR, readings, resolved
from rulec.semantics.expressions import Expressions
from rulec.semantics.filters import Filters, Joined
from rulec.semantics.groups import only_reference
from rulec.semantics.listings import Listing, Part, Said, extended, finished
from rulec.semantics.model import Condition
from rulec.semantics.reach import Reach
from rulec.semantics.scope import keys
from rulec.semantics.sharing import Sharing
from rulec.semantics.stretches import DAYS, MONTHS
from rulec.syntax import ast
from rulec.tree import Span

_OPERATORS = {
    True: {"gt": "dépasse", "ge": "est d'au moins", "lt": "est inférieur à", "le": "ne dépasse pas"},
    False: {"gt": "exceeds", "ge": "is at least", "lt": "is below", "le": "does not exceed"},
}


@changing
class Conditions:
    """Reads chains within a scope."""

    expressions: Expressions
    clauses: Clauses = field(init=False)
    reach: Reach = field(init=False)

    def __post_init__(self) -> None:
        self.clauses = Clauses(self.expressions)
        self.reach = Reach(self.expressions, self.clauses.meanings)

    def read(self, chain: ast.Chain, before: Terms = ()) -> Condition | None:
        """The condition of a chain; None where an error was reported."""
        parts = self._parts(chain, before)
        return self._grouped(parts, chain) if parts else None

    # ---- parts

    def _parts(self, chain: ast.Chain, before: Terms) -> list[Part] | None:
        elements: list[Joined] | None = _with_units(chain)
        if self.clauses.has_lists:
            filtered = Filters(self.expressions).together(elements or [])
            elements = Sharing(self.clauses).together(filtered) if filtered is not None else None
        if elements is None:
            return None
        parts: list[Part] = []
        failed = False
        at = 0
        while at < len(elements):
            joined, element = elements[at]
            if parts and (longer := self._longer(parts[-1], element, joined)):
                parts[-1] = longer
                at += 1
                continue
            if self.reach.shared(elements, at):
                return None
            if self._detached(elements, at, before) or self.reach.attached(elements, at, before):
                return None
            end = _pair_end(elements, at)
            pair = [each for _, each in elements[at:end]]
            said = self._pair(pair, before) if len(pair) > 1 else self._element(element, joined, parts, before)
            if said is not None and parts and joined in ("OR", "COMMA"):
                said = self.reach.of_state(elements[at - 1][1], parts[-1], element, said)
            if said is None:
                failed = True
            else:
                before = said.subject or before
                parts.append(Part(said, joined, pair[0].span.to(pair[-1].span)))
            at = end
        if failed:
            return None
        return self._checked(parts)

    def _element(self, element: ast.Element, joined: str, parts: list[Part], before: Terms) -> Said | None:
        match element:
            case ast.Prefixed():  # « soit A » alone
                return self.expressions.report("E122", element.span)
            case ast.Block():
                condition = self._block(element)
                return Said(condition) if condition else None
            case ast.Clause(ast.Phrase(ast.Group(inner), None), ()):
                condition = self.read(inner, before)
                return Said(condition, before) if condition else None
            case ast.Clause(None, (ast.Predicate("NOT", _, ast.Phrase(ast.Group(inner), None)),)):
                denied = self.read(inner, before)
                return Said(model.Not(denied, span=element.span), before) if denied else None
            case ast.Clause():
                if parts and parts[-1].said.group and joined == "AND" and self.reach.in_group(element):
                    return self.reach.either_group(parts[-1], element)
                if parts and parts[-1].said.group and joined == "OR" and self.reach.of_tail(parts[-1], element):
                    return None
                if parts and _not_value(element) and parts[-1].said.subject:
                    return self._not_what(parts[-1], element)
                if parts and (elided := self._elided(parts[-1], element)):
                    return self.expressions.refuse("E454", element.span, elided)
                bare = _bare_name(element) or _bare_day(element) or self._same_noun(element, before)
                if parts and parts[-1].said.negation and joined in ("AND", "OR") and bare:
                    return self._scope_of_not(parts[-1], element, joined)
                said = self.clauses.read(element, before)
                if said and joined == "NOR":
                    return Said(model.Not(said.condition, span=element.span), said.subject)
                return said

    def _same_noun(self, element: ast.Clause, before: Terms) -> bool:
        """ "not a loyal and active customer": what is said after the connective is of the noun that both share."""
        ref = only_reference(element)
        if ref is None or self.expressions.scope.source.language != "en" or any(t.entry.article for t in ref.terms):
            return False
        noun = keys(ref.terms[-1]) & self.expressions.scope.index.entities
        return len(ref.terms) > 1 and any(noun & keys(term) for term in before)

    def _detached(self, elements: list[tuple[str, ast.Element]], at: int, before: Terms) -> bool:
        """« commande ou devis supérieur à 500 € »: does what is said of the second hold of the first?"""
        one = elements[at][1]
        joined, other = elements[at + 1] if at + 1 < len(elements) else ("", None)
        if joined not in ("AND", "OR") or not isinstance(other, ast.Clause) or not isinstance(one, ast.Clause):
            return False
        first, second = only_reference(one), other.subject.operand if other.subject else None
        if first is None or not isinstance(second, ast.Ref) or self.clauses.meanings.means(first, before):
            return False
        if not other.predicates and not self.clauses.meanings.means(second):
            return False
        if self.clauses.read(other, before) is None:
            return True
        shared = replace(other, subject=ast.Phrase(first, span=first.span)) if other.predicates else other
        if not self._reads(shared, before):
            return False
        whole, source = self.expressions.scope.whole, self.expressions.scope.source
        said = source.cut(Span(source.number, second.span.end, other.span.end))
        word = {"AND": " et " if source.language == "fr" else " and "}.get(
            joined, " ou " if source.language == "fr" else " or "
        )
        readings = [f"{whole(one.span)}{said}{word}{whole(other.span)}"] if said.strip() else []
        self.expressions.refuse("E414", one.span.to(other.span), readings or [whole(other.span)])
        return True

    def _reads(self, clause: ast.Clause, before: Terms) -> bool:
        """Whether a clause says something as it is."""
        scope = replace(self.expressions.scope, diagnostics=Diagnostics())
        return Clauses(Expressions(scope)).read(clause, before) is not None

    def _elided(self, part: Part, element: ast.Clause) -> list[str]:
        """« dépasse 500 € et son poids 5 kg »: the comparison of before, or « est de »? Both, as they are written."""
        before, detail = part.said.condition, element.subject.detail if element.subject else None
        if not isinstance(before, model.Compare) or before.operator == "eq" or element.predicates:
            return []
        if not isinstance(detail, ast.Value) or detail.mark or element.subject is None:
            return []
        scope = self.expressions.scope
        name, value = scope.whole(element.subject.operand.span), scope.source.cut(detail.span)
        french = scope.source.language == "fr"
        words = _OPERATORS[french].get(before.operator, "≠")
        return [f"{name} {words} {value}", f"{name} {'est de' if french else 'is'} {value}"]

    def _not_what(self, part: Part, element: ast.Clause) -> None:
        """« dépasse 500 € mais pas 1 000 € »: does not exceed, or is not?"""
        phrase = element.predicates[0].phrase
        assert phrase is not None
        value = self.expressions.scope.source.cut(phrase.span)
        french = self.expressions.scope.source.language == "fr"
        readings = (
            [f"ne dépasse pas {value}", f"est différent de {value}"]
            if french
            else [f"does not exceed {value}", f"differs from {value}"]
        )
        self.expressions.refuse("E450", element.span, readings)

    def _longer(self, part: Part, element: ast.Element, joined: str) -> Part | None:
        listing = part.said.listing
        longer = extended(listing, element, joined, self.expressions) if listing else None
        if longer is None:
            return None
        return Part(replace(part.said, listing=longer), part.joined, part.span.to(element.span))

    def _checked(self, parts: list[Part]) -> list[Part] | None:
        """Refuse the lists of values that have two readings, or none."""
        refused = [part for part in parts if part.said.listing and self._refused(part.said.listing, part)]
        return None if refused else [_with_list(part) for part in parts]

    def _refused(self, listing: Listing, part: Part) -> bool:
        joins = set(listing.joins)
        if not joins or listing.how == "one_of":
            return False
        if listing.how == "neither" or (listing.negated and joins == {"NOR"}):  # « n'est pas la France ni la Suisse »
            return False
        whole = self.expressions.scope.whole
        values = [whole(span) for span in listing.spans]
        french = self.expressions.scope.source.language == "fr"
        if listing.negated:
            self._offer_neither(part, values, french)
            return True
        if listing.how == "contains" and joins & AND and not joins & OR:  # « contient « A » et « B » »
            return False
        if joins & AND or not joins & OR:
            either = (" ou " if french else " or ").join([", ".join(values[:-1]), values[-1]])
            self.expressions.refuse("E412", listing.spans[0].to(listing.spans[-1]), [either])
            return True
        return False

    def _offer_neither(self, part: Part, values: list[str], french: bool) -> None:
        """« n'est pas A ou B »: neither, or not A or else B?"""
        terms = part.said.subject
        subject = self.expressions.scope.whole(terms[0].span.to(terms[-1].span)) if terms else ""
        if french:
            readings = [
                f"{subject} n'est ni {' ni '.join(values)}",
                f"{subject} n'est pas {values[0]} ou {subject} est {values[-1]}",
            ]
        else:
            readings = [
                f"{subject} is neither {' nor '.join(values)}",
                f"{subject} is not {values[0]} or {subject} is {values[-1]}",
            ]
        self.expressions.refuse("E411", part.span, readings)

    def _scope_of_not(self, part: Part, element: ast.Clause, joined: str) -> None:
        """« pas fidèle et professionnel »: neither, or not loyal but business?"""
        source = self.expressions.scope.source
        one, other = (self.expressions.scope.whole(span) for span in (part.span, element.span))
        if self._same_noun(element, part.said.subject):
            one = f"{one} {other.split()[-1]}"
        french = source.language == "fr"
        both, either, no = (" et ", " ou ", "pas") if french else (" and ", " or ", "not")
        first = f"{other}{both if joined == 'AND' else either}{one}"
        self.expressions.refuse("E413", part.span.to(element.span), [first, f"{one}{both}{no} {other}"])

    def _pair(self, elements: list[ast.Element], before: Terms) -> Said | None:
        """« soit A, soit B », « ni A ni B »."""
        head = elements[0]
        assert isinstance(head, ast.Prefixed)
        found: list[Condition] = []
        for element in (head.element, *elements[1:]):
            said = self._element(element, "", [], before)
            if said is None:
                return None
            before = said.subject or before
            found.append(said.condition)
        span = head.span.to(elements[-1].span)
        if head.prefix == "either":
            return Said(model.Count(1, 1, tuple(found), span=span), before)
        return Said(model.Not(model.AnyOf(tuple(found), span=span), span=span), before)

    def _block(self, block: ast.Block) -> Condition | None:
        found = [self.read(chain) for chain in block.items]
        items = tuple(each for each in found if each is not None)
        if len(items) != len(found):
            return None
        size, count = len(items), block.count
        match block.how:
            case "all":
                return model.All(items, span=block.span)
            case "none":
                return model.Not(model.AnyOf(items, span=block.span), span=block.span)
            case "ge" if count <= 1:
                return model.AnyOf(items, span=block.span)
            case how:
                low, high = {
                    "ge": (count, size), "gt": (count + 1, size), "le": (0, count), "lt": (0, count - 1),
                }.get(how, (count, count))  # fmt: skip
                if low > size or high < 0:
                    return self.expressions.report("E418", block.span, count=size)
                return model.Count(low, high, items, span=block.span)

    # ---- connectives

    def _grouped(self, parts: list[Part], chain: ast.Chain) -> Condition | None:
        kinds = resolved([part.joined for part in parts[1:]])
        if chain.not_both:
            if len(parts) != 2 or kinds[0] not in OR:
                return self.expressions.report("E419", chain.span)
            return model.Count(1, 1, tuple(part.said.condition for part in parts), span=chain.span)
        if "COMMA" in kinds:
            return self._which_connective(parts, kinds)
        if twice := _one_of_two(parts, kinds):
            whole = [self.expressions.scope.whole(part.span) for part in twice]
            either = " ou " if self.expressions.scope.source.language == "fr" else " or "
            return self.expressions.refuse("E412", twice[0].span.to(twice[1].span), [either.join(whole)])
        ands, ors = [k for k in kinds if k in AND], [k for k in kinds if k in OR]
        if not (ands and ors):
            return _joined(parts, bool(ors))
        if "COMMA_OR" in ors and "COMMA_AND" not in ands and set(ors) == {"COMMA_OR"}:
            return _split(parts, kinds, "COMMA_OR")
        if "COMMA_AND" in ands and set(ands) == {"COMMA_AND"} and "COMMA_OR" not in ors:
            return _split(parts, kinds, "COMMA_AND")
        return self._both_readings(parts, kinds)

    def _which_connective(self, parts: list[Part], kinds: list[str]) -> None:
        french = self.expressions.scope.source.language == "fr"
        texts = [self.expressions.scope.source.cut(part.span) for part in parts]
        words = (" et ", " ou ") if french else (" and ", " or ")
        self.expressions.refuse("E415", parts[0].span.to(parts[-1].span), [word.join(texts) for word in words])

    def _both_readings(self, parts: list[Part], kinds: list[str]) -> None:
        scope = self.expressions.scope
        texts = [scope.whole(part.span) for part in parts]
        said = readings(texts, kinds, scope.source.language)
        self.expressions.refuse("E410", parts[0].span.to(parts[-1].span), said)


def _one_of_two(parts: list[Part], kinds: list[str]) -> tuple[Part, Part] | None:
    """« professionnel et revendeur »: two values of one thing are never there at once."""
    if not set(kinds) <= AND:
        return None
    seen: dict[model.Value, Part] = {}
    days: dict[tuple[model.Value, bool], Part] = {}
    for part in parts:
        condition = part.said.condition
        if isinstance(condition, model.Calendar) and condition.what in (*MONTHS, *DAYS):
            known = days.setdefault((condition.date, condition.what in MONTHS), part)
            if known.said.condition != condition:
                return known, part
        if isinstance(condition, model.Among):
            known = seen.setdefault(condition.item, part)
            other = known.said.condition
            if isinstance(other, model.Among) and not {v.value for v in other.values} & {
                v.value for v in condition.values
            }:
                return known, part
    return None


def _with_list(part: Part) -> Part:
    """A part whose list of values has grown, with its condition."""
    listing = part.said.listing
    if listing is None or not listing.joins:
        return part
    return replace(part, said=replace(part.said, condition=finished(listing, part.span)))


def _joined(parts: list[Part], either: bool) -> Condition:
    if len(parts) == 1:
        return parts[0].said.condition
    items = tuple(part.said.condition for part in parts)
    span = _whole(parts)
    return model.AnyOf(items, span=span) if either else model.All(items, span=span)


def _whole(parts: list[Part]) -> Span:
    """Where the parts stand, from the article of the first on."""
    first, said = parts[0].span, parts[0].said.condition.span
    start = said if said.source == first.source and said.start < first.start < said.end else first
    return start.to(parts[-1].span)


def _split(parts: list[Part], kinds: list[str], at: str) -> Condition:
    groups: list[list[Part]] = [[parts[0]]]
    for kind, part in zip(kinds, parts[1:], strict=True):
        if kind == at:
            groups.append([part])
        else:
            groups[-1].append(part)
    inner = tuple(_joined(group, at == "COMMA_AND") for group in groups)
    span = _whole(parts)
    return model.AnyOf(inner, span=span) if at == "COMMA_OR" else model.All(inner, span=span)


def _pair_end(elements: list[tuple[str, ast.Element]], at: int) -> int:
    """Where a pair that starts at a place ends: « soit A, soit B », « ni A ni B »."""
    head = elements[at][1]
    if not isinstance(head, ast.Prefixed):
        return at + 1
    joins = {"OR", "COMMA_OR", "COMMA"} if head.prefix == "either" else {"NOR", "COMMA", "OR"}
    end = at + 1
    while end < len(elements) and elements[end][0] in joins:
        end += 1
    return end


def _with_units(chain: ast.Chain) -> list[tuple[str, ast.Element]]:
    """The elements, each with the connective before it; « 10, 20 et 30 € » are all in €."""
    found: list[tuple[str, ast.Element]] = []
    joined = ""
    for item in chain.items:
        if isinstance(item, ast.Connective):
            joined = item.kind
        else:
            found.append((joined, item))
    last: ast.Operand | None = None
    for at in range(len(found) - 1, -1, -1):
        join, element = found[at]
        value = _bare_value(element)
        if value is not None:
            last = value if value.literal and value.literal.kind != "number" else last
            if last is not None and value is not last:
                found[at] = (join, _replaced(element, like(value, last)))
        elif last is not None and isinstance(element, ast.Clause) and element.predicates:
            found[at], last = (join, _unit_for_last(element, last)), None
    return found


def _bare_value(element: ast.Element) -> ast.Value | None:
    if isinstance(element, ast.Clause) and not element.predicates and element.subject and not element.subject.detail:
        operand = element.subject.operand
        return operand if isinstance(operand, ast.Value) and not operand.mark else None
    return None


def _replaced(element: ast.Element, value: ast.Value) -> ast.Element:
    return ast.Clause(ast.Phrase(value, span=value.span), span=element.span)


def _unit_for_last(element: ast.Clause, last: ast.Operand) -> ast.Clause:
    *before, final = element.predicates
    if final.marker in ("IS", "IS_NOT", "ONE_OF", "NOT_ONE_OF", "IS_NEITHER") and final.phrase:
        operand = final.phrase.operand
        if isinstance(operand, ast.Value):
            value = like(operand, last)
            final = ast.Predicate(final.marker, final.value, ast.Phrase(value, span=value.span), span=final.span)
    return ast.Clause(element.subject, (*before, final), span=element.span)


def _not_value(element: ast.Clause) -> bool:
    """« pas 1 000 € »."""
    if element.subject is not None or len(element.predicates) != 1:
        return False
    head = element.predicates[0]
    return head.marker == "NOT" and head.phrase is not None and isinstance(head.phrase.operand, ast.Value | ast.Portion)


def _bare_day(element: ast.Clause) -> bool:
    """« un dimanche »."""
    heads = element.predicates
    return element.subject is None and len(heads) == 1 and heads[0].marker == "CALENDAR"


def _bare_name(element: ast.Clause) -> bool:
    subject = element.subject
    return bool(
        not element.predicates and subject and not subject.detail and isinstance(subject.operand, ast.Ref)
        and not subject.operand.their and len(subject.operand.terms) == 1
        and not any(term.negated or term.entry.article for term in subject.operand.terms)
    )  # fmt: skip
