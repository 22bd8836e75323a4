"""`rulec approvals edit`: what is to be done is put otherwise than the rules propose it."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rulec.cli.approving import answered, answering
from rulec.cli.command import PATH, Command, Texts, option
from rulec.cli.refusals import Refusal
from rulec.cli.rules import compiled, language_of, plan_of
from rulec.cli.tongue import Tongue

if TYPE_CHECKING:  # slow to import
    from rulec.log.entry import Entry, Json

HELP: Texts = {
    "fr": """
Approuve une décision qui attend, avec d'autres valeurs que celles des règles, qui restent
écrites à côté. Une valeur se dit comme dans les règles ; --rules en donne les types.

  rulec approvals edit 8f14e45f --by Léa --rules remises.regles
      --set "remise=5 %" --reason "client en litige"
  … --set "transmettre au gérant.motif=à rappeler"
""",
    "en": """
Approves a decision that waits, with other values than those of the rules, which stay written
beside them. A value is said as in the rules; --rules gives their types.

  rulec approvals edit 8f14e45f --by Lea --rules discounts.rules
      --set "discount=5 %" --reason "disputed account"
  … --set "refer to the manager.reason=call back"
""",
}
_RULES: Texts = {"fr": "Les règles qui ont décidé.", "en": "The rules that decided."}
_SET: Texts = {
    "fr": "La valeur d'un résultat, ou d'un paramètre d'action ; à répéter pour plusieurs.",
    "en": "The value of an outcome, or of a parameter of an action; repeat for several.",
}
_EQUAL: Texts = {"fr": "NOM=VALEUR", "en": "NAME=VALUE"}


def command(tongue: Tongue) -> Command:
    """The verb, in the language of the command line."""
    own = tongue.own
    more: list[click.Parameter] = [
        option("--rules", _RULES[own], required=True, type=click.Path(path_type=Path), metavar=PATH[own]),
        option("--set", _SET[own], multiple=True, required=True, metavar=_EQUAL[own]),
    ]
    return answering("edit", HELP, tongue, partial(edit, tongue), *more)


def edit(
    tongue: Tongue, id: str, log: str | None, by: str, reason: str, rules: Path, set: Sequence[str], form: str
) -> int:
    """Approve with changes; the exit status."""
    told = [_pair(text) for text in set]
    ready = compiled([rules], tongue)
    plan, language = plan_of(ready, tongue), language_of(ready, tongue)

    def given(asked: "Entry") -> "Json":
        from rulec.log.changes import changes

        return changes(plan, asked, told, language)

    return answered(tongue.own, "edit", id, log, by, reason, form, given)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise Refusal("E915", detail=text)
    return name.strip(), value.strip()
