"""`rulec draft`: a policy in prose in, a rule file of drafts out, each sentence for its author to confirm."""

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rulec.cli.asking import asking, tell_cost
from rulec.cli.command import Command, Texts
from rulec.cli.output import complain, say
from rulec.cli.refusals import ERRORS, FINE, Refusal
from rulec.cli.tongue import Tongue
from rulec.cli.writing import write_whole
from rulec.judgement.answers import REASONS
from rulec.source import Language
from rulec.syntax.languages import language_of

if TYPE_CHECKING:  # slow to import, and only a key makes use of it
    from rulec.drafting.sorting import Sorted
    from rulec.judgement.asker import Asker

HELP: Texts = {
    "fr": """
Écrit un brouillon de règles d'après une politique en prose : vocabulaire, règles, exemples,
et les questions que le texte laisse ouvertes. Un modèle l'écrit ; rulec ne garde que ce
qu'il sait lire, et met le reste en commentaire. Rien ne décide avant que vous n'ayez
confirmé chaque phrase, en l'écrivant hors du brouillon.

  rulec draft "Les clients fidèles ont 10 % de remise dès 500 €." --lang fr
  rulec draft politique.txt -o remises.regles
  rulec draft - -o remises.regles < politique.txt

Il faut une clé (ANTHROPIC_API_KEY) et pip install 'rulec[judgement]'. Code de sortie :
0 si le brouillon est écrit, 1 si le modèle n'a rien donné, 2 si la commande est mal employée.
""",
    "en": """
Writes draft rules from a policy in prose: vocabulary, rules, examples, and the questions
that the text leaves open. A model writes it; rulec keeps only what it can read, and puts
the rest into comments. Nothing decides before you have confirmed each sentence, by writing
it outside of the draft.

  rulec draft "Loyal customers get 10% off from €500." --lang en
  rulec draft policy.txt -o discounts.rules
  rulec draft - -o discounts.rules < policy.txt

It takes a key (ANTHROPIC_API_KEY) and pip install 'rulec[judgement]'. Exit status: 0 if
the draft is written, 1 if the model gave nothing, 2 for wrong use of the command.
""",
}
_TEXT: Texts = {"fr": "TEXTE", "en": "TEXT"}
_FILE: Texts = {"fr": "FICHIER", "en": "FILE"}
_OUTPUT: Texts = {
    "fr": "Le fichier à écrire, qui ne doit pas exister (par défaut la sortie standard).",
    "en": "The file to write, which must not exist (by default standard output).",
}
_WRITTEN: Texts = {
    "fr": "Écrit : {path} ; phrases en brouillon : {kept}, non comprises : {left}, questions : {asked}.",
    "en": "Written: {path}; draft sentences: {kept}, not understood: {left}, questions: {asked}.",
}
_NOTHING: Texts = {
    "fr": "rien de ce qu'il écrit ne se lit comme une règle", "en": "nothing that it writes reads as a rule",
}  # fmt: skip


def command(tongue: Tongue) -> Command:
    """The command, in the language of the command line."""
    own = tongue.own
    params: list[click.Parameter] = [
        click.Argument(["text"], metavar=_TEXT[own]),
        click.Option(["-o", "--output"], type=click.Path(path_type=Path), metavar=_FILE[own], help=_OUTPUT[own]),
    ]
    return Command("draft", own, HELP[own], partial(draft, tongue), params)


def draft(tongue: Tongue, text: str, output: Path | None) -> int:
    """Write the draft, or nothing; the exit status."""
    if output is not None and (output.exists() or output.is_symlink()):
        raise Refusal("E926", ERRORS, path=str(output))
    if output is not None and output.suffix not in (".regles", ".rules"):
        raise Refusal("E905", path=str(output))
    language = tongue.asked or language_of(output.name if output is not None else "", "", tongue.usual)
    policy = _policy(text)
    with asking() as asker:
        if asker is None:
            raise Refusal("E965", ERRORS)
        page, made = _page(asker, policy, language, tongue)
    if output is None:
        say(page.rstrip("\n"))
        return FINE
    write_whole(output, f"{_first_line(output, language)}{page}".encode())
    asked = len(made.asked) + sum(len(piece.asked) for piece in made.kept)
    complain(_WRITTEN[tongue.own].format(path=output, kept=len(made.kept), left=len(made.left), asked=asked))
    return FINE


def _policy(text: str) -> str:
    """The text as given, of the file that it names, or of standard input."""
    path = Path(text)
    try:
        if text == "-":
            return sys.stdin.buffer.read().decode("utf-8")
        return path.read_text(encoding="utf-8") if _is_file(path) else text
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise Refusal("E903", ERRORS, path=text, line=str(line)) from None
    except OSError as error:
        raise Refusal("E902", ERRORS, path=text, detail=error.strerror or str(error)) from None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a text that is no name of a file
        return False


def _page(asker: "Asker", policy: str, language: Language, tongue: Tongue) -> "tuple[str, Sorted]":
    """The text of the file, and what it holds. Refuses where the model gives nothing."""
    from rulec.drafting.page import page_of
    from rulec.drafting.request import Written, request_of
    from rulec.drafting.sorting import sort
    from rulec.judgement.texts import cleaned

    settings = asker.settings
    shown = cleaned(policy) if len(policy) <= settings.longest else ""
    if not shown:
        raise _nothing(REASONS["long" if len(policy) > settings.longest else "empty"][tongue.own])
    told = asker.ask(request_of(shown, language))
    tell_cost(asker, tongue.own)
    if told.reason == "key":
        raise Refusal("E965", ERRORS)
    if not isinstance(told.answer, Written):
        raise _nothing(REASONS[told.reason][tongue.own])
    made = sort(told.answer, shown, language)
    if not made.kept:
        raise _nothing(_NOTHING[tongue.own])
    return page_of(shown, made, settings.model, language), made


def _nothing(reason: str) -> Refusal:
    return Refusal("E964", ERRORS, detail=reason)


def _first_line(output: Path, language: Language) -> str:
    """What names the language, where the ending of the file says the other one."""
    if language_of(output.name, "") == language:
        return ""
    from rulec.translation import language_line

    return f"{language_line(language)}\n\n"
