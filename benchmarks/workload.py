"""A number of rules and a seed in, the same rules as data and as rulec text out; facts, and the plain reference.

Each rule is a conjunction of 2 to 4 tests over an amount range, a segment, a country, a quantity range and loyalty, and
gives a percentage; the first that holds wins, 0 % otherwise.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

SIZES = (10, 100, 1_000, 10_000)
SEGMENTS = ("private", "professional", "reseller", "wholesale", "public")
COUNTRIES = (
    "France", "Belgium", "Switzerland", "Germany", "Spain", "Italy", "Portugal", "Austria", "Denmark", "Norway",
    "Sweden", "Finland", "Poland", "Greece", "Ireland", "Croatia", "Romania", "Hungary", "Estonia", "Latvia",
)  # fmt: skip
CHANNELS = ("shop", "web", "phone")
MOST_CENTS, MOST_ITEMS = 500_000, 200
TESTS = ("amount", "segment", "country", "quantity", "loyal")
VOCABULARY = f"""\
A customer has:
  - a segment among {", ".join(SEGMENTS)}
  - a country among {", ".join(COUNTRIES)}
  - can be loyal
An order has:
  - an amount (in €), from €0 to €{MOST_CENTS // 100}, main
  - a quantity (whole number), from 0 to {MOST_ITEMS}
  - a channel among {", ".join(CHANNELS)}
We decide:
  - the discount (percentage), the first rule wins, 0% by default

"""
Facts = dict[str, object]


@dataclass(frozen=True, slots=True)
class Rule:
    """`amount`: from, below (cents); `quantity`: from, to; None: no test. `tenths`: what it gives, in 0.1 %."""

    tenths: int
    amount: tuple[int, int] | None = None
    segment: str | None = None
    country: str | None = None
    quantity: tuple[int, int] | None = None
    loyal: bool | None = None

    def holds(self, cents: int, segment: str, country: str, quantity: int, loyal: bool) -> bool:
        """Whether all its tests hold."""
        return (
            (self.amount is None or self.amount[0] <= cents < self.amount[1])
            and self.segment in (None, segment)
            and self.country in (None, country)
            and (self.quantity is None or self.quantity[0] <= quantity <= self.quantity[1])
            and self.loyal in (None, loyal)
        )

    def sentence(self) -> str:
        """The rule in rulec's language."""
        tests = list[str]()
        if self.amount:
            low, high = (Decimal(each) / 100 for each in self.amount)
            tests.append(f"the amount is from €{low} inclusive to €{high} exclusive")
        tests += [f"the segment is {self.segment}"] if self.segment else []
        tests += [f"the country is {self.country}"] if self.country else []
        tests += ["the quantity is from {} to {}".format(*self.quantity)] if self.quantity else []
        tests += [] if self.loyal is None else [f"the customer is {'loyal' if self.loyal else 'not loyal'}"]
        return f"If {' and '.join(tests)} then the discount is {Decimal(self.tenths) / 10}%."


def rules_of(count: int, seed: int = 1) -> list[Rule]:
    """That many rules."""
    draw = random.Random(seed)
    return [_rule(draw) for _ in range(count)]


def _rule(draw: random.Random) -> Rule:
    tests: dict[str, object] = {
        "amount": _stretch(draw, MOST_CENTS // 1_000, 1_000),
        "segment": draw.choice(SEGMENTS),
        "country": draw.choice(COUNTRIES),
        "quantity": _stretch(draw, MOST_ITEMS, 1),
        "loyal": draw.random() < 0.5,
    }
    kept = draw.sample(TESTS, draw.randint(2, 4))
    return Rule(draw.randint(1, 300), **{name: tests[name] for name in kept})  # type: ignore[arg-type]  # by its name


def _stretch(draw: random.Random, most: int, unit: int) -> tuple[int, int]:
    """A range of at most a fifth of all values."""
    low = draw.randrange(most - 1)
    return low * unit, min(most, low + draw.randint(1, most // 5)) * unit


def rulec_text(rules: Iterable[Rule]) -> str:
    """The rules as a file in rulec's language."""
    return VOCABULARY + "\n".join(rule.sentence() for rule in rules) + "\n"


def facts_of(count: int, seed: int = 2) -> list[Facts]:
    """That many facts: amounts exact to the cent, most of them different."""
    draw = random.Random(seed)
    return [
        {
            "segment": draw.choice(SEGMENTS),
            "country": draw.choice(COUNTRIES),
            "loyal": draw.random() < 0.5,
            "amount": Decimal(draw.randrange(MOST_CENTS)).scaleb(-2),
            "quantity": draw.randrange(MOST_ITEMS),
            "channel": draw.choice(CHANNELS),
        }
        for _ in range(count)
    ]


def cents_of(facts: Facts) -> Facts:
    """The same facts, the amount as a whole number of cents."""
    return facts | {"amount": int(Decimal(str(facts["amount"])).scaleb(2))}


def reference(rules: Sequence[Rule], facts: Sequence[Facts]) -> list[tuple[int, int]]:
    """For each of the facts, tenths of a percent given and the number of the rule from 1; 0, 0 where none holds."""
    return [_first(rules, cents_of(each)) for each in facts]


def _first(rules: Sequence[Rule], facts: Facts) -> tuple[int, int]:
    known = [facts[name] for name in TESTS]
    for number, rule in enumerate(rules, 1):
        if rule.holds(*known):  # type: ignore[arg-type]  # of the types that `facts_of` gives
            return rule.tenths, number
    return 0, 0
