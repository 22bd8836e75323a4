"""`rulec run`: rules and facts in, decisions out."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rulec.cli.command import Command, Texts, format_option, option, paths_argument
from rulec.cli.deciding import Deciding
from rulec.cli.given import Given, facts_in, name_of
from rulec.cli.output import complain, say
from rulec.cli.refusals import ERRORS, FINE, Refusal, error_line
from rulec.cli.rules import STDIN, compiled, language_of, plan_of
from rulec.cli.supposing import Supposing
from rulec.cli.tongue import Tongue
from rulec.diagnostics.screen import harmless
from rulec.moment import Moment, MomentError, read_moment
from rulec.plan.tree import Plan
from rulec.runtime.facts import FactsError
from rulec.runtime.spelling import plain_words
from rulec.runtime.types import ActionSlot, OutcomeSlot
from rulec.source import Language

if TYPE_CHECKING:  # only judgements need it
    from rulec.judgement.answers import Judge

HELP: Texts = {
    "fr": """
Décide, et dit quelles règles ont donné le résultat.

  rulec run remises.regles --fact "commande=620 €" --fact "client fidèle=oui"
  rulec run remises.regles --facts commande.json --why
  rulec run remises.regles --facts commandes.jsonl --format json > decisions.jsonl
  rulec run remises.regles --fact "commande=420 €" --what-if "remise >= 10 %"

Les faits se donnent sous leur nom ou leur clé. --facts lit un objet JSON, une liste
d'objets, ou JSON Lines (un objet par ligne, une décision par ligne) ; « - » est l'entrée
standard. Une ligne qui ne convient pas est signalée, les autres sont décidées.
--fact n'écrase rien : un fait donné deux fois doit l'être avec la même valeur.
Un fait qui manque n'est pas une erreur : rulec dit ce qui manque pour décider.

Code de sortie : 0 tout est décidé ou dit, 1 erreurs dans les règles ou les faits, 2 si la
commande est mal employée.
""",
    "en": """
Decides, and says which rules gave the outcome.

  rulec run discounts.rules --fact "order=€620" --fact "loyal customer=yes"
  rulec run discounts.rules --facts order.json --why
  rulec run discounts.rules --facts orders.jsonl --format json > decisions.jsonl
  rulec run discounts.rules --fact "order=€420" --what-if "discount >= 10%"

Facts are given under their name or their key. --facts reads a JSON object, a list of
objects, or JSON Lines (one object a line, one decision a line); "-" is standard input.
A line that does not fit is reported, the others are decided.
--fact overrides nothing: a fact given twice must have the same value.
A missing fact is no error: rulec says what is missing to decide.

Exit status: 0 all is decided or said, 1 errors in the rules or the facts, 2 for wrong use
of the command.
""",
}
_FACT: Texts = {
    "fr": 'Un fait : "nom=valeur". Autant de fois qu\'il y a de faits.',
    "en": 'A fact: "name=value". As many times as there are facts.',
}
_FACTS: Texts = {"fr": "Les faits en JSON ou JSON Lines.", "en": "The facts as JSON or JSON Lines."}
_ONLY: Texts = {
    "fr": "Ne montrer que ce résultat ou cette action (nom ou clé).",
    "en": "Show this outcome or action only (name or key).",
}
_AT: Texts = {
    "fr": "Date de la décision (2026-03-01) ; aujourd'hui par défaut.",
    "en": "Date of the decision (2026-03-01); today by default.",
}
_WHY: Texts = {
    "fr": "Expliquer chaque condition, avec les valeurs lues.",
    "en": "Explain every condition, with the values read.",
}
_WHAT_IF: Texts = {
    "fr": 'Le plus petit changement des faits qui atteindrait ce but : "remise >= 10 %".',
    "en": 'The smallest change of the facts that would meet this goal: "discount >= 10%".',
}
_CHANGE: Texts = {
    "fr": "Un fait qui peut changer (tous par défaut).",
    "en": "A fact that may change (all by default).",
}
_PLACE: Mapping[bool, Texts] = {  # of a line, of an item of a list
    False: {"fr": "ligne {number}", "en": "line {number}"},
    True: {"fr": "élément {number}", "en": "item {number}"},
}
_NAMES: Mapping[str, Texts] = {
    "fact": {"fr": "NOM=VALEUR", "en": "NAME=VALUE"},
    "facts": {"fr": "FICHIER", "en": "FILE"},
    "only": {"fr": "RÉSULTAT", "en": "OUTCOME"},
    "goal": {"fr": "BUT", "en": "GOAL"},
    "change": {"fr": "FAIT", "en": "FACT"},
}


def command(tongue: Tongue) -> Command:
    """The command, in the language of the command line."""
    own = tongue.own
    params: list[click.Parameter] = [
        paths_argument(own),
        option("--fact", _FACT[own], multiple=True, metavar=_NAMES["fact"][own]),
        option("--facts", _FACTS[own], type=click.Path(path_type=Path), metavar=_NAMES["facts"][own]),
        option("--only", _ONLY[own], multiple=True, metavar=_NAMES["only"][own]),
        option("--at", _AT[own], metavar="DATE"),
        option("--why", _WHY[own], is_flag=True),
        option("--what-if", _WHAT_IF[own], metavar=_NAMES["goal"][own]),
        option("--change", _CHANGE[own], multiple=True, metavar=_NAMES["change"][own]),
        format_option(own),
    ]
    return Command("run", own, HELP[own], partial(run, tongue), params)


def run(
    tongue: Tongue,
    paths: Sequence[Path],
    fact: Sequence[str],
    facts: Path | None,
    only: Sequence[str],
    at: str | None,
    why: bool,
    what_if: str | None,
    change: Sequence[str],
    form: str,
) -> int:
    """Print a decision for each object with facts; the exit status."""
    told = [_pair(text) for text in fact]
    if facts == STDIN and STDIN in paths:
        raise Refusal("E914", detail="--facts -")
    rules = compiled(paths, tongue)
    plan, language = plan_of(rules, tongue), language_of(rules, tongue)
    kept = frozenset(_key(name, plan, language) for name in only)
    moment, judge = moment_of(at, plan, language), _judge(plan)
    deciding = Deciding(plan, rules.sources, language, moment, kept, why, form == "json", judge)
    if change and what_if is None:
        raise Refusal("E912", language=language, detail="--what-if")
    answering = Supposing(deciding, rules, what_if, change or None) if what_if is not None else deciding
    given = facts_in(facts, rules.language) if facts is not None else iter([Given({})])
    return _decide_all(answering, told, given, name_of(facts) if facts is not None else "")


def _pair(text: str) -> tuple[str, str]:
    """« commande=620 € » → the name and the value."""
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise Refusal("E915", detail=text)
    return name.strip(), value.strip()


def _judge(plan: Plan) -> "Judge | None":
    """What judges for these rules; where no model is configured, all is in doubt."""
    if not plan.judgements:
        return None
    from rulec.cli.judging import configured  # only judgements need it
    from rulec.judgement.answers import NoJudge

    return configured() or NoJudge()


def moment_of(at: str | None, plan: Plan, language: Language) -> Moment:
    """The date of the decision."""
    try:
        return read_moment(at, plan.zone, language)
    except MomentError as error:
        raise Refusal(error.code, language=language, detail=error.detail) from None


def _key(name: str, plan: Plan, language: Language) -> str:
    """The key of the outcome or action of that key or name."""
    slots: list[OutcomeSlot | ActionSlot] = [*plan.outcomes, *plan.actions]
    by_key = {slot.key: slot.key for slot in slots}
    by_name = {plain_words(slot.name): slot.key for slot in slots}
    key = by_key.get(name) or by_name.get(plain_words(name))
    if key is None:
        raise Refusal("E922", language=language, detail=name, known=", ".join(slot.name for slot in slots))
    return key


def _decide_all(
    deciding: Deciding | Supposing, told: Sequence[tuple[str, str]], given: Iterator[Given], name: str
) -> int:  # fmt: skip
    """Decide one by one; what does not fit is reported with its place, and the others go on."""
    status, first = FINE, next(given, None)
    second = None if deciding.as_json else next(given, None)
    headed = second is not None
    for each in chain((each for each in (first, second) if each), given):
        try:
            answer = deciding.answer(told, _facts_of(each))
        except FactsError as error:
            _report(error, each, name, deciding.language)
            status = ERRORS
        else:
            say(f"{_place(each, deciding.language)}\n{answer}\n" if headed else answer)
    return status


def _facts_of(given: Given) -> object:
    if given.error is not None:
        raise given.error
    return given.facts


def _place(given: Given, language: Language) -> str:
    """« ligne 3 », « élément 3 »."""
    return _PLACE[given.item][language].format(number=given.number)


def _report(error: FactsError, given: Given, name: str, language: Language) -> None:
    where = f"{name}, {_place(given, language)}: " if given.number else ""
    for problem in error.problems:
        complain(harmless(where + error_line(problem.code, problem.message(language), language)))
