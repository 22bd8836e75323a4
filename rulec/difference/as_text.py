"""A difference as told in, what a person reads in a terminal out."""

from collections.abc import Iterator, Mapping

from rulec.difference.telling import Told, ToldPart
from rulec.source import Language

WORDS: Mapping[Language, Mapping[str, str]] = {
    "fr": {
        "equal": "Égal : pour tous les faits, les deux décident la même chose.",
        "same": "Pour tous les faits que les deux acceptent, les décisions sont les mêmes.",
        "vocabulary": "Vocabulaire :", "beside": "Promesses et autonomie :", "colon": " :",
        "change": "{where} : {before} → {after}",
        "example": "par exemple {case}",
        "unchanged": "Inchangé : {names}.", "unproven": "Non prouvé pour « {name} » : {why}.",
        "more": "D'autres cas changent ; les {count} premiers sont montrés.",
        "one": "1 décision change.", "several": "{count} décisions changent.", "none": "Aucun changement trouvé.",
    },
    "en": {
        "equal": "Equal: for all facts, both decide the same.",
        "same": "For all facts that both accept, the decisions are the same.",
        "vocabulary": "Vocabulary:", "beside": "Promises and supervision:", "colon": ":",
        "change": "{where}: {before} → {after}",
        "example": "for example {case}",
        "unchanged": "Unchanged: {names}.", "unproven": 'Not proven for "{name}": {why}.',
        "more": "Other cases change; the first {count} are shown.",
        "one": "1 decision changes.", "several": "{count} decisions change.", "none": "No change found.",
    },
}  # fmt: skip


def as_text(told: Told) -> str:
    """The report."""
    return "\n".join(_lines(told))


def summary(told: Told) -> str:
    """One sentence for all of it."""
    words, count = WORDS[told.language], sum(1 for part in told.parts if part.changes)
    if told.equal:
        return words["equal"]
    if count:
        return words["one"] if count == 1 else words["several"].format(count=count)
    return words["same" if told.difference.proven else "none"]


def closing(told: Told) -> Iterator[str]:
    """What does not change, and what is not proven."""
    words = WORDS[told.language]
    same = [part.name for part in told.parts if not part.changes and not part.unproven]
    if same and not told.equal:
        yield words["unchanged"].format(names=", ".join(same))
    yield from (words["unproven"].format(name=part.name, why=part.unproven) for part in told.parts if part.unproven)


def _lines(told: Told) -> Iterator[str]:
    words = WORDS[told.language]
    yield summary(told)
    if told.vocabulary:
        yield from ("", words["vocabulary"], *(f"  - {line}" for line in told.vocabulary))
    if told.beside:
        yield from ("", words["beside"], *(f"  - {line}" for line in told.beside))
    for part in told.parts:
        if part.changes:
            yield from _part(told, part)
    if rest := list(closing(told)):
        yield from ("", *rest)
    if told.past is not None:
        yield from ("", *told.past.heads)
        for head, lines in told.past.parts:
            yield from (f"  {head}", *(f"    {line}" for line in lines))


def _part(told: Told, part: ToldPart) -> Iterator[str]:
    words = WORDS[told.language]
    yield from ("", part.name + words["colon"])
    for each in part.changes:
        yield f"  - {words['change'].format(where=each.where, before=each.before, after=each.after)}"
        yield f"    {words['example'].format(case=each.case)}"
        yield from (f"      {line}" for line in each.replay)
    if part.more:
        yield "  " + words["more"].format(count=len(part.changes))
