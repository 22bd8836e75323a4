"""A compilation in, every rule said back in full out: what goes without saying is said, so that an owner can check it.

What has no other words than its author's is repeated as it is written.
"""

from collections.abc import Iterator, Sequence

from rulec.diagnostics import Diagnostics
from rulec.formatting import articles_in, definitions_in, oversight_in, promises_in, with_definitions
from rulec.pipeline import Compiled, rule_sources
from rulec.printing.definitions import definition
from rulec.printing.judgements import declared, judgement
from rulec.printing.layout import lines_of
from rulec.printing.names import Speech, UnsaidError
from rulec.printing.promises import promises
from rulec.printing.remarks import remarks
from rulec.printing.rules import precedence, statement
from rulec.printing.supervision import oversight
from rulec.printing.tables import drawn_table
from rulec.runtime.plain import Plain, plain
from rulec.runtime.shown import show_value
from rulec.semantics import model
from rulec.semantics.definitions import Defining, defined
from rulec.semantics.judgements import read_judgement
from rulec.semantics.rules import Rules
from rulec.semantics.tables import read_table
from rulec.source import Language, Source
from rulec.syntax import ast
from rulec.syntax.parse import Drawn, Read, read_raw
from rulec.syntax.settings import Settings, settings_of
from rulec.tree import Node

_SAID = {
    "fr": {
        "exception": "Là où ce cas s'applique, la règle « {title} » ne donne plus ces résultats.",
        "precedence": "Là où « {strong} » s'applique, « {weak} » ne donne plus les mêmes résultats.",
        "fallback": "Seulement là où aucune autre règle de ce fichier ne s'applique pour les mêmes résultats.",
        "forbids": "Passe avant toutes les règles qui en donnent.",
        "promise": "rulec check le prouve ou montre un cas ; à chaque décision, ce qui y manque n'est pas donné.",
        "assume": "Les preuves ne valent que pour ces faits ; d'autres faits sont refusés.",
        "autonomy": "La phrase la plus prudente l'emporte ; là où un fait manque ou un doute reste, proposer.",
        "approval": "La décision n'est alors que proposée, jusqu'à cet accord.",
        "branches": "Les cas sont essayés dans l'ordre : un cas ne vaut que si ceux qui le précèdent ne valent pas.",
        "judgement": "Une personne ou un modèle en juge, seulement là où la décision en dépend ; « semble » le dit.",
        "alone": "Chaque ligne est une règle ; plusieurs peuvent s'appliquer.",
        "any": "si plusieurs règles s'appliquent, elles doivent donner la même valeur",
        "unique": "une seule règle doit s'appliquer",
        "first": "si plusieurs règles s'appliquent, la première dans le texte l'emporte",
        "max": "si plusieurs règles s'appliquent, la valeur la plus élevée l'emporte",
        "min": "si plusieurs règles s'appliquent, la valeur la plus faible l'emporte",
        "sum": "si plusieurs règles s'appliquent, leurs valeurs s'additionnent",
        "compound": "si plusieurs règles s'appliquent, leurs réductions s'enchaînent (10 % puis 10 % font 19 %)",
        "collect": "si plusieurs règles s'appliquent, toutes leurs valeurs sont gardées, dans l'ordre",
        "priority": "si plusieurs règles s'appliquent, l'emporte la première valeur de la liste : {order}",
        "default": "si aucune ne s'applique, {value}", "nothing": "si aucune ne s'applique, aucune valeur",
    },
    "en": {
        "exception": 'Where this case applies, rule "{title}" no longer gives these outcomes.',
        "precedence": 'Where "{strong}" applies, "{weak}" no longer gives the same outcomes.',
        "fallback": "Only where no other rule of this file applies for the same outcomes.",
        "forbids": "Comes before all the rules that give some.",
        "promise": "rulec check proves it or shows a case; at every decision, what breaks it is not given.",
        "assume": "Proofs hold for these facts alone; other facts are refused.",
        "autonomy": "The most cautious sentence wins; where a fact is missing or a doubt is left, propose.",
        "approval": "The decision is then only proposed, until that approval.",
        "branches": "The cases are tried in order: a case holds only where those before it do not.",
        "judgement": 'A person or a model judges it, only where the decision depends on it; "seems" says so.',
        "alone": "Each line is a rule; several may apply.",
        "any": "if several rules apply, they must give the same value",
        "unique": "only one rule must apply", "first": "if several rules apply, the first in the text wins",
        "max": "if several rules apply, the highest value wins",
        "min": "if several rules apply, the lowest value wins",
        "sum": "if several rules apply, their values add up",
        "compound": "if several rules apply, their reductions compound (10% then 10% make 19%)",
        "collect": "if several rules apply, all their values are kept, in order",
        "priority": "if several rules apply, the first value of the list wins: {order}",
        "default": "if none applies, {value}", "nothing": "if none applies, no value",
    },
}  # fmt: skip


@plain
class Said(Plain):
    """What was understood of a statement, and where it begins; an outcome has no place (line 0)."""

    file: str
    line: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines)


def paraphrase(compiled: Compiled) -> Iterator[Said]:
    """Each rule in full, then how each outcome is decided."""
    settings = _settings(compiled)
    for source in rule_sources(compiled):
        speech = Speech(source.language, compiled.vocabulary, explicit=True)
        rules = Rules(compiled.vocabulary, source, Diagnostics())
        stated = definitions_in(source, compiled)
        speech.articles |= articles_in(source, stated)
        for read, defines in with_definitions(source, compiled):
            made = stated[read.span.start] if defines else []
            meant = _defined(compiled, made) if defines else _meant(rules, read)
            lines = [*_sayable(speech, source, read, meant, made), *_remarks(speech.language, meant)]
            lines += [f"  ({each})" for each in remarks(speech, meant, settings)]
            if lines:
                yield Said(source.name, source.place(read.span.start)[0], tuple(lines))
    speech = Speech(compiled.language, compiled.vocabulary, explicit=True)
    for outcome in compiled.vocabulary.outcomes:
        yield Said("", 0, tuple(lines_of(_outcome(speech, outcome), 0)))


def _written(source: Source, read: Read) -> tuple[str, ...]:
    """A statement as its author wrote it."""
    return tuple(source.cut(read.span).splitlines())


def _settings(compiled: Compiled) -> Settings:
    """The calendar, the closures and the time zone of the rule set."""
    raws = [(source, read_raw(source, Diagnostics())) for source in rule_sources(compiled)]
    return settings_of(raws, Diagnostics())[0]


def _defined(compiled: Compiled, made: Sequence[Defining]) -> list[Node]:
    """What a statement defines: the same of each thing of that name."""
    found = (defined(compiled.vocabulary, each, Diagnostics()) for each in made)
    return [each for each in found if each is not None]


def _meant(rules: Rules, read: Read) -> list[Node]:
    """The rules or the tables that a statement makes."""
    match read.statement:
        case ast.Rule() as rule:
            return list(rules.read(rule, read.span))
        case ast.Judgement() as judged:
            meant = read_judgement(rules, judged, read.span)
            return [meant] if meant is not None else []
        case Drawn() as drawn:
            return list(read_table(rules, drawn, 0))
        case ast.Promise():
            return list(promises_in(rules, read))
        case ast.Autonomy() | ast.Approval() as said:
            return [oversight_in(rules, said, read.span)]
        case _:
            return []


def _sayable(speech: Speech, source: Source, read: Read, meant: Sequence[Node], made: Sequence[Defining]) -> list[str]:
    """The lines of a statement; where there is no other way to say it, as it is written."""
    try:
        return list(_lines(speech, source, read, meant, made))
    except UnsaidError:
        return list(_written(source, read))


def _lines(
    speech: Speech, source: Source, read: Read, meant: Sequence[Node], made: Sequence[Defining]
) -> Iterator[str]:  # fmt: skip
    if made:
        head = made[0].head
        for each in meant[:1]:
            if isinstance(each, model.Definition):
                yield from definition(speech, each, head.form, head.key)
        return
    match read.statement:
        case ast.Rule():
            yield from statement(speech, [each for each in meant if isinstance(each, model.Rule)])
        case ast.Precedence(strong, weak) as said:
            yield from lines_of(precedence(speech, strong, weak), 0)
            yield from (_remark(speech.language, "precedence", strong=one, weak=other) for one, other in said.pairs())
        case ast.Judgement() as judged:
            for each in meant:
                if isinstance(each, model.Judgement):
                    for block in judgement(speech, declared(speech, source, judged.declared), judged, each):
                        yield from block.lines
                    yield _remark(speech.language, "judgement")
        case ast.Promise(kind):
            yield from promises(speech, [each for each in meant if isinstance(each, model.Promise)])
            yield _remark(speech.language, "assume" if kind == "assume" else "promise")
        case ast.Autonomy() | ast.Approval() as said:
            for each in meant:
                if isinstance(each, model.Oversight):
                    yield from oversight(speech, each)
            yield _remark(speech.language, "approval" if isinstance(said, ast.Approval) else "autonomy")
        case Drawn():
            for each in meant:
                if isinstance(each, model.Table):
                    yield from drawn_table(speech, each)
                    yield _remark(speech.language, each.policy.combine, order=_policy_order(speech, each))
        case _:
            return


def _policy_order(speech: Speech, table: model.Table) -> str:
    kind = speech.outcomes[table.decides[0].outcome].slot.type
    return ", ".join(show_value(kind, value, speech.language) for value in table.policy.order)


def _remarks(language: Language, meant: Sequence[Node]) -> Iterator[str]:
    """What the words of rules leave unsaid of the ways that they go."""
    rules = [each for each in meant if isinstance(each, model.Rule)]
    if not rules:
        return
    rule = rules[0]
    if len(rules) > 1:
        yield _remark(language, "alone")
    if len(rule.branches) > 1 and len(rules) == 1:
        yield _remark(language, "branches")
    if rule.exception_to:
        yield _remark(language, "exception", title=rule.exception_to)
    if rule.fallback:
        yield _remark(language, "fallback")
    if any(isinstance(effect, model.Forbid) for branch in rule.branches for effect in branch.effects):
        yield _remark(language, "forbids")


def _remark(language: Language, key: str, **values: str) -> str:
    return f"  ({_SAID[language][key].format(**values)})"


def _outcome(speech: Speech, outcome: model.OutcomeTerm) -> str:
    """How an outcome is decided where several rules apply, or none."""
    told, slot = _SAID[speech.language], outcome.slot
    order = ", ".join(show_value(slot.type, value, speech.language) for value in slot.order)
    several = told[slot.combine].format(order=order)
    value = "" if slot.default is None else show_value(slot.type, slot.default, speech.language)
    none = told["default"].format(value=value) if value else told["nothing"]
    head = speech.noun(slot.name)
    return f"{head[:1].upper()}{head[1:]}{speech.choose(' :', ':')} {several} ; {none}.".replace(
        " ;", speech.choose(" ;", ";")
    )
