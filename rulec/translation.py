"""A file and its compilation in, the same file in the other language out, and the names that have no other words."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace

from rulec.diagnostics import Diagnostics
from rulec.files import LANGUAGES, library_text, modules, only_blocks
from rulec.formatting import (
    File,
    definition_of,
    definitions_in,
    examples_reader,
    file_of_table,
    opening,
    oversight_in,
    promises_in,
    reads_of,
    settings_in,
    without_period,
    written,
)
from rulec.pipeline import Compiled, compile_sources, rule_sources
from rulec.plan.alike import cases_without_words, without_words
from rulec.printing.comments import Printed
from rulec.printing.declarations import Block, capital
from rulec.printing.definitions import definition
from rulec.printing.example_tables import drawn_examples, rows_of
from rulec.printing.examples import example
from rulec.printing.judgements import judgement
from rulec.printing.layout import lines_of, narrower
from rulec.printing.names import Speech, UnsaidError
from rulec.printing.periods import inside, period_of, placed
from rulec.printing.promises import promises
from rulec.printing.rules import precedence, statement
from rulec.printing.settings import setting
from rulec.printing.supervision import oversight
from rulec.printing.tables import Rows, columns_of, csv_text, meant_rows, said_head, table
from rulec.printing.translated import Translator, terms_of
from rulec.runtime.plain import Plain, changing, plain
from rulec.semantics import model
from rulec.semantics.declare import declarations
from rulec.semantics.definitions import Defining
from rulec.semantics.element_terms import INSIDE, lists_in, with_new
from rulec.semantics.judgements import read_judgement
from rulec.semantics.rules import Rules
from rulec.semantics.tables import read_table
from rulec.source import Language, Source
from rulec.syntax import ast
from rulec.syntax.csv_rows import plain_quotes
from rulec.syntax.fold import fold
from rulec.syntax.layout import USE, Statement
from rulec.syntax.parse import Drawn, Read, statements_of
from rulec.syntax.sheets import Sheet

NOTHING_DONE: Mapping[str, Source] = {}


@plain
class Translation(Plain):
    """`text`: the file in the other language. `kept`: names that stay. `unsaid`: a line that cannot be said again.

    `wordless`: the events of the file without a sentence in the other language, each with its line.

    `rows`: the files of rows that it reads, each with its text in the other language, to stand beside it.
    `used`: the files that it uses and that stay in their language. `source`: it as a source for those that use it.
    """

    text: str
    kept: tuple[str, ...] = ()
    unsaid: int = 0
    rows: tuple[tuple[str, str], ...] = ()
    used: tuple[str, ...] = ()
    source: Source | None = None
    wordless: tuple[tuple[str, int], ...] = ()


def translated(
    file: File, compiled: Compiled, target: Language, done: Mapping[str, Source] = NOTHING_DONE
) -> Translation:
    """The file in the other language. `compiled` has a plan; all of the file is in one language.

    `done`: the other files that are said again already, by the text that they had.
    """
    (source,) = file.sources
    if wordless := tuple(_wordless(source, compiled, target)):
        return Translation("", wordless=wordless)
    others = _others(file, compiled, target, done)
    translator = Translator(Speech(target, model.Vocabulary()), source.language, _terms(source, compiled))
    head = declarations(compiled.vocabulary, target) if compiled.inferred else ""
    try:
        declared = [*_declared(source, compiled, translator), Block(0, tuple(head.splitlines()))]
        lines = [line for block in declared for line in block.lines]
        vocabulary = compile_sources([*others, _other(source, "\n".join(lines), target)], Diagnostics()).vocabulary
        vocabulary = replace(vocabulary, watches=compiled.vocabulary.watches)
        vocabulary = _with_defined(vocabulary, compiled.vocabulary, translator)
        said = _Said(source, compiled, translator, _speech(target, vocabulary, translator))
        printed = list(said.statements())
    except _Unsaid as unsaid:
        return Translation("", (), unsaid.line)
    text = head + written(file, {source.number: printed})
    if file.literate:
        text = _with_fences(text, target)
    tables = tuple(
        (name, Source(-2 - at, name, plain_quotes(rows), target)) for at, (name, rows) in enumerate(said.rows.items())
    )
    new = replace(_other(source, _rules_in(text, file, target), target), tables=tables)
    again = compile_sources([*others, new], Diagnostics())
    if not _same(again, compiled):
        return Translation("", (), _unlike(again, source, printed))
    used = tuple(each.name for each in others if each.language != target)
    return Translation(text, tuple(translator.kept), 0, tuple(said.rows.items()), used, new)


def _wordless(source: Source, compiled: Compiled, target: Language) -> Iterator[tuple[str, int]]:
    for event in compiled.vocabulary.events:
        own = event.span.source == source.number
        if own and not any(said.language == target for said in event.sentences):
            yield event.slot.name, source.place(event.span.start)[0]


def _same(again: Compiled, compiled: Compiled) -> bool:
    """Whether both decide the same, and their examples tell the same."""
    if again.plan is None or compiled.plan is None or without_words(again.plan) != without_words(compiled.plan):
        return False
    return cases_without_words(again.examples) == cases_without_words(compiled.examples)


def _with_defined(vocabulary: model.Vocabulary, old: model.Vocabulary, translator: Translator) -> model.Vocabulary:
    """The new vocabulary with the names that definitions bring in; they stay as they are."""
    known = {fact.slot.path: fact for fact in vocabulary.facts}

    def renamed(fact: model.FactTerm) -> model.FactTerm:
        names = tuple(translator.term(name)[1] for name in fact.slot.names)
        return replace(fact, slot=replace(fact.slot, names=names))

    added = [renamed(fact) for fact in old.facts if fact.slot.path not in known and fact.defined]
    facts = (*vocabulary.facts, *added)
    for path, listed in lists_in(old.facts):
        for fact in listed.elements.facts if listed.elements else ():
            if INSIDE in fact.slot.path and fact.defined:
                facts = with_new(facts, renamed(fact), path)
    return replace(vocabulary, facts=facts)


def _speech(target: Language, vocabulary: model.Vocabulary, translator: Translator) -> Speech:
    """The other language with the new names; those of an inferred vocabulary are all of the old one."""
    facts = (fact.slot.names[-1] for fact in vocabulary.facts)
    outcomes = (outcome.slot.name for outcome in vocabulary.outcomes)
    kept = translator.kept if translator.terms or translator.kept else [*facts, *outcomes]
    return Speech(target, vocabulary, foreign=frozenset(map(fold, kept)))


class _Unsaid(Exception):  # noqa: N818 - it is no defect
    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def _unlike(again: Compiled, source: Source, printed: Sequence[Printed]) -> int:
    """The line of the first statement that the other language does not read the same."""
    wrong = [each.span.start for each in again.diagnostics if each.code.startswith("E")]
    if not wrong:
        return printed[0].first
    at, seen = again.sources[-1].place(min(wrong))[0], 0
    for each in printed:
        seen += sum(len(block.lines) for block in each.blocks)
        if seen >= at:
            return each.first
    return printed[-1].first


# ---- sources


def _other(source: Source, text: str, target: Language) -> Source:
    return Source(source.number, source.name, text, target, drafting=source.drafting)


def _rules_in(text: str, file: File, target: Language) -> str:
    return only_blocks(text, dict(LANGUAGES)[target]) if file.literate else text


def _with_fences(text: str, target: Language) -> str:
    new = dict(LANGUAGES)[target]
    return re.sub(r"^([ ]{0,3}(?:```+|~~~+)[ ]*)(?:regles|rules)([ ]*\r?)$", rf"\g<1>{new}\2", text, flags=re.M)


def _others(file: File, compiled: Compiled, target: Language, done: Mapping[str, Source]) -> list[Source]:
    """The files that this one uses, said again where they are; a module of the library in the other language."""
    found = []
    for source in rule_sources(compiled):
        if source in file.sources:
            continue
        if name := _module_of(source):
            text = library_text(counterpart(name, source.language, target), target)
            found.append(_other(source, text, target))
        else:
            new = done.get(source.text)
            found.append(source if new is None else replace(new, number=source.number))
    return found


def _module_of(source: Source) -> str:
    """The name of the module of the library that a source is; "" for any other."""
    return next((name for name in modules(source.language) if library_text(name, source.language) == source.text), "")


def counterpart(name: str, language: Language, target: Language) -> str:
    """The module of the library that is the same in the other language: it knows the same things."""
    if name in modules(target) or name not in modules(language):
        return name
    paths = _paths(name, language)
    return next((other for other in modules(target) if _paths(other, target) == paths), name)


def _paths(name: str, language: Language) -> set[str]:
    source = Source(0, name, library_text(name, language), language)
    return {fact.slot.path for fact in compile_sources([source], Diagnostics()).vocabulary.facts}


def _terms(source: Source, compiled: Compiled) -> dict[str, str]:
    return {
        name: other
        for read in reads_of(source, compiled)
        for said in _declarations(read.statement)
        for name, other in terms_of(source, said)
    }


def _declarations(said: ast.Statement | Drawn) -> Iterator[ast.Declaration]:
    """What a statement declares."""
    if isinstance(said, ast.Declaration | ast.Judgement):
        yield said if isinstance(said, ast.Declaration) else said.declared


# ---- statements


def _declared(source: Source, compiled: Compiled, translator: Translator) -> Iterator[Block]:
    for read in reads_of(source, compiled):
        match read.statement:
            case ast.Declaration() as said:
                try:
                    yield from list(translator.declaration(source, said))
                except UnsaidError:
                    raise _Unsaid(source.place(read.span.start)[0]) from None
            case ast.NamedSet() as said:
                yield Block(read.span.start, tuple(lines_of(translator.named_set(said), 0)))
            case ast.Judgement() as said:
                accord = translator.speech.word("judgements", "ACCORDING")
                told = f"{translator.judged(source, said.declared)}, {accord} …"
                yield Block(read.span.start, tuple(lines_of(told, 0)))
            case _:
                pass


@changing
class _Said:
    """The statements of a file said in the other language. `rows`: the files of rows that they read, by new name."""

    source: Source
    compiled: Compiled
    translator: Translator
    speech: Speech
    rows: dict[str, str] = field(default_factory=dict)

    def statements(self) -> Iterator[Printed]:
        """Each in its place; one that cannot be said stops them all."""
        source = self.source
        reads = {read.span.start: read for read in reads_of(source, self.compiled)}
        rules = Rules(self.compiled.vocabulary, source, Diagnostics())
        sets, stated = settings_in(source), definitions_in(source, self.compiled)
        before: Statement | None = None
        for each in statements_of(source):
            span = each.span(source)
            first, last = source.place(span.start)[0], source.place(span.end - 1)[0]
            period: ast.Period | None = None
            try:
                with narrower(inside(each)):
                    if span.start in sets:
                        said = setting(self.speech, source, *sets[span.start])
                        blocks: tuple[Block, ...] = (Block(span.start, tuple(lines_of(said, 0))),)
                    elif span.start in stated:
                        period = stated[span.start][0].rule.period
                        blocks = (Block(span.start, tuple(self.definition(stated[span.start]))),)
                    elif used := self.used(span.start):
                        blocks = tuple(used)
                    else:
                        period = period_of(reads[span.start].statement)
                        blocks = tuple(self.blocks(without_period(reads[span.start]), rules))
                head = opening(self.speech, rules, period)
            except (UnsaidError, KeyError):
                raise _Unsaid(first) from None
            yield placed(self.speech, source, each, before, head, Printed(first, last, blocks))
            before = each

    def definition(self, made: list[Defining]) -> list[str]:
        """A definition with the key of what it defines."""
        key = made[0].path.rpartition(".")[2]
        return definition(self.speech, definition_of(self.compiled, made), made[0].head.form, key)

    def used(self, start: int) -> list[Block]:
        """A line that brings in a file; nothing for any other."""
        found = USE.match(self.source.text, start)
        if not found:
            return []
        name = counterpart(found[1].strip(), self.source.language, self.speech.language)
        return [Block(start, (f"{capital(self.speech.declared('USE'))} {name}",))]

    def blocks(self, read: Read, rules: Rules) -> Iterator[Block]:
        """What a statement is in the other language."""
        speech, source, start = self.speech, self.source, read.span.start
        match read.statement:
            case ast.Rule() as rule:
                yield Block(start, tuple(statement(speech, list(rules.read(rule, read.span)))))
            case ast.Precedence(strong, weak):
                yield Block(start, tuple(lines_of(precedence(speech, strong, weak), 0)))
            case ast.Promise():
                yield Block(start, tuple(promises(speech, promises_in(rules, read))))
            case ast.Autonomy() | ast.Approval() as said:
                yield Block(start, tuple(oversight(speech, oversight_in(rules, said, read.span), False)))
            case ast.Declaration() as said:
                yield from self.translator.declaration(source, said)
            case ast.NamedSet() as said:
                yield Block(start, tuple(lines_of(self.translator.named_set(said), 0)))
            case ast.Judgement() as said:
                if (judged := read_judgement(rules, said, read.span)) is None:
                    raise UnsaidError
                yield from judgement(speech, self.translator.judged(source, said.declared), said, judged)
            case ast.LanguageLine():
                yield Block(start, (language_line(speech.language),))
            case Drawn(sheet) as drawn:
                for meant in read_table(rules, drawn, 0):
                    heads = [said_head(speech, column) for column in columns_of(meant)]
                    rows = meant_rows(speech, sheet, meant, heads)
                    yield from table(speech, source, sheet, meant, rows, self.file(sheet, rows))
            case ast.Example(_, grid=None) as single:
                for case in examples_reader(source, rules).read(single, read.span):
                    yield Block(start, tuple(example(speech, case)))
            case ast.Example(_, grid=ast.Grid() as grid) as listed:
                told = rows_of(speech, examples_reader(source, rules), grid)
                yield from drawn_examples(speech, source, listed, start, told)
            case _:
                raise UnsaidError

    def file(self, sheet: Sheet, rows: Rows) -> str:
        """The name of the file of the rows of a table in the other language; "" where they stand in the rules."""
        name = file_of_table(self.source, sheet)
        if not name or sheet.head is None:
            return ""
        new = _renamed(name, self.speech.language)
        right = [cell.right for cell in sheet.head.cells]
        self.rows[new] = csv_text(rows, right.index(True) if True in right else None)
        return new


def _renamed(name: str, target: Language) -> str:
    """« tarifs.csv » as "tarifs.en.csv"."""
    stem = name.rpartition(".")[0]
    own = stem.removesuffix(".fr").removesuffix(".en")
    return f"{own}.{target}.csv"


def language_line(language: Language) -> str:
    """The line that names the language of a file."""
    return "Langue : français" if language == "fr" else "Language: English"
