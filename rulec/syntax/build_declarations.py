"""Grammar matches in, ast nodes out, for declarations: entities, what is known, decided and possible."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from rulec.runtime.literals import Literal
from rulec.syntax import ast
from rulec.syntax.build import Build, spanning
from rulec.syntax.tokens import Token


def _texts(parts: list[Any]) -> tuple[str, ...]:
    return tuple(part.payload for part in parts if isinstance(part, Token) and part.type in ("NAME", "TEXT"))


def _key(parts: list[Any]) -> str:
    return next((part.payload for part in parts if isinstance(part, Token) and part.type == "KEY"), "")


def _other(parts: list[Any]) -> str:
    return next((part.texts[0] for part in parts if isinstance(part, ast.Mark)), "")


class BuildAll(Build):
    """The productions of declarations beside those of rules."""

    def entity(self, parts: list[Any]) -> ast.Declaration:
        other = _other(parts)
        return ast.Declaration("entity", parts[0].payload, parts[-1], key=_key(parts), other=other, span=parts[0].span)

    def subtype(self, parts: list[Any]) -> ast.Declaration:
        parent = [part.payload for part in parts if isinstance(part, Token) and part.type == "NAME"][1]
        key, other = _key(parts), _other(parts)
        return ast.Declaration("subtype", parts[0].payload, parts[-1], parent, key=key, other=other, span=parts[0].span)

    def other(self, parts: list[Any]) -> ast.Mark:
        return self._mark("in_other", parts)

    def judgement(self, parts: list[Any]) -> ast.Judgement:
        declared, *_ = (part for part in parts if isinstance(part, ast.Declaration))
        text = next((part for part in parts if isinstance(part, ast.Ref | ast.Picked)), None)
        means = next((part for part in parts if isinstance(part, Token) and part.type == "TEXT"), None)
        return ast.Judgement(
            declared, text, self.quote([means]) if means else None,
            tuple(part for part in parts if isinstance(part, ast.Answered)),
            next((part for part in parts if isinstance(part, ast.Chain)), None), span=spanning(parts),
        )  # fmt: skip

    def judged_trait(self, parts: list[Any]) -> ast.Declaration:
        item = self._item("trait", parts[2], parts[3:])
        return ast.Declaration("judged", parts[0].payload, (item,), span=parts[0].span)

    def judged_named(self, parts: list[Any]) -> ast.Declaration:
        item = self._item("named", parts[0], parts[1:])
        return ast.Declaration("judged", "", (item,), span=parts[0].span)

    def answer(self, parts: list[Any]) -> ast.Answered:
        texts = tuple(self.quote([part]) for part in parts if part.type == "TEXT")
        return ast.Answered(parts[0].payload, texts, span=spanning(parts))

    def doubt(self, parts: list[Any]) -> ast.Chain:
        chain: ast.Chain = parts[2]
        return chain

    def happening(self, parts: list[Any]) -> ast.Declaration:
        return ast.Declaration("happening", "", parts[-1], span=parts[0].span)

    def known(self, parts: list[Any]) -> ast.Declaration:
        return ast.Declaration("known", "", parts[-1], span=parts[0].span)

    def decided(self, parts: list[Any]) -> ast.Declaration:
        each = next((part.payload for part in parts if isinstance(part, Token) and part.type == "NAME"), "")
        return ast.Declaration("decided", "", parts[-1], each=each, span=parts[0].span)

    def possible(self, parts: list[Any]) -> ast.Declaration:
        return ast.Declaration("possible", "", parts[-1], span=parts[0].span)

    def named_set(self, parts: list[Any]) -> ast.NamedSet:
        name, *values = _texts(parts)
        return ast.NamedSet(name, tuple(values), span=spanning(parts))

    def items(self, parts: list[Any]) -> tuple[ast.Item, ...]:
        return tuple(part for part in parts if isinstance(part, ast.Item))

    def named(self, parts: list[Any]) -> ast.Item:
        return self._item("named", parts[0], parts[1:])

    def trait(self, parts: list[Any]) -> ast.Item:
        return self._item("trait", parts[1], parts[2:])

    def verb(self, parts: list[Any]) -> ast.Item:
        return self._item("verb", parts[1], parts[2:])

    def _item(self, form: str, name: Token, marks: list[Any]) -> ast.Item:
        flat = [mark for part in marks for mark in (part if isinstance(part, tuple) else (part,))]
        return ast.Item(form, name.payload, tuple(flat), span=name.span)

    def parens(self, parts: list[Any]) -> tuple[ast.Mark, ...]:
        return tuple(part for part in parts if isinstance(part, ast.Mark))

    def modified(self, parts: list[Any]) -> ast.Mark:
        mark: ast.Mark = parts[1]
        return mark

    def _mark(self, kind: str, parts: list[Any]) -> ast.Mark:
        return ast.Mark(kind, _texts(parts), span=spanning(parts))

    def another_text(self, parts: list[Any]) -> ast.Mark:
        return self._mark("another_text", parts)

    def bound(self, parts: list[Any]) -> ast.Value:
        literal = parts[-1].payload
        if len(parts) > 1 and isinstance(literal, Literal) and isinstance(literal.value, Decimal):
            literal = replace(literal, value=-literal.value)
        return ast.Value(literal, span=spanning(parts))

    def another(self, parts: list[Any]) -> ast.Mark:
        return self._mark("another", parts)

    def among(self, parts: list[Any]) -> ast.Mark:
        return self._mark("among", parts)

    def measure(self, parts: list[Any]) -> ast.Mark:
        return self._mark("measure", parts)

    def type_name(self, parts: list[Any]) -> ast.Mark:
        return self._mark("type_name", parts)

    def list_of(self, parts: list[Any]) -> ast.Mark:
        return self._mark("list_of", parts)

    def list_here(self, parts: list[Any]) -> ast.Mark:
        return self._mark("list_here", parts)

    def one_only(self, parts: list[Any]) -> ast.Mark:
        return self._mark("one_only", parts)

    def main(self, parts: list[Any]) -> ast.Mark:
        return self._mark("main", parts)

    def optional(self, parts: list[Any]) -> ast.Mark:
        return self._mark("optional", parts)

    def also(self, parts: list[Any]) -> ast.Mark:
        return self._mark("also", parts)

    def plural(self, parts: list[Any]) -> ast.Mark:
        return self._mark("plural", parts)

    def in_other(self, parts: list[Any]) -> ast.Mark:
        return self._mark("in_other", parts)

    def in_order(self, parts: list[Any]) -> ast.Mark:
        return self._mark("in_order", parts)

    def parameter(self, parts: list[Any]) -> ast.Mark:
        return self._mark("parameter", parts)

    def key(self, parts: list[Any]) -> ast.Mark:
        return ast.Mark("key", (parts[0].payload,), span=parts[0].span)

    def type(self, parts: list[Any]) -> ast.Mark:
        return ast.Mark("type", (parts[0].payload,), span=parts[0].span)

    def type_measure(self, parts: list[Any]) -> ast.Mark:
        return ast.Mark("type", (parts[0].payload, parts[-1].payload), span=spanning(parts))

    def combine(self, parts: list[Any]) -> ast.Mark:
        return ast.Mark("combine", (parts[0].payload,), span=parts[0].span)

    def refused(self, parts: list[Any]) -> ast.Mark:
        return ast.Mark("refused", (parts[0].payload,), span=parts[0].span)

    def ranged(self, parts: list[Any]) -> ast.Mark:
        mark: ast.Mark = parts[0]
        return mark

    def range(self, parts: list[Any]) -> ast.Mark:
        kinds = tuple(part.type for part in parts if isinstance(part, Token) and part.type in ("AT_LEAST", "AT_MOST"))
        values = tuple(part for part in parts if isinstance(part, ast.Value))
        return ast.Mark("range", kinds, values, span=spanning(parts))

    def default(self, parts: list[Any]) -> ast.Mark:
        values = tuple(ast.Value(part.payload, span=part.span) for part in parts if part.type == "VALUE")
        words = tuple(part.type.lower() for part in parts if part.type in ("YES", "NO"))
        return ast.Mark("default", words or _texts(parts), values, span=spanning(parts))
