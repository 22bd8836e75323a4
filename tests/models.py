"""Random models over the shared declarations of the pairs: conditions, values and effects of every kind."""

from decimal import Decimal

from hypothesis import strategies as st

from rulec.runtime import types as t
from rulec.semantics import model
from rulec.semantics.effect_values import ROUNDING

Conditions = st.SearchStrategy[model.Condition]
DAYS = (
    "monday", "sunday", "weekday", "weekend", "holiday", "january", "august", "working_day", "business_day", "half_2",
    "quarter_3", "this_month", "last_year", "month_start", "next_week",
)  # fmt: skip
DURING = (("", None), ("march", 2026), ("quarter_4", 2025), ("half_1", 2024), ("year", 2026), ("june-august", 2026),
          ("this_month", None), ("last_month", None))  # fmt: skip
TEXTS = st.sampled_from(["VIP", "été 26", "l'an", 'dit "non"', "a, b et c", "« x »", "# 1", "A*-??", "0 %"])


def conditions(vocabulary: model.Vocabulary) -> Conditions:
    """A condition on the facts and outcomes of a vocabulary."""
    return st.recursive(_single(vocabulary), _several, max_leaves=6)


def _several(inner: Conditions) -> Conditions:
    items = st.lists(inner, min_size=2, max_size=4).map(tuple)
    return st.one_of(
        items.map(model.All), items.map(model.AnyOf), inner.map(model.Not),
        items.map(lambda each: model.Count(1, 1, each)),
        items.flatmap(lambda each: st.integers(2, len(each)).map(lambda low: model.Count(low, len(each), each))),
        items.flatmap(lambda each: st.integers(0, len(each) - 1).map(lambda high: model.Count(0, high, each))),
    )  # fmt: skip


def _single(vocabulary: model.Vocabulary) -> Conditions:
    facts: list[model.FactOf | model.OutcomeOf] = [
        model.FactOf(fact.slot.path, fact.slot.type) for fact in vocabulary.facts
    ]
    outcomes = [model.OutcomeOf(each.slot.key, each.slot.type) for each in vocabulary.outcomes]
    return st.sampled_from([*facts, *outcomes]).flatmap(about)


def about(item: model.FactOf | model.OutcomeOf) -> Conditions:
    """A condition on one fact or outcome."""
    kind = item.type
    found: list[Conditions] = []
    match kind:
        case t.YesNo():
            found = [st.just(model.Holds(item))]
        case t.Choice(options):
            values = [model.Literal(option.key, kind) for option in options]
            some = st.lists(st.sampled_from(values), min_size=1, max_size=3, unique=True).map(tuple)
            found = [some.map(lambda each: model.Among(item, each))]
        case t.Text():
            tests = st.sampled_from(["starts", "ends", "contains", "matches", "equals"])
            found = [st.builds(model.TextTest, tests, st.just(item), TEXTS, st.booleans())]
        case t.Date():
            found = [st.sampled_from(DAYS).map(lambda day: model.Calendar(day, item)), _compared(item), _counted(item)]
        case _:
            found = [_compared(item), _between(item)]
    if isinstance(item, model.FactOf) and item.path == "customer.promo_code":
        found.append(st.just(model.IsGiven(item)))
    return st.one_of(found)


def literals(kind: t.Type) -> st.SearchStrategy[model.Literal]:
    """A literal of a type."""
    held: st.SearchStrategy[object]
    match kind:
        case t.Date():
            held = st.dates()
        case t.Time():
            held = st.times().map(lambda moment: moment.replace(second=0, microsecond=0))
        case t.Number(True):
            held = st.integers(0, 10**6).map(Decimal)
        case t.Percentage():
            held = st.integers(0, 2000).map(lambda n: Decimal(n).scaleb(-3))
        case t.Duration():
            held = st.integers(1, 400).map(Decimal)
        case _:
            held = st.integers(0, 10**8).map(lambda n: Decimal(n).scaleb(-2))
    return held.map(lambda value: model.Literal(value, kind))


def _compared(item: model.FactOf | model.OutcomeOf) -> Conditions:
    return st.builds(model.Compare, st.sampled_from(["lt", "le", "eq", "ge", "gt"]), st.just(item), literals(item.type))


def _counted(item: model.FactOf | model.OutcomeOf) -> Conditions:
    """How many days from a date to today, or to the end of a month; how many its month has."""
    whole = t.Number(whole=True)
    within = st.builds(
        lambda unit, during: model.Elapsed(unit, item, model.Today(t.Date()), whole, *during),
        st.sampled_from(["day", "working_day", "business_day"]), st.sampled_from(DURING),
    )  # fmt: skip
    counts = st.one_of(within, st.just(model.Elapsed("month_days", item, item, whole)))
    return st.builds(model.Compare, st.sampled_from(["lt", "le", "eq", "ge", "gt"]), counts, literals(whole))


def _between(item: model.FactOf | model.OutcomeOf) -> Conditions:
    def made(one: model.Literal, other: model.Literal, low: bool, high: bool) -> model.Condition:
        first, last = (one, other) if one.value <= other.value else (other, one)  # type: ignore[operator]  # of one type
        return model.Between(item, first, last, low, high)

    ends = st.booleans()
    return st.builds(made, literals(item.type), literals(item.type), ends, ends)


# ---- rules


def rules(vocabulary: model.Vocabulary) -> st.SearchStrategy[model.Rule]:
    """A rule, titled or not, with « sinon » or « sauf si »."""
    said = st.lists(_effect(vocabulary), min_size=1, max_size=3, unique_by=_told).map(tuple)
    branch = st.builds(model.Branch, conditions(vocabulary), said)
    rest = said.map(lambda effects: model.Branch(model.Always(), effects))
    branches = st.tuples(st.lists(branch, min_size=1, max_size=3), st.lists(rest, max_size=1))
    return st.tuples(
        st.sampled_from(["", "Fidélité", "Règle 1", "L'été"]), branches, st.none() | conditions(vocabulary),
        st.just("") | TEXTS,
    ).map(lambda drawn: _rule(drawn[0], *drawn[1], drawn[2], drawn[3]))  # fmt: skip


def _rule(
    title: str, branches: list[model.Branch], rest: list[model.Branch], unless: model.Condition | None, because: str
) -> model.Rule:
    every = (*branches, *rest)
    name = title or "x:1"
    return model.Rule(name, name, "x", 1, every, None if len(every) > 1 else unless, because=because)


def _told(effect: model.Effect) -> str:
    return effect.action if isinstance(effect, model.Do) else effect.outcome


def _effect(vocabulary: model.Vocabulary) -> st.SearchStrategy[model.Effect]:
    gives = [_give(each.slot) for each in vocabulary.outcomes]
    does = [_do(each.slot) for each in vocabulary.actions]
    forbid = st.sampled_from(["discount", "shipping", "score"]).map(model.Forbid)
    return st.one_of(*gives, *does, forbid)


def _give(slot: t.OutcomeSlot) -> st.SearchStrategy[model.Effect]:
    values: st.SearchStrategy[model.Value]
    match slot.type:
        case t.YesNo():
            values = st.booleans().map(lambda yes: model.Literal(yes, t.YesNo()))
        case t.Choice(options):
            values = st.sampled_from([model.Literal(option.key, slot.type) for option in options])
        case t.Amount() as kind:
            values = literals(kind) | _calculated(kind)
        case kind:
            values = literals(kind)
    return values.map(lambda value: model.Give(slot.key, value))


def _calculated(kind: t.Amount) -> st.SearchStrategy[model.Value]:
    net = model.FactOf("order.net_amount", t.Amount("EUR", "net"))
    rates = literals(t.Percentage())
    part = rates.map(lambda rate: model.Arithmetic("mul", rate, net, kind))
    capped = st.tuples(part, literals(kind), st.sampled_from(["min", "max"])).map(
        lambda drawn: model.Limited(drawn[2], drawn[0], drawn[1], kind)
    )
    steps = st.sampled_from(list(ROUNDING.values()))
    rounded = st.tuples(part | capped, steps).map(
        lambda drawn: model.Rounded(drawn[0], Decimal(drawn[1][0]), drawn[1][1], kind)
    )
    return st.one_of(part, capped, rounded)


def _do(slot: t.ActionSlot) -> st.SearchStrategy[model.Effect]:
    if not slot.parameters:
        return st.just(model.Do(slot.key))
    return TEXTS.map(lambda text: model.Do(slot.key, ((slot.parameters[0][0], model.Literal(text, t.Text())),)))


# ---- lists


def on_lists(vocabulary: model.Vocabulary) -> Conditions:
    """A condition on the elements of the lists of a vocabulary, on what is asked of them, and on other facts."""
    lists = [fact for fact in vocabulary.facts if fact.elements]
    plain = [_fact(fact) for fact in vocabulary.facts if isinstance(fact.slot.type, t.Text)]
    single = st.sampled_from(lists).flatmap(lambda fact: _on_list(_fact(fact), fact, depth=2))
    return st.recursive(single | st.sampled_from(plain).flatmap(about), _several, max_leaves=4)


def _fact(fact: model.FactTerm, of: model.Value | None = None) -> model.FactOf:
    return model.FactOf(fact.slot.path, fact.slot.type, of=of, optional=fact.slot.optional)


def _on_list(source: model.FactOf, fact: model.FactTerm, depth: int) -> Conditions:
    """How many elements meet a condition, or how much they come to."""
    name = f"{source.of.name}.{source.path}" if isinstance(source.of, model.ItemOf) else source.path
    inner = _of_element(source, fact, name, depth)
    ends = st.sampled_from([(1, None), (2, None), (0, 3), (2, 2), (1, 4)])
    counts = st.builds(
        lambda low_high, test: model.CountWhere(low_high[0], low_high[1], source, name, test),
        ends, st.just(model.Always()) | inner,
    )  # fmt: skip
    none = inner.map(lambda test: model.Not(model.CountWhere(1, None, source, name, test)))
    every = inner.map(lambda test: model.Not(model.CountWhere(1, None, source, name, model.Not(test))))
    return st.one_of(counts, none, every, _amounts(source, fact, name, inner))


def _of_element(source: model.FactOf, fact: model.FactTerm, name: str, depth: int) -> Conditions:
    assert fact.elements is not None
    assert isinstance(source.type, t.ListOf)
    item = model.ItemOf(name, source.type.item)
    singles: list[Conditions] = []
    for each in fact.elements.facts:
        known = _fact(each, item)
        if each.elements is None:
            singles.append(about(known))
        elif depth > 1:
            singles.append(_on_list(known, each, depth - 1))
    return st.recursive(st.one_of(singles), _several, max_leaves=3)


def _amounts(source: model.FactOf, fact: model.FactTerm, name: str, inner: Conditions) -> Conditions:
    """A count, a sum, a mean or an extreme, of all elements or of some, against a literal."""
    assert fact.elements is not None
    assert isinstance(source.type, t.ListOf)
    item = model.ItemOf(name, source.type.item)
    kept = st.just(source) | inner.map(lambda test: model.Filtered(source, name, test, source.type))
    counts = kept.map(lambda some: model.Aggregated("count", some, t.Number(whole=True)))
    found: list[st.SearchStrategy[model.Aggregated]] = [counts]
    for each in fact.elements.facts:
        kind = each.slot.type
        if isinstance(kind, t.Amount | t.Quantity):
            value = _fact(each, item)
            how = st.sampled_from(["sum", "mean", "max", "min"])
            found.append(st.builds(
                lambda how, some, value=value, kind=kind: model.Aggregated(
                    how, model.Collected(some, name, value, t.ListOf(kind)), kind
                ), how, kept,
            ))  # fmt: skip
    return st.one_of(found).flatmap(
        lambda asked: st.builds(
            model.Compare, st.sampled_from(["lt", "le", "ge", "gt"]), st.just(asked), literals(asked.type)
        )
    )
