"""Rule texts in, a plan and the examples out: the whole compiler on one page.

files → sources → statements → vocabulary → model → plan
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rulec.diagnostics import Diagnostics, Related
from rulec.files import open_source, with_imports, with_library
from rulec.plan.conditions import PUBLIC
from rulec.plan.elements import inlined
from rulec.plan.lower import lower
from rulec.plan.order import order_of
from rulec.plan.spans import WORKED
from rulec.plan.tree import Definition, Holiday, Plan, WorkingElapsed, WorkingShift
from rulec.rounding import report_unrounded
from rulec.runtime.plain import Plain, plain
from rulec.semantics import model
from rulec.semantics.checking import Heads, Parsed, checked
from rulec.semantics.definitions import (
    with_terms,
)
from rulec.semantics.element_terms import entities_in
from rulec.semantics.known import Known, Notes
from rulec.semantics.names import names_of
from rulec.semantics.rules import Rules
from rulec.source import Language, Source
from rulec.syntax import ast
from rulec.syntax.fold import fold
from rulec.syntax.heads import Head, head_of, is_constant, says, without_key
from rulec.syntax.languages import language_of
from rulec.syntax.lexer import Names
from rulec.syntax.parse import Drawn, Raw, Read, drafts_in, items_of, parse_declarations, parse_rules, read_raw
from rulec.syntax.phrases import Phrases
from rulec.syntax.settings import Settings, settings_of
from rulec.syntax.supervision import conditions_in
from rulec.tree import Span, acyclic, walk

if TYPE_CHECKING:
    from rulec.semantics.alike import Alike


@plain
class Compiled(Plain):
    """What came of a compilation. `plan` is None where there are errors; `inferred`: no file declares any name.

    `examples`: the cases that the files hold; they are no part of the plan. `clashing`: the plan whose only errors are
    rows of tables that contradict each other; the rest of it can be proven, and nothing be decided by it.
    """

    sources: tuple[Source, ...]
    diagnostics: Diagnostics
    plan: Plan | None
    language: Language
    vocabulary: model.Vocabulary
    examples: tuple[model.Example, ...] = ()
    clashing: Plan | None = None

    @property
    def inferred(self) -> bool:
        """Whether the vocabulary comes from the uses of names alone."""
        return self.vocabulary.inferred


def compile_paths(paths: Sequence[Path]) -> Compiled:
    """Compile rule files, with the files that they use."""
    diagnostics = Diagnostics()
    return compile_files(with_imports([Path(path) for path in paths], diagnostics), diagnostics)


def compile_files(sources: Sequence[Source], diagnostics: Diagnostics) -> Compiled:
    """Compile what was read from files; what long ones are compiled to is kept."""
    length = sum(len(each.text) for source in sources for each in (source, *(rows for _, rows in source.tables)))
    if len(diagnostics) or length < LONG:
        return compile_sources(sources, diagnostics)
    from rulec.kept import compiled  # only many rules need it, and every start counts

    return compiled(sources)


def compile_text(text: str, name: str = "", language: Language | None = None) -> Compiled:
    """Compile one text. `name`: how messages call it; the language is that of the name, or of the first line."""
    diagnostics = Diagnostics()
    said = language_of(name, text, language or "fr")
    shown = name or ("regles" if said == "fr" else "rules")
    source = open_source(0, shown, text, said, diagnostics)
    return compile_sources(with_library(source, diagnostics), diagnostics)


def compile_sources(sources: Sequence[Source], diagnostics: Diagnostics, notes: Notes | None = None) -> Compiled:
    """Compile sources, in their order. `notes`: what is known of their statements; StaleError: it does not hold."""
    with acyclic():
        return _compiled(sources, diagnostics, Notes(noting=False) if notes is None else notes)


def _compiled(sources: Sequence[Source], diagnostics: Diagnostics, notes: Notes) -> Compiled:
    language: Language = sources[-1].language if sources else "fr"
    everything = [*sources, *(rows for source in sources for _, rows in source.tables if rows.name)]
    everything_read = [(source, read_raw(source, diagnostics, notes.said)) for source in sources]
    settings, raws = settings_of(everything_read, diagnostics)
    scanned = len(diagnostics)
    declared = vocabulary = vocabulary_of(raws, diagnostics)
    lost = any(raw.broken and raw.declares for _, statements in raws for raw in statements)
    heads = heads_of(raws, vocabulary)
    new = new_heads(raws, heads)
    if any(head.parameters for _, head in new):
        from rulec.semantics.parameters import with_parameters  # few rule sets define anything with parameters

        vocabulary = with_parameters(vocabulary, new, diagnostics)
    declared_wrong = lost or diagnostics.failed_since(scanned)
    if vocabulary.inferred or vocabulary.events:
        notes.stop()
    if vocabulary.events:
        from rulec.printing.happenings import named  # few rule sets wait for anything
        from rulec.semantics.happenings import with_events

        known = {source.language: names_of(vocabulary, source.language) for source, _ in raws}
        vocabulary = named(with_events(raws, vocabulary, known, diagnostics), {s.number: s.language for s, _ in raws})
    vocabulary = with_terms(vocabulary, [each for each in new if each[1].parameters is None], diagnostics)
    notes.sees(declared, vocabulary, settings)
    rules = rules_of(raws, vocabulary, heads, diagnostics.without_names() if declared_wrong else diagnostics)
    if any(each.code == "E202" for each in diagnostics):
        from rulec.semantics.undeclared import report_undeclared  # an error alone needs it

        report_undeclared(raws, diagnostics)
    meant: model.Model | None = None
    examples: tuple[model.Example, ...] = ()
    if not declared_wrong:
        warn_empty(everything_read, diagnostics)
        vocabulary, meant = checked(vocabulary, rules, heads, diagnostics, notes)
        examples = examples_of(vocabulary, rules, diagnostics)
    if diagnostics.failed:
        from rulec.semantics.meant import report_meant  # an error alone needs it

        report_meant(raws, diagnostics)
    plan = clashing = None
    if meant is not None:
        digest = digest_of([*raws, *((rows, []) for source in sources for _, rows in source.tables)])
        plan = None if diagnostics.failed else planned(meant, settings, language, digest, diagnostics)
        if plan is not None:
            report_unrounded(plan, everything, diagnostics)
            plan = None if diagnostics.failed else plan
        if plan is not None and plan.tables:
            from rulec.overlaps import report_overlaps  # only tables need it

            report_overlaps(meant.tables, plan, everything, diagnostics)
            plan, clashing = (None, plan) if diagnostics.failed else (plan, None)
    return Compiled(tuple(everything), diagnostics, plan, language, vocabulary, examples, clashing)


def rule_sources(compiled: Compiled) -> list[Source]:
    """The sources of a compilation that hold rules; the others are rows of tables."""
    rows = {rows.number for source in compiled.sources for _, rows in source.tables}
    return [source for source in compiled.sources if source.number not in rows]


def warn_empty(raws: "Raws", diagnostics: Diagnostics) -> None:
    """A rule set without any statement, not even a draft, decides nothing."""
    if raws and not diagnostics.failed and not any(statements or drafts_in(source) for source, statements in raws):
        source = raws[0][0]
        diagnostics.add("W901", Span(source.number), path=source.name)


Raws = list[tuple[Source, list[Raw]]]
LONG = 20_000  # characters of rules and rows: what is shorter is compiled as fast as it is looked up
FEW = 2  # statements: of no more, none follows from others


def vocabulary_of(raws: Raws, diagnostics: Diagnostics) -> model.Vocabulary:
    """What the files declare; where none does, what their rules imply."""
    if any(raw.declares for _, statements in raws for raw in statements):
        declared = [
            (source, read.statement)
            for source, statements in raws
            for read in parse_declarations(source, statements, diagnostics)
        ]
        told = [(s, d.declared if isinstance(d, ast.Judgement) else d) for s, d in declared]
        made = [(s, d) for s, d in told if isinstance(d, ast.Declaration | ast.NamedSet)]
        if made:
            from rulec.semantics.vocabulary import declare  # only declared names need it

            return declare(made, diagnostics)
        if diagnostics.failed:
            return model.Vocabulary()
    if _only_constants(raws):
        return model.Vocabulary()
    names: dict[Language, Names] = {}
    rules = [
        (source, read.statement)
        for source, statements in raws
        for read in parse_rules(
            source,
            [raw for raw in statements if not (raw.example or raw.promise)],
            names.setdefault(source.language, Names(Phrases(), inferring=True)),
            Diagnostics(),
        )
    ]
    from rulec.semantics.infer import infer  # only names that nothing declares need it

    return infer([each for source, statement in rules for each in _implying(source, statement)], diagnostics)


def _only_constants(raws: Raws) -> bool:
    """Whether files state constants alone: they are there for others to use, and imply nothing."""
    statements = [(source, raw) for source, statements in raws for raw in statements if not raw.example]
    return bool(statements) and all(raw.sheet is None and is_constant(source, raw.items) for source, raw in statements)


def _implying(source: Source, statement: ast.Statement | Drawn) -> Iterator[tuple[Source, ast.Rule]]:
    """The rules that tell what names are: of a table, its cells as rules."""
    if isinstance(statement, Drawn):
        from rulec.syntax.cell_clauses import implied_rules  # only tables need it

        for rule in implied_rules(statement.sheet, statement.names):
            yield statement.sheet.source, replace(rule, period=statement.period)
    elif isinstance(statement, ast.Rule):
        yield source, statement
    elif isinstance(statement, ast.Autonomy | ast.Approval):
        nothing = ast.Chain((), span=statement.span)
        for chain in conditions_in(statement):
            yield source, ast.Rule("conditional", (ast.Case(chain, nothing, span=chain.span),), span=statement.span)


def heads_of(raws: Raws, vocabulary: model.Vocabulary) -> Heads:
    """The heads of the statements that may define something."""
    if vocabulary.inferred:
        return {}
    entities = entities_in(vocabulary.facts)
    names: dict[Language, Names] = {}
    found: Heads = {}
    for source, statements in raws:
        if source.language not in names:
            names[source.language] = names_of(vocabulary, source.language)
        for raw in statements:
            head = None if not raw.decides else head_of(source, raw.items, names[source.language], entities)
            if head is not None:
                found[source.number, raw.span.start] = head
    return found


def new_heads(raws: Raws, heads: Heads) -> list[tuple[Source, Head]]:
    """Those that bring in a name; « Le X vaut … » does so only where another statement uses X."""
    statements = [(source, raw) for source, raws_of in raws for raw in raws_of]
    found: list[tuple[Source, Head]] = []
    for source, raw in statements:
        head = heads.get((source.number, raw.span.start))
        if head is None or (head.known and head.parameters is None):
            continue
        if head.form != "plain" or any(
            other is not raw and not other.declares and says(place, items_of(place, other), head.name)
            for place, other in statements
            if place.language == source.language
        ):
            found.append((source, head))
    return found


def rules_of(
    raws: Raws, vocabulary: model.Vocabulary, heads: Heads, diagnostics: Diagnostics, few: int = FEW
) -> Parsed:  # fmt: skip
    """The statements that declare nothing, read with the vocabulary. `few`: up to so many, each by its own words."""
    names: dict[Language, Names] = {}
    found = []
    for source, statements in raws:
        if source.language not in names:
            names[source.language] = replace(names_of(vocabulary, source.language), inferring=vocabulary.inferred)
        kept = [
            replace(raw, items=without_key(raw.items, head, source.language)) if head is not None else raw
            for raw in statements
            for head in [heads.get((source.number, raw.span.start))]
        ]
        if vocabulary.events:
            from rulec.semantics.happenings import Waits  # few rule sets wait for anything

            waits = Waits(vocabulary, source, names[source.language], Diagnostics())
            kept = [waits.of(raw).raw for raw in kept]
        known = [Known(source, raw.span, raw.said) for raw in kept if raw.said is not None]
        kept = [raw for raw in kept if raw.said is None] if known else kept
        if any(raw.example for raw in kept):
            from rulec.semantics.histories import Histories  # few files hold examples, and every start counts

            histories = Histories(vocabulary, source, names[source.language], diagnostics)
            kept = [histories.of(raw) for raw in kept]
        own, alike = kept, list["Alike"]()
        if len(kept) > few and not vocabulary.inferred:
            from rulec.semantics.alike import parted  # only many rules need it, and every start counts

            stated = {start for number, start in heads if number == source.number}
            own, alike = parted(source, kept, names[source.language], vocabulary, stated)
        others: list[Alike | Known] = [*alike, *known]
        read: list[Read | Alike | Known] = [*parse_rules(source, own, names[source.language], diagnostics), *others]
        found.append((source, sorted(read, key=lambda each: each.span.start) if others else read))
    return found


def examples_of(vocabulary: model.Vocabulary, parsed: Parsed, diagnostics: Diagnostics) -> tuple[model.Example, ...]:
    """The cases that the files hold, read with the terms of the rules."""
    found: list[model.Example] = []
    for source, statements in parsed:
        read = [(each.statement, each.span) for each in statements if isinstance(each, Read)]
        examples = [(statement, span) for statement, span in read if isinstance(statement, ast.Example)]
        if examples:
            from rulec.semantics.examples import Examples  # few files hold examples, and every start counts

            rules = Rules(vocabulary, source, diagnostics)
            reader = Examples(source, rules.conditions, rules.effects)
            found += (case for example, span in examples for case in reader.read(example, span))
    check_examples(found, diagnostics)
    return tuple(found)


def check_examples(examples: Sequence[model.Example], diagnostics: Diagnostics) -> None:
    """A title stands for one example: it names what fails."""
    seen: dict[str, model.Example] = {}
    for example in examples:
        if example.title and example.row <= 1:
            known = seen.setdefault(fold(example.title), example)
            if known is not example:
                diagnostics.add("E472", example.span, term=example.title, related=(Related(known.span, "first"),))


def planned(
    meant: model.Model, settings: Settings, language: Language, digest: str, diagnostics: Diagnostics
) -> Plan | None:
    """The plan of a model, its rules in an order in which they can be decided."""
    plan = lower(meant, settings, language, digest)
    kinds = frozenset(map(type, walk(plan)))
    plan, cycle = order_of(plan, kinds)
    if cycle:
        from rulec.circles import is_of_exceptions, report_circle  # an error alone needs it

        if is_of_exceptions(cycle):
            report_circle(plan, cycle, language, diagnostics)
            return None
        related = tuple(Related(step.span, "next") for step in cycle[1:-1])
        path = " → ".join(step.names[-1] if isinstance(step, Definition) else step.title for step in cycle)
        diagnostics.add("E404", cycle[0].span, related=related, path=path)
        return None
    plan = inlined(plan)
    return plan if kinds.isdisjoint(_CALENDARS) else with_calendars(plan, settings)


_CALENDARS = (Holiday, WorkingShift, WorkingElapsed)


def with_calendars(plan: Plan, settings: Settings) -> Plan:
    """The plan with the days that its rules ask for: the public holidays, with the closures where work is counted."""
    names = sorted({node.calendar for node in walk(plan) if isinstance(node, _CALENDARS)})
    from rulec.calendars import holidays_of  # the library is slow to import, and few rules need it

    public = holidays_of(settings.calendar, plan.holiday_years)
    days = {PUBLIC: public, WORKED: tuple(sorted({*public, *settings.closed}))}
    return replace(plan, calendars=tuple((name, days[name]) for name in names))


def digest_of(raws: Raws) -> str:
    """What tells one version of the rules from another: SHA-256 of the texts, in order, without what decides nothing.

    That is examples and drafts.
    """
    whole = hashlib.sha256()
    for source, statements in raws:
        spans = [*(raw.span for raw in statements if raw.example), *(() if source.drafting else draft_spans(source))]
        text = _without(source.text, sorted(spans, key=lambda span: span.start))
        whole.update(text.encode("utf-8", "surrogatepass") + b"\0")
    return whole.hexdigest()


def draft_spans(source: Source) -> list[Span]:
    """The places of the drafts of a source, each from its mark to its last statement."""
    ends = {each.draft.start: each.span(source).end for each in drafts_in(source) if each.draft is not None}
    return [Span(source.number, start, end) for start, end in ends.items()]


def _without(text: str, spans: Sequence[Span]) -> str:
    """The text as it would stand if what is at these places had never been written."""
    for span in reversed(spans):
        before, after = text[: span.start].rstrip(" \t"), text[span.end :].lstrip(" \t.")
        text = before.rstrip("\n") + "\n" if not after.strip() else before + after.lstrip("\n")
    return text
