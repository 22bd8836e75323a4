"""What is said of supervision as meant in, what the plan holds of it out; actions that ask for an approval too."""

from collections.abc import Iterable, Iterator

from rulec.plan import tree as p
from rulec.plan.conditions import condition_of
from rulec.runtime.supervision import PROPOSE
from rulec.runtime.types import ActionSlot
from rulec.semantics import model
from rulec.source import Language
from rulec.syntax.supervision import approver_of


def lower_oversight(
    said: Iterable[model.Oversight], actions: Iterable[ActionSlot], language: str
) -> tuple[p.Oversight, ...]:
    """The statements, in the order of the text, then the actions of which the name asks for an approval."""
    return (*map(_stated, said), *_asking(actions, "en" if language == "en" else "fr"))


def _stated(said: model.Oversight) -> p.Oversight:
    cases = [(each, each.holds()) for each in said.cases]
    told = tuple((condition_of(holds), _level(each)) for each, holds in cases if holds is not None)
    level: p.Expr = p.Choose(told, _level(said.otherwise)) if told else _level(said.otherwise)
    return p.Oversight(
        said.id, said.text, said.file, said.line, level, said.who, said.said, because=said.because, span=said.span
    )


def _level(case: model.LevelCase) -> p.Const:
    return p.Const(case.level, span=case.span)


def _asking(actions: Iterable[ActionSlot], language: Language) -> Iterator[p.Oversight]:
    for action in actions:
        who = approver_of(action.name, language)
        if who:
            level = p.Const(PROPOSE)
            yield p.Oversight(f"={action.key}", action.name, "", 0, level, action.key, who, action.key)
