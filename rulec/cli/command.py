"""The parts of a command line: commands and options that help and complain in the author's language."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from rulec.cli.refusals import Refusal
from rulec.source import LANGUAGES, Language

Texts = Mapping[Language, str]
FORMATS = ("text", "json")
PATH: Texts = {"fr": "CHEMIN", "en": "PATH"}
_USAGE: Texts = {"fr": "Utilisation : ", "en": "Usage: "}
_FORMAT: Texts = {
    "fr": "Forme du résultat : text (par défaut) ou json.",
    "en": "Form of the result: text (default) or json.",
}
_HELP: Texts = {"fr": "Afficher cette aide.", "en": "Show this help."}
_LANG: Texts = {
    "fr": "Langue des messages ; par défaut celle du fichier, sinon celle du système.",
    "en": "Language of the messages; by default that of the file, else that of the system.",
}


class Command(click.Command):
    """A command: its help stays as written, a word too many is refused."""

    def __init__(
        self, name: str, language: Language, help: str, callback: Callable[..., int], params: Sequence[click.Parameter]
    ) -> None:
        options = [*params, lang_option(language), help_option(language)]
        super().__init__(name, help=help, callback=callback, params=options, add_help_option=False)
        self.language, self.allow_extra_args = language, True

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse what is left over."""
        left = super().parse_args(ctx, args)
        if left and not ctx.resilient_parsing:
            raise Refusal("E914", detail=" ".join(left))
        return left

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The usage, the text as written, the options."""
        write_help(self, self.language, ctx, formatter)


def write_help(command: click.Command, language: Language, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    """The usage, the text as written, the options."""
    formatter.write_usage(ctx.command_path, " ".join(command.collect_usage_pieces(ctx)), prefix=_USAGE[language])
    formatter.write(f"\n{(command.help or '').strip()}\n")
    options = [param for param in command.get_params(ctx) if isinstance(param, click.Option)]
    with formatter.section("Options"):
        formatter.write_dl([record for option in options if (record := option.get_help_record(ctx))])


class OneOf(click.Choice[str]):
    """One of several words; another is refused with all of them."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word as given."""
        if value not in self.choices:
            option = param.opts[0] if param else ""
            raise Refusal("E913", detail=str(value), option=option, expected=", ".join(self.choices))
        return str(value)


def paths_argument(language: Language) -> click.Argument:
    """The rule files or folders, as `paths`."""
    kind = click.Path(path_type=Path)
    return click.Argument(["paths"], nargs=-1, required=True, metavar=f"{PATH[language]}…", type=kind)


def option(name: str, help: str, **settings: Any) -> click.Option:
    """An option; `metavar` as in « --facts FILE »."""
    return click.Option([name], help=help, **settings)


def format_option(language: Language) -> click.Option:
    """`--format text|json`, as `form`."""
    return click.Option(["--format", "form"], type=OneOf(FORMATS), default="text", help=_FORMAT[language])


def lang_option(language: Language) -> click.Option:
    """`--lang`: read from all the arguments beforehand (see `tongue`), checked here."""
    return click.Option(["--lang"], type=OneOf(LANGUAGES), expose_value=False, help=_LANG[language])


def help_option(language: Language) -> click.Option:
    """`--help`."""
    return click.Option(
        ["-h", "--help"], is_flag=True, is_eager=True, expose_value=False, callback=_show_help, help=_HELP[language]
    )


def _show_help(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        print(ctx.get_help())
        ctx.exit()
