"""`rulec translate`: a rule file in, the same rules in the other language out."""

from functools import partial
from pathlib import Path

import click

from rulec.cli.command import PATH, Command, OneOf, Texts
from rulec.cli.output import complain, say
from rulec.cli.refusals import ERRORS, FINE, Refusal
from rulec.cli.rules import STDIN, STDIN_NAME, compiled, plan_of
from rulec.cli.tongue import Tongue
from rulec.cli.writing import write_whole
from rulec.files import RULE_FILES
from rulec.formatting import file_of
from rulec.source import LANGUAGES, Language
from rulec.translation import language_line, translated

HELP: Texts = {
    "fr": """
Redit des règles dans l'autre langue. Le sens ne change pas, c'est vérifié.

  rulec translate remises.regles --to en                     sur la sortie standard
  rulec translate remises.regles --to en -o discounts.rules

Un terme est traduit là où sa déclaration dit comment : « une marge (pourcentage) (en anglais
« margin ») ». Les autres noms restent tels quels, et sont nommés. Les clés sont écrites, pour
que les deux fichiers se partagent les mêmes faits. Titres, textes, motifs et commentaires
restent. Code de sortie : 0, 1 avec des erreurs ou si une phrase ne peut pas être redite.
""",
    "en": """
Says rules again in the other language. The meaning does not change, this is verified.

  rulec translate discounts.rules --to fr                     to standard output
  rulec translate discounts.rules --to fr -o remises.regles

A term is translated where its declaration says how: 'a margin (percentage) (in French
"marge")'. Other names stay as they are, and are named. Keys are written, so that both files
share the same facts. Titles, texts, reasons and comments stay. Exit status: 0, 1 with errors
or where a sentence cannot be said again.
""",
}
_TO: Texts = {"fr": "La langue à écrire : en ou fr.", "en": "The language to write: en or fr."}
_OUTPUT: Texts = {
    "fr": "Le fichier à écrire ; par défaut la sortie standard.",
    "en": "The file to write; by default standard output.",
}
_FILE: Texts = {"fr": "FICHIER", "en": "FILE"}
_KEPT: Texts = {
    "fr": "Restés tels quels, faute de terme déclaré en {language} : {names}",
    "en": "Kept as they are, for want of a term declared in {language}: {names}",
}
_LANGUAGES: dict[Language, Texts] = {
    "fr": {"fr": "français", "en": "French"}, "en": {"fr": "anglais", "en": "English"},
}  # fmt: skip
_ENDINGS: Texts = {"fr": ".regles", "en": ".rules"}


def command(tongue: Tongue) -> Command:
    """The command, in the language of the command line."""
    own = tongue.own
    to = click.Option(["--to", "target"], type=OneOf(LANGUAGES), required=True, help=_TO[own])
    output = click.Option(["-o", "--output"], type=click.Path(path_type=Path), metavar=_FILE[own], help=_OUTPUT[own])
    path = click.Argument(["path"], metavar=PATH[own], type=click.Path(path_type=Path))
    return Command("translate", own, HELP[own], partial(translate, tongue), [path, to, output])


def translate(tongue: Tongue, path: Path, target: Language, output: Path | None) -> int:
    """Write the file in the other language; the exit status."""
    if path.is_dir():
        raise Refusal("E908", path=str(path))
    rules = compiled([path], tongue)
    plan_of(rules, tongue)
    text = rules.sources[-1].text if path == STDIN else path.read_bytes().decode("utf-8")
    file = file_of(text, (path.name, str(path), STDIN_NAME), rules)
    language = tongue.about(rules.language)
    if len(file.sources) != 1 or file.sources[0].language == target:
        raise Refusal("E935", ERRORS, language, path=str(path), detail=_LANGUAGES[target][language])
    made = translated(file, rules, target)
    if made.unsaid:
        said = _LANGUAGES[target][language]
        raise Refusal("E936", ERRORS, language, path=str(path), line=str(made.unsaid), detail=said)
    _write(made.text, target, output)
    if made.kept:
        names = ", ".join(made.kept)
        complain(_KEPT[language].format(language=_LANGUAGES[target][language], names=names))
    return FINE


def _write(text: str, target: Language, output: Path | None) -> None:
    """Where asked; a file whose name does not tell the language says it in its first line."""
    if output is None:
        say(text.rstrip("\n"))
        return
    if output.suffix in RULE_FILES and output.suffix not in (_ENDINGS[target], ".md"):
        text = f"{language_line(target)}\n{text}"
    write_whole(output, text.encode("utf-8"))
