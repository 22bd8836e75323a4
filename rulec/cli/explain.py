"""`rulec explain`: a code in, its page out; without a code, the list of all of them."""

from functools import partial
from operator import eq

import click
from click.shell_completion import CompletionItem

from rulec.cli.command import Command, Texts
from rulec.cli.output import say
from rulec.cli.refusals import FINE, Refusal
from rulec.cli.tongue import Tongue
from rulec.diagnostics import Severity, catalogue
from rulec.diagnostics.screen import paragraph
from rulec.source import Language

HELP: Texts = {
    "fr": """
Explique un code : ce qu'il veut dire, ce qu'il faut éviter, ce qu'il faut écrire.

  rulec explain E201
  rulec explain              la liste de tous les codes
""",
    "en": """
Explains a code: what it means, what to avoid, what to write.

  rulec explain E201
  rulec explain              the list of all the codes
""",
}
SEVERITY: dict[Language, dict[Severity, str]] = {
    "fr": {Severity.ERROR: "erreur", Severity.WARNING: "avertissement", Severity.NOTE: "remarque"},
    "en": {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"},
}
_NEAREST = 5  # codes offered for one that does not exist


def command(tongue: Tongue) -> Command:
    """The command, in the language of the command line."""
    argument = click.Argument(["code"], required=False, metavar="[CODE]", shell_complete=_complete)
    return Command("explain", tongue.own, HELP[tongue.own], partial(explain, tongue), [argument])


def explain(tongue: Tongue, code: str | None) -> int:
    """Print the page, or the list."""
    say(_list(tongue.own) if code is None else page(code, tongue.own))
    return FINE


def page(code: str, language: Language) -> str:
    """The page of a code. Refuses one that does not exist, with the nearest."""
    entry = entry_of(code)
    head = f"{entry.code} ({SEVERITY[language][entry.severity]})"
    message = catalogue.fill(entry.message[language], {})
    said = [catalogue.fill_if_known(texts.get(language, ""), {}) for texts in (entry.why, entry.help)]
    return paragraph("\n\n".join(filter(None, [head, message, *said, entry.page.get(language, "")])))


def entry_of(code: str) -> catalogue.Entry:
    """What the catalogue says of a code as it is given. Refuses one that does not exist, with the nearest."""
    known = catalogue.entries().get(code.strip().upper())
    if known is None:
        raise Refusal("E925", detail=code, closest=", ".join(_like(code.strip().upper())))
    return known


def _like(code: str) -> list[str]:
    """The codes that share most signs with a code, place by place from the end: « 201 » is nearest to E201."""
    shared = {each: sum(map(eq, reversed(each), reversed(code))) for each in catalogue.entries()}
    return sorted(shared, key=lambda each: -shared[each])[:_NEAREST]


def _list(language: Language) -> str:
    entries = catalogue.entries().values()
    return "\n".join(f"{entry.code}  {catalogue.fill(entry.message[language], {})}" for entry in entries)


def _complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    codes = [code for code in catalogue.entries() if code.startswith(incomplete.upper())]
    return [CompletionItem(code) for code in codes]
