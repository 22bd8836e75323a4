"""What is said of supervision as written in, as meant out."""

from rulec.diagnostics import Fix
from rulec.runtime.supervision import ACT, PROPOSE
from rulec.runtime.types import Slot
from rulec.semantics import model
from rulec.semantics.guards import check_guards
from rulec.semantics.naming import key_of
from rulec.semantics.rules import Rules
from rulec.semantics.spare import report_spare
from rulec.syntax import ast
from rulec.syntax.words import words
from rulec.tree import Span


def oversight_of(
    rules: Rules, said: ast.Autonomy | ast.Approval, span: Span, slots: tuple[Slot, ...] = ()
) -> model.Oversight | None:
    """One statement; None where an error was reported."""
    before = len(rules.diagnostics)
    made = _autonomy(rules, said, span) if isinstance(said, ast.Autonomy) else _approval(rules, said, span)
    if made is None or rules.diagnostics.failed_since(before):
        return None
    conditions = [each for case in made.cases for each in (case.when, case.unless) if each is not None]
    if report_spare(said, conditions, rules.source, rules.diagnostics):
        return None
    branches = tuple(model.Branch(holds, ()) for case in made.cases if (holds := case.holds()) is not None)
    if branches:
        pseudo = model.Rule(made.id, made.text, made.file, made.line, branches)
        check_guards(pseudo, slots, rules.source, rules.diagnostics)
    return None if rules.diagnostics.failed_since(before) else made


def _autonomy(rules: Rules, said: ast.Autonomy, span: Span) -> model.Oversight | None:
    """« Autonomie : exécuter si …, sinon proposer »."""
    cases, otherwise = said.cases, said.otherwise
    if otherwise is None and len(cases) == 1 and _is_bare(cases[0]):
        return _made(rules, span, (), _always(cases[0]), because=rules.because(said))
    if otherwise is None and not any(map(_is_bare, cases[:-1])):
        return _report_open(rules, cases[-1], span)
    for case in cases:
        if _is_bare(case):
            return rules.diagnostics.add("E603", case.span, text=rules.source.cut(case.span))
    assert otherwise is not None  # or the last case was reported
    meant = tuple(_case(rules, each.level, each.when, each.unless, each.span) for each in cases)
    return _made(rules, span, meant, _always(otherwise), because=rules.because(said))


def _approval(rules: Rules, said: ast.Approval, span: Span) -> model.Oversight:
    """« Demander l'accord du gérant si … »."""
    key = said.key or key_of(said.name)
    if said.when is None and said.unless is None:
        return _made(rules, span, (), model.LevelCase(PROPOSE, span=said.span), key, said.who, rules.because(said))
    case = _case(rules, PROPOSE, said.when, said.unless, said.span)
    return _made(rules, span, (case,), model.LevelCase(ACT), key, said.who, rules.because(said))


def _is_bare(case: ast.LevelCase) -> bool:
    return case.when is None and case.unless is None


def _always(case: ast.LevelCase) -> model.LevelCase:
    return model.LevelCase(case.level, span=case.span)


def _case(
    rules: Rules, level: str, when: ast.Chain | None, unless: ast.Chain | None, span: Span
) -> model.LevelCase:  # fmt: skip
    held, silent = (None if each is None else rules.conditions.read(each) for each in (when, unless))
    return model.LevelCase(level, held, silent, span=span)


def _made(
    rules: Rules, span: Span, cases: tuple[model.LevelCase, ...], otherwise: model.LevelCase, who: str = "",
    said: str = "", because: str = "",
) -> model.Oversight:  # fmt: skip
    source = rules.source
    line, text = source.place(span.start)[0], " ".join(source.cut(span).split())
    return model.Oversight(
        f"{source.name}:{line}", text, source.name, line, cases, otherwise, who, said, because, span=span
    )  # fmt: skip


def _report_open(rules: Rules, last: ast.LevelCase, span: Span) -> None:
    """« Autonomie : exécuter si … »: and otherwise?"""
    source, known = rules.source, words(rules.source.language)
    otherwise, at = known.say("supervision", "OTHERWISE"), last.span.start if _is_bare(last) else last.span.end
    more = f"{otherwise} " if _is_bare(last) else f", {otherwise} {known.say('supervision', PROPOSE)}"
    before, after = (source.cut(Span(span.source, *ends)) for ends in ((span.start, at), (at, last.span.end)))
    fix = Fix(Span(span.source, at, at), more)
    rules.diagnostics.add("E600", last.span, fixes=(fix,), text=f"{before}{after}", told=f"{before}{more}{after}")
