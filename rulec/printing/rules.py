"""The rules that one statement makes in, its lines out."""

from collections.abc import Iterator, Sequence

from rulec.printing.conditions import CLOSE, ITEM, OPEN, condition
from rulec.printing.effects import effects
from rulec.printing.happenings import watch_of
from rulec.printing.layout import lines_of, only_line
from rulec.printing.names import GLUE, Speech
from rulec.printing.values import quoted
from rulec.semantics import model


def statement(speech: Speech, rules: Sequence[model.Rule]) -> list[str]:
    """The lines of the rules of one statement: one rule, or the cases of a list."""
    first = rules[0]
    if first.each:
        speech.enter(first.each, model.FactOf(first.each, speech.facts[first.each].slot.type))
    heading = _heading(speech, first)
    if len(rules) > 1:
        heading = heading or [f"{_capital(_topic(speech, first))}{_colon(speech)}"]
        cases = "".join(f"{ITEM}{_case(speech, rule)}" for rule in rules)
        return [*heading, *lines_of(f"{OPEN}{cases}{CLOSE}", -2), *_trailers(speech, first, 2)]
    return _titled(speech, first, heading) if heading else _untitled(speech, first)


def precedence(speech: Speech, strong: Sequence[str], weak: Sequence[str]) -> str:
    """« R2 » l'emporte sur « R1 »."""
    names = []
    for titles in (strong, weak):
        *before, last = (quoted(title, speech.french) for title in titles)
        names.append(f"{', '.join(before)} {speech.word('structure', 'AND')} {last}" if before else last)
    several = "l'emportent sur" if speech.french else "take precedence over"
    verb = speech.word("structure", "PREVAILS") if len(strong) == 1 else several
    return f"{names[0]} {verb} {names[1]}"


def _titled(speech: Speech, rule: model.Rule, heading: list[str]) -> list[str]:
    body = [line for part in _parts(speech, rule) for line in lines_of(part, 2)]
    return [*heading, *body, *_trailers(speech, rule, 2)]


def _untitled(speech: Speech, rule: model.Rule) -> list[str]:
    parts = [*_parts(speech, rule), *_trailing(speech, rule)]
    else_ = tuple(speech.word("structure", kind) for kind in ("ELSE", "ELSE_IF"))
    whole = _capital("".join(f", {part}" if part.startswith(else_) else f" {part}" for part in parts).strip())
    if only_line(whole):
        return lines_of(whole, 0)
    first, *rest = parts
    return [*lines_of(_capital(first), 0), *(line for part in rest for line in lines_of(part, 2))]


def _heading(speech: Speech, rule: model.Rule) -> list[str]:
    """The title of a rule, and the rule that it is an exception to."""
    told = rule.id.rpartition("#")[0] if rule.title != rule.id and "#" in rule.id else rule.id
    titled = rule.title == told and told != f"{rule.file}:{rule.line}" and not _placed(rule)
    kinds = [("RULE", rule.title)] if titled else []
    kinds += [("EXCEPTION", rule.exception_to)] if rule.exception_to else []
    words = [f"{speech.word('structure', kind)}{GLUE}{quoted(title, speech.french)}" for kind, title in kinds]
    heads = [_capital(", ".join(words))] if words else []
    if rule.each:
        heads.append(f"{_capital(speech.declared('EACH'))}{GLUE}{speech.bound[rule.each][1].replace(' ', GLUE)}")
    return [line for head in heads for line in lines_of(f"{head}{_colon(speech)}", 0)]


def _placed(rule: model.Rule) -> bool:
    """Whether a rule bears the place of its statement for want of a title."""
    name, _, line = rule.title.rpartition(":")
    return name == rule.file and line.isdigit()


def _colon(speech: Speech) -> str:
    return speech.choose(" :", ":")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _parts(speech: Speech, rule: model.Rule) -> Iterator[str]:
    """The branches of a rule: « si … », « alors … », « sinon … »."""
    if rule.fallback:
        yield f"{speech.word('structure', 'OTHERWISE')}, {effects(speech, rule.branches[0].effects)}"
        return
    if_, then = speech.word("structure", "IF"), speech.word("structure", "THEN")
    for number, branch in enumerate(rule.branches):
        done = effects(speech, branch.effects)
        if isinstance(branch.condition, model.Always):
            yield f"{speech.word('structure', 'ELSE')} {done}" if number else done
            continue
        waits = speech.vocabulary.watches and watch_of(speech, branch.condition) is not None
        when = speech.word("happenings", "WHEN") if waits else if_
        head = speech.word("structure", "ELSE_IF") if number else when
        yield f"{head} {condition(speech, branch.condition)}"
        yield f"{then} {done}"


def _case(speech: Speech, rule: model.Rule) -> str:
    branch = rule.branches[-1]
    done = effects(speech, branch.effects)
    if isinstance(branch.condition, model.Always):
        return f"{speech.word('structure', 'ELSE')} {done}"
    if_, then = speech.word("structure", "IF"), speech.word("structure", "THEN")
    return f"{if_} {condition(speech, branch.condition)} {then} {done}"


def _topic(speech: Speech, rule: model.Rule) -> str:
    given = rule.branches[-1].effects[0]
    return speech.actions[given.action].slot.name if isinstance(given, model.Do) else speech.outcome(given.outcome)


def _trailers(speech: Speech, rule: model.Rule, indent: int) -> list[str]:
    return [line for part in _trailing(speech, rule) for line in lines_of(part, indent)]


def _trailing(speech: Speech, rule: model.Rule) -> Iterator[str]:
    return ends(speech, rule.unless, rule.because)


def ends(speech: Speech, unless: model.Condition | None, because: str) -> Iterator[str]:
    """« sauf si … », « parce que … »."""
    if unless is not None:
        yield f"{speech.word('structure', 'UNLESS')} {condition(speech, unless)}"
    if because:
        yield f"{speech.word('structure', 'BECAUSE')} {quoted(because, speech.french)}"
