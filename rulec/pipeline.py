"""Rule texts in, a plan out: the whole compiler on one page.

files → sources → statements → vocabulary → model → plan
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from rulec.diagnostics import Diagnostics, Related
from rulec.files import open_source, with_imports, with_library
from rulec.plan.lower import lower
from rulec.plan.order import order_of
from rulec.plan.tree import Definition, Holiday, Plan
from rulec.runtime.plain import Plain, plain
from rulec.semantics import model
from rulec.semantics.guards import check_guards
from rulec.semantics.names import names_of
from rulec.semantics.rules import Rules, check_fallbacks, check_titles
from rulec.source import Language, Source
from rulec.syntax import ast
from rulec.syntax.languages import language_of
from rulec.syntax.lexer import Names
from rulec.syntax.parse import Raw, Read, parse_declarations, parse_rules, read_raw
from rulec.syntax.phrases import Phrases
from rulec.tree import Span, walk


@plain
class Compiled(Plain):
    """What came of a compilation. `plan` is None where there are errors; `inferred`: no file declares any name."""

    sources: tuple[Source, ...]
    diagnostics: Diagnostics
    plan: Plan | None
    language: Language
    vocabulary: model.Vocabulary

    @property
    def inferred(self) -> bool:
        """Whether the vocabulary comes from the uses of names alone."""
        return self.vocabulary.inferred


def compile_paths(paths: Sequence[Path]) -> Compiled:
    """Compile rule files, with the files that they use."""
    diagnostics = Diagnostics()
    return compile_sources(with_imports([Path(path) for path in paths], diagnostics), diagnostics)


def compile_text(text: str, name: str = "", language: Language | None = None) -> Compiled:
    """Compile one text. `name`: how messages call it; the language is that of the name, or of the first line."""
    diagnostics = Diagnostics()
    said = language_of(name, text, language or "fr")
    shown = name or ("regles" if said == "fr" else "rules")
    source = open_source(0, shown, text, said, diagnostics)
    return compile_sources(with_library(source, diagnostics), diagnostics)


def compile_sources(sources: Sequence[Source], diagnostics: Diagnostics) -> Compiled:
    """Compile sources, in their order."""
    language: Language = sources[-1].language if sources else "fr"
    raws = [(source, read_raw(source, diagnostics)) for source in sources]
    scanned = len(diagnostics)
    vocabulary = vocabulary_of(raws, diagnostics)
    lost = any(raw.broken and raw.declares for _, statements in raws for raw in statements)
    declared_wrong = lost or diagnostics.failed_since(scanned)
    rules = rules_of(raws, vocabulary, diagnostics.without_names() if declared_wrong else diagnostics)
    plan = None
    if not declared_wrong:
        warn_empty(raws, diagnostics)
        meant = checked(vocabulary, rules, diagnostics)
        plan = None if diagnostics.failed else planned(meant, language, digest_of(sources), diagnostics)
    return Compiled(tuple(sources), diagnostics, plan, language, vocabulary)


def warn_empty(raws: "Raws", diagnostics: Diagnostics) -> None:
    """A rule set without any statement decides nothing."""
    if raws and not diagnostics.failed and not any(statements for _, statements in raws):
        source = raws[0][0]
        diagnostics.add("W901", Span(source.number), path=source.name)


Raws = list[tuple[Source, list[Raw]]]
Parsed = list[tuple[Source, list[Read]]]


def vocabulary_of(raws: Raws, diagnostics: Diagnostics) -> model.Vocabulary:
    """What the files declare; where none does, what their rules imply."""
    if any(raw.declares for _, statements in raws for raw in statements):
        declared = [
            (source, read.statement)
            for source, statements in raws
            for read in parse_declarations(source, statements, diagnostics)
        ]
        made = [(s, d) for s, d in declared if isinstance(d, ast.Declaration | ast.NamedSet)]
        if made:
            from rulec.semantics.vocabulary import declare  # only declared names need it

            return declare(made, diagnostics)
        if diagnostics.failed:
            return model.Vocabulary()
    names: dict[Language, Names] = {}
    rules = [
        (source, read.statement)
        for source, statements in raws
        for read in parse_rules(
            source, statements, names.setdefault(source.language, Names(Phrases(), inferring=True)), Diagnostics()
        )
    ]
    from rulec.semantics.infer import infer  # only names that nothing declares need it

    return infer([(source, rule) for source, rule in rules if isinstance(rule, ast.Rule)], diagnostics)


def rules_of(raws: Raws, vocabulary: model.Vocabulary, diagnostics: Diagnostics) -> Parsed:
    """The statements that declare nothing, read with the vocabulary."""
    names: dict[Language, Names] = {}
    found = []
    for source, statements in raws:
        if source.language not in names:
            names[source.language] = replace(names_of(vocabulary, source.language), inferring=vocabulary.inferred)
        found.append((source, parse_rules(source, statements, names[source.language], diagnostics)))
    return found


def checked(vocabulary: model.Vocabulary, parsed: Parsed, diagnostics: Diagnostics) -> model.Model:
    """The model of all the rules, names resolved, types checked."""
    all_read = not diagnostics.failed
    rules: list[model.Rule] = []
    precedences: list[ast.Precedence] = []
    slots = tuple(fact.slot for fact in vocabulary.facts)
    for source, statements in parsed:
        reader = Rules(vocabulary, source, diagnostics)
        for read in statements:
            if isinstance(read.statement, ast.Precedence):
                precedences.append(read.statement)
            elif isinstance(read.statement, ast.Rule):
                found = list(reader.read(read.statement, read.span))
                for rule in found:
                    check_guards(rule, slots, source, diagnostics)
                rules += found
    if all_read:  # of rules that could not be read, titles and outcomes are not known
        check_titles(rules, precedences, diagnostics)
        check_fallbacks(rules, [action.slot for action in vocabulary.actions], diagnostics)
    return model.Model(
        slots, tuple(outcome.slot for outcome in vocabulary.outcomes),
        tuple(action.slot for action in vocabulary.actions), tuple(rules),
        tuple((each.strong, each.weak) for each in precedences),
    )  # fmt: skip


def planned(meant: model.Model, language: Language, digest: str, diagnostics: Diagnostics) -> Plan | None:
    """The plan of a model, its rules in an order in which they can be decided."""
    plan = lower(meant, language, digest)
    plan, cycle = order_of(plan)
    if cycle:
        related = tuple(Related(step.span, "next") for step in cycle[1:-1])
        path = " → ".join(step.names[-1] if isinstance(step, Definition) else step.title for step in cycle)
        diagnostics.add("E404", cycle[0].span, related=related, path=path)
        return None
    return with_calendars(plan)


def with_calendars(plan: Plan) -> Plan:
    """The plan with the public holidays that its rules ask for."""
    names = sorted({node.calendar for node in walk(plan) if isinstance(node, Holiday)})
    if not names:
        return plan
    from rulec.calendars import holidays_of  # the library is slow to import, and few rules need it

    return replace(plan, calendars=tuple((name, holidays_of(name, plan.holiday_years)) for name in names))


def digest_of(sources: Iterable[Source]) -> str:
    """What tells one version of the rules from another: SHA-256 of the texts, in order."""
    whole = hashlib.sha256()
    for source in sources:
        whole.update(source.text.encode("utf-8", "surrogatepass") + b"\0")
    return whole.hexdigest()
