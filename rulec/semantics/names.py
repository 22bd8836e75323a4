"""The vocabulary in, the table of phrases that the lexer reads terms by out."""

from collections import defaultdict

from rulec.semantics.model import Vocabulary
from rulec.semantics.naming import keys_of
from rulec.source import Language
from rulec.syntax.fold import fold
from rulec.syntax.lexer import Names
from rulec.syntax.phrases import Phrases, unaccented_text
from rulec.syntax.tokens import Entry


def names_of(vocabulary: Vocabulary, language: Language) -> Names:
    """The names that a file of a language may use. One spelling with several meanings is one entry with their keys."""
    merged: dict[tuple[str, bool], list[str]] = defaultdict(list)
    flags: dict[tuple[str, bool], tuple[bool, bool, bool]] = {}
    written: dict[tuple[str, bool], str] = {}
    for spoken in vocabulary.spoken:
        at = (fold(spoken.words), spoken.negated)
        written.setdefault(at, spoken.words)
        if spoken.key not in merged[at]:
            merged[at].append(spoken.key)
        before = flags.get(at, (False, False, False))
        flags[at] = (before[0] or spoken.decided, before[1] or spoken.action, before[2] or spoken.option)
    phrases = Phrases[Entry]()
    for at, keys in merged.items():
        decided, action, option = flags[at]
        entry = Entry("+".join(sorted(keys)), written[at], decided, action, option, negated=at[1])
        for stems in {keys_of(written[at], language), keys_of(unaccented_text(written[at]), language)}:
            phrases.add(stems, entry)
    known = tuple(spoken.words for spoken in vocabulary.spoken if not spoken.negated)
    return Names(phrases, inferring=False, known=known)
