"""Rules as written in, rules as meant out: titles, branches, exceptions, « sinon », « sauf si »."""

from collections.abc import Iterator, Sequence
from dataclasses import field, replace
from decimal import Decimal
from itertools import permutations
from typing import Any

from rulec.diagnostics import Diagnostics, Fix, Related
from rulec.runtime.plain import Plain, changing, plain
from rulec.runtime.types import ActionSlot, Type
from rulec.semantics import model
from rulec.semantics.comparisons import Terms
from rulec.semantics.conditions import Conditions
from rulec.semantics.effects import Done, Effects
from rulec.semantics.expressions import Expressions
from rulec.semantics.groups import only_reference
from rulec.semantics.lists import Found, together
from rulec.semantics.otherwise import readings_of_unless
from rulec.semantics.periods import overlap, report_overlap, suffix_of, within
from rulec.semantics.scope import Scope
from rulec.semantics.spare import report_spare
from rulec.source import Source
from rulec.syntax import ast
from rulec.syntax.fold import fold
from rulec.syntax.nearest import nearest
from rulec.syntax.words import words
from rulec.tree import Node, Span, walk


@plain
class Meaning(Plain):
    """What a rule says: its branches, and what it does not apply to."""

    branches: tuple[model.Branch, ...]
    unless: model.Condition | None


@changing
class Rules:
    """Reads the rules of one file."""

    vocabulary: model.Vocabulary
    source: Source
    diagnostics: Diagnostics
    conditions: Conditions = field(init=False)
    effects: Effects = field(init=False)
    before: Terms = ()  # whom or what a definition is about
    scope: Scope | None = None  # of the element of a list that the rule is about

    def __post_init__(self) -> None:
        expressions = Expressions(self.scope or Scope(self.vocabulary, self.source, self.diagnostics))
        self.conditions = Conditions(expressions)
        self.effects = Effects(expressions, self.conditions)

    def read(self, rule: ast.Rule, span: Span) -> Iterator[model.Rule]:
        """What a rule means; nothing where an error was reported. `span`: the whole statement."""
        if rule.constant and self.vocabulary.inferred:
            self.diagnostics.add("E357", span, text=self.source.cut(span))
            return
        before = len(self.diagnostics)
        found = self._elements(rule, span)
        if found is not None:
            yield from self._for_each(rule, found, span)
        if found is not None or rule.each is not None or self.diagnostics.failed_since(before):
            return
        meaning = self.meaning(rule, span)
        if meaning is not None:
            yield from self.ruled(rule, meaning, span)

    def meaning(self, rule: ast.Rule, span: Span) -> Meaning | None:
        """What a rule says, whatever its place and title; None where an error was reported."""
        if rule.unless is not None and any(case.otherwise for case in rule.cases):
            return self._refuse_unless(rule, rule.unless)
        before = len(self.diagnostics)
        context = self._topic(rule.topic) if rule.topic is not None else self._titled(rule.title)
        under = None
        if rule.topic is not None and context is None:
            under = self._circumstance(rule.topic)
            if under is None:
                return None
        branches = self._branches(rule, context, under)
        unless = self.conditions.read(rule.unless) if rule.unless is not None else None
        if branches is None or (rule.unless is not None and unless is None):
            return None
        if self._groundless(rule, branches):
            text = self.source.cut(span)
            return self.diagnostics.add("E455", span, text=text)
        if self._spare(rule, [*branches, *([unless] if unless is not None else [])], before):
            return None
        return Meaning(tuple(branches), unless)

    def ruled(self, rule: ast.Rule, meaning: Meaning, span: Span, like: Any = None) -> Iterator[model.Rule]:
        """The rules of a statement: each line of a list is one of its own. `like`: see `model.Rule`."""
        branches = list(meaning.branches)
        line = self.source.place(span.start)[0]
        where = f"{self.source.name}:{line}"
        title = rule.title or (f"{rule.exception_to} (exception)" if rule.exception_to else where)
        because = self.because(rule)
        listed = rule.form == "case_list" and len(branches) > 1
        named = f"{rule.title or where}{suffix_of(rule.period)}"
        for number, group in enumerate(_separate(branches) if listed else [branches], 1):
            place = group[-1].span if listed else span
            begins = self.source.place(place.start)[0] if listed else line
            governed = within(rule.period, group, self.conditions)
            if governed is None:
                return
            yield model.Rule(
                f"{named}#{number}" if listed else named,
                title, self.source.name, begins, governed, meaning.unless,
                rule.exception_to, rule.form == "fallback", because, period=rule.period, like=like, span=place,
            )  # fmt: skip

    def _elements(self, rule: ast.Rule, span: Span) -> Found | None:
        """The elements that a rule is about: those that it names, or those of which alone it decides something."""
        if rule.each is None and (self.scope is not None or not any(o.slot.each for o in self.vocabulary.outcomes)):
            return None
        from rulec.semantics.each import Each  # few rules are about elements, and every start counts

        each = Each(self.effects)
        return each.said(rule.each) if rule.each is not None else each.implied(rule, span)

    def _for_each(self, rule: ast.Rule, found: Found, span: Span) -> Iterator[model.Rule]:
        """« Pour chaque ligne : … »: names are those of the element first."""
        inner = Rules(self.vocabulary, self.source, self.diagnostics, before=found.own, scope=found.scope)
        slots = (each.slot for each in self.vocabulary.outcomes)
        others = {slot.key: slot for slot in slots if slot.each not in ("", found.path)}
        for read in inner.read(replace(rule, each=None), span):
            given = (effect.outcome for b in read.branches for effect in b.effects if not isinstance(effect, model.Do))
            if (other := next((others[key] for key in given if key in others), None)) is not None:
                self.diagnostics.add("E376", span, term=other.name)
                return
            told = tuple(replace(b, condition=together([found.condition, b.condition])) for b in read.branches)
            yield replace(read, each=found.name, branches=told)

    def _groundless(self, rule: ast.Rule, branches: list[model.Branch]) -> bool:
        """Without vocabulary any words are an action; asked for in all cases, they are no rule but some other text."""
        effects = [effect for branch in branches for effect in branch.effects]
        always = all(isinstance(branch.condition, model.Always) for branch in branches)
        actions = all(isinstance(effect, model.Do) for effect in effects)
        return self.vocabulary.inferred and rule.form == "sentence" and rule.unless is None and always and actions

    def _titled(self, title: str) -> model.OutcomeTerm | None:
        """The outcome that a title names: under it, « +20 si … » says no more."""
        found = [each for each in self.vocabulary.outcomes if title and fold(each.slot.name) == fold(title)]
        return found[0] if found else None

    def _topic(self, topic: ast.Chain) -> model.OutcomeTerm | None:
        """The outcome said before the colon."""
        clause = topic.items[0]
        if len(topic.items) == 1 and isinstance(clause, ast.Clause) and not clause.predicates and clause.subject:
            operand = clause.subject.operand
            if isinstance(operand, ast.Ref) and (outcome := self.effects.targets.target(operand)):
                return outcome
        return None

    def _circumstance(self, topic: ast.Chain) -> model.Condition | None:
        """« Client fidèle : 10 % de remise »: what stands before the colon is the condition."""
        clause = topic.items[0]
        ref = only_reference(clause) if isinstance(clause, ast.Clause) and len(topic.items) == 1 else None
        if ref is not None and not self.conditions.clauses.meanings.means(ref):
            text = self.source.cut(topic.span)
            self.diagnostics.add("E425", topic.span, term=text, text=text)
            return None
        return self.conditions.read(topic)

    def because(self, rule: ast.Rule | ast.Promised | ast.Autonomy | ast.Approval) -> str:
        """The author's reason; "" if none."""
        if rule.because is None:
            return ""
        clause = rule.because.items[0]
        if len(rule.because.items) == 1 and isinstance(clause, ast.Clause) and clause.subject:
            if isinstance(clause.subject.operand, ast.Quote):
                return clause.subject.operand.text
        return self.source.cut(rule.because.span)

    def _branches(
        self, rule: ast.Rule, context: model.OutcomeTerm | None, under: model.Condition | None
    ) -> list[model.Branch] | None:
        branches: list[model.Branch] = []
        failed = False
        spoken: Terms = ()
        for case in rule.cases:
            if rule.form == "postfix" and case.condition and self.effects.doubts.behind(case.condition, case.effects):
                return None
            plain = under if under is not None and not case.otherwise else model.Always(span=case.span)
            said = case.condition
            before = spoken if said is not None and _resumes(said) and spoken else self.before
            condition = self.conditions.read(said, before) if said is not None else plain
            spoken = _spoken_of(said) or (spoken if said is None or _resumes(said) else ())
            if condition is not None and condition is not plain and under is not None:
                condition = model.All((under, condition), span=case.span)
            done = self.effects.read(case.effects, context, several=len(rule.cases) > 1)
            context = (done and done.outcome) or context
            if condition is None or done is None:
                failed = True
                continue
            if case.otherwise and done.condition is not None:
                self.diagnostics.add("E435", case.span, text=self.source.cut(case.span))
                failed = True
            branches.append(model.Branch(_met(case, condition, done), done.effects, span=case.span))
        self._unreached(rule, branches)
        return None if failed else branches

    def _refuse_unless(self, rule: ast.Rule, unless: ast.Chain) -> None:
        fixes = readings_of_unless(rule, self.source)
        self.diagnostics.add("E432", unless.span, fixes=fixes, text=self.source.cut(unless.span))

    def branches_of(self, rule: ast.Rule) -> list[model.Branch] | None:
        """The branches of a definition; None where an error was reported."""
        if rule.unless is not None and any(case.otherwise for case in rule.cases):
            return self._refuse_unless(rule, rule.unless)
        before = len(self.diagnostics)
        branches = self._branches(rule, None, None)
        return None if branches is not None and self._spare(rule, branches, before) else branches

    def _spare(self, rule: ast.Rule, meant: Sequence[Node], before: int) -> bool:
        """Report what nothing comes of, where nothing else is wrong. `before`: how much was found before."""
        return not self.diagnostics.failed_since(before) and report_spare(rule, meant, self.source, self.diagnostics)

    def kind_of(self, effects: ast.Chain) -> Type | None:
        """The type of what a case of a definition gives; None where it cannot be told."""
        made = self.effects.made(effects, self.effects.targets.defining)
        return self.effects.values.kind_of(made[0]) if made else None

    def _which_side(self, low: "_Range", high: "_Range", *bounds: model.Value) -> None:
        """« de 0 à 100 €, de 100 à 500 € »: to which does exactly 100 € belong?"""
        out = f" {words(self.source.language).say('structure', 'EXCLUSIVE')}"
        ends = [each.span for each in bounds]
        fixes = tuple(Fix(Span(end.source, end.end, end.end), out) for end in ends)
        text, (one, other) = self.source.cut(ends[0]), (self.source.cut(each.span) for each in (low, high))
        related = (Related(low.span, "first"),)
        self.diagnostics.add("E473", high.span, related=related, fixes=fixes, text=text, one=one, other=other)

    def _unreached(self, rule: ast.Rule, branches: list[model.Branch]) -> None:
        """« 10 %, 5 % si … »: a case without condition hides those after it."""
        if rule.form == "case_list":
            return
        for earlier, later in hidden_cases(branches):
            text = self.source.cut(later.span)
            self.diagnostics.add("E453", later.span, related=(Related(earlier.span, "first"),), text=text)
        for touched in touching(branches) if rule.form in ("topic", "postfix") else ():
            self._which_side(*touched)
        for branch in branches[:-1]:
            if isinstance(branch.condition, model.Always):
                self.diagnostics.add("E434", branch.span, text=self.source.cut(branch.span))


_Range = model.Between | model.Compare


def touching(branches: Sequence[model.Branch]) -> Iterator[tuple[_Range, _Range, model.Value, model.Value]]:
    """Ranges that share a bound, the lower one first, each with it: « 5 € jusqu'à 100 €, 3 € de 100 à 500 € »."""
    ranges = [each.condition for each in branches if isinstance(each.condition, _Range)]
    for low, high in permutations(ranges, 2):
        top, bottom = _end(low, "le"), _end(high, "ge")
        if _ranged(low) == _ranged(high) and isinstance(top, model.Literal) and top == bottom:
            yield low, high, top, bottom


def _ranged(condition: _Range) -> model.Value:
    return condition.item if isinstance(condition, model.Between) else condition.left


def _end(condition: _Range, side: str) -> model.Value | None:
    """The bound that a range includes on a side ("le": the upper one)."""
    if isinstance(condition, model.Compare):
        return condition.right if condition.operator == side else None
    if side == "le":
        return condition.high if condition.high_included else None
    return condition.low if condition.low_included else None


def hidden_cases(branches: list[model.Branch]) -> Iterator[tuple[model.Branch, model.Branch]]:
    """Cases that one before them always takes: « 10 % dès 500 €, 15 % dès 1 000 € »."""
    for at, later in enumerate(branches):
        for earlier in branches[:at]:
            if _contains(earlier.condition, later.condition):
                yield earlier, later
                break


def _contains(wide: model.Condition, narrow: model.Condition) -> bool:
    """Whether a threshold is passed wherever a further one is."""
    if not isinstance(wide, model.Compare) or not isinstance(narrow, model.Compare) or wide.left != narrow.left:
        return False
    one, other = _bound(wide), _bound(narrow)
    if one is None or other is None:
        return False
    strict = one == other and (wide.operator in ("gt", "lt")) and narrow.operator in ("ge", "le")
    if {wide.operator, narrow.operator} <= {"ge", "gt"}:
        return one <= other and not strict
    if {wide.operator, narrow.operator} <= {"le", "lt"}:
        return one >= other and not strict
    return False


def _bound(compare: model.Compare) -> Decimal | None:
    value = compare.right.value if isinstance(compare.right, model.Literal) else None
    return value if isinstance(value, Decimal) else None


def _resumes(chain: ast.Chain) -> bool:
    """Whether a condition speaks of what the case before it spoke of: « , 20 € s'il est de 5 à 7 »."""
    first = chain.items[0]
    if not isinstance(first, ast.Clause):
        return False
    if first.subject is None:
        return bool(first.predicates) and first.predicates[0].marker in ("IS", "IS_NOT", "CMP", "ONE_OF", "IS_NEITHER")
    return isinstance(first.subject.operand, ast.Pronoun)


def _spoken_of(chain: ast.Chain | None) -> Terms:
    """The one thing that a condition speaks of; nothing where there are several."""
    clauses = [each for each in walk(chain) if isinstance(each, ast.Clause)] if chain is not None else []
    refs = [clause.subject.operand for clause in clauses if clause.subject]
    found = {ref.terms for ref in refs if isinstance(ref, ast.Ref)}
    return found.pop() if len(found) == 1 else ()


def _met(case: ast.Case, condition: model.Condition, done: Done) -> model.Condition:
    if done.condition is None:
        return condition
    if isinstance(condition, model.Always):
        return done.condition
    return model.All((condition, done.condition), span=case.span)


def _separate(branches: list[model.Branch]) -> list[list[model.Branch]]:
    """The lines of a list are rules of their own; « sinon » among them applies where none of the others does."""
    plain = [branch for branch in branches if not isinstance(branch.condition, model.Always)]
    rest = [branch for branch in branches if isinstance(branch.condition, model.Always)]
    if not rest or not plain:
        return [[branch] for branch in branches]
    none = model.Branch(model.AnyOf(tuple(branch.condition for branch in plain)), (), span=rest[0].span)
    return [*([branch] for branch in plain), *([none, branch] for branch in rest)]


def check_titles(
    rules: Sequence[model.Rule], tables: Sequence[model.Table], precedences: Sequence[ast.Precedence],
    diagnostics: Diagnostics,
) -> None:  # fmt: skip
    """Titles are told once, and what refers to one finds it."""
    seen: dict[str, list[model.Rule | model.Table]] = {}
    titled: list[model.Rule | model.Table] = [*rules, *tables]
    for rule in titled:
        earlier = seen.setdefault(fold(rule.id.replace(suffix_of(rule.period), "")), [])
        known = next((each for each in earlier if overlap(each.period, rule.period)), None)
        earlier.append(rule)
        if known is not None and (rule.period or known.period):
            report_overlap(rule.title, rule.span, known.span, (known.period, rule.period), diagnostics)
        elif known is not None:
            diagnostics.add("E402", rule.span, term=rule.title, related=(Related(known.span, "first"),))
    titles = tuple(rule.title for rule in titled)
    said = [(rule.exception_to, rule.span) for rule in rules if rule.exception_to]
    said += [(title, each.span) for each in precedences for title in (*each.strong, *each.weak)]
    for title, span in said:
        if not any(fold(title) == fold(each) for each in titles):
            report_unknown_title(title, span, titles, diagnostics)


def check_fallbacks(
    rules: Sequence[model.Rule], tables: Sequence[model.Table], actions: Sequence[ActionSlot], diagnostics: Diagnostics
) -> None:  # fmt: skip
    """« Dans tous les autres cas » needs other cases: a rule of the file that gives one of the same outcomes."""
    groups = {action.key: action.group or action.key for action in actions}
    told: dict[str, set[str]] = {}
    for table in tables:
        told.setdefault(table.file, set()).update(decided.outcome for decided in table.decides)
    for rule in rules:
        if not rule.fallback:
            told.setdefault(rule.file, set()).update(_told(rule, groups))
    for rule in rules:
        if rule.fallback and not _told(rule, groups) & told.get(rule.file, set()):
            diagnostics.add("E439", rule.span)


def _told(rule: model.Rule, groups: dict[str, str]) -> set[str]:
    """The outcomes that a rule gives and the actions that it asks for, exclusive ones as one."""
    effects = [effect for branch in rule.branches for effect in branch.effects]
    return {
        groups.get(effect.action, effect.action) if isinstance(effect, model.Do) else effect.outcome
        for effect in effects
    }


def report_unknown_title(title: str, span: Span, titles: tuple[str, ...], diagnostics: Diagnostics) -> None:
    """A rule that no title names, with the nearest titles."""
    close = nearest(title, titles)
    diagnostics.add("E403", span, fixes=tuple[Fix, ...](), term=title, closest=" | ".join(close))
