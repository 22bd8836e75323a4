"""A policy and what was sorted out of its draft in, the text of a rule file out: all of it under the mark of drafts.

The words of a model stand in comments, one line each, or in statements that compile.
"""

from collections.abc import Iterator

from rulec.diagnostics.screen import harmless
from rulec.drafting.block import block_of, compiled_block
from rulec.drafting.sorting import Piece, Sorted
from rulec.formatting import File, formatted
from rulec.source import Language, Source

_SAID: dict[Language, dict[str, str]] = {
    "fr": {
        "head": "Écrit par le modèle {model} d'après ce texte. Rien n'est confirmé : relisez chaque phrase, puis "
        "écrivez-la hors du brouillon, sans retrait.",
        "asked": "Question : {text}", "left": "Non compris, donc pas écrit : {text}", "quote": "« {text} »",
    },
    "en": {
        "head": "Written by the model {model} from this text. Nothing is confirmed: review each sentence, then write "
        "it outside of the draft, not indented.",
        "asked": "Question: {text}", "left": "Not understood, so not written: {text}", "quote": "\"{text}\"",
    },
}  # fmt: skip


def page_of(policy: str, made: Sorted, model: str, language: Language) -> str:
    """The text of the file. `made` keeps one statement at least."""
    head = [*_head(policy, made, model, language), ""]
    first, *others = ("\n".join([*_about(piece, language), piece.text]) for piece in made.kept)
    text = block_of(["\n".join([*head, first]), *others], language).rstrip("\n") + "\n"
    compiled = compiled_block(text, language)
    return formatted(File(text, (Source(0, "", text, language, drafting=True),)), compiled)


def _head(policy: str, made: Sorted, model: str, language: Language) -> Iterator[str]:
    said = _SAID[language]
    yield _comment(said["head"].format(model=model))
    yield from (_comment(f"  {line}") for line in policy.splitlines() if line.strip())
    yield from (_comment(said["asked"].format(text=text)) for text in made.asked)
    for piece in made.left:
        yield _comment(said["left"].format(text=" ".join(piece.text.split())))
        yield from (_comment(f"  {said['asked'].format(text=text)}") for text in piece.asked)


def _about(piece: Piece, language: Language) -> Iterator[str]:
    """What stands above a statement: the words that it says, then what there is to ask."""
    said = _SAID[language]
    if piece.quote:
        yield _comment(said["quote"].format(text=piece.quote))
    yield from (_comment(said["asked"].format(text=text)) for text in piece.asked)


def _comment(text: str) -> str:
    lead = text[: len(text) - len(text.lstrip(" "))]
    return f"# {lead}{harmless(' '.join(text.split()))}"
