"""`rulec log verify`: what was changed in the log, removed from it, moved, or cut off its end."""

import json
import re
from functools import partial

from rulec.cli.command import Command, Texts, format_option, option
from rulec.cli.logged import log_option, opened
from rulec.cli.output import say
from rulec.cli.refusals import ERRORS, FINE, Refusal
from rulec.cli.tongue import Tongue
from rulec.diagnostics.screen import harmless

HELP: Texts = {
    "fr": """
Relit tout le journal, et nomme les entrées qui ne sont plus ce qui a été écrit : modifiées,
enlevées, déplacées, coupées de la fin, ou dont un fait manque sans que personne l'ait effacé.

  rulec log verify
  rulec log verify --head 1204:9f86d081…    ce qui avait été noté ailleurs est encore là

Qui peut écrire dans la base peut aussi récrire toute la suite du journal, empreintes
comprises : cela ne se voit que si l'on a noté ailleurs (--head) où en était le journal.
La dernière ligne dit quoi noter.

Code de sortie : 0 rien n'a été modifié, 1 quelque chose l'a été.
""",
    "en": """
Reads the whole log again, and names the entries that are no longer what was written: changed,
removed, moved, cut off the end, or with a fact missing that nobody erased.

  rulec log verify
  rulec log verify --head 1204:9f86d081…    what was noted elsewhere is still there

Who may write to the database can also write all that follows in the log anew, hashes
included: that shows only if one noted elsewhere (--head) how far the log had come. The last
line tells what to note.

Exit status: 0 nothing was changed, 1 something was.
""",
}
_HEAD: Texts = {
    "fr": "Le numéro et l'empreinte d'une entrée, notés auparavant.",
    "en": "The number and hash of an entry, noted before.",
}
_TOLD: Texts = {
    "fr": "Entrées : {count} ; {what}.\nÀ noter ailleurs : --head {head}",
    "en": "Entries: {count}; {what}.\nTo be noted elsewhere: --head {head}",
}
_FINE: Texts = {"fr": "rien n'a été modifié", "en": "nothing was changed"}
_WRONG: Texts = {"fr": "elles ne sont pas toutes ce qui a été écrit", "en": "not all of them are what was written"}
_KNOWN = re.compile(r"([0-9]{1,18}):([0-9a-f]{64})")


def command(tongue: Tongue) -> Command:
    """The verb, in the language of the command line."""
    own = tongue.own
    head = option("--head", _HEAD[own], metavar="N:HASH")
    return Command("verify", own, HELP[own], partial(verify, tongue), [log_option(own), head, format_option(own)])


def verify(tongue: Tongue, log: str | None, head: str | None, form: str) -> int:
    """Print what is wrong; the exit status."""
    known = _KNOWN.fullmatch(head) if head is not None else None
    if head is not None and known is None:
        raise Refusal("E913", detail=head, option="--head", expected="1204:9f86d081…")
    with opened(log, tongue.own) as held:
        from rulec.log.verify import verify as verified

        found = verified(held, (int(known[1]), known[2]) if known else None)
    if form == "json":
        damage = [each.to_json() for each in found.damage]
        told = {"entries": found.entries, "number": found.number, "hash": found.hash, "damage": damage}
        say(json.dumps(told, ensure_ascii=False))
        return ERRORS if found.damage else FINE
    for each in found.damage:
        say(harmless(f"✗ {each.text(tongue.own)}"))
    what = _WRONG[tongue.own] if found.damage else _FINE[tongue.own]
    say(_TOLD[tongue.own].format(count=found.entries, what=what, head=f"{found.number}:{found.hash}"))
    return ERRORS if found.damage else FINE
