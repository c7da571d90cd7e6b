"""One customer alone, with events since: what everybody's evaluation over all events gives."""

import json
from copy import deepcopy
from random import Random
from typing import Any

import pytest

from carpel.errors import NotFound
from carpel.evaluation import Evaluator
from carpel.evaluation.alone import alone
from carpel.evaluation.edited import LAST_KEY
from carpel.language import RuleError, parse

pytestmark = pytest.mark.slow

SEED = 20260722
NOT_SAID = ("customer", "event_key", "local_date", "local_hour", "loaded_at", "source")


def taken_apart(world: Any, random: Random) -> tuple[int, Any, dict[str, list[Any]]]:
    """A customer, the world before their last few events, and these events."""
    customer = random.choice(world.customers)
    before, fresh = deepcopy(world), dict[str, list[Any]]()
    for event, rows in world.events.items():
        theirs = [
            (number, row)
            for number, row in enumerate(rows)
            if world.aliases.get(row["customer"], row["customer"]) == customer
        ]
        chosen = sorted(random.sample(theirs, len(theirs) // 2), key=lambda each: each[1]["at"])
        for place, (number, row) in enumerate(chosen):
            row["event_key"] = LAST_KEY - len(chosen) + place + 1
            fresh.setdefault(event, []).append(
                {name: each for name, each in row.items() if name not in NOT_SAID}
            )
            before.events[event][number] = None
        before.events[event] = [row for row in before.events[event] if row]
    return customer, before, fresh


@pytest.mark.parametrize("number", range(2))
def test_alone_is_what_a_build_with_the_events_gives(kit: Any, number: int) -> None:
    random = Random(SEED + number)
    world = kit.world(random, moment=number)
    rules = {
        n: r
        for n, r in kit.rules(random, 60).items()
        if '"account"' not in json.dumps(r, default=str)
    }
    parsed = kit.parsed(rules)
    customer, before, fresh = taken_apart(world, random)
    whole, former = world.evaluator(), before.evaluator()
    expected = whole.all(parsed)
    own = alone(former.catalogue.engine, former.catalogue, customer, fresh, world.events)
    found = Evaluator(
        own,
        as_of=world.moment,
        zone=world.zone,
        segments=former.segments,
        thresholds=whole.atoms.thresholds,
    )
    assert set(found.universe) == {customer} and any(fresh.values())
    for name, sets in found.all(parsed).items():
        told = f"seed {SEED + number}, {customer}: {rules[name]}"
        assert (customer in sets.yes) == (customer in expected[name].yes), told
        assert (customer in sets.unknown) == (customer in expected[name].unknown), told


def test_of_fresh_events_at_one_instant_the_one_told_later_is_the_last(kit: Any) -> None:
    world = kit.world(Random(SEED))
    former, customer = world.evaluator(), world.customers[0]
    fresh = {"bought": [{"at": world.moment, "amount": float(each)} for each in (7, 8, 9)]}
    own = alone(former.catalogue.engine, former.catalogue, customer, fresh, world.events)
    found = Evaluator(own, as_of=world.moment, zone=world.zone)
    for amount, last in ((7, False), (8, False), (9, True)):
        rule = parse({"did": "bought", "last": "amount", "is": amount})
        assert (customer in found.sets(rule).yes) == last


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ({"amount": "a lot"}, RuleError),
        ({"category": "tea"}, RuleError),
        ({"colour": "red"}, NotFound),
        ({"event_key": 3}, RuleError),
    ],
)
def test_fresh_events_that_no_build_could_hold(kit: Any, row: Any, error: type) -> None:
    world = kit.world(Random(SEED))
    catalogue = world.evaluator().catalogue
    fresh = {"bought": [{"at": world.moment, **row}]}
    with pytest.raises(error):
        alone(catalogue.engine, catalogue, world.customers[0], fresh, ["bought"])
