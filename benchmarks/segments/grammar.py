"""A thousand segments drawn from a grammar; `docs/benchmarks.md` publishes it.

segment     one to four conditions (0.20, 0.35, 0.30, 0.15), all (2/3) or any (1/3) of them; of
            three or four, every third time the last two are nested in the other join
condition   behavioural (1/2) or about the person (1/2); negated every fourth time
behavioural event, filter, window, figure
event       page_viewed 0.35, product_purchased 0.35, email_opened 0.15, app_opened 0.10,
            ticket_opened 0.05
filter      none (0.2); a category (0.64), with a channel (0.08), with an amount at least (0.08);
            categories as skewed as people's own choice of them
window      the last 3 to 730 days, log-uniform
figure      count (0.6), sum of amount (0.2), distinct products (0.1), first or last (0.1)
person      age, town, spend, joined, likes, tier, a permission: one of these, evenly
sequence    in every twentieth segment the first condition: a category viewed, then bought within
            1 to 14 days, in half of them with no ticket between; within 30 to 365 days
"""

from collections.abc import Iterator
from math import exp, log
from random import Random
from typing import Any

Rule = dict[str, Any]
EVENTS = {
    "page_viewed": 35,
    "product_purchased": 35,
    "email_opened": 15,
    "app_opened": 10,
    "ticket_opened": 5,
}
FIGURES = {"count": 60, "sum": 20, "distinct": 10, "first": 5, "last": 5}
CHANNELS = {"web": 50, "app": 30, "shop": 15, "phone": 5}
CATEGORIES, CITIES = 60, 200


def rules(number: int, seed: int) -> dict[str, Rule]:
    """So many rules by name, as plain data."""
    random = Random(seed)
    return {f"s{each:04}": segment(random, sequence=each % 20 == 0) for each in range(number)}


def segment(random: Random, *, sequence: bool = False) -> Rule:
    """One rule, as plain data."""
    (many,) = random.choices((1, 2, 3, 4), (20, 35, 30, 15))
    parts = [condition(random) for _ in range(many)]
    if sequence:
        parts[0] = _sequence(random)
    join, other = ("all", "any") if random.random() < 2 / 3 else ("any", "all")
    if many > 2 and random.random() < 1 / 3:
        parts[-2:] = [{other: parts[-2:]}]
    return {join: parts}


def condition(random: Random) -> Rule:
    """One leaf, every fourth time negated."""
    leaf = behaviour(random) if random.random() < 0.5 else person(random)
    return {"not": leaf} if random.random() < 0.25 else leaf


def behaviour(random: Random) -> Rule:
    """A figure over what people did in a window."""
    where = dict(_filter(random))
    rule: Rule = {"did": _one(random, EVENTS), "within": f"{days(random)} days"}
    return rule | ({"where": where} if where else {}) | _figure(random)


def days(random: Random, least: int = 3, most: int = 730) -> int:
    """A number of days, log-uniform."""
    return round(exp(random.uniform(log(least), log(most))))


def _filter(random: Random) -> Iterator[tuple[str, Any]]:
    kind = random.random()
    if kind < 0.2:
        return
    yield "category", category(random)
    if kind > 0.92:
        yield "channel", _one(random, CHANNELS)
    elif kind > 0.84:
        yield "amount", {"at_least": random.choice([10, 20, 50, 100])}


def category(random: Random) -> str:
    """A category, as skewed as what people choose."""
    return f"c{int(CATEGORIES * random.random() ** 2.5):02}"


def _figure(random: Random) -> Rule:
    word = _one(random, FIGURES)
    order = random.choice(["at_least", "at_least", "at_most"])
    match word:
        case "count":
            return {order: random.choice([1, 1, 1, 2, 3, 5, 10])}
        case "sum":
            return {"sum": "amount", order: random.choice([20, 50, 100, 200, 500])}
        case "distinct":
            return {"distinct": "product", order: random.choice([2, 3, 5, 8])}
    if random.random() < 0.5:
        return {word: "channel", "in": random.sample(list(CHANNELS), random.choice([1, 2]))}
    return {word: "amount", order: random.choice([10, 20, 50])}


def person(random: Random) -> Rule:
    """A condition about who somebody is."""
    age, amount = random.randint(18, 70), random.choice([30, 60, 120, 300])
    cities = [f"town {int(CITIES * random.random() ** 2)}" for _ in range(random.randint(1, 4))]
    return random.choice(
        [
            {"trait": "age", "between": [age, age + random.randint(5, 20)]},
            {"trait": "city", "in": sorted(set(cities))},
            {"trait": "spend", random.choice(["at_least", "at_most"]): amount},
            {"trait": "joined", "in_last": f"{days(random)} days"},
            {"trait": "likes", "any_of": random.sample(["golf", "tea", "yoga", "chess"], 2)},
            {"segmentation": "tier", "in": [random.choice(["gold", "silver", "bronze"])]},
            {"consent": random.choice(["email", "sms"])},
        ]
    )


def _sequence(random: Random) -> Rule:
    """A category looked at, then bought, maybe with no complaint between."""
    where = {"category": category(random)}
    then: Rule = {"then": "product_purchased", "where": where}
    then["within"] = f"{random.randint(1, 14)} days"
    if random.random() < 0.5:
        then["without"] = "ticket_opened"
    steps = [{"did": "page_viewed", "where": where}, then]
    return {"sequence": steps, "within": f"{days(random, 30, 365)} days"}


def _one(random: Random, weights: dict[str, int]) -> str:
    return random.choices(list(weights), list(weights.values()))[0]
