"""`rulec new`: a folder in, a small project that works in it out."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import click

from rulec.cli.command import Command, Texts
from rulec.cli.output import say
from rulec.cli.refusals import ERRORS, FINE, Refusal
from rulec.cli.tongue import Tongue
from rulec.source import Language

HELP: Texts = {
    "fr": """
Crée un petit projet qui marche : des règles, une commande à décider, un mode d'emploi.
Rien de ce qui existe n'est touché.

  rulec new mes-regles
  rulec new my-rules --lang en
""",
    "en": """
Makes a small project that works: rules, an order to decide on, how to use them.
Nothing that exists is touched.

  rulec new my-rules
  rulec new mes-regles --lang fr
""",
}
FILES: Mapping[Language, tuple[str, ...]] = {
    "fr": ("remises.regles", "facts.json", "README.md"),
    "en": ("discounts.rules", "facts.json", "README.md"),
}
PROJECT = Path(__file__).parent / "project"
_FOLDER: Texts = {"fr": "DOSSIER", "en": "DIR"}
_THEN: Texts = {
    "fr": "Pour décider :\n\n  cd {folder}\n  rulec run remises.regles --facts facts.json",
    "en": "To decide:\n\n  cd {folder}\n  rulec run discounts.rules --facts facts.json",
}


def command(tongue: Tongue) -> Command:
    """The command, in the language of the command line."""
    kind = click.Path(path_type=Path)
    argument = click.Argument(["folder"], required=True, metavar=_FOLDER[tongue.own], type=kind)
    return Command("new", tongue.own, HELP[tongue.own], partial(new, tongue), [argument])


def new(tongue: Tongue, folder: Path) -> int:
    """Write the files, none if one of them exists; the exit status."""
    language = tongue.own
    for name in FILES[language]:
        if (folder / name).exists() or (folder / name).is_symlink():
            raise Refusal("E926", ERRORS, path=str(folder / name))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in FILES[language]:
            _write(folder / name, (PROJECT / language / name).read_text(encoding="utf-8"))
    except FileExistsError:
        raise Refusal("E926", ERRORS, path=str(folder)) from None
    except OSError as error:
        raise Refusal("E927", ERRORS, path=str(folder), detail=error.strerror or str(error)) from None
    say("\n".join(str(folder / name) for name in FILES[language]))
    say("\n" + _THEN[language].format(folder=folder))
    return FINE


def _write(path: Path, text: str) -> None:
    with path.open("x", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
