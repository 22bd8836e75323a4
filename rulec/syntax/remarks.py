"""The words that open a statement in, those that speak to its reader alone reported: « Attention », "please note"."""

from collections.abc import Sequence

from rulec.diagnostics import Diagnostics, Fix
from rulec.source import Source
from rulec.syntax.lexer import Names
from rulec.syntax.tokens import Item
from rulec.syntax.words import phrases_of, words
from rulec.tree import Span


def report_remark(source: Source, items: Sequence[Item], names: Names, diagnostics: Diagnostics) -> bool:
    """Report « Attention : pas de remise … », which without its first word is a rule; whether it is one."""
    keys = [item.key if item.kind == "WORD" else "\0" for item in items[:8]]
    found = phrases_of(source.language, "remarks").longest(keys, 0, frozenset())
    if found is None or names.declared.longest(keys, 0, frozenset()):
        return False
    end, kinds = found
    marked = end < len(items) and items[end].payload in (":", ",")
    after = end + marked
    if after >= len(items) or not (marked or "bare" in kinds) or not _says(source, items, keys, after):
        return False
    head = Span(source.number, items[0].start, items[end - 1].end)
    gap = Span(source.number, items[0].start, items[after].start)
    diagnostics.add("E761", head, fixes=(Fix(gap, ""),), text=source.cut(head))
    return True


def _says(source: Source, items: Sequence[Item], keys: Sequence[str], at: int) -> bool:
    """Whether a sentence follows, and no value of what is called so: « Note : 15 si … », « Remarque : « fragile » »."""
    found = words(source.language).keywords.longest(keys, at, frozenset())
    value = found is not None and any(each.kind == "WORD_VALUE" for each in found[1])
    after = words(source.language).keywords.longest(keys, at + 1, frozenset())
    alone = at + 1 == len(items) or (after is not None and any(each.kind in ("IF", "UNLESS") for each in after[1]))
    return items[at].kind == "WORD" and not (value and alone)
