"""Rules in, examples for what theirs do not show out: each as the rules decide it, for their owner to confirm."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from rulec.cli.command import Texts
from rulec.cli.decided import plain_spaces
from rulec.cli.output import complain, say
from rulec.cli.refusals import FINE
from rulec.cli.rules import compiled, language_of, plan_of
from rulec.cli.tongue import Tongue
from rulec.diagnostics.screen import paragraph
from rulec.plan.tree import Rule, Table
from rulec.source import Language
from rulec.trial.goals import Goal
from rulec.trial.run import run_examples
from rulec.trial.search import lacking
from rulec.trial.tell import Teller
from rulec.trial.tell_coverage import cut
from rulec.trial.written import HEAD, examples_text

_NOTHING: Texts = {
    "fr": "Rien à proposer : les exemples montrent déjà chaque seuil et chaque condition.",
    "en": "Nothing to propose: the examples show every threshold and every condition already.",
}
_LEFT: Texts = {
    "fr": "Aucun cas n'a été trouvé pour montrer :",
    "en": "No case was found to show:",
}
_UNSAID: Texts = {
    "fr": "Cas trouvés, mais qui ne se disent pas encore en une phrase : {count}",
    "en": "Cases found that cannot be said in a sentence yet: {count}",
}


def generate(paths: Sequence[Path], tongue: Tongue) -> int:
    """Print the examples; on standard error, what none could be found for."""
    rules = compiled(paths, tongue)
    plan, language = plan_of(rules, tongue), language_of(rules, tongue)
    teller = Teller(plan, rules.sources, rules.language)
    cases = lacking(plan, run_examples(plan, rules.examples))
    text, unsaid = examples_text(rules, cases.found, teller)
    if text:
        say(HEAD[rules.language] + "\n" + text.rstrip("\n"))
    notes = list(_notes(cases.left, unsaid, teller, language))
    if notes or not text:
        complain(plain_spaces(paragraph("\n".join(notes or [_NOTHING[language]]))))
    return FINE


def _notes(
    left: Sequence[tuple[Rule | Table, Goal]], unsaid: int, teller: Teller, language: Language
) -> Iterator[str]:  # fmt: skip
    places = [(step.file, step.line, goal.span) for step, goal in left]
    if places:
        yield _LEFT[language]
        yield from (f"  {file}:{line}  {cut(span, teller)}" for file, line, span in dict.fromkeys(places))
    if unsaid:
        yield _UNSAID[language].format(count=unsaid)
