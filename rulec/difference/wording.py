"""The conditions of a region in, a clause in the language of the rules out, as their author would write it."""

from collections.abc import Mapping, Sequence

from rulec.analysis.reads import TODAY
from rulec.difference.result import Among, Axis, Between, Condition, Given, Says
from rulec.pipeline import Compiled
from rulec.printing.conditions import condition
from rulec.printing.layout import lines_of
from rulec.printing.names import Speech, UnsaidError
from rulec.questions import called
from rulec.runtime import types as t
from rulec.runtime.shown import show_value
from rulec.semantics import model
from rulec.source import Language
from rulec.trial.steps import beside

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "fr": {
        "and": " et ", "quoted": "« {text} »", "not": "pas « {text} »", "given": "{name} renseigné",
        "absent": "{name} non renseigné", "or": " ou ", "none of": "{name} autre que {values}",
    },
    "en": {
        "and": " and ", "quoted": '"{text}"', "not": 'not "{text}"', "given": "{name} given",
        "absent": "{name} not given", "or": " or ", "none of": "{name} other than {values}",
    },
}  # fmt: skip
_SIGNS = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<", "eq": "="}


class Wording:
    """Says the regions of two rule sets in the words of the new one, or of the old one for what it alone knows."""

    def __init__(self, old: Compiled, new: Compiled) -> None:
        self.language = new.language
        self._speeches = [Speech(each.language, each.vocabulary) for each in (new, old)]
        self._sources = [{source.number: source for source in each.sources} for each in (old, new)]

    def region(self, conditions: Sequence[Condition]) -> str:
        """« la commande dépasse 500 € et le client est fidèle »; "" for all facts."""
        return _WORDS[self.language]["and"].join(self._clause(each) for each in conditions)

    def _clause(self, said: Condition) -> str:
        if isinstance(said, Says):
            text = " ".join(self._sources[said.new][said.test.expr.span.source].cut(said.test.expr.span).split())
            return _WORDS[self.language]["quoted" if said.holds else "not"].format(text=text)
        for speech in self._speeches:
            if said.axis.path == TODAY or (said.axis.path in speech.facts and not said.axis.each):
                try:
                    text = condition(speech, meant(speech, said))
                except UnsaidError:
                    break
                return " ".join(line.strip() for line in lines_of(text, 0))
        return self._plainly(said)

    def _plainly(self, said: Between | Among | Given) -> str:
        """What has no sentence: « prix (ligne) > 10 € »."""
        words, name = _WORDS[self.language], called(said.axis.slot)
        match said:
            case Given(_, given):
                return words["given" if given else "absent"].format(name=name)
            case Among(axis, values, negated):
                listed = words["or"].join(show_value(axis.slot.type, value, self.language) for value in values)
                return words["none of"].format(name=name, values=listed) if negated else f"{name} = {listed}"
            case Between(axis):
                ends = [(sign, show_value(axis.slot.type, end, self.language)) for sign, end in ends_of(said)]
                return words["and"].join(f"{name} {_SIGNS[sign]} {end}" for sign, end in ends)


def ends_of(said: Between) -> list[tuple[str, object]]:
    """The comparisons that it is made of."""
    if said.low is not None and said.low == said.high:
        return [("eq", said.low)]
    ends: list[tuple[str, object]] = []
    if said.low is not None:
        ends.append(("ge" if said.low_included else "gt", said.low))
    if said.high is not None:
        ends.append(("le" if said.high_included else "lt", said.high))
    return ends


def meant(speech: Speech, said: Between | Among | Given) -> model.Condition:
    """A condition as a rule would mean it."""
    item, kind = _item(speech, said.axis)
    match said:
        case Given(_, given):
            return model.IsGiven(item) if given else model.Not(model.IsGiven(item))  # type: ignore[arg-type]  # today is always given
        case Among(_, (bool() as yes,), negated):
            holds = model.Holds(item)
            return holds if yes is not negated else model.Not(holds)
        case Among(_, values, negated):
            among = model.Among(item, tuple(model.Literal(value, kind) for value in values))
            return model.Not(among) if negated else among
        case Between():
            return _range(said, item, kind)


def _item(speech: Speech, axis: Axis) -> tuple[model.FactOf | model.Today, t.Type]:
    if axis.path == TODAY:
        return model.Today(t.Date()), t.Date()
    slot = speech.facts[axis.path].slot
    return model.FactOf(axis.path, slot.type, optional=slot.optional), slot.type


def _range(said: Between, item: model.FactOf | model.Today, kind: t.Type) -> model.Condition:
    """From one value to another; of what is counted, both included."""
    ends = ends_of(said)
    if len(ends) == 1:
        return model.Compare(ends[0][0], item, model.Literal(ends[0][1], kind))
    low_end, low_in, high_end, high_in = said.low, said.low_included, said.high, said.high_included
    if isinstance(kind, t.Amount | t.Duration | t.Date) or (isinstance(kind, t.Number) and kind.whole):
        low_end, low_in = (low_end, True) if low_in else (beside(kind, low_end, 1), True)
        high_end, high_in = (high_end, True) if high_in else (beside(kind, high_end, -1), True)
        if low_end == high_end:
            return model.Compare("eq", item, model.Literal(low_end, kind))
    return model.Between(item, model.Literal(low_end, kind), model.Literal(high_end, kind), low_in, high_in)

