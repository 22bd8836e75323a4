"""What examples reach in, what a person or a program reads out."""

from collections.abc import Iterator, Mapping

from rulec.plan.tree import Rule
from rulec.source import Language
from rulec.tree import Span
from rulec.trial.coverage import CaseCover, ConditionCover, Coverage, RuleCover
from rulec.trial.defined import DefinitionCover
from rulec.trial.tell import Teller

_LONGEST = 70  # characters of a condition or a rule
_WORDS: Mapping[Language, Mapping[str, str]] = {
    "fr": {
        "head": "Couverture : règles {0}, cas {1}, conditions {2}", "share": "{percentage} % ({reached} sur {total})",
        "of rows": ", lignes de tableaux {0}", "of definitions": ", définitions {0}",
        "definitions": "Définitions qu'aucun exemple ne calcule :", "yes": "jamais oui", "no": "jamais non",
        "rows": "Lignes de tableaux sur lesquelles aucun exemple ne repose :",
        "rules": "Règles qu'aucun exemple n'atteint :", "cases": "Cas qu'aucun exemple n'atteint :",
        "conditions": "Conditions dont aucun couple d'exemples ne montre l'effet à elles seules :",
        "rule": "règle « {title} » ({file}:{line})", "untitled": "{file}:{line}  {text}",
        "case": "cas n° {number}", "unless": "sauf si", "colon": " : ", "never": "jamais atteinte",
        "true": "jamais fausse dans un exemple", "false": "jamais vraie dans un exemple",
        "masked": "vraie et fausse, mais jamais seule à changer le résultat",
    },
    "en": {
        "head": "Coverage: rules {0}, cases {1}, conditions {2}", "share": "{percentage}% ({reached} of {total})",
        "of rows": ", rows of tables {0}", "of definitions": ", definitions {0}",
        "definitions": "Definitions that no example calculates:", "yes": "never yes", "no": "never no",
        "rows": "Rows of tables that no example rests on:",
        "rules": "Rules that no example reaches:", "cases": "Cases that no example reaches:",
        "conditions": "Conditions that no pair of examples shows to matter by themselves:",
        "rule": "rule \"{title}\" ({file}:{line})", "untitled": "{file}:{line}  {text}",
        "case": "case {number}", "unless": "unless", "colon": ": ", "never": "never reached",
        "true": "never false in an example", "false": "never true in an example",
        "masked": "true and false, but never alone in changing the result",
    },
}  # fmt: skip


def coverage_text(coverage: Coverage, teller: Teller) -> str:
    """The shares, then what is left to show."""
    words = _WORDS[teller.language]
    shares = [
        words["share"].format(percentage=each.percentage, reached=each.reached, total=each.total)
        for each in coverage.shares
    ]
    rules = [_rule(each.rule, teller) for each in coverage.rules if not each.reached]
    cases = [f"{_rule(rule.rule, teller)}, {_case(case, words)}" for rule, case in _unreached(coverage)]
    conditions = [line for rule in coverage.rules for line in _unshown(rule, teller)]
    rows = [
        f"{quoted(each.table.title, teller.language)} ({each.table.rows_file}:{line})"
        for each in coverage.tables
        for line, reached in zip(each.table.lines, each.reached, strict=True)
        if not reached
    ]
    head = words["head"].format(*shares) + (words["of rows"].format(shares[3]) if coverage.tables else "")
    lines = [head + (words["of definitions"].format(shares[4]) if coverage.definitions else "")]
    definitions = list(_uncalculated(coverage, teller.language))
    parts = (rules, cases, conditions, rows, definitions)
    for title, listed in zip(("rules", "cases", "conditions", "rows", "definitions"), parts, strict=True):
        lines += [words[title], *(f"  {each}" for each in listed)] if listed else []
    return "\n".join(lines)


def coverage_as_json(coverage: Coverage, teller: Teller) -> dict[str, object]:
    """Plain data: the shares, and every rule with its cases and conditions."""
    names = ("rules", "cases", "conditions", "rows", "definitions")
    shares = {
        name: {"percentage": each.percentage, "reached": each.reached, "total": each.total}
        for name, each in zip(names, coverage.shares, strict=True)
    }
    tables = [
        {
            "title": each.table.title,
            "file": each.table.rows_file,
            "rows": [
                {"line": line, "reached": reached} for line, reached in zip(each.table.lines, each.reached, strict=True)
            ],
        }
        for each in coverage.tables
    ]
    rules = [_rule_json(each, teller) for each in coverage.rules]
    definitions = [_definition_json(each) for each in coverage.definitions]
    return {**shares, "by_rule": rules, "by_table": tables, "by_definition": definitions}


def _definition_json(cover: DefinitionCover) -> dict[str, object]:
    told = cover.definition
    ways = [{"way": way.name or None, "reached": way.reached} for way in cover.ways]
    return {"key": told.key, "name": told.names[-1], "file": told.file, "line": told.line, "ways": ways}


def _uncalculated(coverage: Coverage, language: Language) -> Iterator[str]:
    """The definitions that no example calculates; of several cases, each that none does."""
    words = _WORDS[language]
    for each in coverage.definitions:
        told = each.definition
        name = f"{quoted(told.names[-1], language)} ({told.file}:{told.line})"
        for way in each.ways:
            if not way.reached:
                case = words["case"].format(number=way.name) if way.name.isdigit() else words.get(way.name, "")
                yield f"{name}, {case}" if case else name


def _rule_json(cover: RuleCover, teller: Teller) -> dict[str, object]:
    rule = cover.rule
    cases = [
        {
            "case": case.number or None,
            "reached": case.reached,
            "conditions": [
                {"text": _text(each, teller), "held": each.held, "failed": each.failed, "shown": each.shown}
                for each in case.conditions
            ],
        }
        for case in cover.cases
    ]
    return {"title": rule.title, "file": rule.file, "line": rule.line, "reached": cover.reached, "cases": cases}


def _unreached(coverage: Coverage) -> Iterator[tuple[RuleCover, CaseCover]]:
    """Cases of rules that have others; the rest is said of the rule."""
    for rule in coverage.rules:
        for case in rule.cases:
            if not case.reached and len(rule.cases) > 1 and rule.reached:
                yield rule, case


def _unshown(rule: RuleCover, teller: Teller) -> Iterator[str]:
    """The conditions of a rule that are not shown, under it."""
    words, named = _WORDS[teller.language], False
    for case in rule.cases:
        for each in case.conditions:
            if not each.shown:
                if not named:
                    yield _rule(rule.rule, teller)
                named, before = True, f"{_case(case, words)}{words['colon']}" if len(rule.cases) > 1 else ""
                yield f"  {before}{_text(each, teller)} ({_why(each, words)})"


def _why(cover: ConditionCover, words: Mapping[str, str]) -> str:
    if cover.held and cover.failed:
        return words["masked"]
    return words["true" if cover.held else "false" if cover.failed else "never"]


def quoted(title: str, language: Language) -> str:
    """A title between the quotes of a language."""
    return f"« {title} »" if language == "fr" else f'"{title}"'


def _case(case: CaseCover, words: Mapping[str, str]) -> str:
    return words["case"].format(number=case.number) if case.number else words["unless"]


def _rule(rule: Rule, teller: Teller) -> str:
    words = _WORDS[teller.language]
    untitled = rule.title == f"{rule.file}:{rule.line}"
    text = cut(rule.span, teller)
    return words["untitled" if untitled else "rule"].format(title=rule.title, file=rule.file, line=rule.line, text=text)


def _text(cover: ConditionCover, teller: Teller) -> str:
    return cut(cover.span, teller)


def cut(span: Span, teller: Teller) -> str:
    """The words of the author on one line."""
    source = next(each for each in teller.sources if each.number == span.source)
    text = " ".join(source.cut(span).split())
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
