"""A file and its compilation in, the same file in the other language out, and the names that have no other words."""

import re
from collections.abc import Iterator, Sequence

from rulec.diagnostics import Diagnostics
from rulec.files import LANGUAGES, library_text, modules, only_blocks
from rulec.formatting import File, reads_of, written
from rulec.pipeline import Compiled, compile_sources
from rulec.plan.alike import without_words
from rulec.printing.comments import Printed
from rulec.printing.declarations import Block, capital
from rulec.printing.layout import lines_of
from rulec.printing.names import Speech, UnsaidError
from rulec.printing.rules import precedence, statement
from rulec.printing.translated import Translator, terms_of
from rulec.runtime.plain import Plain, plain
from rulec.semantics import model
from rulec.semantics.declare import declarations
from rulec.semantics.rules import Rules
from rulec.source import Language, Source
from rulec.syntax import ast
from rulec.syntax.fold import fold
from rulec.syntax.layout import USE
from rulec.syntax.parse import Read, statements_of


@plain
class Translation(Plain):
    """`text`: the file in the other language. `kept`: names that stay. `unsaid`: a line that cannot be said again."""

    text: str
    kept: tuple[str, ...] = ()
    unsaid: int = 0


def translated(file: File, compiled: Compiled, target: Language) -> Translation:
    """The file in the other language. `compiled` has a plan; all of the file is in one language."""
    (source,) = file.sources
    others = _others(file, compiled, target)
    translator = Translator(Speech(target, model.Vocabulary()), source.language, _terms(source, compiled))
    head = declarations(compiled.vocabulary, target) if compiled.inferred else ""
    try:
        declared = [*_declared(source, compiled, translator), Block(0, tuple(head.splitlines()))]
        lines = [line for block in declared for line in block.lines]
        vocabulary = compile_sources([*others, _other(source, "\n".join(lines), target)], Diagnostics()).vocabulary
        printed = list(_printed(source, compiled, translator, _speech(target, vocabulary, translator)))
    except _Unsaid as unsaid:
        return Translation("", (), unsaid.line)
    text = head + written(file, {source.number: printed})
    if file.literate:
        text = _with_fences(text, target)
    again = compile_sources([*others, _other(source, _rules_in(text, file, target), target)], Diagnostics())
    if again.plan is None or compiled.plan is None or without_words(again.plan) != without_words(compiled.plan):
        return Translation("", (), _unlike(again, source, printed))
    return Translation(text, tuple(translator.kept))


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
    return Source(source.number, source.name, text, target)


def _rules_in(text: str, file: File, target: Language) -> str:
    return only_blocks(text, dict(LANGUAGES)[target]) if file.literate else text


def _with_fences(text: str, target: Language) -> str:
    new = dict(LANGUAGES)[target]
    return re.sub(r"^([ ]{0,3}(?:```+|~~~+)[ ]*)(?:regles|rules)([ ]*\r?)$", rf"\g<1>{new}\2", text, flags=re.M)


def _others(file: File, compiled: Compiled, target: Language) -> list[Source]:
    """The files that this one uses; a module of the library in the other language."""
    found = []
    for source in compiled.sources:
        if source not in file.sources:
            name = _module_of(source)
            found.append(_other(source, library_text(counterpart(name, source.language, target), target), target)
                         if name else source)  # fmt: skip
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
        if isinstance(read.statement, ast.Declaration)
        for name, other in terms_of(source, read.statement)
    }


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
            case _:
                pass


def _printed(source: Source, compiled: Compiled, translator: Translator, speech: Speech) -> Iterator[Printed]:
    reads = {read.span.start: read for read in reads_of(source, compiled)}
    rules = Rules(compiled.vocabulary, source, Diagnostics())
    for each in statements_of(source):
        span = each.span(source)
        first, last = source.place(span.start)[0], source.place(span.end - 1)[0]
        used = USE.match(source.text, span.start)
        if used:
            name = counterpart(used[1].strip(), source.language, speech.language)
            blocks: tuple[Block, ...] = (Block(span.start, (f"{capital(speech.declared('USE'))} {name}",)),)
        else:
            try:
                blocks = tuple(_blocks(source, reads[span.start], rules, translator, speech))
            except (UnsaidError, KeyError):
                raise _Unsaid(first) from None
        yield Printed(first, last, blocks)


def _blocks(source: Source, read: Read, rules: Rules, translator: Translator, speech: Speech) -> Iterator[Block]:
    start = read.span.start
    match read.statement:
        case ast.Rule() as rule:
            yield Block(start, tuple(statement(speech, list(rules.read(rule, read.span)))))
        case ast.Precedence(strong, weak):
            yield Block(start, tuple(lines_of(precedence(speech, strong, weak), 0)))
        case ast.Declaration() as said:
            yield from translator.declaration(source, said)
        case ast.NamedSet() as said:
            yield Block(start, tuple(lines_of(translator.named_set(said), 0)))
        case ast.LanguageLine():
            yield Block(start, (language_line(speech.language),))
        case _:
            raise UnsaidError


def language_line(language: Language) -> str:
    """The line that names the language of a file."""
    return "Langue : français" if language == "fr" else "Language: English"
