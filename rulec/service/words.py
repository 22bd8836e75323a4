"""What the service writes in its journal, in both languages."""

import logging
import sys
from collections.abc import Mapping

from rulec.source import Language

journal = logging.getLogger("rulec.service")
WORDS: Mapping[Language, Mapping[str, str]] = {
    "fr": {
        "two languages": "« {path} » contient ces règles en français et en anglais : --lang dit lesquelles.",
        "examples": "Des exemples de ces règles ne sont pas vérifiés : {titles}.",
        "nothing": "Les règles de « {path} » ne décident rien.",
        "listening": "rulec répond sur {url} ({names})",
        "reloaded": "« {name} » : nouvelles règles {digest} en service ; les précédentes étaient {before}",
        "shadow reloaded": "« {name} » : nouvelles règles {digest} essayées à blanc ; les précédentes étaient {before}",
        "shadow refused": "« {name} » : les nouvelles règles sont refusées, {digest} restent essayées à blanc.\n{why}",
        "shadow": "à blanc, dans le journal seulement : {names}",
        "refused": "« {name} » : les nouvelles règles sont refusées, {digest} restent en service.\n{why}",
    },
    "en": {
        "two languages": '"{path}" holds these rules in French and in English: --lang says which ones.',
        "examples": "Examples of these rules do not hold: {titles}.",
        "nothing": 'The rules of "{path}" decide nothing.',
        "listening": "rulec answers at {url} ({names})",
        "reloaded": '"{name}": new rules {digest} in force; those before were {before}',
        "shadow reloaded": '"{name}": new rules {digest} shadow; those before were {before}',
        "shadow refused": '"{name}": the new rules are refused, {digest} still shadow.\n{why}',
        "shadow": "shadow, in the log alone: {names}",
        "refused": '"{name}": the new rules are refused, {digest} stay in force.\n{why}',
    },
}


def told(what: str, language: Language, **values: object) -> str:
    """One of these sentences, filled."""
    return WORDS[language][what].format(**values)


def keep_journal() -> None:
    """Write what happens on standard error, a line each with its time."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(message)s")
    journal.setLevel(logging.INFO)
