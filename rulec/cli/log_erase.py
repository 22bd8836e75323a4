"""`rulec log erase`: facts about people erased from the log, and what repeats them; the chain still holds."""

from collections.abc import Sequence
from functools import partial

import click

from rulec.cli.command import Command, Texts, option
from rulec.cli.logged import FACT, log_option, opened, span_of, span_options
from rulec.cli.output import say
from rulec.cli.refusals import FINE, Refusal
from rulec.cli.tongue import Tongue

HELP: Texts = {
    "fr": """
Efface des faits du journal, et ce qui les répète (textes cités, valeurs de décisions). Les
entrées restent, et `rulec log verify` les trouve intactes ; une entrée dit qui a effacé quoi.

  rulec log erase --fact client.nom --where client.numero=12 --by Léa --dry-run
  rulec log erase --fact client --until 2023-12-31 --by Léa --reason "conservation : 3 ans"

Ce qui est effacé ne revient pas. Les sauvegardes de la base le contiennent encore.
""",
    "en": """
Erases facts from the log, and what repeats them (texts quoted, values of decisions). Entries
stay, and `rulec log verify` finds them intact; an entry says who erased what.

  rulec log erase --fact customer.name --where customer.number=12 --by Lea --dry-run
  rulec log erase --fact customer --until 2023-12-31 --by Lea --reason "retention: 3 years"

What is erased does not come back. Backups of the database still hold it.
""",
}
_FACT: Texts = {
    "fr": "Le fait à effacer, par sa clé (client.nom), ou tous ceux de client ; à répéter.",
    "en": "The fact to erase, by its key (customer.name), or all of customer; may be repeated.",
}
_WHERE: Texts = {
    "fr": "Seulement où ce fait a cette valeur (ou id=…) ; à répéter.",
    "en": "Only where this fact has this value (or id=…); may be repeated.",
}
_BY: Texts = {"fr": "Qui efface.", "en": "Who erases."}
_REASON: Texts = {"fr": "Pourquoi.", "en": "Why."}
_DRY: Texts = {"fr": "Compter seulement.", "en": "Only count."}
_TOLD: Texts = {
    "fr": "Décisions : {count}. Valeurs effacées : {values}.",
    "en": "Decisions: {count}. Values erased: {values}.",
}
_WOULD: Texts = {
    "fr": "Décisions : {count}. Valeurs qui seraient effacées : {values}.",
    "en": "Decisions: {count}. Values that would be erased: {values}.",
}


def command(tongue: Tongue) -> Command:
    """The verb, in the language of the command line."""
    own = tongue.own
    equal = {"fr": "FAIT=VALEUR", "en": "FACT=VALUE"}[own]
    params: list[click.Parameter] = [
        log_option(own),
        option("--fact", _FACT[own], multiple=True, required=True, metavar=FACT[own]),
        option("--where", _WHERE[own], multiple=True, metavar=equal),
        *span_options(own),
        option("--by", _BY[own], required=True, metavar="NAME"),
        option("--reason", _REASON[own], default="", metavar="TEXT"),
        option("--dry-run", _DRY[own], is_flag=True),
    ]
    return Command("erase", own, HELP[own], partial(erase, tongue), params)


def erase(
    tongue: Tongue, log: str | None, fact: Sequence[str], where: Sequence[str], since: str | None, until: str | None,
    by: str, reason: str, dry_run: bool,
) -> int:  # fmt: skip
    """Erase, and print how much; the exit status."""
    if not where and since is None and until is None:
        raise Refusal("E912", detail="--where")
    pairs, span = [_pair(text) for text in where], span_of(since, until)
    with opened(log, tongue.own) as held:
        from rulec.log.erasing import Condition, erase, found

        wanted = list(found(held, fact, [Condition(*pair) for pair in pairs], *span))
        values = sum(len(paths) for each in wanted for paths in each.values())
        if wanted and not dry_run:
            erase(held, wanted, by, reason)
    say((_WOULD if dry_run else _TOLD)[tongue.own].format(count=len(wanted), values=values))
    return FINE


def _pair(text: str) -> tuple[str, str]:
    path, equals, value = text.partition("=")
    if not equals or not path.strip():
        raise Refusal("E915", detail=text)
    return path.strip(), value.strip()
