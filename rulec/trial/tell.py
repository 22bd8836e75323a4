"""Results of examples in, what a person reads out: what was given, expected and got, and the rules that gave it."""

from collections.abc import Iterator, Mapping, Sequence

from rulec.backends.assumed import unassuming
from rulec.events.times import moment_shown
from rulec.explanation import STATUS, Explanation
from rulec.plan.tree import Plan
from rulec.questions import called
from rulec.runtime import types as t
from rulec.runtime.decision import ActionResult, Decision
from rulec.runtime.plain import Plain, plain
from rulec.runtime.shown import show_value
from rulec.semantics import model
from rulec.source import Language, Source
from rulec.trace import trace
from rulec.trial.history import Story
from rulec.trial.run import Failure, Result, Wanted, facts_of

WORDS: Mapping[Language, Mapping[str, str]] = {
    "fr": {
        "row": "{title}, ligne n° {row}", "untitled": "exemple de la ligne {line}", "given": "étant donné",
        "nothing given": "rien", "date": "date de la décision", "not given": "non renseigné", "colon": " : ",
        "difference": "{name} : attendu {expected}, obtenu {got}", "nothing": "aucune valeur",
        "missing": "il manque {names}",
        "missing fact": "fait manquant : attendu {expected}, obtenu {got}", "none missing": "aucun fait ne manque",
        "no action": "aucune action", "actions": "actions", "asked": "demandé", "not asked": "non demandé",
        "unexpected": "{name} : {got}, ce que l'exemple n'attend pas", "and": " et ", "perhaps": "peut-être demandé",
        "clash": "demandé, en conflit avec une autre action",
        "passes": "le temps passe", "nothing fired": "aucune règle ne se déclenche",
        "fired": "{at} : la règle « {rule} » se déclenche",
        "perhaps fired": "{at} : on ne sait pas si la règle « {rule} » s'applique",
        "disagree": "L'interprète et le code Python ne décident pas de même : c'est un défaut de rulec.",
    },
    "en": {
        "row": "{title}, row {row}", "untitled": "example of line {line}", "given": "given",
        "nothing given": "nothing", "date": "date of the decision", "not given": "not given", "colon": ": ",
        "difference": "{name}: expected {expected}, got {got}", "nothing": "no value",
        "missing": "missing {names}",
        "missing fact": "missing fact: expected {expected}, got {got}", "none missing": "no fact is missing",
        "no action": "no action", "actions": "actions", "asked": "asked for", "not asked": "not asked for",
        "unexpected": "{name}: {got}, which the example does not expect", "and": " and ",
        "perhaps": "perhaps asked for",
        "clash": "asked for, in conflict with another action",
        "passes": "time passes", "nothing fired": "no rule fires",
        "fired": "{at}: rule \"{rule}\" fires",
        "perhaps fired": "{at}: it is not known whether rule \"{rule}\" applies",
        "disagree": "The interpreter and the Python code do not decide the same: a defect of rulec.",
    },
}  # fmt: skip


@plain
class Teller(Plain):
    """Tells the results of one plan, in a language."""

    plan: Plan
    sources: Sequence[Source]
    language: Language

    @property
    def _words(self) -> Mapping[str, str]:
        return WORDS[self.language]

    def name(self, example: model.Example) -> str:
        """« titre », « titre, ligne n° 3 », « exemple de la ligne 12 »."""
        title = example.title or self._words["untitled"].format(line=example.line)
        return self._words["row"].format(title=title, row=example.row) if example.row else title

    def failure(self, result: Result) -> str:
        """All that is to say of an example that fails."""
        words = self._words
        lines = [f"  {words['given']}{words['colon']}{', '.join(self._given(result))}"]
        if result.story:
            lines = [*self._history(result, result.story), *self._fired(result.story)]
        for failure in result.failures:
            lines.append(f"  {self.difference(failure, result.decision)}")
            keys = [failure.key] if failure.key else list(dict.fromkeys(each.key for each in result.decision.actions))
            asked = failure.wanted and isinstance(failure.wanted.expected, model.ExpectMissing)
            for key in () if asked or failure.broken else keys:
                told = self._why(result, key).about(key, self.language)
                lines += [f"  {line}" for line in told.splitlines()]
        if not result.agree:
            lines.append(f"  {words['disagree']}")
        return _plain_spaces("\n".join(lines))

    def _given(self, result: Result) -> Iterator[str]:
        if not result.example.supposed and result.example.at is None:
            yield self._words["nothing given"]
        yield from (self._supposed(each, result.facts) for each in result.example.supposed)
        if result.example.at is not None:
            yield f"{self._words['date']} = {show_value(t.Date(), result.at, self.language)}"

    def _why(self, result: Result, key: str) -> Explanation:
        facts, at = result.story.about(key) if result.story else (result.facts, result.at)
        return trace(unassuming(self.plan), self.sources, facts, at, self.language)

    def _supposed(self, said: model.Supposed, facts: Mapping[str, object]) -> str:
        slot = next(slot for slot in self.plan.facts if slot.path == said.path)
        known = said.path in facts
        shown = show_value(slot.type, facts[said.path], self.language) if known else self._words["not given"]
        return f"{called(slot)} = {shown}"

    def _history(self, result: Result, story: Story) -> Iterator[str]:
        """What happens and what is known, a line a moment."""
        names = {each.key: each.name for each in self.plan.events}
        yield f"  {self._words['given']}{self._words['colon']}".rstrip()
        for each, at in zip(result.example.history, story.recorded.moments, strict=True):
            known = [self._supposed(fact, facts_of(self.plan, [fact], result.at)) for fact in each.supposed]
            said = [names[each.event]] if each.event else [] if known else [self._words["passes"]]
            day = f"{moment_shown(at, self.plan.zone, self.language)}{self._words['colon']}" if each.day else ""
            yield f"    {day}{', '.join([*said, *known])}"

    def _fired(self, story: Story) -> Iterator[str]:
        """What the rules did, a line for each that fired."""
        rules = {each.id: each for each in self.plan.statements}
        if not story.firings:
            yield f"  {self._words['nothing fired']}"
        for each in story.firings:
            at, rule = moment_shown(each.at, self.plan.zone, self.language), rules[each.rule]
            kind = "perhaps fired" if each.content["status"] == "undetermined" else "fired"
            yield "  " + self._words[kind].format(at=at, rule=rule.title)

    # ---- one difference

    def difference(self, failure: Failure, decision: Decision) -> str:
        """What was expected, and what came."""
        return _plain_spaces(self._difference(failure, decision))

    def _difference(self, failure: Failure, decision: Decision) -> str:
        if failure.broken is not None:
            return " ".join(problem.message(self.language) for problem in failure.broken.problems)
        name = self._name(failure.key)
        if failure.wanted is None:
            return self._words["unexpected"].format(name=name, got=self._got(failure.key, decision))
        expected = failure.wanted.expected
        if isinstance(expected, model.ExpectMissing):
            got = self._missing(decision.missing) if decision.missing else self._words["none missing"]
            return self._words["missing fact"].format(expected=self._fact(expected.path), got=got)
        got = self._got(failure.key, decision)
        return self._words["difference"].format(name=name, expected=self._expected(failure.wanted), got=got)

    def _expected(self, wanted: Wanted) -> str:
        expected, words = wanted.expected, self._words
        match expected:
            case model.ExpectValue(key):
                return words["and"].join(self._value(key, value) for value in wanted.values)
            case model.ExpectNothing():
                return words["nothing"]
            case model.ExpectStatus(_, status):
                return self._status(status)
            case model.ExpectMissing(path):
                return self._fact(path)
            case model.ExpectAction(key, parameters):
                said = {name: value for (name, _), value in zip(parameters, wanted.values, strict=True)}
                return words["asked"] + self._parameters(key, said)
            case model.ExpectNoAction(key):
                return words["not asked"] if key else words["no action"]

    def _got(self, key: str, decision: Decision) -> str:
        if key in decision.outcomes:
            result = decision.outcomes[key]
            if result.status == "decided":
                return self._value(key, result.value)
            if result.missing and not result.problems:
                return self._missing(result.missing)
            problems = "".join(f" ({problem.message(self.language)})" for problem in result.problems)
            return self._status(result.status) + problems
        asked = [each for each in decision.actions if not key or each.key == key]
        if not asked:
            return self._words["not asked" if key else "no action"]
        return self._words["and"].join(self._action(each, with_name=not key) for each in asked)

    def _action(self, action: ActionResult, *, with_name: bool) -> str:
        verdict = self._words[{"decided": "asked", "conflict": "clash"}.get(action.status, "perhaps")]
        verdict = action.name if with_name else verdict
        missing = f" ({self._missing(action.missing)})" if action.missing else ""
        return verdict + self._parameters(action.key, action.parameters) + missing

    # ---- words

    def _parameters(self, key: str, said: Mapping[str, object]) -> str:
        slot = next(slot for slot in self.plan.actions if slot.key == key)
        colon = self._words["colon"]
        shown = [
            f"{name}{colon}{show_value(kind, said[each], self.language)}"
            for each, name, kind in slot.parameters
            if each in said
        ]
        return f" ({', '.join(shown)})" if shown else ""

    def _name(self, key: str) -> str:
        named = {slot.key: slot.name for slot in self.plan.outcomes}
        named |= {slot.key: slot.name for slot in self.plan.actions}
        return named.get(key, self._words["actions"])

    def _value(self, key: str, value: object) -> str:
        kind = next(slot.type for slot in self.plan.outcomes if slot.key == key)
        if isinstance(kind, t.ListOf) and not isinstance(value, tuple):
            kind = kind.item
        return show_value(kind, value, self.language)

    def _status(self, status: str) -> str:
        return STATUS[status][self.language == "en"]

    def _fact(self, path: str) -> str:
        return next((called(slot) for slot in self.plan.facts if slot.path == path), path)

    def _missing(self, paths: Sequence[str]) -> str:
        return self._words["missing"].format(names=", ".join(self._fact(path) for path in paths))


def _plain_spaces(text: str) -> str:
    """« 10 % » with a plain space, so that it can be searched for."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")
