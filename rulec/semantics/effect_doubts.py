"""Effects with two readings in, both of them refused and said out."""

import re

from rulec.diagnostics import Fix
from rulec.runtime.plain import changing
from rulec.semantics.expressions import Expressions
from rulec.semantics.groups import only_value
from rulec.semantics.making import Making
from rulec.semantics.targets import Targets
from rulec.syntax import ast
from rulec.syntax.fold import fold
from rulec.syntax.places import with_link
from rulec.syntax.words import words
from rulec.tree import Span, walk


@changing
class EffectDoubts:
    """Refuses effects that may mean two things within a scope."""

    expressions: Expressions
    targets: Targets

    @property
    def _french(self) -> bool:
        return self.expressions.scope.source.language == "fr"

    def choice(self, chain: ast.Chain) -> None:
        """« accepter ou refuser », « remise 5 % ou 10 % »: a rule decides one thing."""
        said = [each.element if isinstance(each, ast.Prefixed) else each for each in chain.items]
        texts = [self.expressions.scope.whole(each.span) for each in said if not isinstance(each, ast.Connective)]
        values = [node for node in walk(chain) if isinstance(node, ast.Value)]
        if len(chain.items) == 3 and len(values) == 2 and only_value(chain.items[2]):
            self._which_value(chain.span, *values)
            return
        outcomes = [each for text in said for each in self._decided(text)]
        both = [(" et " if self._french else " and ").join(texts)] if len(set(outcomes)) == len(outcomes) else []
        self.expressions.refuse("E420", chain.span, [*both, *texts])

    def _which_value(self, span: Span, one: ast.Value, other: ast.Value) -> None:
        """« 5 € ou 10 € (si …) »: either of them, or the second where the condition holds, else the first."""
        source = self.expressions.scope.source
        start = self.expressions.scope.with_article(span)
        head = source.cut(Span(start.source, start.start, one.span.start))
        readings = [f"{head}{source.cut(each.span)}" for each in (one, other)]
        when = "|".join(words(source.language).tables["structure"]["IF"])
        if re.match(rf"\s*({when})\b", source.text[span.end :], re.IGNORECASE):
            readings.insert(0, f"{readings[0]}, {'ou' if self._french else 'or'} {source.cut(other.span)}")
        self.expressions.refuse("E420", span, readings)

    def _decided(self, item: ast.Element | ast.Connective) -> list[str]:
        """The outcomes that an element names."""
        refs = [node for node in walk(item) if isinstance(node, ast.Ref)]
        return [found.slot.key for ref in refs if (found := self.targets.target(ref)) is not None]

    def has_verb(self, place: Span) -> bool:
        """« la livraison est offerte », not « la livraison offerte »."""
        source = self.expressions.scope.source
        ways = {fold(each) for each in words(source.language).tables["structure"]["IS"]}
        return bool(ways & set(fold(source.cut(place)).split()))

    def midway(self, made: list[Making]) -> None:
        """« Remise 5 % pour les clients fidèles et la livraison est offerte »: are both for them, or the first only?"""
        source, whole = self.expressions.scope.source, self.expressions.scope.with_article
        place, rest = whole(made[0].span).to(made[-1].span), whole(made[1].span)
        start = source.text.rfind("\n", 0, place.start) + 1
        margin, first = source.text[start : place.start], made[0].span.end
        fixes: tuple[Fix, ...] = ()
        if not margin.strip() and (both := self._said_of_all(made, Span(place.source, first, place.end), place)):
            one, other = source.cut(Span(place.source, place.start, first)), source.text[rest.start : place.end]
            fixes = (Fix(place, both), Fix(place, f"{one}.\n{margin}{other[:1].upper()}{other[1:]}"))
        self.expressions.report("E426", made[0].span.to(made[-1].span), fixes)

    def behind(self, condition: ast.Chain, effects: ast.Chain) -> bool:
        """Whether « … si le client est fidèle et la livraison est offerte » was refused: is that decided too?"""
        if len(condition.items) < 3:
            return False
        *before, joined, last = condition.items
        source, whole = self.expressions.scope.source, self.expressions.scope.with_article
        if fold(source.cut(joined.span)) not in ("et", "and") or not isinstance(last, ast.Clause):
            return False
        ref = last.subject.operand if last.subject is not None else None
        if not isinstance(ref, ast.Ref) or self.targets.target(ref) is None or not self.has_verb(last.span):
            return False
        when, then = ("Si", "alors") if self._french else ("If", "then")
        place = whole(effects.span).to(condition.span)
        known = source.cut(whole(before[0].span).to(before[-1].span))
        given, one = source.cut(whole(effects.span)), source.cut(whole(last.span))
        both = source.cut(joined.span)
        self.expressions.refuse("E407", last.span, [
            f"{when} {known} {then} {given[:1].lower()}{given[1:]} {both} {one}",
            f"{given} {when.lower()} {one} {both} {known}",
        ], keep=place)  # fmt: skip
        return True

    def _said_of_all(self, made: list[Making], rest: Span, place: Span) -> str:
        """The same, its condition said of all; "" where that is not said in one place."""
        source, said, gift = self.expressions.scope.source, made[0].circumstances, made[0].gift
        if len(made[0].groups) > 1 or len(said) + (gift is not None) != 1:
            return ""
        if gift is None:
            head = source.text[place.start : said[0].start].rstrip()
            return f"{head}{source.cut(rest)} {source.cut(said[0])}"
        if not made[0].groups:
            return ""
        when, then = ("Si", "alors") if self._french else ("If", "then")
        group = source.cut(made[0].groups[0][1].span)
        return f"{when} {group[:1].lower()}{group[1:]} {then} {source.cut(gift)}{source.cut(rest)}"

    def group(self, clause: Making) -> None:
        """« … pour les clients fidèles et les professionnels »: those who are one or the other, or both at once?"""
        spans, scope = [ref.span for _, ref in clause.groups], self.expressions.scope
        place = scope.with_article(spans[0]).to(spans[-1])
        when, then = ("si ", " alors ") if self._french else ("if ", " then ")
        if clause.gift is None:
            return self.expressions.refuse_group(spans, with_link(place, scope.source), when)
        gift = f"{then}{scope.source.cut(clause.gift)}"
        return self.expressions.refuse_group(spans, place.to(clause.gift), when.capitalize(), gift)

    def attachment(self, clause: Making, ref: ast.Ref, tail: Span, place: Span, after: str) -> None:
        """« … pour les clients fidèles ou professionnels en France »: both in France, or the last only?"""
        scope = self.expressions.scope
        both, either = (" et ", " ou ") if self._french else (" and ", " or ")
        names = [scope.source.cut(each.span) for _, each in clause.groups]
        last, end = scope.source.cut(ref.span), scope.source.cut(tail)
        si = ("Si " if after else "si ") if self._french else ("If " if after else "if ")
        readings = [
            f"{si}({either.join([*names, last])}){both}{end}{after}",
            f"{si}{either.join(names)}{either}({last}{both}{end}){after}",
        ]
        self.expressions.refuse("E414", place, readings, keep=place)
