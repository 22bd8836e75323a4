"""What is asked of a list in, its words out: counts, sums, ranks, filters, and how many of its elements there are.

Filters stand in parentheses, so that what follows them is never read as theirs.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from rulec.printing.names import Speech, UnsaidError
from rulec.printing.others import beside
from rulec.printing.ranks import highest, many, one, own_rank, place_of, ranked_source, sorted_by
from rulec.runtime import types as t
from rulec.runtime.plain import Plain, plain
from rulec.semantics import model

Said = Callable[[Speech, model.Condition], str]
Valued = Callable[[Speech, model.Value], str]


# ---- elements


def listed(speech: Speech, source: model.Value, condition: Said) -> str:
    """The elements of a list, all of them or those of a filter: « les articles dont (la quantité dépasse 2) »."""
    match source:
        case model.Filtered(model.FactOf(of=model.Aggregated() as owner) as inner, name, test):
            return _of_one(speech, inner, _adjective(speech, inner, name, test), element(speech, owner, condition))
        case model.FactOf(of=model.Aggregated() as owner):
            return _of_one(speech, source, "", element(speech, owner, condition))
        case model.Filtered(inner, name, test):
            speech.enter(name, inner)
            found = beside(speech, test, name)
            article, _, rest = listed(speech, inner, condition).partition(" ")
            other = f"{found.adjective}s " if found.adjective and speech.french else f"{found.adjective} ".lstrip()
            return f"{article} {other}{rest}{found.same}{_filter(speech, found.left, condition)}"
        case model.Taken():
            return many(speech, source, listed(speech, ranked_source(source), condition))
        case model.SortedBy():
            return f"{listed(speech, source.source, condition)} {sorted_by(speech, source)}"
        case model.FactOf():
            *owners, own = speech.term(source).slot.names
            return _owned(speech, own, owners)
        case model.OutcomeOf(key):
            return _owned(speech, _plural(speech, speech.outcomes[key].slot.name), [])
        case _:
            raise UnsaidError


def _of_one(speech: Speech, inner: model.FactOf, adjective: str, owner: str) -> str:
    """« les lignes lourdes de la commande dont la date est la plus récente »."""
    own = speech.term(inner).slot.names[-1]
    named = f"{own} {adjective}s" if speech.french else f"{adjective} {own}"
    return f"{speech.choose('les', 'the')} {named if adjective else own} {speech.of(owner)}"


def _adjective(speech: Speech, inner: model.FactOf, name: str, test: model.Condition) -> str:
    """What elements are, in one word: other filters would be read as those of what the list is of."""
    state = _state(speech, name, speech.enter(name, inner), test)
    if not state or not isinstance(test, model.Holds):
        raise UnsaidError
    return state


def _owned(speech: Speech, own: str, owners: Sequence[str]) -> str:
    """« les commandes du client » | "the orders of the customer"."""
    said = f"{speech.choose('les', 'the')} {own}"
    for owner in reversed(owners):
        said = f"{said} {speech.of(speech.noun(owner))}"
    return said


def _filter(speech: Speech, tests: Sequence[model.Condition], condition: Said) -> str:
    """« dont (la quantité dépasse 2) », after a space; nothing where nothing is said."""
    return f" {_whose(speech)} ({condition(speech, _all(tests))})" if tests else ""


def _whose(speech: Speech) -> str:
    return speech.choose("dont", "whose")


def _plural(speech: Speech, name: str) -> str:
    """« prix », « remises de ligne » | "line discounts"."""
    first, gap, rest = name.partition(" ") if speech.french else ("", "", name)
    if not speech.french:
        head, of, tail = name.partition(" of ")
        return f"{_many(head)}{of}{tail}"
    many = f"{first[:-1]}ux" if first.endswith("al") and first not in _IN_ALS else _many(first)
    return f"{many}{gap}{rest}"


_IN_ALS = ("bal", "carnaval", "cérémonial", "chacal", "festival", "récital", "régal")


def _many(word: str) -> str:
    return word if word.endswith(("s", "x", "z")) else f"{word}s"


def attributes(speech: Speech, source: model.Value, condition: Said, kind: str = "") -> str:
    """The values of elements: « les prix des articles », « les codes ». `kind`: « distincts », « les plus élevés »."""
    match source:
        case model.Collected(inner, name, model.FactOf() | model.OutcomeOf() as value) if _is_own(value, name):
            whole = listed(speech, inner, condition)
            speech.enter(name, inner)
            own = _plural(speech, speech.name_of(value))
            return f"{speech.choose('les', 'the')} {_kinded(speech, own, kind)} {speech.of(whole)}"
        case model.Collected():
            raise UnsaidError
        case model.FactOf() if kind:
            whole = listed(speech, source, condition)
            article, _, own = whole.partition(" ")
            return f"{article} {_kinded(speech, own, kind)}"
        case _:
            return listed(speech, source, condition)


def _is_own(value: model.FactOf | model.OutcomeOf, name: str) -> bool:
    """Whether a value is what the element bound to a name has, or is decided of it."""
    bound = isinstance(value.of, model.ItemOf) and value.of.name == name
    return bound and not (isinstance(value, model.FactOf) and not value.path)


def _kinded(speech: Speech, own: str, kind: str) -> str:
    if not kind:
        return own
    return f"{own} {kind}" if speech.french else f"{kind} {own}"


# ---- values


def aggregated(speech: Speech, said: model.Aggregated, condition: Said, value: Valued) -> str:
    """« le nombre d'articles », « la somme des (prix × quantité) des articles », « le plus élevé des montants »."""
    source = said.source
    if isinstance(source, model.Distinct):
        distinct = attributes(speech, source.source, condition, speech.choose("distincts", "distinct"))
        return f"{_head(speech, said.how)} {_of_all(speech, said.how, distinct)}"
    if (taken := own_rank(source)) is not None:
        whole, own = listed(speech, ranked_source(taken), condition), ""
        if isinstance(source, model.Collected):
            speech.enter(source.name, ranked_source(taken))
            own = _plural(speech, speech.name_of(source.value))
        return f"{_head(speech, said.how)} {speech.of(highest(speech, taken, own, whole))}"
    if isinstance(source, model.Collected) and not isinstance(source.value, model.FactOf | model.OutcomeOf):
        whole = listed(speech, source.source, condition)
        speech.enter(source.name, source.source)
        many = speech.choose("des", "of the")
        return f"{_head(speech, said.how)} {many} ({value(speech, source.value)}) {speech.of(whole)}"
    return f"{_head(speech, said.how)} {_of_all(speech, said.how, attributes(speech, source, condition))}"


def _of_all(speech: Speech, how: str, said: str) -> str:
    """« d'articles » of a count, « des articles » of all else."""
    bare = said.removeprefix(speech.choose("les ", "the "))
    return speech.of(bare if how == "count" else said)


def _head(speech: Speech, how: str) -> str:
    """« le nombre », « la somme »."""
    if how in ("max", "min"):
        return f"{speech.choose('le', 'the')} {speech.word('picks', how)}"
    if how not in ("count", "sum", "mean"):
        raise UnsaidError
    noun = speech.word("aggregates", how).removesuffix(speech.choose(" de", " of"))
    return f"{speech.choose('le' if how == 'count' else 'la', 'the')} {noun}"


def element(speech: Speech, said: model.Aggregated, condition: Said) -> str:
    """One element: « l'article dont la quantité est la plus élevée », « le premier article »."""
    if said.how not in ("first", "last", "only"):
        raise UnsaidError
    taken = said.source if isinstance(said.source, model.Taken) else None
    source = taken.source if taken is not None else said.source
    ranked = source if isinstance(source, model.SortedBy) else None
    inner, told = _which(speech, ranked.source if ranked is not None else source, condition)
    name = speech.element_name(inner)
    if said.how == "only":
        return f"{speech.noun(name)}{told}"
    head, rank = one(speech, name, place_of(said.how, taken), ranked)
    return f"{head}{told}{rank}"


def _which(speech: Speech, source: model.Value, condition: Said) -> tuple[model.Value, str]:
    """A list without its filters, and these in words."""
    tests: list[model.Condition] = []
    while isinstance(source, model.Filtered):
        speech.enter(source.name, source.source)
        tests.insert(0, source.condition)
        source = source.source
    return source, "".join(f" {_whose(speech)} ({condition(speech, test)})" for test in tests)


# ---- conditions


def counted(speech: Speech, said: model.CountWhere, condition: Said) -> str:
    """« au moins un article est fragile », « entre 2 et 5 articles dont (le prix dépasse 10 €) »."""
    if (placed := _placed(speech, said, condition)) is not None:
        return placed
    told = _told(speech, said, condition)
    if isinstance(said.source, model.Taken):
        return _of_taken(speech, said, told, condition)
    if (said.low, said.high) == (1, None):
        some = "au moins une" if told.feminine else "au moins un"
        return f"{speech.choose(some, 'at least one')} {told.other}{told.one}{told.filter}{told.is_state(speech)}"
    number = _number(speech, said.low, said.high)
    return f"{number} {_counted_names(speech, said.source, told.other)}{told.filter}{told.are_state(speech)}"


def _placed(speech: Speech, said: model.CountWhere, condition: Said, *, negated: bool = False) -> str | None:
    """« l'article est le deuxième article »; None where something else is said."""
    match said:
        case model.CountWhere(
            1, None, model.Taken() as taken, name,
            model.Not(model.Another(model.ItemOf() as around, model.ItemOf(own, kind))),
        ) if own == name:  # fmt: skip
            whole = taken if taken.skip else taken.source
            one_of = model.Aggregated("last" if taken.last and not taken.skip else "first", whole, kind)
            verb = speech.is_not if negated else speech.is_
            return f"{speech.spoken_of(around)} {verb(speech.name_of(around))} {element(speech, one_of, condition)}"
        case _:
            return None


def _of_taken(speech: Speech, said: model.CountWhere, told: "_Told", condition: Said) -> str:
    """« au moins une des 2 premières commandes est payée »."""
    if told.filter or told.other:
        raise UnsaidError
    of = speech.of(listed(speech, said.source, condition))
    if (said.low, said.high) == (1, None):
        some = "au moins une" if told.feminine else "au moins un"
        return f"{speech.choose(some, 'at least one')} {of}{told.is_state(speech)}"
    return f"{_number(speech, said.low, said.high)} {of}{told.are_state(speech)}"


def none_of(speech: Speech, said: model.CountWhere, condition: Said) -> str:
    """« aucun article n'est fragile », « tous les articles sont fragiles »; "" where it is another count."""
    if (said.low, said.high) != (1, None):
        return ""
    if isinstance(said.source, model.Taken):
        return _placed(speech, said, condition, negated=True) or _none_taken(speech, said, condition)
    *filters, last = said.condition.items if isinstance(said.condition, model.All) else (said.condition,)
    if isinstance(last, model.Not) and not isinstance(last.item, model.All):
        every = _told(speech, replace(said, condition=_all((*filters, last.item))), condition)
        if every.state:
            some = speech.choose("toutes les" if every.feminine else "tous les", "all")
            names = _counted_names(speech, said.source, every.other)
            return f"{some} {names}{every.filter}{every.are_state(speech)}"
    told = _told(speech, said, condition)
    if told.state and told.filter:  # « n'est » stands right after what it denies
        told = replace(told, filter=f" {_whose(speech)} ({condition(speech, said.condition)})", state="")
    none = speech.choose("aucune" if told.feminine else "aucun", "no")
    return f"{none} {told.other}{told.one}{told.filter}{told.is_no_state(speech)}"


def _none_taken(speech: Speech, said: model.CountWhere, condition: Said) -> str:
    """« toutes les 2 premières commandes sont payées », « aucune des 2 … n'est payée »."""
    names, denied = listed(speech, said.source, condition), said.condition
    told = _told(speech, replace(said, condition=denied.item if isinstance(denied, model.Not) else denied), condition)
    if not told.state or told.filter or told.other:
        raise UnsaidError
    if isinstance(denied, model.Not):
        return f"{speech.choose('toutes' if told.feminine else 'tous', 'all')} {names}{told.are_state(speech)}"
    none = speech.choose("aucune" if told.feminine else "aucun", "none")
    return f"{none} {speech.of(names)}{told.is_no_state(speech)}"


@plain
class _Told(Plain):
    """What is said of elements: what one is called, which of them are meant, and the state that they are in.

    `other`: « autre » before what they are called.
    """

    one: str
    other: str
    feminine: bool
    filter: str
    state: str

    def is_state(self, speech: Speech) -> str:
        """« est fragile »."""
        return f" {speech.choose('est', 'is')} {self.state}" if self.state else ""

    def is_no_state(self, speech: Speech) -> str:
        """« n'est fragile », after « aucun »."""
        said = self.is_state(speech)
        return said.replace(" est ", " n'est ", 1) if speech.french else said

    def are_state(self, speech: Speech) -> str:
        """« sont fragiles »."""
        several = self.state if " " in self.state else _many(self.state)
        return f" {speech.choose(f'sont {several}', f'are {self.state}')}" if self.state else ""


def _told(speech: Speech, said: model.CountWhere, condition: Said) -> _Told:
    facts = speech.enter(said.name, said.source)
    one, found = speech.element_name(said.source), beside(speech, said.condition, said.name)
    *filters, last = found.left or (model.Always(),)
    splits = len(filters) <= 1 and not isinstance((*filters, None)[0], model.All)
    state = _state(speech, said.name, facts, last) if splits else ""
    test = _all(filters if state else found.left)
    whole = "" if isinstance(test, model.Always) else f" {_whose(speech)} ({condition(speech, test)})"
    if not state and _is_plain(test, said.name):
        article, _, rest = condition(speech, test).partition(" ")
        whole = f" {_whose(speech)} {rest if article == 'the' else f'{article} {rest}'}"
    other = f"{found.adjective} ".lstrip()
    return _Told(one, other, speech.agreement(one).gender == "f", found.same + whole, state)


def _is_plain(said: model.Condition, name: str) -> bool:
    """Whether a condition tells one thing of an element, in words that need no parentheses."""
    match said:
        case model.Compare(_, model.FactOf(path, of=model.ItemOf(bound)), model.Literal()):
            return bool(path) and bound == name
        case model.TextTest(_, item) | model.IsGiven(item) | model.Among(item, (_,)):
            return isinstance(item, model.FactOf) and bool(item.path) and item.of == model.ItemOf(name, _type_of(item))
        case _:
            return False


def _type_of(item: model.FactOf) -> t.Type:
    return item.of.type if item.of is not None else item.type


def _all(items: Sequence[model.Condition]) -> model.Condition:
    return model.Always() if not items else items[0] if len(items) == 1 else model.All(tuple(items))


def _state(speech: Speech, name: str, facts: dict[str, model.FactTerm], said: model.Condition) -> str:
    """« fragile », « en stock »: what an element is; "" for any other condition."""
    match said:
        case model.Holds(model.FactOf(path, of=model.ItemOf(bound))) if bound == name and path in facts:
            return facts[path].slot.names[-1] if facts[path].trait else ""
        case model.Among(model.FactOf(path, of=model.ItemOf(bound)), (value,)) if bound == name and path in facts:
            kind = facts[path].slot.type
            label = speech.label(kind, str(value.value)) if isinstance(kind, t.Choice) else ""
            return label if label and speech.says_one_thing(label) else ""
        case _:
            return ""


def _counted_names(speech: Speech, source: model.Value, other: str) -> str:
    """« articles », « commandes du client », « autres lignes »."""
    several = f"{other.strip()}s " if other and speech.french else other
    return several + listed(speech, source, _unsaid).removeprefix(speech.choose("les ", "the "))


def _unsaid(speech: Speech, said: model.Condition) -> str:
    raise UnsaidError


def _number(speech: Speech, low: int, high: int | None) -> str:
    if high is None:
        return f"{speech.choose('au moins', 'at least')} {low}"
    if low == high:
        return f"{speech.word('structure', 'EXACTLY')} {low}"
    if low == 0:
        return f"{speech.choose('au plus', 'at most')} {high}"
    return f"{speech.word('structure', 'BETWEEN')} {low} {speech.word('structure', 'AND')} {high}"


def has(speech: Speech, said: model.ListHas, condition: Said, value: Valued) -> str:
    """« la liste des pays contient la France »."""
    whole = attributes(speech, said.source, condition)
    verb = speech.word("text_tests", "contains")
    return f"{speech.choose('la liste', 'the list')} {speech.of(whole)} {verb} {value(speech, said.item)}"
