"""A difference as told in, Markdown for the comment of a pull request out."""

from collections.abc import Iterator, Mapping

from rulec.difference.as_text import WORDS as SAID
from rulec.difference.as_text import closing, summary
from rulec.difference.telling import Told, ToldChange, ToldPart
from rulec.source import Language

WORDS: Mapping[Language, Mapping[str, str]] = {
    "fr": {
        "title": "Ce que ce changement de règles change", "where": "cas", "before": "avant", "after": "après",
        "example": "exemple", "replay": "Rejouer ces exemples", "vocabulary": "Vocabulaire",
        "beside": "Promesses et autonomie",
    },
    "en": {
        "title": "What this change of rules changes", "where": "case", "before": "before", "after": "after",
        "example": "example", "replay": "Replay these examples", "vocabulary": "Vocabulary",
        "beside": "Promises and supervision",
    },
}  # fmt: skip


def as_markdown(told: Told) -> str:
    """The report."""
    return "\n".join(_lines(told))


def escaped(text: str) -> str:
    """A text that stands for itself in a cell."""
    for sign in "\\`*_<>[]|":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", " ")


def row(cells: "Iterator[str] | list[str]") -> str:
    """A row of a table."""
    return f"| {' | '.join(cells)} |"


def _lines(told: Told) -> Iterator[str]:
    words = WORDS[told.language]
    yield from (f"### {words['title']}", "", f"**{escaped(summary(told))}**")
    for name, said in (("vocabulary", told.vocabulary), ("beside", told.beside)):
        if said:
            yield from ("", f"#### {words[name]}", "", *(f"- {escaped(line)}" for line in said))
    for part in told.parts:
        if part.changes:
            yield from _part(told.language, part)
    if rest := list(closing(told)):
        yield from ("", *(f"- {escaped(line)}" for line in rest))
    if told.past is not None:
        yield from ("", *map(escaped, told.past.heads), "")
        for head, lines in told.past.parts:
            yield from (f"- {escaped(head)}", *(f"  - {escaped(line)}" for line in lines))
    changes = [each for part in told.parts for each in part.changes]
    if changes:
        yield from _replayed(told.language, changes)


def _part(language: Language, part: ToldPart) -> Iterator[str]:
    words = WORDS[language]
    heads = [words[name] for name in ("where", "before", "after", "example")]
    yield from ("", f"#### {escaped(part.name)}", "", row(heads), row(["---"] * len(heads)))
    for each in part.changes:
        yield row(escaped(text) for text in (each.where, each.before, each.after, each.case))
    if part.more:
        yield from ("", SAID[language]["more"].format(count=len(part.changes)))


def _replayed(language: Language, changes: list[ToldChange]) -> Iterator[str]:
    yield from ("", f"<details><summary>{WORDS[language]['replay']}</summary>", "", "```sh")
    for each in changes:
        yield from each.replay
    yield from ("```", "", "</details>")
