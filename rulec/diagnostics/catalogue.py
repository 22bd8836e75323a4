"""A code in, its entry out: the sentences of every diagnostic, both languages, from `catalogue/*.toml`.

An entry is a table named after its code:

    [E201]
    severity = "error"       # error, warning or note; by default what the letter says
    message.fr = "« {term} » n'est pas dans le vocabulaire."
    message.en = "\"{term}\" is not in the vocabulary."
    help.fr = "…"                           # optional: what to write instead
    why.fr = "…"                            # optional: why it matters
    page.fr = "…"                           # what `rulec explain` prints below the message
    related.first.fr = "…"                  # optional: the sentence of a second place

`{names}` are filled with the diagnostic's values. A help, why or related sentence with a value that is missing or
empty is left out, so "Did you mean {closest}?" disappears where nothing is close.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rulec.diagnostics.report import Severity
from rulec.runtime.patterns import Pattern
from rulec.runtime.plain import Plain, plain
from rulec.source import LANGUAGES, Language

if TYPE_CHECKING:  # slow to import
    from importlib.resources.abc import Traversable

FOLDER = Path(__file__).parent / "catalogue"
PLACEHOLDER = Pattern(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
Texts = Mapping[Language, str]  # {} where the entry does not have the sentence


@plain
class Entry(Plain):
    """What the catalogue says about a code. `related` maps each key to its sentence."""

    code: str
    severity: Severity
    message: Texts
    help: Texts
    why: Texts
    page: Texts
    related: Mapping[str, Texts]


@cache
def entries() -> Mapping[str, Entry]:
    """All entries by code, in the order of the codes; a code that stands twice is a `ValueError`."""
    import tomllib  # slow to import, and only a finding needs it

    found: dict[str, Entry] = {}
    for path in _files():
        for code, table in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if code in found:
                raise ValueError(f"{path.name}: {code} stands twice in the catalogue")
            found[code] = _entry(code, table)
    return {code: found[code] for code in sorted(found)}


def _files() -> "Iterable[Traversable]":
    """Those of the catalogue, by name; also in an archive, as rulec is sent to the machines of a cluster."""
    if FOLDER.is_dir():
        return sorted(FOLDER.glob("*.toml"))
    from importlib.resources import files

    return sorted((files(__package__) / FOLDER.name).iterdir(), key=lambda each: each.name)


def entry(code: str) -> Entry:
    """The entry of a code; a code without one gets a message that says the code, so that a report never fails."""
    return entries().get(code) or _unknown(code)


def fill(template: str, values: Mapping[str, str]) -> str:
    """The sentence with its `{names}` replaced, once: braces inside the values stay as they are."""
    return PLACEHOLDER.sub(lambda match: values.get(match[1], "…"), template)


def fill_if_known(template: str, values: Mapping[str, str]) -> str:
    """The sentence filled, or "" where one of its values is missing or empty."""
    return fill(template, values) if all(values.get(name) for name in placeholders(template)) else ""


def placeholders(template: str) -> Iterator[str]:
    """The names that a sentence wants filled."""
    return (match[1] for match in PLACEHOLDER.finditer(template))


def message(code: str, language: Language, values: Mapping[str, str]) -> str:
    """The message of a code in a language."""
    return fill(entry(code).message[language], values)


def _entry(code: str, table: Mapping[str, Any]) -> Entry:
    related = {key: _texts(texts) for key, texts in table.get("related", {}).items()}
    severity = Severity(table.get("severity", _unknown(code).severity.value))
    message, help_, why, page = (_texts(table.get(key, {})) for key in ("message", "help", "why", "page"))
    return Entry(code, severity, message, help_, why, page, related)


def _texts(table: Mapping[str, str]) -> Texts:
    return {language: table[language].strip() for language in LANGUAGES if language in table}


def _unknown(code: str) -> Entry:
    severity = Severity.ERROR if code.startswith("E") else Severity.WARNING
    return Entry(code, severity, {"fr": f"Erreur {code}.", "en": f"Error {code}."}, {}, {}, {}, {})
