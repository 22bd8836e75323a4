"""A seed in, a year of plausible orders out, one JSON object a line.

python orders.py --rows 10000 --seed 2026 > orders.jsonl
"""

import argparse
import json
import random
from collections.abc import Iterator
from datetime import date, timedelta

SEGMENTS = (("private", 78), ("business", 17), ("reseller", 5))
COUNTRIES = (("france", 82), ("belgium", 8), ("switzerland", 5), ("germany", 5))
MEDIAN_BASKET = {"private": 72, "business": 340, "reseller": 950}  # € excl. VAT
FIRST_DAY = date(2026, 1, 1)
SALES = ((date(2026, 1, 7), date(2026, 2, 3)), (date(2026, 6, 24), date(2026, 7, 21)))


def orders(rows: int, seed: int) -> Iterator[dict[str, object]]:
    """The facts of each order, in the order of the days."""
    chance = random.Random(seed)
    for day in sorted(chance.randrange(365) for _ in range(rows)):
        yield order(FIRST_DAY + timedelta(days=day), chance)


def order(day: date, chance: random.Random) -> dict[str, object]:
    """One order of a day."""
    segment = pick(SEGMENTS, chance)
    placed = min(400, int(chance.paretovariate(0.9)) - 1)
    cents = round(chance.lognormvariate(0, 0.9) * MEDIAN_BASKET[segment] * 100)
    items = max(1, round(cents / 100 / chance.uniform(15, 60)))
    customer: dict[str, object] = {
        "segment": segment,
        "orders_placed": placed,
        "signup_date": (day - timedelta(days=chance.randrange(1, 3000))).isoformat(),
        "country": pick(COUNTRIES, chance),
        "loyal": placed >= 3 and chance.random() < 0.7,
        "late": chance.random() < 0.04,
    }
    if chance.random() < 0.12:
        customer["promo_code"] = chance.choice(("ÉTÉ2026", "SUMMER2026", "BIENVENUE", "NOËL"))
    return {
        "customer": customer,
        "order": {"net_amount": f"{cents // 100}.{cents % 100:02}", "weight": f"{items * 0.35:.2f}", "items": items},
        "channel": "web" if chance.random() < 0.6 else "shop",
        "sale": any(first <= day <= last for first, last in SALES),
    }


def pick(choices: tuple[tuple[str, int], ...], chance: random.Random) -> str:
    """One of the choices, as often as its weight says."""
    return chance.choices([name for name, _ in choices], [weight for _, weight in choices])[0]


def main() -> None:
    """Print the orders."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=2026)
    given = parser.parse_args()
    for facts in orders(given.rows, given.seed):
        print(json.dumps(facts, ensure_ascii=False))


if __name__ == "__main__":
    main()
