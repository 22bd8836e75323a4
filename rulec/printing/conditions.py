"""A condition of the model in, its clause out; what is made of several stands in parentheses within another."""

from typing import assert_never

from rulec.printing.arithmetic import is_portion
from rulec.printing.dates import compared, day_of, distance, is_earlier, span_of, window
from rulec.printing.happenings import waited, watch_of
from rulec.printing.lists import counted, element, has, none_of
from rulec.printing.names import GLUE, Speech, UnsaidError
from rulec.printing.values import part, quoted, value
from rulec.runtime import types as t
from rulec.semantics import model
from rulec.semantics.naming import base_form
from rulec.syntax.fold import fold
from rulec.syntax.words import words
from rulec.tree import walk

OPEN, ITEM, CLOSE = "\ue001", "\ue002", "\ue003"  # a list of conditions: where it opens, each item, where it ends
_SIGNS = {"lt": "<", "le": "≤", "ne": "≠", "ge": "≥", "gt": ">"}


def condition(speech: Speech, said: model.Condition) -> str:
    """The condition as a clause, or as several joined by « et », « ou »."""
    match said:
        case model.Compare():
            return _compare(speech, said)
        case model.Between():
            return _between(speech, said, negated=False)
        case model.Among():
            return _among(speech, said, negated=False)
        case model.Holds(item):
            watch = watch_of(speech, said) if speech.vocabulary.watches else None
            return waited(speech, watch) if watch is not None else _holds(speech, item, negated=False)
        case model.IsGiven(item):
            return _given(speech, item, negated=False)
        case model.TextTest():
            return _text(speech, said, negated=False)
        case model.Calendar():
            return _calendar(speech, said, negated=False)
        case model.Not(item):
            return _not(speech, item)
        case model.All(items):
            return _relative(speech, said) or _several(speech, items, "AND", "ALL_FOLLOWING")
        case model.AnyOf(items):
            return _several(speech, items, "OR", "")
        case model.Count():
            return _count(speech, said)
        case model.Always():
            return speech.word("structure", "ALWAYS_TRUE")
        case model.CountWhere():
            return counted(speech, said, condition)
        case model.ListHas():
            return has(speech, said, condition, value)
        case model.Another():  # only said of a list: « une autre ligne »
            raise UnsaidError
        case _:
            assert_never(said)


def inner(speech: Speech, said: model.Condition) -> str:
    """The condition within another."""
    text = condition(speech, said)
    together = isinstance(said, model.All | model.AnyOf | model.Count) and not (
        isinstance(said, model.All) and _relative(speech, said)
    )
    counts = isinstance(said.item if isinstance(said, model.Not) else said, model.CountWhere)
    return f"({text})" if together or counts else text


# ---- several conditions


def _several(speech: Speech, items: tuple[model.Condition, ...], join: str, alone: str) -> str:
    if len(items) == 1:
        return _block(speech, speech.word("structure", alone) if alone else _at_least(speech, 1), items)
    word = speech.word("structure", join)
    return f" {word} ".join(inner(speech, item) for item in items)


def _count(speech: Speech, said: model.Count) -> str:
    low, high, size = said.low, said.high, len(said.items)
    nested = any(isinstance(node, model.Count) for item in said.items for node in walk(item))
    if low == high == 1 and size > 1 and not nested:
        either = speech.word("structure", "EITHER")
        first, *rest = (_apart(speech, item) for item in said.items)
        joined = f", {either} " if speech.french else f" {speech.word('structure', 'OR')} "
        return f"{either} {joined.join([first, *rest])}"
    if high == size:
        return _block(speech, _at_least(speech, low), said.items)
    if low == 0:
        head = f"{speech.choose('au plus', 'at most')} {high} {speech.word('structure', 'FOLLOWING')}"
        return _block(speech, head, said.items)
    exactly = speech.word("structure", "EXACTLY")
    number = f"{exactly} {low}" if low == high else speech.choose(f"de {low} à {high}", f"from {low} to {high}")
    return _block(speech, f"{number} {speech.word('structure', 'FOLLOWING')}", said.items)


def _apart(speech: Speech, item: model.Condition) -> str:
    """One of « soit … soit »; a list of values would take in the next."""
    said = item.item if isinstance(item, model.Not) else item
    listed = isinstance(said, model.Among) and len(said.values) > 1
    return f"({condition(speech, item)})" if listed else inner(speech, item)


def _at_least(speech: Speech, count: int) -> str:
    return f"{speech.choose('au moins', 'at least')} {count} {speech.word('structure', 'FOLLOWING')}"


def _block(speech: Speech, head: str, items: tuple[model.Condition, ...]) -> str:
    colon = " :" if speech.french else ":"
    listed = "".join(f"{ITEM}{condition(speech, item)}" for item in items)
    return f"{head}{colon}{OPEN}{listed}{CLOSE}"


def _not(speech: Speech, item: model.Condition) -> str:
    match item:
        case model.Compare("eq", _, model.Literal()) if not _on_age(item):
            return _equal(speech, item, negated=True)
        case model.Between():
            return _between(speech, item, negated=True)
        case model.Among(model.FactOf(seems=True), values) if len(values) > 1:
            return f"{speech.choose('non', 'not')} ({condition(speech, item)})"
        case model.Among():
            return _among(speech, item, negated=True)
        case model.Holds(held):
            return _holds(speech, held, negated=True)
        case model.IsGiven(held):
            return _given(speech, held, negated=True)
        case model.TextTest():
            return _text(speech, item, negated=True)
        case model.Calendar(_, date) if not isinstance(date, model.Today):
            return _calendar(speech, item, negated=True)
        case model.CountWhere() if none := none_of(speech, item, condition):
            return none
        case _:
            return f"{speech.choose('non', 'not')} ({condition(speech, item)})"


# ---- comparisons


def _subject(speech: Speech, item: model.Value, other: model.Value) -> tuple[str, str]:
    """What is compared, and the name that the verb agrees with."""
    if isinstance(item, model.FactOf) and item.of is None and isinstance(other, model.Literal) and not speech.explicit:
        if speech.shortens(item.path, other.type):
            return speech.owner(item.path), speech.facts[item.path].slot.names[0]
    said = value(speech, item)
    return (f"({said})" if isinstance(item, model.Arithmetic | model.Shifted) else said), speech.name_of(item)


def _compare(speech: Speech, said: model.Compare) -> str:
    if _on_age(said):
        return _aged(speech, said)
    if isinstance(said.right, model.Shifted) and compared(said.operator, said.right) in ("gt", "ge"):
        if far := _far(speech, said.operator, said.left, said.right):
            return far
    if said.operator == "eq":
        return _equal(speech, said, negated=False)
    subject, name = _subject(speech, said.left, said.right)
    other = _other(speech, said.right)
    if said.operator == "ne" or isinstance(said.left, model.Literal):
        return f"{subject} {_SIGNS[said.operator]} {other}"
    dated = isinstance(said.left.type, t.Date | t.DateTime | t.Time)
    if isinstance(said.left, model.FactOf) and said.left.seems:
        return f"{subject} {_is(speech, said.left, name, False)} {_seeming(speech, said.operator, dated, other)}"
    words = _dated if dated else _measured
    return f"{subject} {words(speech, said.operator, name, other)}{_limit(speech, said)}"


def _other(speech: Speech, other: model.Value) -> str:
    said = part(speech, other)
    counted = isinstance(other, model.Shifted | model.Elapsed) and " " in said
    return f"({said})" if counted or (isinstance(other, model.Arithmetic) and not is_portion(other)) else said


def _limit(speech: Speech, said: model.Compare) -> str:
    """Where it is to be read: whether the bound is included."""
    if not speech.explicit or not isinstance(said.right, model.Literal):
        return ""
    shown = value(speech, said.right)
    strict = said.operator in ("lt", "gt")
    return f" ({shown} {speech.choose('non compris' if strict else 'compris', 'excluded' if strict else 'included')})"


def _measured(speech: Speech, operator: str, name: str, other: str) -> str:
    if not speech.french:
        is_ = speech.is_(name)
        many = is_ == "are"
        return {
            "gt": f"{'exceed' if many else 'exceeds'} {other}", "ge": f"{is_} at least {other}",
            "lt": f"{is_} less than {other}", "le": f"{'do' if many else 'does'} not exceed {other}",
        }[operator]  # fmt: skip
    match operator:
        case "gt":
            return f"{speech.verb(name, 'dépasse', 'dépassent')} {other}"
        case "ge":
            return f"{speech.is_(name)} d'au moins {other}"
        case "lt" if speech.agreement(name).gender or speech.agreement(name).plural:
            return f"{speech.is_(name)} {speech.agreed('inférieur', name)} {speech.to(other)}"
        case "lt":
            verb = speech.verb(name, "n'atteint pas", "n'atteignent pas")
            return f"{verb} {other}"
        case _:
            return f"{speech.verb(name, 'ne dépasse pas', 'ne dépassent pas')} {other}"


def _seeming(speech: Speech, operator: str, dated: bool, other: str) -> str:
    """What follows « semble »."""
    if dated:
        return _dated(speech, operator, "", other).partition(" ")[2]
    if not speech.french:
        return f"{ {'gt': 'above', 'ge': 'at least', 'lt': 'below', 'le': 'at most'}[operator] } {other}"
    high = "supérieur" if operator in ("gt", "ge") else "inférieur"
    return f"{high}{' ou égal' if operator in ('ge', 'le') else ''} {speech.to(other)}"


def _dated(speech: Speech, operator: str, name: str, other: str) -> str:
    is_ = speech.is_(name)
    if not speech.french:
        return f"{is_} { {'gt': 'after', 'ge': 'from', 'lt': 'before', 'le': 'until'}[operator] } {other}"
    match operator:
        case "gt":
            return f"{is_} après {other}"
        case "lt":
            return f"{is_} avant {other}"
        case "ge":
            return f"{is_} à partir {speech.of(other)}"
        case _:
            upto = speech.to(other)
            return f"{is_} jusqu'{upto}"


def _equal(speech: Speech, said: model.Compare, negated: bool) -> str:
    subject, name = _subject(speech, said.left, said.right)
    other = _other(speech, said.right)
    is_ = _is(speech, said.left, name, negated)
    bare = isinstance(said.right.type, t.Date | t.Choice) or not isinstance(said.right, model.Literal)
    if isinstance(said.right.type, t.Time):
        return f"{subject} {is_} {speech.choose('à', 'at')} {other}"
    return f"{subject} {is_} {other if bare or not speech.french else f'de {other}'}"


def _between(speech: Speech, said: model.Between, negated: bool) -> str:
    subject, name = _subject(speech, said.item, said.low)
    aged = isinstance(said.item, model.Elapsed) and is_age(said.item)
    if isinstance(said.item, model.Elapsed) and aged:
        subject = _subject_of_age(speech, said.item)
    is_ = _is(speech, said.item, name, negated)
    if not speech.explicit and (within := window(speech, said)):
        return f"{subject} {is_} {within}"
    low, high = (_bound(speech, said.item, bound) for bound in (said.low, said.high))
    marked = not (said.low_included and said.high_included) or isinstance(said.item.type, t.Time) or speech.explicit
    if marked:
        low = f"{low} {mark(speech, said.low_included)}"
        high = f"{high} {mark(speech, said.high_included)}"
    has = aged and speech.french and not negated
    verb = "a" if has else is_
    return f"{subject} {verb} {speech.word('structure', 'BETWEEN')} {low} {speech.word('structure', 'AND')} {high}"


def mark(speech: Speech, included: bool) -> str:
    """« inclus », « exclus »."""
    return speech.choose("inclus" if included else "exclus", "inclusive" if included else "exclusive")


def _bound(speech: Speech, item: model.Value, bound: model.Value) -> str:
    if isinstance(item, model.Elapsed) and is_age(item) and isinstance(bound, model.Literal):
        return f"{value(speech, bound)}{GLUE}{speech.choose('ans', 'years')}"
    return _other(speech, bound)


# ---- dates against today


def _on_age(said: model.Compare) -> bool:
    return isinstance(said.left, model.Elapsed) and is_age(said.left)


def is_age(said: model.Elapsed) -> bool:
    """Whole years up to the date of the decision."""
    return said.unit == "year" and isinstance(said.end, model.Today) and isinstance(said.type, t.Number)


def _subject_of_age(speech: Speech, item: model.Elapsed) -> str:
    """« le client » where one date of birth is his; else the date."""
    start = item.start
    if not isinstance(start, model.FactOf) or start.of is not None:
        return value(speech, start)
    dates = [f for f in speech.facts.values() if isinstance(f.slot.type, t.Date | t.DateTime)]
    own = [f for f in dates if f.slot.names[:-1] == speech.facts[start.path].slot.names[:-1]]
    births = [f for f in own if speech.choose("naissance", "birth") in f.slot.names[-1].lower().split()]
    alone = [f.slot.path for f in births or own] == [start.path]
    return (alone and speech.owner(start.path)) or speech.fact(start.path)


def _aged(speech: Speech, said: model.Compare) -> str:
    assert isinstance(said.left, model.Elapsed)
    subject = _subject_of_age(speech, said.left)
    years = f"{value(speech, said.right)}{GLUE}{speech.choose('ans', 'years')}"
    if not speech.french:
        words = {"ge": "is at least", "lt": "is under", "le": "is at most", "gt": "is over", "eq": "is", "ne": "≠"}
        return f"{subject} {words[said.operator]} {years}"
    if not isinstance(said.left.start, model.FactOf) or subject == speech.fact(said.left.start.path):
        words = {"ge": "est d'au moins", "lt": "est de moins de", "le": "est d'au plus", "gt": "est de plus de",
                 "eq": "est de", "ne": "≠"}  # fmt: skip
    else:
        words = {"ge": "a au moins", "lt": "a moins de", "le": "a au plus", "gt": "a plus de", "eq": "a", "ne": "≠"}
    return f"{subject} {words[said.operator]} {years}"


def _relative(speech: Speech, said: model.All) -> str:
    """« il y a moins de 30 jours » is two comparisons; "" for any others."""
    match said.items:
        case (
            model.Compare(operator, left, model.Shifted() as bound),
            model.Compare(past, other, start),
        ) if left == other and start == bound.date and past == ("le" if is_earlier(bound) else "ge"):
            return _far(speech, operator, left, bound) if compared(operator, bound) in ("lt", "le") else ""
    return ""


def _far(speech: Speech, operator: str, left: model.Value, bound: model.Shifted) -> str:
    """How far a date is from another; "" where it is not said so."""
    way = compared(operator, bound)
    if way == "ne" or speech.explicit or not span_of(speech, bound):
        return ""
    far = distance(speech, way, bound, value(speech, bound.date))
    return f"{value(speech, left)} {speech.is_(speech.name_of(left))} {far}"


# ---- membership, yes and no


def _is(speech: Speech, item: model.Value, name: str, negated: bool) -> str:
    """« est », « n'est pas »; « semble », « ne semble pas » of what is judged."""
    if isinstance(item, model.FactOf) and item.seems:
        ways = words(speech.language).tables["structure"]["SEEMS_NOT" if negated else "SEEMS"]
        return speech.verb(name, ways[0], ways[1])
    return speech.is_not(name) if negated else speech.is_(name)


def _among(speech: Speech, said: model.Among, negated: bool) -> str:
    name, subject = speech.name_of(said.item), value(speech, said.item)
    is_ = _is(speech, said.item, name, negated)
    shown = [value(speech, each) for each in said.values]
    if len(shown) == 1:
        return f"{subject} {is_} {shown[0]}"
    keys = tuple(str(each.value) for each in said.values)
    if isinstance(said.item, model.FactOf) and not said.item.of and (whole := speech.named_set(said.item.path, keys)):
        spelled = f" ({_listed(shown, speech.word('structure', 'OR'))})" if speech.explicit else ""
        return f"{subject} {is_} {speech.choose('parmi', 'one of')} {whole}{spelled}"
    if not isinstance(said.item.type, t.Choice):
        among = speech.word("structure", "ONE_OF")
        return f"{subject} {is_} {among} {_listed(shown, speech.choose('et', 'and'))}"
    if negated and speech.french:
        neither = speech.verb(name, "n'est", "ne sont")
        return f"{subject} {neither} {' '.join(f'ni {each}' for each in shown)}"
    if negated:
        return f"{subject} {speech.is_(name)} neither {' nor '.join(shown)}"
    return f"{subject} {is_} {_listed(shown, speech.word('structure', 'OR'))}"


def _listed(shown: list[str], last: str) -> str:
    return f"{', '.join(shown[:-1])} {last} {shown[-1]}"


def _holds(speech: Speech, item: model.Value, negated: bool) -> str:
    name = speech.name_of(item)
    fact = speech.term(item) if isinstance(item, model.FactOf) else None
    owner = owner_of(speech, item) if isinstance(item, model.FactOf) else ""
    if fact and fact.verb and (owner or not speech.vocabulary.inferred):
        return f"{owner} {_verb(speech, name, negated)}".strip()
    if fact and fact.trait and owner:
        is_ = _is(speech, item, fact.slot.names[-2] if len(fact.slot.names) > 1 else "", negated)
        return f"{owner} {is_} {name}"
    return truth(speech, value(speech, item), name, yes=not negated)


def owner_of(speech: Speech, item: model.FactOf) -> str:
    """What a fact belongs to: « le client », « l'article », « l'article dont la quantité est la plus élevée »."""
    if isinstance(item.of, model.Aggregated) and len(speech.term(item).slot.names) == 1:
        return element(speech, item.of, condition)
    return speech.owner_of(item)


def _verb(speech: Speech, name: str, negated: bool) -> str:
    if not negated:
        return name
    verb, _, rest = name.partition(" ")
    if not speech.french:
        return f"does not {base_form(verb)} {rest}".strip()
    no = f"n'{verb}" if verb[:1].lower() in "aeiouéèêh" else f"ne {verb}"
    return f"{no} pas {rest}".strip()


def truth(speech: Speech, said: str, name: str, yes: bool) -> str:
    """« la livraison est offerte »; where the name does not make a sentence, « le cadeau est oui »."""
    if speech.vocabulary.inferred and yes:
        return said
    is_ = (speech.is_ if yes else speech.is_not)(name)
    parts = name.split(" ")
    if len(parts) == 2 and fold(name) not in speech.foreign and said.endswith(name) and said != name:
        if speech.french and "'" not in name and not {"de", "à", "en"} & set(parts):
            return f"{said.removesuffix(name)}{parts[0]} {is_} {parts[1]}"
        if not speech.french and said == f"the {name}":
            return f"{parts[1]} {is_} {parts[0]}"
    word = speech.word("values", "yes" if yes else "no")
    return f"{said} {speech.is_(name)} {word}"


def _given(speech: Speech, item: model.FactOf | model.OutcomeOf, negated: bool) -> str:
    name, subject = speech.name_of(item), value(speech, item)
    is_ = (speech.is_not if negated else speech.is_)(name)
    return f"{subject} {is_} {speech.agreed('renseigné', name) if speech.french else 'given'}"


def _text(speech: Speech, said: model.TextTest, negated: bool) -> str:
    name, subject = speech.name_of(said.item), value(speech, said.item)
    text = quoted(said.pattern, speech.french)
    exactly = f"{speech.word('structure', 'EXACTLY')} " if said.exact else ""
    if speech.explicit and not said.exact:
        text += speech.choose(" (majuscules et accents ne comptent pas)", " (case and accents do not count)")
    if said.test == "equals":
        return f"{subject} {speech.is_not(name) if negated else speech.is_(name)} {exactly}{text}"
    verb = speech.word("text_tests", f"not_{said.test}" if negated else said.test)
    return f"{subject} {verb} {exactly}{text}"


def _calendar(speech: Speech, said: model.Calendar, negated: bool) -> str:
    day = day_of(speech, said.what)
    if speech.explicit:
        day += _SPELLED[speech.language].get(said.what, "")
    worked = said.what in ("working_day", "business_day")  # « un jour ouvré » alone is a length of time
    if isinstance(said.date, model.Today) and not (speech.explicit or worked):
        return day.replace("un ", "le ", 1) if day.startswith("un ") and said.what != "holiday" else day
    if isinstance(said.date, model.Today):
        return speech.choose(f"aujourd'hui est {day}", f"today is {day}")
    name = speech.name_of(said.date)
    return f"{value(speech, said.date)} {speech.is_not(name) if negated else speech.is_(name)} {day}"


_SPELLED = {
    "fr": {"weekday": " (du lundi au vendredi)", "weekend": " (samedi ou dimanche)"},
    "en": {"weekday": " (Monday to Friday)", "weekend": " (Saturday or Sunday)"},
}
