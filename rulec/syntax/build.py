"""Grammar matches in, ast nodes out: what each production of `rules.lark` becomes."""

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any, cast

from rulec.runtime.literals import Literal
from rulec.syntax import ast
from rulec.syntax.tokens import Token
from rulec.tree import NOWHERE, Node, Span


def spanning(parts: list[Any]) -> Span:
    """The place that covers all the parts that have one."""
    first = last = NOWHERE
    for part in parts:
        if isinstance(part, (Token, Node)) and part.span.end:  # past the start of the text
            last = part.span
            first = last if first is NOWHERE else first
    return first if first is last else first.to(last)


def _of(parts: list[Any], kind: Any) -> list[Any]:
    return [part for part in parts if isinstance(part, kind)]


MARKS = frozenset({"MARK", "INCLUSIVE", "EXCLUSIVE"})  # what may follow a value
DEGREES = {"square": 2, "cube": 3}
FRACTIONS = {
    "half": (1, 2), "third": (1, 3), "quarter": (1, 4), "two_thirds": (2, 3), "three_quarters": (3, 4),
    "double": (2, 1), "triple": (3, 1),
}  # fmt: skip


class Build:
    """One method a production; the parts come in the order of the text."""

    def start(self, parts: list[Any]) -> ast.Statement:
        statement: ast.Statement = parts[0]
        return statement

    # ---- rules

    def rule(self, parts: list[Any]) -> ast.Rule:
        named: dict[str, Any] = dict(part for part in parts if isinstance(part, tuple))
        body = next(part for part in parts if isinstance(part, ast.Rule))
        return ast.Rule(body.form, body.cases, topic=body.topic, span=spanning([body]), **named)

    def title(self, parts: list[Any]) -> tuple[str, str]:
        return ("title", parts[1].payload)

    def exception(self, parts: list[Any]) -> tuple[str, str]:
        return ("exception_to", parts[1].payload)

    def each_of(self, parts: list[Any]) -> tuple[str, ast.Chain]:
        return ("each", parts[1])

    def constant(self, parts: list[Any]) -> tuple[str, bool]:
        return ("constant", True)

    def unless(self, parts: list[Any]) -> tuple[str, ast.Chain]:
        return ("unless", parts[1])

    def because(self, parts: list[Any]) -> tuple[str, ast.Chain]:
        return ("because", parts[1])

    def conditional(self, parts: list[Any]) -> ast.Rule:
        chains = _of(parts, ast.Chain)
        pairs = [ast.Case(c, e, span=spanning([c, e])) for c, e in zip(chains[::2], chains[1::2], strict=False)]
        if len(chains) % 2:
            pairs.append(ast.Case(None, chains[-1], otherwise=True, span=chains[-1].span))
        return ast.Rule("conditional", tuple(pairs), span=spanning(parts))

    def listed(self, parts: list[Any]) -> ast.Chain:
        """Effects one under the other are joined by « et »."""
        chains = _of(parts, ast.Chain)
        items: list[Any] = []
        for chain in chains:
            items += [ast.Connective("AND", span=chain.span)] if items else []
            items += chain.items
        return ast.Chain(tuple(items), span=spanning(chains))

    def sentence(self, parts: list[Any]) -> ast.Rule:
        return ast.Rule("sentence", (ast.Case(None, parts[0], span=parts[0].span),), span=spanning(parts))

    def postfix(self, parts: list[Any]) -> ast.Rule:
        chains = _of(parts, ast.Chain)
        pairs = [ast.Case(c, e, span=spanning([e, c])) for e, c in zip(chains[::2], chains[1::2], strict=False)]
        if len(chains) % 2:
            pairs.append(ast.Case(None, chains[-1], otherwise=True, span=chains[-1].span))
        return ast.Rule("postfix", tuple(pairs), span=spanning(parts))

    def topic(self, parts: list[Any]) -> ast.Rule:
        cases = _of(parts, ast.Case)
        last = parts[-1]
        if isinstance(last, ast.Chain):
            cases.append(ast.Case(None, last, otherwise=True, span=last.span))
        return ast.Rule("topic", tuple(cases), topic=parts[0], span=spanning(parts))

    def case_list(self, parts: list[Any]) -> ast.Rule:
        topic = parts[0] if isinstance(parts[0], ast.Chain) else None
        return ast.Rule("case_list", tuple(_of(parts, ast.Case)), topic=topic, span=spanning(parts))

    def otherwise(self, parts: list[Any]) -> ast.Rule:
        effects = _of(parts, ast.Chain)[0]
        return ast.Rule("fallback", (ast.Case(None, effects, span=effects.span),), span=spanning(parts))

    def case_plain(self, parts: list[Any]) -> ast.Case:
        return ast.Case(None, parts[0], span=spanning(parts))

    def case_if(self, parts: list[Any]) -> ast.Case:
        return ast.Case(parts[2], parts[0], span=spanning(parts))

    def case_then(self, parts: list[Any]) -> ast.Case:
        condition, effects = _of(parts, ast.Chain)
        return ast.Case(condition, effects, span=spanning(parts))

    def case_else(self, parts: list[Any]) -> ast.Case:
        return ast.Case(None, _of(parts, ast.Chain)[0], otherwise=True, span=spanning(parts))

    def prevails(self, parts: list[Any]) -> ast.Precedence:
        strong, weak = (part.payload if isinstance(part.payload, tuple) else (part.payload,) for part in parts[::2])
        return ast.Precedence(strong, weak, span=spanning(parts))

    def promise(self, parts: list[Any]) -> ast.Promise:
        return ast.Promise(parts[0].payload, tuple(_of(parts, ast.Promised)), span=spanning(parts))

    def promised(self, parts: list[Any]) -> ast.Promised:
        return self._promised(parts, parts[0], None)

    def promised_if(self, parts: list[Any]) -> ast.Promised:
        return self._promised(parts, parts[0], parts[2])

    def promised_then(self, parts: list[Any]) -> ast.Promised:
        return self._promised(parts, parts[3], parts[1])

    def _promised(self, parts: list[Any], said: ast.Chain, when: ast.Chain | None) -> ast.Promised:
        named: dict[str, Any] = dict(part for part in parts if isinstance(part, tuple))
        return ast.Promised(said, when, span=spanning(parts), **named)

    def autonomy(self, parts: list[Any]) -> ast.Autonomy:
        last = [part for part in parts if isinstance(part, Token) and part.type in ("ELSE", "LEVEL")]
        otherwise = ast.LevelCase(last[1].payload, span=spanning(last)) if last else None
        named: dict[str, Any] = dict(part for part in parts if isinstance(part, tuple))
        return ast.Autonomy(tuple(_of(parts, ast.LevelCase)), otherwise, span=spanning(parts), **named)

    def level_case(self, parts: list[Any]) -> ast.LevelCase:
        said = dict(zip((part.type for part in parts[1::2]), parts[2::2], strict=True))
        return ast.LevelCase(parts[0].payload, said.get("IF"), said.get("UNLESS"), span=spanning(parts))

    def approval(self, parts: list[Any]) -> ast.Approval:
        asked = next(part for part in parts if isinstance(part, Token) and part.type == "APPROVAL")
        who, name, key = asked.payload
        when = next(iter(_of(parts, ast.Chain)), None)
        named: dict[str, Any] = dict(part for part in parts if isinstance(part, tuple))
        return ast.Approval(who, name, key, when, span=spanning(parts), **named)

    def example(self, parts: list[Any]) -> ast.Example:
        title = next((part.payload for part in parts if isinstance(part, Token) and part.type == "TEXT"), "")
        said: dict[str, Any] = {}
        for before, part in pairwise(parts):
            if isinstance(part, ast.Chain):
                said["given" if before.type == "ASSUMING" else "expected"] = part
            elif isinstance(part, Token) and part.type in ("TABLE", "HISTORY"):
                said["grid" if part.type == "TABLE" else "history"] = part.payload
        return ast.Example(title, lists=tuple(_of(parts, ast.Elements)), span=spanning(parts), **said)

    def elements(self, parts: list[Any]) -> ast.Elements:
        return ast.Elements(parts[1], parts[2].payload, span=spanning(parts))

    def use(self, parts: list[Any]) -> ast.Use:
        return ast.Use(parts[1].payload, span=spanning(parts))

    def language(self, parts: list[Any]) -> ast.LanguageLine:
        return ast.LanguageLine(parts[2].payload, span=spanning(parts))

    # ---- conditions and effects

    def chain(self, parts: list[Any]) -> ast.Chain:
        not_both = isinstance(parts[-1], Token)
        return ast.Chain(tuple(parts[:-1] if not_both else parts), not_both, span=spanning(parts))

    def connective(self, parts: list[Any]) -> ast.Connective:
        return ast.Connective(parts[0].type, span=parts[0].span)

    def either(self, parts: list[Any]) -> ast.Prefixed:
        return ast.Prefixed("either", parts[1], span=spanning(parts))

    def neither(self, parts: list[Any]) -> ast.Prefixed:
        return ast.Prefixed("neither", parts[1], span=spanning(parts))

    def block(self, parts: list[Any]) -> ast.Block:
        how, count = parts[0].payload
        return ast.Block(how, count, tuple(_of(parts, ast.Chain)), span=spanning(parts))

    def clause(self, parts: list[Any]) -> ast.Clause:
        subject = parts[0] if isinstance(parts[0], ast.Phrase) else None
        return ast.Clause(subject, tuple(parts[1:] if subject else parts), span=spanning(parts))

    def marker(self, parts: list[Any]) -> Token:
        token: Token = parts[0]
        return token

    def predicate(self, parts: list[Any]) -> ast.Predicate:
        marker: Token = parts[0]
        value = marker.payload if isinstance(marker.payload, str) and marker.payload != marker.type else ""
        phrase, of = parts[1] if len(parts) > 1 else None, value.startswith("of ")
        return ast.Predicate(marker.type, value.removeprefix("of "), phrase, of=of, span=spanning(parts))

    def between(self, parts: list[Any]) -> ast.Predicate:
        return ast.Predicate("BETWEEN", "", parts[1], parts[3], span=spanning(parts))

    def not_predicate(self, parts: list[Any]) -> ast.Predicate:
        return ast.Predicate("NOT", "", parts[1] if len(parts) > 1 else None, span=spanning(parts))

    def phrase(self, parts: list[Any]) -> ast.Phrase:
        return ast.Phrase(parts[0], parts[1] if len(parts) > 1 else None, span=spanning(parts))

    def detail(self, parts: list[Any]) -> "ast.Value | ast.Quote | ast.WordValue | ast.Portion":
        if isinstance(parts[-1], ast.Ref):
            return cast(ast.Portion, self.portion(parts))
        made: Any = {"TEXT": self.quote, "WORD_VALUE": self.word_value}.get(parts[0].type, self.value)
        detail: ast.Value | ast.Quote | ast.WordValue = made(parts)
        return detail

    def mark(self, parts: list[Any]) -> Token:
        token: Token = parts[0]
        return token

    # ---- operands

    def add(self, parts: list[Any]) -> ast.Binary:
        return ast.Binary("add", parts[0], parts[2], span=spanning(parts))

    def subtract(self, parts: list[Any]) -> ast.Binary:
        return ast.Binary("sub", parts[0], parts[2], span=spanning(parts))

    def with_vat(self, parts: list[Any]) -> ast.Taxed:
        return ast.Taxed("add", parts[0], parts[-1], span=spanning(parts))

    def without_vat(self, parts: list[Any]) -> ast.Taxed:
        return ast.Taxed("remove", parts[0], parts[-1], span=spanning(parts))

    def raised(self, parts: list[Any]) -> ast.Scaled:
        return ast.Scaled("up", parts[0], parts[2], span=spanning(parts))

    def lowered(self, parts: list[Any]) -> ast.Scaled:
        return ast.Scaled("down", parts[0], parts[2], span=spanning(parts))

    def relative(self, parts: list[Any]) -> ast.Scaled:
        return ast.Scaled(parts[1].payload, parts[2], self.value(parts[:1]), span=spanning(parts))

    def multiple(self, parts: list[Any]) -> ast.Scaled:
        return ast.Scaled(parts[1].payload, parts[2], self.value(parts[:1]), span=spanning(parts))

    def fraction(self, parts: list[Any]) -> ast.Operand:
        """« le tiers de X » is X divided by 3."""
        item: ast.Operand = parts[-1]
        for operator, number in zip(("mul", "div"), FRACTIONS[parts[0].payload], strict=True):
            if number != 1:
                item = ast.Binary(operator, item, self._number(parts[0], number), span=spanning(parts))
        return item

    def _number(self, token: Token, number: int) -> ast.Value:
        """A number that a word says."""
        literal = Literal("number", Decimal(number), "", "", token.span.start, token.span.end)
        return ast.Value(literal, span=token.span)

    def pro_rata(self, parts: list[Any]) -> ast.ProRata:
        return ast.ProRata(parts[0], parts[2], parts[4], span=spanning(parts))

    def followed(self, parts: list[Any]) -> ast.Followed:
        return ast.Followed(parts[0], parts[2], span=spanning(parts))

    def power(self, parts: list[Any]) -> ast.Power:
        return ast.Power("pow", parts[0], parts[2], span=spanning(parts))

    def squared(self, parts: list[Any]) -> ast.Power:
        return ast.Power("pow", parts[0], self._number(parts[1], DEGREES[parts[1].payload]), span=spanning(parts))

    def root(self, parts: list[Any]) -> ast.Power:
        return ast.Power("root", parts[1], self._number(parts[0], DEGREES[parts[0].payload]), span=spanning(parts))

    def extreme(self, parts: list[Any]) -> ast.Extreme:
        items = tuple(part for part in parts[1:] if not isinstance(part, Token))
        return ast.Extreme(parts[0].payload, items, span=spanning(parts))

    def piece(self, parts: list[Any]) -> ast.Piece:
        tokens = {part.type: part for part in parts if isinstance(part, Token)}
        end, count = tokens["FIRST"], tokens.get("VALUE")
        length = self.value([count]) if count else self._number(end, 1)
        return ast.Piece(end.payload, length, parts[-1], span=spanning(parts))

    def brackets(self, parts: list[Any]) -> ast.Brackets:
        how, said = parts[0].payload
        rows = tuple(
            ast.Bracket(
                self.value([value]), self.value([upto]) if upto else None, span=spanning([value, upto or value])
            )
            for value, upto in said
        )
        span = max((parts[0].span, spanning(parts)), key=lambda each: each.end)
        return ast.Brackets(how, rows, parts[1] if len(parts) > 1 else None, span=span)

    def to_multiple(self, parts: list[Any]) -> ast.Predicate:
        """« au multiple de 5 € supérieur »: the value of the predicate says which way."""
        mode = parts[2].payload if len(parts) > 2 else "nearest"
        step = self.value(parts[1:2])
        return ast.Predicate("MULTIPLE_OF", mode, ast.Phrase(step, span=step.span), span=spanning(parts))

    def multiply(self, parts: list[Any]) -> ast.Binary:
        return ast.Binary("mul", parts[0], parts[2], span=spanning(parts))

    def divide(self, parts: list[Any]) -> ast.Binary:
        return ast.Binary("div", parts[0], parts[2], span=spanning(parts))

    def positive(self, parts: list[Any]) -> ast.Signed:
        return ast.Signed("+", parts[1], span=spanning(parts))

    def negative(self, parts: list[Any]) -> ast.Signed:
        return ast.Signed("-", parts[1], span=spanning(parts))

    def value(self, parts: list[Any]) -> ast.Value:
        mark = parts[1].payload if len(parts) > 1 else ""
        return ast.Value(parts[0].payload, mark, span=spanning(parts))

    def portion(self, parts: list[Any]) -> ast.Portion | ast.Picked:
        mark = next((part.payload for part in parts[1:] if isinstance(part, Token) and part.type in MARKS), "")
        of = _of(parts, (ast.Ref, ast.Picked, ast.Aggregated, ast.Applied))[0]
        value = ast.Value(parts[0].payload, mark, span=parts[0].span)
        number = value.literal is not None and value.literal.kind == "number"
        if number and isinstance(of, ast.Picked) and not {*of.picks} <= {"distinct", "other", "same"}:
            return replace(of, count=value, span=spanning(parts))
        return ast.Portion(value, of, span=spanning(parts))

    def portion_of_value(self, parts: list[Any]) -> ast.Portion:
        whole = ast.Value(parts[2].payload, span=parts[2].span)
        return ast.Portion(ast.Value(parts[0].payload, span=parts[0].span), whole, span=spanning(parts))

    def word_value(self, parts: list[Any]) -> ast.WordValue:
        return ast.WordValue(parts[0].payload, span=parts[0].span)

    def quote(self, parts: list[Any]) -> ast.Quote:
        return ast.Quote(parts[0].payload, span=parts[0].span)

    def today(self, parts: list[Any]) -> ast.Today:
        return ast.Today(span=parts[0].span)

    def shifted(self, parts: list[Any]) -> ast.Shifted:
        amount = ast.Value(parts[0].payload, span=parts[0].span)
        return ast.Shifted(amount, parts[1].payload == "later", parts[2], span=spanning(parts))

    def month_end(self, parts: list[Any]) -> ast.MonthEnd:
        date = next((part for part in parts if not isinstance(part, Token)), None)
        return ast.MonthEnd(date, span=spanning(parts))

    def elapsed(self, parts: list[Any]) -> ast.Elapsed:
        stretch = next((part for part in parts[1:] if isinstance(part, Token) and part.type == "DURING"), None)
        operands = [part for part in parts if not isinstance(part, Token)]
        during, year = stretch.payload if stretch else ("", None)
        span = spanning([part for part in parts if part is not stretch])
        span = span.to(stretch.span) if stretch else span
        end = operands[1] if len(operands) > 1 else None
        return ast.Elapsed(parts[0].payload, operands[0], end, during, year, span=span)

    def month_days(self, parts: list[Any]) -> ast.MonthDays:
        return ast.MonthDays(parts[2] if len(parts) > 1 else None, span=spanning(parts))

    def pronoun(self, parts: list[Any]) -> ast.Pronoun:
        return ast.Pronoun(span=parts[0].span)

    def group(self, parts: list[Any]) -> ast.Group:
        return ast.Group(parts[1], span=spanning(parts))

    def quantified(self, parts: list[Any]) -> ast.Quantified:
        return ast.Quantified(parts[0].payload, parts[-1], span=spanning(parts))

    def aggregated(self, parts: list[Any]) -> ast.Aggregated:
        return ast.Aggregated(parts[0].payload, parts[1], span=spanning(parts))

    def aggregated_of(self, parts: list[Any]) -> ast.Aggregated:
        return ast.Aggregated(parts[0].payload, parts[-1], _of(parts, ast.Chain)[0], span=spanning(parts))

    def applied(self, parts: list[Any]) -> ast.Applied:
        ref, *arguments = (part for part in parts if not isinstance(part, Token))
        return ast.Applied(ref, tuple(arguments), span=spanning(parts))

    def superlative(self, parts: list[Any]) -> ast.Superlative:
        return ast.Superlative(parts[0].payload, span=parts[0].span)

    def reference(self, parts: list[Any]) -> ast.Ref | ast.Picked:
        terms: list[ast.Term] = []
        picks: list[str] = []
        their = negated = leads = False
        on, count = "", None
        for part in parts:
            said = part if isinstance(part, list) else [part]
            linked = any(isinstance(each, Token) and each.type in ("OF", "POSS") for each in said)
            for each in said:
                match each:
                    case Token("PICK", _, pick):
                        picks.append(pick)
                        leads = linked or not terms
                        on = on if leads else terms[-1].key
                    case Token("COUNT"):
                        count = ast.Value(each.payload, span=each.span)
                    case Token("TERM", _, entry):
                        terms.append(ast.Term(entry.key, entry.negated != negated, entry, span=each.span))
                        on, leads, negated = entry.key if leads else on, False, False
                    case Token():
                        their |= each.type == "THEIR"
                    case _:
                        negated = each == "not"
        span = spanning([part for part in parts if isinstance(part, Token) and part.type != "THEIR"])
        ref = ast.Ref(tuple(sorted(terms, key=lambda term: term.key)), their, span=span)
        return ast.Picked(ref, tuple(picks), count, on, span=span) if picks or count else ref

    def owner(self, parts: list[Any]) -> Token:
        token: Token = parts[0]
        return token

    def joined(self, parts: list[Any]) -> list[Token]:
        """What links a name to the one before it: « de », whose it is, how many, which of them."""
        return parts

    def joined_not(self, parts: list[Any]) -> str:
        return "not"
