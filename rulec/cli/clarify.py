"""`rulec clarify`: statements of several readings in, the reading that their owner means out, asked through cases."""

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click

from rulec.clarify.canonical import Reading
from rulec.clarify.cases import Answer, Question, question
from rulec.clarify.choosing import chosen
from rulec.clarify.doubts import Doubt, doubts
from rulec.cli.asking import asking, proposing, tell_cost
from rulec.cli.command import Command, Texts, format_option, option, paths_argument
from rulec.cli.decided import plain_spaces
from rulec.cli.output import complain, paint_for, say
from rulec.cli.refusals import ERRORS, FINE, Refusal
from rulec.cli.rules import STDIN, compiled, language_of
from rulec.cli.tongue import Tongue
from rulec.cli.writing import write_whole
from rulec.diagnostics import Diagnostic, Diagnostics
from rulec.diagnostics.as_json import text_of
from rulec.diagnostics.render import render
from rulec.diagnostics.screen import harmless, paragraph
from rulec.drafts import with_drafts
from rulec.pipeline import Compiled
from rulec.proof import BUDGET
from rulec.source import Language

HELP: Texts = {
    "fr": """
Pour chaque phrase qui a plusieurs lectures, les montre, puis demande ce que vous voulez
sur un cas concret, jusqu'à ce qu'il n'en reste qu'une. La lecture choisie est écrite dans
le fichier ; la phrase d'origine reste au-dessus, en commentaire.
Avec une clé (ANTHROPIC_API_KEY), un modèle propose aussi des lectures des phrases qui ne se
lisent pas ; ne comptent que celles que rulec sait lire, et vous choisissez.

  rulec clarify remises.regles
  rulec clarify remises.regles --choose 12=2       la lecture 2 de la phrase de la ligne 12
  rulec clarify remises.regles --format json       les questions, pour un éditeur

Code de sortie : 0 s'il ne reste rien à clarifier, 1 sinon, 2 si la commande est mal employée.
""",
    "en": """
For each sentence that has several readings, shows them, then asks what you want in a
concrete case, until one is left. The reading chosen is written into the file; the original
sentence stays above it, as a comment.
With a key (ANTHROPIC_API_KEY), a model proposes readings too, of sentences that cannot be
read; only those that rulec can read count, and you choose.

  rulec clarify discounts.rules
  rulec clarify discounts.rules --choose 12=2      reading 2 of the sentence on line 12
  rulec clarify discounts.rules --format json      the questions, for an editor

Exit status: 0 if nothing is left to clarify, 1 otherwise, 2 for wrong use of the command.
""",
}
_CHOOSE: Texts = {
    "fr": "Choisir la lecture N de la phrase de cette ligne, sans rien demander.",
    "en": "Choose reading N of the sentence on this line, without a question.",
}
_LINE: Texts = {"fr": "LIGNE=N", "en": "LINE=N"}
_BUDGET: Texts = {"fr": "Secondes pour trouver un cas.", "en": "Seconds to find a case."}
_SECONDS: Texts = {"fr": "SECONDES", "en": "SECONDS"}
SAID = {
    "fr": {
        "place": "{file}, ligne {line} :", "readings": "Elle peut se lire ainsi :", "case": "Dans ce cas : {facts}",
        "choose": "Votre réponse ({first} à {last}, Entrée pour passer) : ", "same": "Que voulez-vous dire ?",
        "written": "{file}, ligne {line} : {text}", "nothing": "Rien à clarifier : chaque phrase n'a qu'une lecture.",
        "left": "{file}, ligne {line} : {code}, à corriger vous-même (rulec check le montre)",
        "skipped": "{file}, ligne {line} : laissée telle quelle",
        "again": "Répondez par un nombre de {first} à {last}.", "proposed": "  (proposé par un modèle)",
        "alone": "Est-ce ce que vous voulez dire ?",
    },
    "en": {
        "place": "{file}, line {line}:", "readings": "It can be read as:", "case": "In this case: {facts}",
        "choose": "Your answer ({first} to {last}, Enter to skip): ", "same": "Which one do you mean?",
        "written": "{file}, line {line}: {text}", "nothing": "Nothing to clarify: every sentence has one reading.",
        "left": "{file}, line {line}: {code}, to mend yourself (rulec check shows it)",
        "skipped": "{file}, line {line}: left as it is", "again": "Answer with a number from {first} to {last}.",
        "proposed": "  (proposed by a model)", "alone": "Is this what you mean?",
    },
}  # fmt: skip


def command(tongue: Tongue) -> Command:
    """The command, in the language of the command line."""
    own = tongue.own
    params: list[click.Parameter] = [
        paths_argument(own),
        click.Option(["--choose", "choices"], help=_CHOOSE[own], multiple=True, metavar=_LINE[own]),
        format_option(own),
        option("--budget", _BUDGET[own], type=click.FloatRange(min=0), default=BUDGET, metavar=_SECONDS[own]),
    ]
    return Command("clarify", own, HELP[own], partial(clarify, tongue), params)


def clarify(tongue: Tongue, paths: Sequence[Path], choices: Sequence[str], form: str, budget: float) -> int:
    """Ask, and write what is chosen; the exit status."""
    if STDIN in paths:
        raise Refusal("E967")
    wanted = dict(map(_choice, choices))
    rules = with_drafts(compiled(paths, tongue))
    language = language_of(rules, tongue)
    found, left = _doubts(rules, language)
    unknown = wanted.keys() - {each.line for each in found}
    if unknown:
        raise Refusal("E966", detail=str(min(unknown)), expected=", ".join(str(each.line) for each in found))
    if form == "json":
        say(text_of([_as_json(each, language, budget) for each in found], indent=2))
        return ERRORS if found or left else FINE
    if not found and not left:
        say(SAID[language]["nothing"])
        return FINE
    answers = {each: _answer(each, wanted, language, budget) for each in found}
    _write({each: answer for each, answer in answers.items() if answer is not None})
    for each, answer in answers.items():
        _tell("skipped" if answer is None else "written", each, answer, language)
    if left:
        remaining = Diagnostics()
        for error in left:
            remaining.again(error)
        complain(render(remaining, rules.sources, tongue.asked, paint_for(sys.stderr)))
    return ERRORS if left or None in answers.values() else FINE


def _doubts(rules: Compiled, language: Language) -> tuple[tuple[Doubt, ...], tuple[Diagnostic, ...]]:
    """The doubts, with what a model proposes where there is a key; the errors that are none."""
    if rules.plan is not None:
        return (), ()
    with asking() as asker:
        if asker is None:
            return doubts(rules)
        found = doubts(rules, proposing(asker, rules, language))
        tell_cost(asker, language)
        return found


def _choice(text: str) -> tuple[int, int]:
    line, _, number = text.rpartition("=")
    if not (line.isdecimal() and number.isdecimal()):
        raise Refusal("E914", detail=f"--choose {text}")
    return int(line), int(number)


def _tell(what: str, doubt: Doubt, answer: int | None, language: Language) -> None:
    text = " ".join(doubt.readings[answer].text.split()) if answer is not None else ""
    said = SAID[language][what].format(file=doubt.source.name, line=doubt.line, text=text)
    say(plain_spaces(paragraph(harmless(said))))


# ---- asking


def _answer(doubt: Doubt, wanted: dict[int, int], language: Language, budget: float) -> int | None:
    """The number of the reading that is meant, from 0; None where none was chosen."""
    if doubt.line in wanted:
        number = wanted[doubt.line]
        if not 1 <= number <= len(doubt.readings):
            raise Refusal("E913", detail=str(number), option="--choose", expected=f"1 … {len(doubt.readings)}")
        return number - 1
    if wanted:
        return None
    said = SAID[language]
    say(plain_spaces(paragraph(harmless(said["place"].format(file=doubt.source.name, line=doubt.line)))))
    say(_indented([doubt.statement]))
    say(said["readings"])
    say(_indented([f"{each.text}{said['proposed'] if each.proposed else ''}" for each in doubt.readings]))
    if len(doubt.readings) == 1:
        say(said["alone"])
        return 0 if _picked([Answer(doubt.readings[0].text, (0,))], language) else None
    return _narrowed(doubt.readings, tuple(range(len(doubt.readings))), language, budget)


def _narrowed(
    readings: Sequence[Reading], open_: tuple[int, ...], language: Language, budget: float
) -> int | None:  # fmt: skip
    """Ask about cases until one reading is left, or readings that decide the same."""
    while len(open_) > 1:
        asked = question([readings[number] for number in open_], language, budget)
        if asked is None:
            say(SAID[language]["same"])
            picked = _picked([Answer(readings[number].text, (at,)) for at, number in enumerate(open_)], language)
        else:
            say(plain_spaces(paragraph(harmless(SAID[language]["case"].format(facts=asked.facts)))))
            picked = _picked(asked.answers, language)
        if picked is None:
            return None
        open_ = tuple(open_[at] for at in picked.readings)
    return open_[0]


def _picked(answers: Sequence[Answer], language: Language) -> Answer | None:
    """The answer that the owner gives; None where they pass."""
    for number, each in enumerate(answers, 1):
        say(plain_spaces(paragraph(harmless(f"  {number}. {' '.join(each.decision.split())}"))))
    bounds = {"first": 1, "last": len(answers)}
    while True:
        print(SAID[language]["choose"].format(**bounds), end="", flush=True)
        line = sys.stdin.readline()
        if not sys.stdin.isatty():
            say(line.strip())
        if not line.strip():
            return None
        if line.strip().isdecimal() and 1 <= int(line) <= len(answers):
            return answers[int(line) - 1]
        say(SAID[language]["again"].format(**bounds))


def _indented(texts: Sequence[str]) -> str:
    lines = [f"  {number}. " if len(texts) > 1 else "    " for number in range(1, len(texts) + 1)]
    return "\n".join(
        harmless(f"{lead}{' '.join(text.split())}") for lead, text in zip(lines, texts, strict=True)
    )  # fmt: skip


# ---- what comes of it


def _write(answers: dict[Doubt, int | None]) -> None:
    """Each file once, its last statement first: places before it stay where they are."""
    files: dict[str, list[Doubt]] = {}
    for each in answers:
        files.setdefault(each.source.path, []).append(each)
    for path, own in files.items():
        text = Path(path).read_bytes().decode("utf-8")
        for each in sorted(own, key=lambda doubt: -doubt.span.start):
            number = answers[each]
            assert number is not None  # only what was chosen is written
            text = chosen(text, each, number)
        write_whole(Path(path), text.encode("utf-8"))


def _as_json(doubt: Doubt, language: Language, budget: float) -> dict[str, object]:
    asked: Question | None = question(doubt.readings, language, budget)
    line, column = doubt.source.place(doubt.span.start)
    case = None
    if asked is not None:
        said = {number: each.decision for each in asked.answers for number in each.readings}
        case = {"facts": asked.facts, "decisions": [said[n] for n in sorted(said)]}
    return {
        "file": doubt.source.name, "line": line, "column": column, "code": doubt.code, "statement": doubt.statement,
        "readings": [each.text for each in doubt.readings],
        "proposed": [each.proposed for each in doubt.readings], "case": case,
    }  # fmt: skip
