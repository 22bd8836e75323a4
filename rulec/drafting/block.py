"""Statements in, the same under the mark of drafts out, and what would come of them, were they confirmed."""

from collections.abc import Sequence

from rulec.diagnostics import Diagnostics
from rulec.pipeline import Compiled, compile_sources
from rulec.source import Language, Source
from rulec.syntax.words import words


def mark_of(language: Language) -> str:
    """« Brouillon : »."""
    mark = words(language).say("drafts", "MARK").capitalize()
    return f"{mark} :" if language == "fr" else f"{mark}:"


def block_of(texts: Sequence[str], language: Language) -> str:
    """Texts of whole lines under the mark, a blank line between two."""
    lines = [f"  {line}".rstrip() for text in texts for line in (*text.splitlines(), "")]
    return "\n".join([mark_of(language), *lines])


def compiled_block(text: str, language: Language) -> Compiled:
    """What comes of drafts, were they confirmed."""
    return compile_sources([Source(0, "", text, language, drafting=True)], Diagnostics())
