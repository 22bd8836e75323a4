"""A source in, its statements as ast out, each mistake reported once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from rulec.diagnostics import Diagnostics
from rulec.runtime.plain import Plain, plain
from rulec.source import Language, Source
from rulec.syntax import ast, drafts
from rulec.syntax.drafts import is_mark, may_hold
from rulec.syntax.fold import stem
from rulec.syntax.grammar import MAX_TOKENS, SentenceError, parse_tokens
from rulec.syntax.half_declared import report_half_declared
from rulec.syntax.heads import as_said
from rulec.syntax.judgements import is_judgement, lex_judged, lex_judgement
from rulec.syntax.layout import USE, Line, Statement, split_statements
from rulec.syntax.lex_declarations import declares, lex_declaration
from rulec.syntax.lex_examples import is_example, lex_example, report_ungiven
from rulec.syntax.lexer import Names, lex
from rulec.syntax.periods import head_end, read_period, report_misplaced
from rulec.syntax.promises import lex_promise, promise_in, report_headless
from rulec.syntax.remarks import report_remark
from rulec.syntax.scan import report_yearless, scan
from rulec.syntax.shape import Shaping, shape
from rulec.syntax.sheets import UNREAD, Sheet, read_sheet, words_in
from rulec.syntax.supervision import (
    Asked,
    asked_in,
    is_autonomy,
    lex_approval,
    lex_autonomy,
    report_level,
    unknown_level,
)
from rulec.syntax.tokens import Item, Token
from rulec.syntax.unreadable import report_unreadable, report_words
from rulec.syntax.words import split_words, words, words_for
from rulec.tree import Span

_CONNECTING = frozenset({
    "AND", "OR", "AND_OR", "THEN", "ELSE", "ELSE_IF", "UNLESS", "EXCEPT", "BECAUSE", "NOR", "NOT_BOTH", "ELSE_ABOVE",
    "ASSUMING",
})  # fmt: skip
_HEADING = frozenset({"RULE", "EXCEPTION", "EXAMPLE"})
MAX_FINDINGS = 300  # of a rule set: what follows so many mistakes says little
MAX_ITEMS = 60_000  # of one statement


@plain
class Drawn(Plain):
    """A table, and the names that its cells are read with."""

    sheet: Sheet
    names: Names
    period: ast.Period | None = None


@plain
class Read(Plain):
    """A statement and its place."""

    statement: ast.Statement | Drawn
    span: Span


@plain
class Raw(Plain):
    """A statement as words and signs. `declares`: it makes names. `broken`: some of it could not be read.

    `sheet`: the table that it is. `example`, `promise`, `autonomy`: it is one, and decides nothing. `approval`: where
    it asks for one, unless an action is called so. `period`: the line that says when. `judges`: it declares a
    judgement, of which the rest is read with the names of the rules. `said`: what it says, known from before; then its
    `lines` are kept, and `items_of` gives its items.
    """

    items: tuple[Item, ...]
    span: Span
    declares: bool
    broken: bool = False
    example: bool = False
    sheet: Sheet | None = None
    period: Line | None = None
    judges: bool = False
    promise: bool = False
    autonomy: bool = False
    approval: Asked | None = None
    said: Any = None
    lines: Statement | None = None

    @property
    def decides(self) -> bool:
        """Whether it may be a definition."""
        special = self.declares or self.example or self.promise or self.autonomy or self.approval or self.sheet
        return not special and self.said is None


@cache
def starts_with(kinds: frozenset[str], language: Language) -> Callable[[str], bool]:
    """Whether a line starts with a word of one of these kinds."""
    keywords = words_for("opening", language).keywords
    firsts = frozenset(
        key
        for phrases in (*keywords.parts, keywords)
        for key, node in phrases.root.items()
        if any(keyword.kind in kinds for keyword in node.all())
    )

    def starts(text: str) -> bool:
        first = next(iter(split_words(text[:80].split(" ", 1)[0], language)), "")
        if first and stem(first, language) not in firsts:
            return False
        keys = [stem(word, language) for word in split_words(text[:80], language)[:6]]
        found = keywords.longest(keys, 0, frozenset())
        return found is not None and any(keyword.kind in kinds for keyword in found[1])

    return starts


def statements_of(source: Source) -> tuple[Statement, ...]:
    """The statements of a source as lines; its drafts among them where these count."""
    return tuple(each for each in _every(source) if each.draft is None or source.drafting)


def drafts_in(source: Source) -> tuple[Statement, ...]:
    """The drafts of a source as lines, whether they count or not."""
    if not may_hold(source):
        return ()
    return tuple(each for each in _every(source) if each.draft is not None and each.draft not in each.lines)


def _every(source: Source) -> tuple[Statement, ...]:
    goes_on, heads = (starts_with(kinds, source.language) for kinds in (_CONNECTING, _HEADING))
    return split_statements(source, goes_on, heads, head_end, is_mark)


def read_raw(
    source: Source, diagnostics: Diagnostics, said: Callable[[Source, Statement], Any] = lambda *_: None
) -> list[Raw]:
    """The statements of a source as items; one that cannot be read is reported and left out.

    `said`: what a statement says, if that is known.
    """
    found = []
    marked = may_hold(source)
    tells = starts_with(frozenset({"EXAMPLE"}), source.language)
    for statement in _every(source):
        if len(diagnostics) > MAX_FINDINGS:
            diagnostics.add("E107", _head(source, statement), limit=MAX_FINDINGS)
            break
        before = len(diagnostics)
        if marked:
            drafts.report_misplaced(source, statement, diagnostics)
        if statement.draft is not None and (not source.drafting or statement.draft in statement.lines):
            continue
        if (known := said(source, statement)) is not None:
            found.append(Raw((), statement.span(source), False, said=known, lines=statement))
            continue
        if statement.period is not None:
            report_misplaced(source, statement, diagnostics)
        if USE.match(source.text, statement.lines[0].start) or statement.lines == (statement.period,):
            continue
        if (sheet := read_sheet(source, statement, diagnostics)) is not None:
            broken = diagnostics.failed_since(before) or sheet.source is UNREAD
            found.append(
                Raw(words_in(sheet), statement.span(source), False, broken, sheet=sheet, period=statement.period)
            )
            continue
        first = statement.lines[0]
        yearless = tells(source.text[first.start : first.end])
        items = as_said(scan(source, statement, diagnostics, yearless), source.language)
        span = statement.span(source)
        if len(items) > MAX_ITEMS:
            diagnostics.add("E106", _head(source, statement), limit=MAX_ITEMS)
        else:
            example = is_example(items, source.language)
            if yearless and not example:
                report_yearless(source, items, diagnostics)
            judges = not example and is_judgement(items, source.language)
            promise = not example and promise_in(items, source.language) is not None
            autonomy = not example and is_autonomy(items, source.language)
            asked = None if example or promise or autonomy else asked_in(items, source.language)
            makes = judges or (
                not (example or promise or autonomy or asked)
                and (declares(items, source) or report_half_declared(items, source, diagnostics))
            )
            if statement.period is not None and (example or makes):
                diagnostics.add("E354", _head(source, statement), text=source.cut(_head(source, statement)))
            found.append(
                Raw(
                    items, span, makes, diagnostics.failed_since(before), example, period=statement.period,
                    judges=judges, promise=promise, autonomy=autonomy, approval=asked,
                )
            )  # fmt: skip
    return found


def items_of(source: Source, raw: Raw) -> tuple[Item, ...]:
    """The items of a statement, also of one that is known."""
    return raw.items if raw.lines is None else as_said(scan(source, raw.lines, Diagnostics()), source.language)


def _head(source: Source, statement: Statement) -> Span:
    line = statement.lines[0]
    return Span(source.number, line.start, min(line.end, line.start + 40))


def parse_declarations(source: Source, raws: list[Raw], diagnostics: Diagnostics) -> list[Read]:
    """The declarations of a source."""
    return list(
        _parsed(
            source,
            ((raw, _declaring(source, raw, diagnostics)) for raw in raws if raw.declares and not raw.broken),
            diagnostics,
        )
    )


def _declaring(source: Source, raw: Raw, diagnostics: Diagnostics) -> list[Token]:
    """The tokens of what declares names."""
    lex_names = lex_judged if raw.judges else lex_declaration
    return lex_names(source, raw.items, diagnostics)


def parse_rules(source: Source, raws: list[Raw], names: Names, diagnostics: Diagnostics) -> list[Read]:
    """The rules of a source, read with its names."""

    def shaped() -> Iterator[tuple[Raw, list[Token] | None]]:
        shaping = Shaping(source, names.inferring, diagnostics, names.lists)
        for raw in raws:
            if len(diagnostics) > MAX_FINDINGS:
                diagnostics.add("E107", raw.span, limit=MAX_FINDINGS)
                return
            if (raw.judges or not raw.declares) and not raw.broken and raw.sheet is None:
                before = len(diagnostics)
                if raw.example:
                    tokens = lex_example(source, raw.items, names, diagnostics)
                elif raw.judges:
                    tokens = lex_judgement(source, raw.items, names, diagnostics)
                elif report_misnamed(source, raw, names, diagnostics):
                    tokens = []
                elif raw.promise:
                    tokens = lex_promise(source, raw.items, names, shaping)
                elif raw.autonomy:
                    tokens = lex_autonomy(source, raw.items, names, shaping)
                elif (span := unknown_level(source, raw.items, names)) is not None:
                    tokens = report_level(source, span, diagnostics)
                elif raw.approval is not None and not _is_action(source, raw.items, raw.approval.start, names):
                    tokens = lex_approval(source, raw.items, raw.approval, names, shaping)
                else:
                    tokens = shape(lex(source, raw.items, names, diagnostics), shaping)
                bad = diagnostics.failed_since(before) or report_words(source, tokens, diagnostics)
                yield raw, None if bad else _with_grids(source, tokens, names, diagnostics)

    drawn = [Read(Drawn(raw.sheet, names), raw.span) for raw in raws if raw.sheet is not None and not raw.broken]
    read = list(_parsed(source, shaped(), diagnostics))
    found = sorted([*read, *drawn], key=lambda each: each.span.start) if drawn else read
    lines = {raw.span.start: raw.period for raw in raws if raw.period is not None}
    return list(_governed(source, found, lines, names, diagnostics)) if lines else found


def report_misnamed(source: Source, raw: Raw, names: Names, diagnostics: Diagnostics) -> bool:
    """Report what opens nearly as drafts, examples or promises do; whether it does."""
    return not raw.promise and (
        drafts.report_mistyped(source, raw.span, names.declared, diagnostics)
        or report_ungiven(source, raw.items, names, diagnostics)
        or report_headless(source, raw.items, names, diagnostics)
        or report_remark(source, raw.items, names, diagnostics)
    )


def _governed(
    source: Source, found: Sequence[Read], lines: Mapping[int, Line], names: Names, diagnostics: Diagnostics
) -> Iterator[Read]:
    """The statements, each with the period that it stands in."""
    known = {line: read_period(source, line, names, diagnostics) for line in dict.fromkeys(lines.values())}
    for each in found:
        line = lines.get(each.span.start)
        if line is None:
            yield each
        elif not isinstance(each.statement, ast.Rule | Drawn):
            diagnostics.add("E354", each.span, text=source.cut(each.span))
        elif (period := known[line]) is not None:
            yield replace(each, statement=replace(each.statement, period=period))


def _is_action(source: Source, items: Sequence[Item], at: int, names: Names) -> bool:
    """Whether a declared action stands at a place."""
    keys = [item.key if item.kind == "WORD" else "\0" for item in items]
    found = names.declared.longest(keys, at, words(source.language).articles)
    return found is not None and any(entry.action for entry in found[1])


def _with_grids(source: Source, tokens: list[Token], names: Names, diagnostics: Diagnostics) -> list[Token]:
    """The tokens of a statement, what stands in the table or in the history of an example read."""
    if not tokens or tokens[0].type != "EXAMPLE":
        return tokens
    from rulec.syntax.grids import grid_of  # few files hold examples, and every start counts
    from rulec.syntax.histories import history_of

    elements = any(token.type == "ROWS_OF" for token in tokens)

    def held(token: Token) -> object:
        if token.type == "TABLE":
            return grid_of(source, token, names, diagnostics, elements)
        return history_of(source, token, names, diagnostics) if token.type == "HISTORY" else token.payload

    return [
        Token(token.type, token.text, held(token), token.span)
        if token.type in ("TABLE", "HISTORY")
        else token
        for token in tokens
    ]


def _parsed(
    source: Source, statements: "Iterator[tuple[Raw, list[Token]]] | Iterator[tuple[Raw, list[Token] | None]]",
    diagnostics: Diagnostics,
) -> Iterator[Read]:  # fmt: skip
    for raw, tokens in statements:
        if not tokens:
            continue
        if len(tokens) > MAX_TOKENS:
            diagnostics.add("E106", raw.span, limit=MAX_TOKENS)
            continue
        try:
            statement = parse_tokens(tokens)
        except SentenceError as stop:
            report_unreadable(source, tokens, stop, diagnostics)
            continue
        yield Read(statement, raw.span)
