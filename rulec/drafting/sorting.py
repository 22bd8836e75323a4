"""What a model wrote of a policy in, what of it compiles out, and what there is to ask about the rest."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rulec.clarify.added import added
from rulec.contradicted import contradicted
from rulec.diagnostics import Diagnostic, Diagnostics
from rulec.diagnostics.render import sentences
from rulec.drafting.block import block_of, compiled_block
from rulec.drafting.request import Written
from rulec.judgement.texts import stands_in
from rulec.runtime.plain import Plain, plain
from rulec.source import Language

MOST = 200  # pieces of a draft
_SENTENCES = re.compile(r"(?<=[.!?;])\s+|\n+")
_BULLET = re.compile(r"\s*[-–•*]\s")
_ASKED: dict[Language, dict[str, str]] = {
    "fr": {
        "number": "« {text} » n'est pas dans le texte : est-ce voulu ?",
        "quote": "d'où vient cette règle ? Le texte ne le dit pas.",
        "unsaid": "aucune règle ne dit « {text} » : que faut-il en faire ?",
        "comment": "que faut-il faire de ce commentaire ?",
    },
    "en": {
        "number": "\"{text}\" is not in the text: is it meant?",
        "quote": "where does this rule come from? The text does not say.",
        "unsaid": "no rule says \"{text}\": what is to be done with it?",
        "comment": "what is to be done with this comment?",
    },
}  # fmt: skip


@plain
class Piece(Plain):
    """A statement as the model wrote it. `kind`: vocabulary, rule or example; `quote`: what it says of the policy.

    `asked`: questions about it; of one that does not compile, what is wrong.
    """

    text: str
    kind: str
    quote: str = ""
    asked: tuple[str, ...] = ()


@plain
class Sorted(Plain):
    """`kept`: what compiles together. `left`: what does not. `asked`: questions about the whole policy."""

    kept: tuple[Piece, ...]
    left: tuple[Piece, ...]
    asked: tuple[str, ...]


def sort(written: Written, policy: str, language: Language) -> Sorted:
    """Part what compiles from what does not; ask where a number, a rule or a sentence comes from or goes to."""
    pieces = [Piece(text.strip(), "vocabulary") for text in written.vocabulary]
    pieces += [Piece(said.text.strip(), "rule", " ".join(said.quote.split())) for said in written.rules]
    pieces += [Piece(text.strip(), "example") for text in written.examples]
    kept, left = _compiling([piece for piece in pieces if piece.text][:MOST], language)
    quotes = [piece.quote for piece in kept if stands_in(piece.quote, policy)]
    asked = [*(" ".join(each.split()) for each in written.questions), *_unsaid(policy, quotes, language)]
    told = (replace(piece, asked=tuple(_asked(piece, policy, language))) for piece in kept)
    return Sorted(tuple(told), tuple(left), tuple(dict.fromkeys(filter(None, asked))))


def _asked(piece: Piece, policy: str, language: Language) -> Iterator[str]:
    """What in a piece the policy does not say; an example is free to choose its facts."""
    said = _ASKED[language]
    if piece.kind == "rule" and not stands_in(piece.quote, policy):
        yield said["quote"]
    for text in added(piece.text, policy, language) if piece.kind != "example" else ():
        yield said["number"].format(text=text)


def _unsaid(policy: str, quotes: Sequence[str], language: Language) -> Iterator[str]:
    """The sentences of a policy that no rule quotes."""
    for each in _SENTENCES.split(policy):
        sentence = " ".join(each.split()).rstrip(".;")
        if any(map(str.isalnum, sentence)) and not any(_overlap(quote, sentence) for quote in quotes):
            yield _ASKED[language]["unsaid"].format(text=sentence)


def _overlap(quote: str, sentence: str) -> bool:
    return stands_in(quote, sentence) or stands_in(sentence, quote)


# ---- what compiles


def _compiling(pieces: Sequence[Piece], language: Language) -> tuple[list[Piece], list[Piece]]:
    """The pieces that compile together, and the others: what holds an error is left out, until none does."""
    left = [replace(piece, asked=(_ASKED[language]["comment"],)) for piece in pieces if "#" in piece.text]
    kept = [piece for piece in pieces if "#" not in piece.text]
    while kept and (wrong := _wrong(kept, language)):
        for number, (line, said) in sorted(wrong.items(), reverse=True):
            rest, out = _parted(kept[number], line)
            kept[number : number + 1] = [rest] if rest is not None else []
            left.append(replace(out, asked=(said,)))
    return kept, left


def _wrong(pieces: Sequence[Piece], language: Language) -> dict[int, tuple[int, str]]:
    """By the number of a piece, the line of its first error in it, and the error; an example may be contradicted."""
    compiled = compiled_block(block_of([piece.text for piece in pieces], language), language)
    errors = [each for each in compiled.diagnostics if each.code.startswith("E")]
    if compiled.plan is not None:
        found = Diagnostics()
        contradicted(compiled.plan, compiled.examples, compiled.sources, language, found)
        errors = list(found)
    told: dict[int, tuple[int, str]] = {}
    for each in errors:
        number, line = _place(pieces, compiled.sources[0].place(each.span.start)[0])
        told.setdefault(number, (line, _said(each, language)))
    return told


def _place(pieces: Sequence[Piece], line: int) -> tuple[int, int]:
    """The piece that a line of the block is in, and the line of the piece, from 0: a blank line ends each."""
    first = 2  # below the mark
    for number, piece in enumerate(pieces):
        count = len(piece.text.splitlines())
        if line < first + count + 1 or number + 1 == len(pieces):
            return number, max(line - first, 0)
        first += count + 1
    raise AssertionError  # there are pieces


def _parted(piece: Piece, line: int) -> tuple[Piece | None, Piece]:
    """A piece without what is wrong, and that: of a vocabulary, one line of its list."""
    lines = piece.text.splitlines()
    starts = [at for at, text in enumerate(lines) if _BULLET.match(text)]
    start = max((at for at in starts if at <= line), default=0)
    if piece.kind != "vocabulary" or len(starts) < 2 or start == 0:
        return None, piece
    end = next((at for at in starts if at > start), len(lines))
    rest = "\n".join(lines[:start] + lines[end:])
    return replace(piece, text=rest), replace(piece, text="\n".join([lines[0], *lines[start:end]]))


def _said(error: Diagnostic, language: Language) -> str:
    message, _, help_ = sentences(error, language)
    more = "" if error.code == "E622" else help_  # the facts of an example replay nothing here
    return " ".join(f"{message} {more}".split())
