"""The changes that no example notices in, what a person or a program reads out."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import groupby

from rulec.runtime import types as t
from rulec.runtime.shown import show_value
from rulec.source import Language
from rulec.trial.changes import Change, Told
from rulec.trial.mutation import Mutation
from rulec.trial.tell import Teller
from rulec.trial.tell_coverage import cut

_SIGNS = {"lt": "<", "le": "≤", "gt": ">", "ge": "≥", "eq": "=", "ne": "≠"}
_WORDS: Mapping[Language, Mapping[str, str]] = {
    "fr": {
        "head": "Changements des règles qu'aucun exemple ne remarque :",
        "some": "Changements remarqués : {noticed} sur {tried} ({percentage} %)",
        "all": "Changements remarqués : {tried} sur {tried}", "none": "Rien à changer dans ces règles.",
        "instead": "{after} au lieu de {before}", "opposite": "le contraire", "or": "« ou » au lieu de « et »",
        "and": "« et » au lieu de « ou »", "count": "de {after} à {last} conditions au lieu de {before} à {most}",
        "value": "sans « {before} »", "never": "ne plus jamais s'appliquer",
        "never of": "le cas n° {before} ne s'applique plus jamais", "unless": "sans son « sauf si »",
        "exception": "sans l'exception « {before} »", "included": "{before} compris",
        "excluded": "{before} non compris",
        "file": "{file}:{line}  {text}",
    },
    "en": {
        "head": "Changes of the rules that no example notices:",
        "some": "Changes noticed: {noticed} of {tried} ({percentage}%)",
        "all": "Changes noticed: {tried} of {tried}", "none": "Nothing to change in these rules.",
        "instead": "{after} instead of {before}", "opposite": "the opposite", "or": "\"or\" instead of \"and\"",
        "and": "\"and\" instead of \"or\"", "count": "{after} to {last} conditions instead of {before} to {most}",
        "value": "without \"{before}\"", "never": "never applying again",
        "never of": "case {before} never applies again", "unless": "without its \"unless\"",
        "exception": "without the exception \"{before}\"", "included": "{before} included",
        "excluded": "{before} not included", "file": "{file}:{line}  {text}",
    },
}  # fmt: skip
Place = tuple[str, int, str]  # file, line, text


def mutation_text(mutation: Mutation, teller: Teller) -> str:
    """The changes under their places, then how many are noticed."""
    words = _WORDS[teller.language]
    lines = [words["head"]] if mutation.unnoticed else []
    for place, changes in groupby(mutation.unnoticed, key=lambda change: place_of(change, teller)):
        lines.append("  " + words["file"].format(file=place[0], line=place[1], text=place[2]))
        lines += [f"    {change_text(change.told, teller.language)}" for change in changes]
    kind = "none" if not mutation.tried else "some" if mutation.unnoticed else "all"
    noticed = mutation.tried - len(mutation.unnoticed)
    total = words[kind].format(noticed=noticed, tried=mutation.tried, percentage=mutation.percentage)
    return "\n".join([*lines, *([""] if lines else []), total])


def mutation_as_json(mutation: Mutation, teller: Teller) -> dict[str, object]:
    """Plain data: how many changes were tried and noticed, and each that was not."""
    unnoticed = []
    for change in mutation.unnoticed:
        file, line, text = place_of(change, teller)
        told = change_text(change.told, teller.language)
        unnoticed.append({"file": file, "line": line, "text": text, "change": told})
    return {"tried": mutation.tried, "noticed": mutation.tried - len(unnoticed), "unnoticed": unnoticed}


def place_of(change: Change, teller: Teller) -> Place:
    """The file, the line and the words that are changed."""
    if change.row >= 0:
        table = next(each for each in teller.plan.tables if each.id == change.step)
        line = table.lines[change.row]
        rows = next(each for each in teller.sources if each.name == table.rows_file)
        return table.rows_file, line, " ".join(rows.line(line).split())
    source = next(each for each in teller.sources if each.number == change.span.source)
    return source.name, source.place(change.span.start)[0], cut(change.span, teller)


def change_text(told: Told, language: Language) -> str:
    """What is changed: « 500,01 € au lieu de 500 € »."""
    words = _WORDS[language]
    match told.what:
        case "operator":
            before, after = _SIGNS[str(told.before)], _SIGNS[str(told.after)]
            return words["instead"].format(before=before, after=after)
        case "count":
            assert isinstance(told.before, tuple)
            assert isinstance(told.after, tuple)
            (before, most), (after, last) = told.before, told.after
            return words["count"].format(before=before, most=most, after=after, last=last)
        case "never" if told.after != 1:
            return words["never of"].format(before=told.before)
        case what:
            before, after = (_shown(told.kind, value, language) for value in (told.before, told.after))
            return words[what].format(before=before, after=after)


def _shown(kind: t.Type | None, value: object, language: Language) -> str:
    if kind is None and not isinstance(value, Decimal):
        return str(value)
    return show_value(kind or t.Number(), value, language) if value is not None else ""
