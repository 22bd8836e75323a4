"""A file and its compilation in, the file as canonical text out: same rules, same comments, one layout.

A statement whose canonical text would not mean the same stays as it is written.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache

from rulec.diagnostics import Diagnostics
from rulec.files import LANGUAGES, blocks_of, only_blocks
from rulec.pipeline import Compiled, compile_sources, heads_of, rule_sources, rules_of
from rulec.plan.alike import cases, comparable
from rulec.printing.comments import Printed, assembled
from rulec.printing.declarations import Block, declaration, named_set
from rulec.printing.definitions import definition
from rulec.printing.example_tables import drawn_examples, rows_of
from rulec.printing.example_tables import written as written_examples
from rulec.printing.examples import example
from rulec.printing.judgements import declared, judgement
from rulec.printing.layout import lines_of, narrower
from rulec.printing.names import Speech, UnsaidError
from rulec.printing.periods import head, inside, period_of, placed
from rulec.printing.promises import promises
from rulec.printing.rules import precedence, statement
from rulec.printing.settings import setting
from rulec.printing.supervision import oversight
from rulec.printing.tables import meant_rows, table, written_heads, written_rows
from rulec.runtime.plain import Plain, plain
from rulec.semantics import model
from rulec.semantics.checking import definings_of
from rulec.semantics.definitions import Defining, defined
from rulec.semantics.examples import Examples
from rulec.semantics.judgements import read_judgement
from rulec.semantics.promises import promise_of
from rulec.semantics.rules import Rules
from rulec.semantics.supervision import oversight_of
from rulec.semantics.tables import read_table
from rulec.source import Source
from rulec.syntax import ast
from rulec.syntax.fold import fold
from rulec.syntax.layout import Statement
from rulec.syntax.parse import Drawn, Raw, Read, parse_declarations, read_raw, statements_of
from rulec.syntax.settings import kind_of
from rulec.syntax.sheets import Sheet
from rulec.tree import NOWHERE, Span

_LINE_END = re.compile(r"\r\n|\r|\n")
_LONE_RETURN = re.compile(r"\r(?!\n)")
Place = tuple[int, int]  # the number of a source, that of a statement in it


@plain
class File(Plain):
    """A rule file: its text, and what of it was compiled: itself, or for a literate file one source a language."""

    text: str
    sources: tuple[Source, ...]

    @property
    def literate(self) -> bool:
        """Whether prose stands around the rules."""
        return any(source.text != self.text for source in self.sources)


def file_of(text: str, names: tuple[str, ...], compiled: Compiled) -> File:
    """The sources of a compilation that come from a file. `names`: what it may be called there."""
    texts = {text, *(only_blocks(text, mark) for _, mark in LANGUAGES)}
    return File(text, tuple(each for each in compiled.sources if each.name in names and each.text in texts))


def formatted(file: File, compiled: Compiled) -> str:
    """The text in canonical form; as it is, where no other layout means the same. `compiled` has a plan."""
    ended = _LONE_RETURN.sub("\n", file.text)
    if "\n" in file.text and ended != file.text and _same(ended, file, compiled):  # lines end in more ways than one
        again = _with_text(ended, file, compiled)
        return _formatted(file_of(ended, tuple(source.name for source in file.sources), again), again)
    return _formatted(file, compiled)


def _formatted(file: File, compiled: Compiled) -> str:
    fits = cache(lambda text: _same(text, file, compiled))
    printed = {source.number: list(_printed(source, compiled)) for source in file.sources}
    every = [(number, at) for number, each in printed.items() for at in range(len(each))]

    def text_with(said: list[Place], aligned: list[Place]) -> str:
        ways = {**dict.fromkeys(aligned, "aligned"), **dict.fromkeys(said, "blocks")}
        chosen = {
            number: [replace(p, blocks=getattr(p, ways[number, at]) if (number, at) in ways else ())
                     for at, p in enumerate(each)]
            for number, each in printed.items()
        }  # fmt: skip
        return written(file, chosen)

    places = [(number, at) for number, at in every if printed[number][at].blocks]
    said = _largest(places, [], lambda chosen: fits(text_with(chosen, [])))
    left = [(number, at) for number, at in every if printed[number][at].aligned and (number, at) not in said]
    aligned = _largest(left, [], lambda chosen: fits(text_with(said, chosen)))
    made = text_with(said, aligned)
    return made if fits(made) else file.text


def _largest(candidates: list[Place], base: list[Place], fits: Callable[[list[Place]], bool]) -> list[Place]:
    """The candidates that may be taken together with those of the base."""
    if not candidates or fits([*base, *candidates]):
        return [*base, *candidates]
    if len(candidates) == 1:
        return base
    half = len(candidates) // 2
    return _largest(candidates[half:], _largest(candidates[:half], base, fits), fits)


def _with_text(text: str, file: File, compiled: Compiled) -> Compiled:
    """What is compiled of the file with this text in place of its own."""
    marks = dict(LANGUAGES)
    new = {
        source.number: replace(source, text=only_blocks(text, marks[source.language]) if file.literate else text)
        for source in file.sources
    }
    return compile_sources([new.get(each.number, each) for each in rule_sources(compiled)], Diagnostics())


def _same(text: str, file: File, compiled: Compiled) -> bool:
    """Whether the file with this text makes the same plan and the same vocabulary."""
    again = _with_text(text, file, compiled)
    if again.plan is None or compiled.plan is None or comparable(again.plan) != comparable(compiled.plan):
        return False
    if cases(again.examples) != cases(compiled.examples):
        return False
    return again.vocabulary == compiled.vocabulary or compiled.inferred


# ---- statements


def _printed(source: Source, compiled: Compiled) -> Iterator[Printed]:
    speech, rules = Speech(source.language, compiled.vocabulary), Rules(compiled.vocabulary, source, Diagnostics())
    before: Statement | None = None
    for each, period, printed in printed_alone(source, compiled):
        yield placed(speech, source, each, before, opening(speech, rules, period), printed)
        before = each


def printed_alone(source: Source, compiled: Compiled) -> Iterator[tuple[Statement, ast.Period | None, Printed]]:
    """Each statement, the period that it stands in, and what is printed of it without the head of that period."""
    reads = {read.span.start: read for read in reads_of(source, compiled)}
    stated = definitions_in(source, compiled)
    speech = Speech(source.language, compiled.vocabulary)
    speech.articles |= articles_in(source, stated)
    rules = Rules(compiled.vocabulary, source, Diagnostics())
    set_ = settings_in(source)
    for each in statements_of(source):
        span = each.span(source)
        read, period = reads.get(span.start), None
        blocks: tuple[Block, ...] = ()
        plain: tuple[Block, ...] = ()
        with narrower(inside(each)):
            if span.start in set_:
                raw, kind = set_[span.start]
                blocks = _sayable(_setting(speech, source, raw, kind))
            elif span.start in stated:
                period = stated[span.start][0].rule.period
                blocks = _sayable(_definition(speech, compiled, span.start, stated[span.start]))
            elif read is not None:
                period = period_of(read.statement)
                alone = without_period(read)
                blocks = _sayable(_blocks(speech, source, rules, alone))
                plain = _sayable(_aligned(speech, source, rules, alone))
        yield each, period, Printed(source.place(span.start)[0], source.place(span.end - 1)[0], blocks, plain)


def opening(speech: Speech, rules: Rules, period: ast.Period | None) -> list[str]:
    """The head of a period; nothing without one."""
    meant = rules.conditions.read(period.condition) if period is not None else None
    return head(speech, meant) if meant is not None else []


def without_period(read: Read) -> Read:
    """A statement as it is said below the head of its period."""
    if isinstance(read.statement, ast.Rule | Drawn):
        return replace(read, statement=replace(read.statement, period=None))
    return read


def definitions_in(source: Source, compiled: Compiled) -> dict[int, list[Defining]]:
    """The statements that define something, by where they start."""
    raws = read_raw(source, Diagnostics())
    heads = heads_of([(source, raws)], compiled.vocabulary)
    parsed = rules_of([(source, raws)], compiled.vocabulary, heads, Diagnostics())
    found: dict[int, list[Defining]] = {}
    for each in definings_of(compiled.vocabulary, parsed, heads):
        found.setdefault(each.span.start, []).append(each)
    return found


def articles_in(source: Source, stated: Mapping[int, list[Defining]]) -> dict[str, str]:
    """The articles of the names that statements define."""
    found: dict[str, str] = {}
    for each in (each for made in stated.values() for each in made):
        said = each.head.parameters
        for slot, part in zip(each.term.parameters, said.parts if said else (), strict=False):
            found[fold(slot.names[0])] = _article(str(part[0].payload))
        before = source.text[: each.head.span.start].replace("’", "'").split("\n")[-1].rstrip()
        found[fold(each.term.slot.names[-1])] = _article(before.rpartition(" ")[2])
    return found


def _article(word: str) -> str:
    """A word that is an article; "" for any other."""
    return word.lower() if fold(word) in ("le", "la", "les", "l'", "un", "une") else ""


def definition_of(compiled: Compiled, made: list[Defining]) -> model.Definition:
    """What a statement says of its term; of a name of several things, nothing that can be said again."""
    (first, *others) = made
    alone = replace(first, rule=replace(first.rule, period=None))
    said = defined(compiled.vocabulary, alone, Diagnostics()) if not others else None
    if said is None:
        raise UnsaidError
    return said


def _definition(speech: Speech, compiled: Compiled, start: int, made: list[Defining]) -> Iterator[Block]:
    head = made[0].head
    yield Block(start, tuple(definition(speech, definition_of(compiled, made), head.form, head.key)))


def settings_in(source: Source) -> dict[int, tuple[Raw, str]]:
    """The statements that set out the calendar, closures or the time zone, by where they start."""
    raws = read_raw(source, Diagnostics())
    return {raw.span.start: (raw, kind) for raw in raws if (kind := kind_of(source, raw))}


def _setting(speech: Speech, source: Source, raw: Raw, kind: str) -> Iterator[Block]:
    yield Block(raw.span.start, tuple(lines_of(setting(speech, source, raw, kind), 0)))


def _sayable(blocks: Iterator[Block]) -> tuple[Block, ...]:
    """The blocks of a statement; none where it has no canonical form yet."""
    try:
        return tuple(blocks)
    except UnsaidError:
        return ()


def reads_of(source: Source, compiled: Compiled) -> Iterator[Read]:
    """The statements of a source that can be read, declarations first; definitions are left out."""
    return (read for read, defines in with_definitions(source, compiled) if not defines)


def with_definitions(source: Source, compiled: Compiled) -> Iterator[tuple[Read, bool]]:
    """The statements of a source that can be read, declarations first, and whether each is a definition."""
    raws = read_raw(source, Diagnostics())
    vocabulary, heads = compiled.vocabulary, heads_of([(source, raws)], compiled.vocabulary)
    parsed = rules_of([(source, raws)], vocabulary, heads, Diagnostics(), few=len(raws))
    defining = {each.span.start for each in definings_of(vocabulary, parsed, heads)}
    declarations = parse_declarations(source, raws, Diagnostics())
    yield from ((read, False) for read in declarations if not isinstance(read.statement, ast.Judgement))
    yield from ((read, read.span.start in defining) for _, reads in parsed for read in reads if isinstance(read, Read))


def _blocks(speech: Speech, source: Source, rules: Rules, read: Read) -> Iterator[Block]:
    start = read.span.start
    match read.statement:
        case ast.Rule() as rule:
            meant = list(rules.read(rule, read.span))
            if meant:
                yield Block(start, tuple(statement(speech, meant)))
        case ast.Precedence(strong, weak):
            yield Block(start, tuple(lines_of(precedence(speech, strong, weak), 0)))
        case ast.Promise():
            yield Block(start, tuple(promises(speech, promises_in(rules, read))))
        case ast.Autonomy() | ast.Approval() as said:
            yield Block(start, tuple(oversight(speech, oversight_in(rules, said, read.span))))
        case ast.Declaration() as said:
            yield from declaration(speech, source, said)
        case ast.NamedSet() as said:
            yield Block(start, tuple(lines_of(named_set(speech, source, said), 0)))
        case ast.Judgement() as said:
            if (judged := read_judgement(rules, said, read.span)) is not None:
                yield from judgement(speech, declared(speech, source, said.declared), said, judged)
        case Drawn(sheet) as drawn:
            for drew in read_table(rules, drawn, 0):
                rows = meant_rows(speech, sheet, drew, written_heads(sheet))
                yield from table(speech, source, sheet, drew, rows, file_of_table(source, sheet))
        case ast.Example(_, grid=None) as said_example:
            for case in examples_reader(source, rules).read(said_example, read.span):
                yield Block(start, tuple(example(speech, case)))
        case ast.Example(_, grid=ast.Grid() as grid) as listed:
            heads = written_examples(source, grid)[0]
            rows = rows_of(speech, examples_reader(source, rules), grid, heads)
            yield from drawn_examples(speech, source, listed, start, rows)
        case ast.Example() | ast.Use() | ast.LanguageLine():
            return


def promises_in(rules: Rules, read: Read) -> list[model.Promise]:
    """What a statement promises or assumes, in a rule set without errors."""
    assert isinstance(read.statement, ast.Promise)
    found = [promise_of(rules, read.statement.kind, item, read.span) for item in read.statement.items]
    return [each for each in found if each is not None]


def oversight_in(rules: Rules, said: ast.Autonomy | ast.Approval, span: Span) -> model.Oversight:
    """What a statement says of supervision, in a rule set without errors."""
    made = oversight_of(rules, said, span)
    assert made is not None
    return made


def examples_reader(source: Source, rules: Rules) -> Examples:
    """What reads the examples of a source."""
    return Examples(source, rules.conditions, rules.effects)


def _aligned(speech: Speech, source: Source, rules: Rules, read: Read) -> Iterator[Block]:
    """A table with its cells as they are written."""
    match read.statement:
        case Drawn(sheet) as drawn:
            for meant in read_table(rules, drawn, 0):
                yield from table(speech, source, sheet, meant, written_rows(sheet), file_of_table(source, sheet))
        case ast.Example(_, grid=ast.Grid() as grid) as said:
            yield from drawn_examples(speech, source, said, read.span.start, written_examples(source, grid))
        case _:
            return


def file_of_table(source: Source, sheet: Sheet) -> str:
    """The name of the file of the rows of a table; "" where they stand in the rules."""
    return "" if sheet.file == NOWHERE else source.cut(sheet.file).strip()


# ---- text


def written(file: File, printed: dict[int, list[Printed]]) -> str:
    """The file with its statements as printed."""
    if not file.sources:  # a page of prose alone
        return file.text
    if not file.literate:
        (source,) = file.sources
        lines = assembled(source, printed[source.number], 1, len(source.starts))
        mark = "\ufeff" if file.text.startswith("\ufeff") else ""
        return mark + "".join(f"{line}{_line_end(file.text)}" for line in lines)
    text = file.text
    for source, begin, end in sorted(_places(file), key=lambda place: -place[1]):
        first, last = source.place(begin)[0], source.place(end)[0] - 1
        lines = assembled(source, printed[source.number], first, last)
        text = text[:begin] + "".join(f"{line}{_line_end(text)}" for line in lines) + text[end:]
    return text


def _places(file: File) -> Iterator[tuple[Source, int, int]]:
    """The blocks of a literate file that end, each with its source."""
    for source in file.sources:
        for block in blocks_of(file.text, dict(LANGUAGES)[source.language]):
            if block.end() > block.end(2):
                yield source, block.start(2), block.end(2)


def _line_end(text: str) -> str:
    found = _LINE_END.search(text)
    return found[0] if found else "\n"
