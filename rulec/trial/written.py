"""Cases found for rules in, examples in the language of the rules out, with what the rules decide today."""

from collections.abc import Iterator, Mapping, Sequence

from rulec.backends.interpreter import interpret
from rulec.diagnostics import Diagnostics
from rulec.pipeline import Compiled, compile_sources, rule_sources
from rulec.plan.lower import gives_of
from rulec.plan.tree import Plan, Today
from rulec.printing.examples import example
from rulec.printing.names import Speech, UnsaidError
from rulec.runtime import types as t
from rulec.runtime.decision import ActionResult, Decision, OutcomeResult
from rulec.runtime.shown import show_value
from rulec.semantics import model
from rulec.source import Language, Source
from rulec.syntax.fold import fold
from rulec.tree import walk
from rulec.trial.candidates import ABSENT, TODAY
from rulec.trial.reaching import told
from rulec.trial.run import run_examples
from rulec.trial.search import Found
from rulec.trial.tell import Teller
from rulec.trial.tell_coverage import cut

HEAD: Mapping[Language, str] = {
    "fr": "# Exemples proposés par rulec : ce qui est attendu est ce que les règles décident aujourd'hui.\n"
    "# À relire et à confirmer, un par un, par qui connaît les règles ; puis retirez ces deux lignes.\n",
    "en": "# Examples proposed by rulec: what is expected is what the rules decide today.\n"
    "# To be read and confirmed, one by one, by who knows the rules; then remove these two lines.\n",
}
_TITLES: Mapping[Language, Mapping[str, str]] = {
    "fr": {"end": "{text} : {value}", "shown": "{text} : {value}", "one": "{text}", "case": "{text}, cas n° {number}"},
    "en": {"end": "{text}: {value}", "shown": "{text}: {value}", "one": "{text}", "case": "{text}, case {number}"},
}
_QUOTES = str.maketrans("", "", '«»"“”„|')


def examples_text(compiled: Compiled, found: Sequence[Found], teller: Teller) -> tuple[str, int]:
    """The examples, each verified by reading it again, and how many could not be written."""
    speech = Speech(compiled.language, compiled.vocabulary)
    dated = any(isinstance(node, Today) for node in walk(teller.plan))
    titles, texts = [fold(each.title) for each in compiled.examples], list[str]()
    for each in found:
        title = _unique(_title(each, teller), titles)
        try:
            lines = example(speech, _example(teller.plan, each, title, dated))
        except UnsaidError:
            continue
        texts.append("\n".join(lines) + "\n")
    sound = texts if _holds(compiled, texts) else [text for text in texts if _holds(compiled, [text])]
    return "\n".join(sound), len(found) - len(sound)


def _holds(compiled: Compiled, texts: Sequence[str]) -> bool:
    """Whether the examples are read, among the rules, as examples that pass."""
    sources = rule_sources(compiled)
    number = max(source.number for source in compiled.sources) + 1
    more = Source(number, "?", "\n".join(texts), compiled.language)
    again = compile_sources([*sources, more], Diagnostics())
    mine = [each for each in again.examples if each.file == more.name]
    if again.plan is None or len(mine) != len(texts):
        return False
    return all(result.passed for result in run_examples(again.plan, mine))


# ---- one example


def _example(plan: Plan, found: Found, title: str, dated: bool) -> model.Example:
    """`dated`: whether the rules look at the date of the decision."""
    slots = {slot.path: slot for slot in plan.facts}
    supposed = tuple(
        model.Supposed(path, None if found.facts[path] is ABSENT else model.Literal(found.facts[path], slot.type))
        for path, slot in slots.items()
        if path in found.facts
    )
    at = model.Literal(found.facts[TODAY], t.Date()) if dated else None
    return model.Example(title, "", 0, 0, supposed, at, tuple(_expected(plan, found)))


def _expected(plan: Plan, found: Found) -> Iterator[model.Expected]:
    """What comes of the outcomes and actions of the rule, and what is wrong elsewhere."""
    decision, keys = interpret(plan, *told(found.facts)), gives_of(found.step)
    for slot in plan.outcomes:
        result = decision.outcomes[slot.key]
        if slot.key in keys or result.status in ("conflict", "error"):
            yield _outcome(slot, result)
    for action in plan.actions:
        if action.key in keys:
            yield from _action(action, decision)


def _outcome(slot: t.OutcomeSlot, result: OutcomeResult) -> model.Expected:
    value, kind = result.value, slot.value_type
    if result.status == "not_applicable" or value == ():
        return model.ExpectNothing(slot.key)
    if result.status != "decided":
        return model.ExpectStatus(slot.key, result.status)
    item = kind.item if isinstance(kind, t.ListOf) else kind
    values = value if isinstance(value, tuple) else (value,)
    return model.ExpectValue(slot.key, tuple(model.Literal(each, item) for each in values))


def _action(slot: t.ActionSlot, decision: Decision) -> Iterator[model.Expected]:
    asked = [each for each in decision.actions if each.key == slot.key]
    if not asked:
        yield model.ExpectNoAction(slot.key)
    for each in asked:
        yield _asked(slot, each)


def _asked(slot: t.ActionSlot, asked: ActionResult) -> model.Expected:
    if asked.status != "decided":
        return model.ExpectStatus(slot.key, asked.status)
    said = asked.parameters
    return model.ExpectAction(
        slot.key, tuple((key, model.Literal(said[key], kind)) for key, _, kind in slot.parameters if key in said)
    )


# ---- titles


def _title(found: Found, teller: Teller) -> str:
    """What the example shows first, in the words of the rules."""
    goal, step, words = found.goals[0], found.step, _TITLES[teller.language]
    titled = step.title != f"{step.file}:{step.line}"
    text = cut(goal.span, teller) if (goal.kind != "case" and goal.number >= 0) or not titled else step.title
    kinds: dict[str, t.Type] = {slot.path: slot.type for slot in teller.plan.facts}
    kind = kinds.get(goal.path, t.Date()) if goal.path else t.YesNo()
    value = show_value(kind, goal.value, teller.language)
    named = "one" if goal.kind == "case" and len(getattr(step, "branches", ())) == 1 else goal.kind
    title = words[named].format(text=text, value=value, number=goal.number).translate(_QUOTES)
    return " ".join(title.split())


def _unique(title: str, taken: list[str]) -> str:
    """The title, with a number where it is taken."""
    tried, number = title, 1
    while fold(tried) in taken:
        number += 1
        tried = f"{title} ({number})"
    taken.append(fold(tried))
    return tried
