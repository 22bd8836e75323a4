"""`rulec translate`: a rule file in, the same rules in the other language out."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import click

from rulec.cli.command import PATH, Command, OneOf, Texts
from rulec.cli.output import complain, say
from rulec.cli.refusals import ERRORS, FINE, Refusal, Stopped
from rulec.cli.rules import STDIN, STDIN_NAME, compiled, plan_of
from rulec.cli.tongue import Tongue
from rulec.cli.writing import write_whole
from rulec.drafts import with_drafts
from rulec.files import RULE_FILES, rule_files
from rulec.formatting import File, file_of
from rulec.pipeline import Compiled, compile_paths
from rulec.source import LANGUAGES, Language, Source
from rulec.syntax.words import words
from rulec.translation import Translation, language_line, translated

HELP: Texts = {
    "fr": """
Redit des règles dans l'autre langue. Le sens ne change pas, c'est vérifié.

  rulec translate remises.regles --to en                     sur la sortie standard
  rulec translate remises.regles --to en -o discounts.rules
  rulec translate regles/ --to en -o rules/                  tous les fichiers d'un dossier

Un terme est traduit là où sa déclaration dit comment : « une marge (pourcentage) (en anglais
« margin ») ». Les autres noms restent tels quels, et sont nommés. Les clés sont écrites, pour
que les deux fichiers se partagent les mêmes faits. Titres, textes, motifs et commentaires
restent. Les lignes d'une table lues dans « tarifs.csv » sont redites dans « tarifs.en.csv »,
à côté du fichier écrit. Code de sortie : 0, 1 avec des erreurs ou si une phrase ne peut pas
être redite.
""",
    "en": """
Says rules again in the other language. The meaning does not change, this is verified.

  rulec translate discounts.rules --to fr                     to standard output
  rulec translate discounts.rules --to fr -o remises.regles
  rulec translate rules/ --to fr -o regles/                   all the files of a folder

A term is translated where its declaration says how: 'a margin (percentage) (in French
"marge")'. Other names stay as they are, and are named. Keys are written, so that both files
share the same facts. Titles, texts, reasons and comments stay. Rows of a table read from
"rates.csv" are said again in "rates.fr.csv", beside the file written. Exit status: 0, 1 with errors
or where a sentence cannot be said again.
""",
}
_TO: Texts = {"fr": "La langue à écrire : en ou fr.", "en": "The language to write: en or fr."}
_OUTPUT: Texts = {
    "fr": "Le fichier à écrire (par défaut la sortie standard), ou le dossier (par défaut DOSSIER.en).",
    "en": "The file to write (by default standard output), or the folder (by default FOLDER.en).",
}
_FILE: Texts = {"fr": "FICHIER", "en": "FILE"}
_KEPT: Texts = {
    "fr": "Restés tels quels, faute de terme déclaré en {language} : {names}",
    "en": "Kept as they are, for want of a term declared in {language}: {names}",
}
_USED: Texts = {
    "fr": "Utilise des fichiers qui restent dans leur langue : {names}",
    "en": "Uses files that stay in their language: {names}",
}
_ROWS: Texts = {
    "fr": "Avec -o, les lignes de ses tables sont écrites à côté : {names}",
    "en": "With -o, the rows of its tables are written beside it: {names}",
}
_WRITTEN: Texts = {"fr": "Écrit : {path}", "en": "Written: {path}"}
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
    """Write the file, or the files of a folder, in the other language; the exit status."""
    if path.is_dir():
        return _folder(tongue, path, target, output or path.resolve().parent / f"{path.resolve().name}.{target}")
    rules = with_drafts(compiled([path], tongue))
    plan_of(rules, tongue)
    made = _said(path, rules, target, tongue, {})
    _write(made, target, output)
    _note(made, target, tongue.about(rules.language), written=output is not None)
    return FINE


def _folder(tongue: Tongue, path: Path, target: Language, output: Path) -> int:
    """Each file of a folder, those that others use first; one that cannot be said stops no other."""
    files = [file for file in rule_files([path]) if not file.is_dir()]
    if not files:
        raise Refusal("E907", path=str(path))
    # the same rules may stand there in both languages: each file is read alone first
    whole = with_drafts(compile_paths(files))
    order = {each.text: at for at, each in enumerate(whole.sources)}
    done: dict[str, Source] = {}
    failed = False
    for file in sorted(files, key=lambda each: order.get(_text(each), len(order))):
        new = output / file.relative_to(path).with_suffix(".md" if file.suffix == ".md" else _ENDINGS[target])
        try:
            rules = with_drafts(compiled([file], tongue))
            rules = whole if whole.plan is not None and (rules.plan is None or rules.inferred) else rules
            plan_of(rules, tongue)
            sources = _file(file, rules).sources
            said = [source for source in sources if source.text.strip()]  # none where it is a page of prose
            if all(source.language == target for source in said):
                continue
            made = _said(file, rules, target, tongue, done)
        except (Refusal, Stopped) as stop:
            failed = True
            if isinstance(stop, Refusal):
                complain(stop.text(stop.language or tongue.own))
            continue
        done |= {source.text: made.source for source in sources if made.source is not None}
        _beneath(new.parent)
        _write(made, target, new)
        say(_WRITTEN[tongue.about(rules.language)].format(path=new))
        _note(made, target, tongue.about(rules.language), written=True)
    return ERRORS if failed else FINE


def _said(path: Path, rules: Compiled, target: Language, tongue: Tongue, done: Mapping[str, Source]) -> Translation:
    file, language = _file(path, rules), tongue.about(rules.language)
    said = _LANGUAGES[target][language]
    if len(file.sources) != 1 or file.sources[0].language == target:
        raise Refusal("E935", ERRORS, language, path=str(path), detail=said)
    made = translated(file, rules, target, done)
    if made.wordless:
        first, last = ("« ", " »") if language == "fr" else ('"', '"')
        in_other = words(file.sources[0].language).say("declarations", "IN_OTHER")
        raise Refusal(
            "E752", ERRORS, language, path=str(path), line=", ".join(str(line) for _, line in made.wordless),
            detail=said, example=f"{made.wordless[0][0]} ({in_other} {first}…{last})",
        )  # fmt: skip
    if made.unsaid:
        raise Refusal("E936", ERRORS, language, path=str(path), line=str(made.unsaid), detail=said)
    return made


def _file(path: Path, rules: Compiled) -> File:
    text = rules.sources[-1].text if path == STDIN else _text(path)
    return file_of(text, (path.name, str(path), STDIN_NAME), rules)


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace")


def _beneath(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refusal("E927", ERRORS, path=str(folder), detail=error.strerror or str(error)) from None


def _note(made: Translation, target: Language, language: Language, written: bool) -> None:
    """The names, the files of rows and the files used that are not in the other language."""
    said = _LANGUAGES[target][language]
    if made.kept:
        complain(_KEPT[language].format(language=said, names=", ".join(made.kept)))
    if made.used:
        complain(_USED[language].format(names=", ".join(made.used)))
    if made.rows and not written:
        complain(_ROWS[language].format(names=", ".join(name for name, _ in made.rows)))


def _write(made: Translation, target: Language, output: Path | None) -> None:
    """Where asked, its rows beside it; a file whose name does not tell the language says it in its first line."""
    if output is None:
        say(made.text.rstrip("\n"))
        return
    text = made.text
    if output.suffix in RULE_FILES and output.suffix not in (_ENDINGS[target], ".md"):
        text = f"{language_line(target)}\n{text}"
    for name, rows in made.rows:
        write_whole(output.parent / name, rows.encode("utf-8"))
    write_whole(output, text.encode("utf-8"))
