"""A language and a vocabulary in, what a model is shown of them out: the language on one page, the terms as data."""

import json
from functools import cache

from rulec import resources
from rulec.files import LANGUAGES, blocks_of
from rulec.semantics.model import Vocabulary
from rulec.source import Language
from rulec.terms import terms_as_json

NAMES: dict[Language, str] = {"fr": "French", "en": "English"}


@cache
def cheat_sheet(language: Language) -> str:
    """The declarations of the page of vocabulary, and the rules of the page that shows the whole language by them."""
    pages = [resources.read(f"docs/language/{name}.md") for name in ("vocabulary", "cheat-sheet")]
    return "\n".join(block[2] for page in pages for block in blocks_of(page, dict(LANGUAGES)[language]))


def terms_told(vocabulary: Vocabulary, language: Language) -> str:
    """The terms that statements may use, as JSON."""
    return json.dumps(terms_as_json(vocabulary, language), ensure_ascii=False, indent=1)
