"""A rule file without vocabulary in, the same file with its inferred declarations at the top out."""

import re
from collections.abc import Sequence
from pathlib import Path

from rulec.cli.refusals import ERRORS, Refusal
from rulec.cli.rules import STDIN
from rulec.cli.writing import write_whole
from rulec.diagnostics import Diagnostics
from rulec.files import RULE_FILES
from rulec.pipeline import Compiled, compile_sources
from rulec.plan.alike import comparable
from rulec.semantics.declare import declarations
from rulec.source import Source

_HEAD = re.compile(  # the byte order mark; comments and empty lines up to the line that names the language
    r"(\ufeff?)((?:(?:[ \t]*(?:\#[^\r\n]*)?(?:\r\n|\r|\n))*[ \t]*(?:langue|language)[ \t]*:[^\r\n]*(?:\r\n|\r|\n|$))?)",
    re.IGNORECASE,
)
_LINE_END = re.compile(r"\r\n|\r|\n")


def declare_in(paths: Sequence[Path], rules: Compiled) -> bool:
    """Write the declarations if the file has none. Refuses where the file would no longer decide the same."""
    path = paths[0]
    own, *others = rules.sources
    rows = [found for _, found in own.tables]
    if len(paths) > 1 or path == STDIN or path.suffix not in RULE_FILES or any(each not in rows for each in others):
        raise Refusal("E928", language=rules.language, path=str(path))
    if not rules.inferred or rules.plan is None:
        return False
    after = declared(own.text, declarations(rules.vocabulary, rules.language))
    written = Source(own.number, own.name, after, own.language, own.tables)
    again = compile_sources([written], Diagnostics())
    if again.plan is None or comparable(again.plan) != comparable(rules.plan):
        raise Refusal("E929", ERRORS, rules.language, path=str(path))
    write_whole(path, after.encode("utf-8"))
    return True


def declared(text: str, declarations: str) -> str:
    """The text with declarations at the top, below the byte order mark and the line that names the language."""
    first = _LINE_END.search(text)
    end = first[0] if first else "\n"
    head = _HEAD.match(text)
    mark, language, rest = (head[1], head[2], text[head.end() :]) if head else ("", "", text)
    opening = [language.rstrip("\r\n"), ""] if language else []
    return mark + end.join([*opening, *declarations.strip().splitlines(), "", ""]) + rest
