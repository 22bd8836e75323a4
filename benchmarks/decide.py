"""One decision at a time: rulec beside its peers on the workload, each answer checked, medians and ratios printed.

    python benchmarks/decide.py [--sizes 10,100]        (pip install rulec[bench] for the peers)

Peers get amounts as floats, unchecked. All are timed within one run, lot after lot, each in its turn: facts that just
came in and that none has met before, each decided on once. The median over the lots is printed, in seconds of CPU:
other work on the machine does not count. Those slower than 100 µs have one lot, a short one.
"""

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import partial, reduce
from itertools import count
from operator import and_
from statistics import median
from time import process_time
from typing import Any

from workload import SIZES, TESTS, Facts, Rule, cents_of, facts_of, reference, rulec_text, rules_of

import rulec

WARM, LOT, LOTS, SHORT = 1_000, 5_000, 9, 100
MOST_DURABLE, SLOW = 10, 100.0
AT = date(2026, 3, 1)
Answer = tuple[int, int]  # tenths of a percent, the number of the rule
Form = tuple[str, Callable[[Any], Any], Callable[[Facts], Any], Callable[[Any], Answer]]  # name, call, facts, answer


class Dated:
    """A call that takes the date too."""

    def __init__(self, decide: Callable[[Any, date], Any]) -> None:
        self.decide = decide

    def __call__(self, facts: Any) -> Any:
        return self.decide(facts, AT)


def rulec_forms(rules: Sequence[Rule], facts: Sequence[Facts]) -> Iterator[Form]:
    """Facts checked, exact, with the rules that fired; and facts checked before."""
    compiled = rulec.loads(rulec_text(rules), "en")
    first = compiled.plan.rules[0].line - 1

    def answer(decision: Any) -> Answer:
        fired = decision.outcomes["discount"].fired
        return int(decision["discount"] * 1000), fired[0].line - first if fired else 0

    print(f"{len(rules):,} rules: the first decision takes {_milliseconds(compiled, facts[0]):.1f} ms, ", end="")
    lacking = [{key: value for key, value in each.items() if key != "country"} for each in facts[1:4]]
    print(f"with a fact missing {min(_milliseconds(compiled, each) for each in lacking):.1f} ms")
    decide, trusted = compiled.decide, compiled.decide_trusted
    yield "rulec, facts checked", Dated(decide), dict, answer
    paths = {slot.path.rpartition(".")[2]: slot.path for slot in compiled.plan.facts}
    yield "rulec, facts trusted", Dated(trusted), lambda each: {paths[key]: _held(each[key]) for key in each}, answer


def _milliseconds(compiled: rulec.RuleSet, facts: Facts) -> float:
    start = process_time()
    compiled.decide(facts, AT)
    return (process_time() - start) * 1e3


def _held(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def zen_forms(rules: Sequence[Rule], facts: Sequence[Facts]) -> Iterator[Form]:
    """A decision table of the first hit."""
    import zen

    content = json.dumps(zen_table(rules))
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"rules": json.loads(content)}}})
    decision = zen.ZenEngine().create_decision(zen.ZenDecisionContent(content))

    def text(each: Facts) -> str:
        return json.dumps(_floats(each))

    def answer(said: Any) -> Answer:
        return said["result"]["tenths"], said["result"]["number"]

    yield "zen-engine, dict", partial(engine.evaluate, "rules"), _floats, answer
    yield "zen-engine, text", partial(engine.evaluate, "rules"), text, answer
    yield "zen-engine, bytes", partial(engine.evaluate, "rules"), lambda each: text(each).encode(), answer
    yield "zen-engine, decision", decision.evaluate, _floats, answer


def _floats(facts: Facts) -> Facts:
    return facts | {"amount": float(str(facts["amount"]))}


def zen_table(rules: Sequence[Rule]) -> dict[str, object]:
    rows = [
        {
            "_id": str(number),
            "amount": f"[{rule.amount[0] / 100}..{rule.amount[1] / 100})" if rule.amount else "",
            "segment": json.dumps(rule.segment) if rule.segment else "",
            "country": json.dumps(rule.country) if rule.country else "",
            "quantity": "[{}..{}]".format(*rule.quantity) if rule.quantity else "",
            "loyal": "" if rule.loyal is None else str(rule.loyal).lower(),
            "tenths": str(rule.tenths),
            "number": str(number),
        }
        for number, rule in enumerate(rules, 1)
    ]
    rows.append({"_id": "0", **dict.fromkeys(TESTS, ""), "tenths": "0", "number": "0"})
    content = {
        "hitPolicy": "first",
        "inputs": [{"id": name, "name": name, "field": name} for name in TESTS],
        "outputs": [{"id": name, "name": name, "field": name} for name in ("tenths", "number")],
        "rules": rows,
    }
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in"},
        {"id": "table", "type": "decisionTableNode", "name": "table", "content": content},
        {"id": "out", "type": "outputNode", "name": "out"},
    ]
    edges = [
        {"id": "1", "sourceId": "in", "targetId": "table", "type": "edge"},
        {"id": "2", "sourceId": "table", "targetId": "out", "type": "edge"},
    ]
    return {"nodes": nodes, "edges": edges}


def cel_forms(rules: Sequence[Rule], facts: Sequence[Facts]) -> Iterator[Form]:
    """The number of the first rule that holds; lots of ten choices in a list, since they may not nest deep."""
    import cel

    numbered = [(number, " && ".join(_cel(rule))) for number, rule in enumerate(rules, 1)]
    program = cel.compile(_either(numbered))
    yield "CEL", program.execute, _floats, lambda said: _numbered(rules, said)


def _either(rules: Sequence[tuple[int, str]]) -> str:
    parts = [" : ".join(f"({condition}) ? {number}" for number, condition in rules[at : at + 10]) + " : 0"
             for at in range(0, len(rules), 10)]  # fmt: skip
    listed = ", ".join(f"({part})" for part in parts)
    return f"[{listed}].filter(n, n != 0)" if len(parts) > 1 else parts[0]


def _cel(rule: Rule) -> Iterator[str]:
    if rule.amount:
        yield f"amount >= {rule.amount[0] / 100} && amount < {rule.amount[1] / 100}"
    if rule.segment:
        yield f"segment == {json.dumps(rule.segment)}"
    if rule.country:
        yield f"country == {json.dumps(rule.country)}"
    if rule.quantity:
        yield "quantity >= {} && quantity <= {}".format(*rule.quantity)
    if rule.loyal is not None:
        yield "loyal" if rule.loyal else "!loyal"


def _numbered(rules: Sequence[Rule], said: Any) -> Answer:
    number = (said[0] if said else 0) if isinstance(said, list) else said
    return (rules[number - 1].tenths, number) if number else (0, 0)


def durable_forms(rules: Sequence[Rule], facts: Sequence[Facts]) -> Iterator[Form]:
    """Each of the facts an event; the rules after the first that holds are asked too. From hundreds of rules on it
    hangs, and below it takes 32-bit whole numbers alone: cents."""
    if len(rules) > MOST_DURABLE:
        return
    from durable.lang import m, post, pri, ruleset, when_all

    found, name = list[int](), f"rules{len(rules)}"
    with ruleset(name):
        for number, rule in enumerate(rules, 1):
            when_all(pri(number), _durable(rule, m))(_fires(number, found))
        when_all(pri(len(rules) + 1), +m.amount)(_fires(0, found))

    def call(event: Facts) -> int:
        found.clear()
        post(name, event)
        return found[0]

    def event(each: Facts) -> Facts:
        return cents_of(each) | {"id": next(numbers)}

    numbers = count()
    yield "durable_rules", call, event, lambda said: _numbered(rules, said)


def _durable(rule: Rule, m: Any) -> Any:
    tests = list[Any]()
    if rule.amount:
        tests += [m.amount >= rule.amount[0], m.amount < rule.amount[1]]
    if rule.segment:
        tests.append(m.segment == rule.segment)
    if rule.country:
        tests.append(m.country == rule.country)
    if rule.quantity:
        tests += [m.quantity >= rule.quantity[0], m.quantity <= rule.quantity[1]]
    if rule.loyal is not None:
        tests.append(m.loyal == rule.loyal)
    return reduce(and_, tests)


def _fires(number: int, found: list[int]) -> Callable[[Any], None]:
    def fire(c: Any) -> None:
        found.append(number)

    return fire


def hand_written_forms(rules: Sequence[Rule], facts: Sequence[Facts]) -> Iterator[Form]:
    """A chain of `if` in Python with exact decimals."""
    lines = ["def decide(f):", *(f"    {name} = f[{name!r}]" for name in TESTS)]
    for number, rule in enumerate(rules, 1):
        lines.append(f"    if {' and '.join(_python(rule))}: return {rule.tenths}, {number}")
    names: dict[str, Any] = {}
    cuts = {f"D{cents}": Decimal(cents).scaleb(-2) for rule in rules for cents in rule.amount or ()}
    exec("\n".join([*lines, "    return 0, 0"]), cuts | names, names)
    yield "hand-written Python", names["decide"], dict, lambda said: said


def _python(rule: Rule) -> Iterator[str]:
    if rule.segment:
        yield f"segment == {rule.segment!r}"
    if rule.country:
        yield f"country == {rule.country!r}"
    if rule.loyal is not None:
        yield "loyal" if rule.loyal else "not loyal"
    if rule.quantity:
        yield "{} <= quantity <= {}".format(*rule.quantity)
    if rule.amount:
        yield "D{} <= amount < D{}".format(*rule.amount)


FORMS = (rulec_forms, zen_forms, cel_forms, durable_forms, hand_written_forms)


def measured(size: int) -> dict[str, float]:
    """The median µs of CPU, each, by form."""
    rules, facts = rules_of(size), facts_of(WARM + LOT * LOTS)
    expected = reference(rules, facts)
    forms = list[Form]()
    for peer in FORMS:
        try:
            forms += peer(rules, facts)
        except ImportError as error:
            print(f"  {peer.__name__}: {error}")
    for form in forms:
        check(form, facts[:WARM], expected)
    spent = {name: _timed(call, [make(each) for each in facts[:SHORT]]) for name, call, make, _ in forms}
    quick = [form for form in forms if spent[form[0]] < SLOW]
    lots: dict[str, list[float]] = {form[0]: [] for form in quick}
    for turn, start in enumerate(range(WARM, len(facts), LOT)):
        for name, call, make, _ in quick[turn % len(quick) :] + quick[: turn % len(quick)]:
            lots[name].append(_timed(call, [make(each) for each in facts[start : start + LOT]]))
    for form in quick:
        check(form, facts[WARM:], expected[WARM:])
    return spent | {name: median(each) for name, each in lots.items()}


def check(form: Form, facts: Sequence[Facts], expected: Sequence[Answer]) -> None:
    """Says how many answers of a form are wrong."""
    name, call, make, answer = form
    wrong = sum(answer(call(make(each))) != right for each, right in zip(facts, expected, strict=False))
    if wrong:
        print(f"  {name}: {wrong} of {len(facts)} answers are wrong")


def _timed(call: Callable[..., Any], some: Sequence[Any]) -> float:
    """The µs of one call, of CPU: other work on the machine does not count."""
    if isinstance(call, Dated):
        decide = call.decide
        start = process_time()
        for each in some:
            decide(each, AT)
    else:
        start = process_time()
        for each in some:
            call(each)
    return (process_time() - start) / len(some) * 1e6


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description="One decision at a time, rulec beside its peers.")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="numbers of rules")
    sizes = [int(each) for each in parser.parse_args().sizes.split(",")]
    columns = {size: measured(size) for size in sizes}
    names = dict.fromkeys(name for column in columns.values() for name in column)
    print(f"{'median µs of CPU, each':26}" + "".join(f"{size:>11,}" for size in sizes))
    for name in names:
        print(f"{name:26}" + "".join(f"{columns[size].get(name, float('nan')):11.2f}" for size in sizes))
    ours = [columns[size]["rulec, facts checked"] for size in sizes]
    zen = [min((each for name, each in columns[size].items() if name.startswith("zen")), default=0) for size in sizes]
    print(f"{'zen-engine / rulec':26}" + "".join(f"{one / own:10.1f}x" for one, own in zip(zen, ours, strict=True)))
    trusted = [columns[size]["rulec, facts trusted"] for size in sizes]
    print(f"{'checking costs':26}" + "".join(f"{own - one:11.2f}" for one, own in zip(trusted, ours, strict=True)))
    print(f"rulec, from {sizes[0]:,} to {sizes[-1]:,} rules: {ours[-1] / ours[0]:.1f} times slower")


if __name__ == "__main__":
    main()
