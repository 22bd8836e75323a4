"""A command of several verbs, each with options of its own: `rulec log show`."""

from collections.abc import Mapping
from importlib import import_module

import click

from rulec.cli.command import Texts, help_option, lang_option, write_help
from rulec.cli.refusals import Refusal, nearest
from rulec.cli.tongue import Tongue

_VERB: Texts = {"fr": "VERBE", "en": "VERB"}
_VERBS: Texts = {"fr": "Verbes", "en": "Verbs"}


class Verbs(click.Group):
    """A command and its verbs, each imported when it is used, from the module `cli.<command>_<verb>`."""

    title, metavar = _VERBS, _VERB

    def __init__(self, name: str, tongue: Tongue, help: Texts, verbs: Mapping[str, Texts]) -> None:
        language = tongue.own
        params: list[click.Parameter] = [lang_option(language), help_option(language)]
        super().__init__(name, help=help[language], params=params, add_help_option=False, no_args_is_help=False)
        self.tongue, self.verbs, self.subcommand_metavar = tongue, verbs, f"{self.metavar[language]} …"

    def module(self, verb: str) -> str:
        """Where a verb stands."""
        return f"{self.name}_{verb}"

    def typed(self, verb: str) -> str:
        """A verb as it is typed."""
        return f"{self.name} {verb}"

    def lacking(self) -> str:
        """What to type where no verb is."""
        return ", ".join(self.verbs)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of use."""
        return list(self.verbs)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb, imported now."""
        if cmd_name not in self.verbs:
            return None
        command: click.Command = import_module(f"rulec.cli.{self.module(cmd_name)}").command(self.tongue)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The verb named by the first word; an unknown one is refused with the nearest."""
        command = self.get_command(ctx, args[0])
        if command is None and not ctx.resilient_parsing:
            closest = nearest(args[0], self.verbs)
            raise Refusal("E910", detail=self.typed(args[0]), closest=self.typed(closest) if closest else "")
        return args[0], command, args[1:]

    def invoke(self, ctx: click.Context) -> object:
        """Run the verb named; without one, refuse."""
        if not (ctx.args or ctx._protected_args):
            raise Refusal("E912", detail=self.lacking())
        return super().invoke(ctx)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The usage, the text, the options and the verbs, none of which is imported for it."""
        language = self.tongue.own
        write_help(self, language, ctx, formatter)
        with formatter.section(self.title[language]):
            formatter.write_dl([(name, texts[language]) for name, texts in self.verbs.items()])
