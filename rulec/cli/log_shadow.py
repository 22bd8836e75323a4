"""`rulec log shadow`: what new rules would change of the decisions of the log, with counts and cases."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rulec.cli.command import Command, Texts, format_option, option, paths_argument
from rulec.cli.decided import plain_spaces
from rulec.cli.logged import log_option, mask_option, opened, span_of, span_options
from rulec.cli.output import say
from rulec.cli.refusals import ERRORS, FINE, Refusal
from rulec.cli.rules import compiled, language_of, plan_of
from rulec.cli.tongue import Tongue
from rulec.diagnostics.screen import harmless
from rulec.plan.tree import Plan
from rulec.source import Language

if TYPE_CHECKING:  # slow to import
    from rulec.difference.past_told import PastTold
    from rulec.log.comparing import Compared, Pairs
    from rulec.log.entry import Entry

HELP: Texts = {
    "fr": """
Dit ce que de nouvelles règles changeraient des décisions du journal : par décision, combien
changent, de quoi en quoi, avec les sommes et des cas.

  rulec serve remises.regles --shadow nouvelles.regles --http 8080
  rulec log shadow nouvelles.regles             ce qu'elles ont décidé à côté, depuis
  rulec log shadow nouvelles.regles --again     ce qu'elles décideraient de tout le passé

Ce que des règles ont décidé à blanc ne vaut que pour elles, telles qu'elles sont : après une
modification, la comparaison recommence.

Code de sortie : 0 rien ne change, 1 des décisions changent.
""",
    "en": """
Tells what new rules would change of the decisions of the log: by outcome, how many change,
from what to what, with sums and cases.

  rulec serve discounts.rules --shadow new.rules --http 8080
  rulec log shadow new.rules                    what they have decided beside, since then
  rulec log shadow new.rules --again            what they would decide of all the past

What rules have decided in shadow is said of them alone, as they are: after a change, the
comparison starts again.

Exit status: 0 nothing changes, 1 decisions change.
""",
}
_AGAIN: Texts = {
    "fr": "Décider maintenant de toutes les décisions du journal.",
    "en": "Decide now on all the decisions of the log.",
}
_NAME: Texts = {
    "fr": "Seulement les décisions des règles servies sous ce nom.",
    "en": "Only the decisions of the rules served under this name.",
}
_CASE: Texts = {"fr": "      par exemple {number} ({id}) : {facts}", "en": "      for example {number} ({id}): {facts}"}
_REFUSED: Texts = {"fr": "  refusé : {number} ({id}), {problems}", "en": "  refused: {number} ({id}), {problems}"}
_UNCOMPARED: Texts = {
    "fr": "Décisions qui n'ont pas été comparées : {count}.",
    "en": "Decisions that were not compared: {count}.",
}
_OTHERS: Texts = {
    "fr": "Comparaisons avec d'autres versions des nouvelles règles, qui ne comptent pas : {count}.",
    "en": "Comparisons with other versions of the new rules, which do not count: {count}.",
}


def command(tongue: Tongue) -> Command:
    """The verb, in the language of the command line."""
    own = tongue.own
    params: list[click.Parameter] = [
        paths_argument(own),
        log_option(own),
        *span_options(own),
        option("--again", _AGAIN[own], is_flag=True),
        option("--name", _NAME[own], metavar="NAME"),
        mask_option(own),
        format_option(own),
    ]
    return Command("shadow", own, HELP[own], partial(shadow, tongue), params)


def shadow(
    tongue: Tongue, paths: Sequence[Path], log: str | None, since: str | None, until: str | None, again: bool,
    name: str | None, mask: Sequence[str], form: str,
) -> int:  # fmt: skip
    """Print what changes; the exit status."""
    span, ready = span_of(since, until), compiled(paths, tongue)
    plan, language = plan_of(ready, tongue), language_of(ready, tongue)
    with opened(log, tongue.own) as held:
        from rulec.difference.past_told import past_told
        from rulec.log.comparing import Compared, Pairs
        from rulec.log.telling import SHORT
        from rulec.ruleset import from_compiled

        pairs = Pairs(held, *span, name)
        found = Compared(plan, language).add(pairs.again(from_compiled(ready)) if again else pairs.kept(plan.digest))
        past = found.past()
        if not (past.rows or again):
            raise Refusal("E742", ERRORS, url=held.shown, digest=plan.digest[:SHORT])
        told = past_told(past, found.names(), held.shown, language)
        if form == "json":
            from rulec.diagnostics.as_json import text_of

            counted = {"uncompared": pairs.uncompared, "others": pairs.others}
            say(text_of({**told.data, **counted, "cases": list(_cases(found))}, indent=2))
        else:
            for line in _lines(told, found, pairs, plan, language, mask):
                say(plain_spaces(harmless(line)))
    return ERRORS if past.changed else FINE


def _lines(
    told: "PastTold", found: "Compared", pairs: "Pairs", plan: Plan, language: Language, mask: Sequence[str]
) -> Iterator[str]:
    yield from told.heads
    for part, (head, lines) in zip(found.past().parts, told.parts, strict=True):
        yield head
        for at, line in enumerate(lines):
            yield f"  {line}"
            if at < len(part.moves):
                for entry in found.cases[part.key, *part.moves[at][:2]]:
                    yield _case(entry, plan, language, mask)
    for entry, other in found.refused[:10]:
        yield _REFUSED[language].format(number=entry.number, id=entry.id[:12], problems=_problems(other, language))
    for count, said in ((pairs.uncompared, _UNCOMPARED), (pairs.others, _OTHERS)):
        if count:
            yield said[language].format(count=count)


def _case(entry: "Entry", plan: Plan, language: Language, mask: Sequence[str]) -> str:
    from rulec.log.erasing import masked
    from rulec.log.telling import SHORT, facts_said

    facts = facts_said(masked(entry, mask) if mask else entry, plan, language)
    return _CASE[language].format(number=entry.number, id=entry.id[:SHORT], facts=facts)


def _problems(shadow: "Entry", language: Language) -> str:
    from rulec.log.telling import status_said

    told = ", ".join(f"{each['code']} {each['key']}" for each in shadow.content.get("problems", ()))
    return told or status_said(shadow.status, language)


def _cases(found: "Compared") -> Iterator[dict[str, object]]:
    for (key, before, after), entries in found.cases.items():
        yield {"key": key, "before": before, "after": after, "decisions": [each.id for each in entries]}
    for entry, shadow in found.refused:
        yield {"decisions": [entry.id], "status": shadow.status, "problems": shadow.content.get("problems", [])}
