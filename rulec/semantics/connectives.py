"""The connectives of a chain in, those that they stand for out; and a chain with the parentheses of one reading."""

from collections.abc import Sequence

from rulec.source import Language

AND, OR = frozenset({"AND", "COMMA_AND"}), frozenset({"OR", "COMMA_OR", "AND_OR"})


def resolved(kinds: Sequence[str]) -> list[str]:
    """A comma between conditions stands for the connective that comes next; « A, B, ou C » is one list."""
    after = ""
    found: list[str] = []
    for kind in reversed(kinds):
        if kind == "COMMA" and after:
            found.append(after)
            continue
        after = {"COMMA_AND": "AND", "COMMA_OR": "OR"}.get(kind, kind) if kind != "NOR" else "AND"
        found.append("AND" if kind == "NOR" else kind)
    found.reverse()
    return found


def mixed(kinds: Sequence[str]) -> bool:
    """Whether « et » and « ou » meet without a comma that parts them."""
    ands, ors = {kind for kind in kinds if kind in AND}, {kind for kind in kinds if kind in OR}
    parted = ors == {"COMMA_OR"} and "COMMA_AND" not in ands, ands == {"COMMA_AND"} and "COMMA_OR" not in ors
    return bool(ands and ors) and not any(parted)


def readings(texts: Sequence[str], kinds: Sequence[str], language: Language) -> list[str]:
    """The chain with parentheses around what « et » joins, and around what « ou » joins."""
    both, either = ("et", "ou") if language == "fr" else ("and", "or")
    words = dict.fromkeys(AND, both) | dict.fromkeys(OR, either)
    return [_bracketed(texts, kinds, words, tight) for tight in (AND, OR)]


def _bracketed(texts: Sequence[str], kinds: Sequence[str], words: dict[str, str], tight: frozenset[str]) -> str:
    groups: list[list[str]] = [[texts[0]]]
    loose: list[str] = []
    for kind, text in zip(kinds, texts[1:], strict=True):
        if kind in tight:
            groups[-1] += [words[kind], text]
        else:
            loose.append(words[kind])
            groups.append([text])
    shown = [f"({' '.join(group)})" if len(group) > 1 else group[0] for group in groups]
    return " ".join([shown[0], *(f"{word} {group}" for word, group in zip(loose, shown[1:], strict=True))])
