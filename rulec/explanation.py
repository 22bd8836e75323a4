"""What `RuleSet.why` gives: each outcome, each rule, each condition as the author wrote it, with the values read."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from rulec.runtime.decision import Decision
from rulec.source import Language

WORDS: Mapping[Language, Mapping[str, str]] = {
    "fr": {
        "applies": "s'applique", "fails": "ne s'applique pas", "open": "on ne sait pas si elle s'applique",
        "because": "parce que", "unless": "sauf si", "silenced": "écartée par l'exception {title}", "colon": " : ",
        "unknown": "non renseigné", "missing": "il manque", "branch": "cas n° {number}", "default": "par défaut",
        "rule": "la règle {title}", "untitled": "la règle", "left": "« ", "right": " »",
        "asked": "demandé", "not asked": "non demandé", "perhaps": "peut-être demandé",
        "clash": "demandé, en conflit avec une autre action", "no condition": "sans condition",
        "no value": "pas de valeur",
        "table": "le tableau {title}", "untitled table": "le tableau", "row": "ligne n° {number}",
    },
    "en": {
        "applies": "applies", "fails": "does not apply", "open": "may or may not apply",
        "because": "because", "unless": "unless", "silenced": "set aside by the exception {title}", "colon": ": ",
        "unknown": "not given", "missing": "missing", "branch": "case {number}", "default": "by default",
        "rule": "the rule {title}", "untitled": "the rule", "left": '"', "right": '"',
        "asked": "asked for", "not asked": "not asked for", "perhaps": "perhaps asked for",
        "clash": "asked for, in conflict with another action", "no condition": "no condition", "no value": "no value",
        "table": "the table {title}", "untitled table": "the table", "row": "row {number}",
    },
}  # fmt: skip
MARKS: Mapping[bool | None, str] = {True: "✓", False: "✗", None: "?"}


@dataclass(frozen=True, slots=True)
class Read:
    """A fact or an outcome that a condition read. `value` is shown as a person writes it, "" where it is not known."""

    path: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Part:
    """A condition as written. `held`: None where it cannot be known. `parts`: the conditions that it joins."""

    text: str
    held: bool | None
    reads: tuple[Read, ...] = ()
    parts: tuple["Part", ...] = ()


@dataclass(frozen=True, slots=True)
class BranchTrace:
    """One way that a rule may go (`number` from 1): its conditions; all of them must hold."""

    number: int
    held: bool | None
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class RuleTrace:
    """A rule that may give the outcome: whether it applies, and what made it so.

    `text`: the statement as written. `unless`: its « sauf si ». `silenced_by`: the titles of the exceptions that apply.
    `table`: its branches are the rows that gave the outcome.
    """

    id: str
    title: str
    file: str
    line: int
    text: str
    because: str
    applies: bool | None
    branches: tuple[BranchTrace, ...]
    unless: Part | None = None
    silenced_by: tuple[str, ...] = ()
    table: bool = False


@dataclass(frozen=True, slots=True)
class OutcomeTrace:
    """An outcome and the rules that may give it. `value`: as a person writes it, "" where there is none.

    `missing`: the facts that it lacks, by name. `problems`: what went wrong, in sentences.
    """

    key: str
    name: str
    status: str
    value: str
    default: bool
    missing: tuple[str, ...]
    problems: tuple[str, ...]
    rules: tuple[RuleTrace, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """An action asked for, or perhaps asked for, with its parameters (name, value as a person writes it)."""

    status: str
    parameters: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ActionTrace:
    """An action, how it is asked for (not at all, or once for each set of parameters), the rules that may do so."""

    key: str
    name: str
    requests: tuple[Request, ...]
    rules: tuple[RuleTrace, ...]

    @property
    def asked(self) -> bool:
        """Whether it is certainly asked for."""
        return any(request.status in ("decided", "conflict") for request in self.requests)


@dataclass(frozen=True, slots=True)
class DefinitionTrace:
    """What a name stood for: its value as a person writes it ("" where it had none), its sentence, what it read."""

    key: str
    name: str
    value: str
    file: str
    line: int
    text: str
    reads: tuple[Read, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a decision is what it is; `str()` is the text in the language of the rules.

    `supervision`: how far an agent may go, then each approval that may be asked for; () where no statement says so.
    """

    at: str
    language: Language
    decision: Decision
    outcomes: tuple[OutcomeTrace, ...]
    actions: tuple[ActionTrace, ...]
    definitions: tuple[DefinitionTrace, ...] = ()
    supervision: tuple[OutcomeTrace, ...] = ()

    def __str__(self) -> str:
        return self.text()

    def text(self, language: Language | None = None) -> str:
        """The explanation as text for a person; the rules' own sentences stay as written."""
        words = WORDS[language or self.language]
        blocks = [_outcome(each, words) for each in self.outcomes]
        blocks += [_action(each, words) for each in self.actions]
        blocks += [_outcome(each, words) for each in self.supervision]
        blocks += [_definition(each, words) for each in self.definitions]
        return "\n\n".join("\n".join(block) for block in blocks)

    def about(self, key: str, language: Language | None = None) -> str:
        """One outcome or action: the rules that gave it, or all its rules where none did."""
        words = WORDS[language or self.language]
        outcome = next((each for each in self.outcomes if each.key == key), None)
        action = next((each for each in self.actions if each.key == key), None)
        rules = outcome.rules if outcome else action.rules if action else ()
        telling = [rule for rule in rules if rule.applies is not False] or rules
        return "\n".join(line for rule in telling for line in _rule(rule, words))

    def to_json(self) -> dict[str, Any]:
        """Plain data: `at`; `outcomes`, `actions`, `supervision`, each by key with its rules; `definitions` by key."""
        return {
            "at": self.at,
            "outcomes": {each.key: _plain(asdict(each)) for each in self.outcomes},
            "actions": {each.key: _plain(asdict(each)) for each in self.actions},
            "definitions": {each.key: _plain(asdict(each)) for each in self.definitions},
            "supervision": {each.key: _plain(asdict(each)) for each in self.supervision},
        }


def rule_lines(rule: RuleTrace, language: Language) -> Iterator[str]:
    """A rule and why it applies or not, as lines for a person."""
    return _rule(rule, WORDS[language])


def rule_as_json(rule: RuleTrace) -> dict[str, Any]:
    """A rule as plain data."""
    data: dict[str, Any] = _plain(asdict(rule))
    return data


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, (tuple, list)) else value


def _outcome(each: OutcomeTrace, words: Mapping[str, str]) -> list[str]:
    shown = each.value or STATUS[each.status][words is WORDS["en"]]
    lines = [f"{each.name}{words['colon']}{shown}"]
    if each.default:
        lines[0] += f" ({words['default']})"
    lines += _lacking(each, words)
    return lines + [line for rule in _fired_first(each.rules) for line in _rule(rule, words)]


STATUS: Mapping[str, tuple[str, str]] = {
    "decided": ("décidé", "decided"),
    "not_applicable": ("sans objet", "not applicable"),
    "undetermined": ("indéterminé", "undetermined"),
    "in_doubt": ("dans le doute", "in doubt"),
    "conflict": ("des règles se contredisent", "rules contradict each other"),
    "error": ("calcul impossible", "cannot be computed"),
}


def _lacking(each: OutcomeTrace | Request, words: Mapping[str, str]) -> Iterator[str]:
    if each.missing:
        yield f"  {words['missing']}{words['colon']}{', '.join(each.missing)}"
    yield from (f"  {problem}" for problem in each.problems)


def _action(each: ActionTrace, words: Mapping[str, str]) -> list[str]:
    lines = [] if each.requests else [f"{each.name}{words['colon']}{words['not asked']}"]
    for request in each.requests:
        known = ", ".join(f"{name}{words['colon']}{value}" for name, value in request.parameters)
        verdict = words[{"decided": "asked", "conflict": "clash"}.get(request.status, "perhaps")]
        lines += [f"{each.name}{words['colon']}{verdict}" + (f" ({known})" if known else ""), *_lacking(request, words)]
    return lines + [line for rule in _fired_first(each.rules) for line in _rule(rule, words)]


def _definition(each: DefinitionTrace, words: Mapping[str, str]) -> list[str]:
    """« montant TTC (commande) = 120 € », its sentence and the values that it read."""
    values = ", ".join(f"{read.name} = {read.value or words['unknown']}" for read in each.reads)
    lines = [f"{each.name} = {each.value or words['no value']} ({each.file}:{each.line})", f"      {each.text}"]
    return [*lines, f"      [{values}]"] if values else lines


def _fired_first(rules: tuple[RuleTrace, ...]) -> list[RuleTrace]:
    return sorted(rules, key=lambda rule: {True: 0, None: 1, False: 2}[rule.applies])


def _rule(rule: RuleTrace, words: Mapping[str, str]) -> Iterator[str]:
    verdict = {True: words["applies"], False: words["fails"], None: words["open"]}[rule.applies]
    place = f"{rule.file}:{rule.line}"
    kind = "table" if rule.table else "rule"
    title = (
        words["untitled table" if rule.table else "untitled"]
        if rule.title == place
        else words[kind].format(title=words["left"] + rule.title + words["right"])
    )
    yield f"  {MARKS[rule.applies]} {title} ({place}) {verdict}"
    if rule.text:
        yield f"      {rule.text}"
    for branch in _telling(rule):
        numbered = rule.table or len(rule.branches) > 1
        if numbered:
            yield f"      {MARKS[branch.held]} {words['row' if rule.table else 'branch'].format(number=branch.number)}"
        for part in branch.parts:
            yield from _part(part, words, "        " if numbered else "      ")
    if rule.unless is not None:
        yield from _part(rule.unless, words, "      ", f"{words['unless']} ")
    for title in rule.silenced_by:
        yield "      " + words["silenced"].format(title=words["left"] + title + words["right"])
    if rule.because and rule.applies:
        yield f"      {words['because']} {words['left']}{rule.because}{words['right']}"


def _telling(rule: RuleTrace) -> tuple[BranchTrace, ...]:
    """The branches that say why: up to the one taken, which stands alone where it is the first."""
    if rule.table:
        return rule.branches
    taken = next((at for at, branch in enumerate(rule.branches) if branch.held), len(rule.branches) - 1)
    return rule.branches[: taken + 1]


def _part(part: Part, words: Mapping[str, str], indent: str, before: str = "") -> Iterator[str]:
    values = ", ".join(f"{read.name} = {read.value or words['unknown']}" for read in part.reads if not part.parts)
    shown = f"   [{values}]" if values else ""
    yield f"{indent}{MARKS[part.held]} {before}{part.text or words['no condition']}{shown}"
    for below in part.parts:
        yield from _part(below, words, indent + "  ")
