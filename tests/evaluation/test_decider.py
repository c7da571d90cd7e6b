"""One person decided by rules made ready once: what everybody's evaluation over all rows gives."""

from datetime import timedelta
from random import Random
from typing import Any

import pytest

from carpel.evaluation import Evaluator
from carpel.evaluation.decider import Decider

from .test_alone import taken_apart

pytestmark = pytest.mark.slow

SEED = 20260811
PREPARED = 20
"""Of 100 rules so many at least are made ready."""


def deciding(kit: Any, seed: int, depth: int = 2) -> int:
    """Compare 100 rules on a customer who just did something; gives how many were ready."""
    random = Random(seed)
    world = kit.world(random, moment=seed)
    parsed = kit.parsed(kit.rules(random, 100, depth))
    customer, before, fresh = taken_apart(world, random)
    whole, former = world.evaluator(), before.evaluator()
    engine = former.catalogue.engine
    evaluator = Evaluator(
        engine,
        as_of=world.moment - timedelta(days=random.randrange(3), hours=random.randrange(24)),
        zone=world.zone,
        segments=former.segments,
        thresholds=whole.atoms.thresholds,
    )
    decider = Decider(evaluator, parsed)
    expected = whole.all({name: parsed[name] for name in decider.able})
    for rows in (fresh, fresh):
        found = decider.decided(engine, customer, rows, world.moment, {})
        assert found.keys() == decider.able
        for name, verdict in found.items():
            sets = expected[name]
            held = None if customer in sets.unknown else customer in sets.yes
            assert verdict == held, f"seed {seed}, {customer}: {parsed[name]}"
    return len(decider.able)


@pytest.mark.parametrize("number", range(3))
def test_one_person_is_decided_as_everybody_is(kit: Any, number: int) -> None:
    assert deciding(kit, SEED + number) >= PREPARED


@pytest.mark.prove
def test_many_people_are_decided_as_everybody_is(kit: Any, fresh_seed: int) -> None:
    assert sum(deciding(kit, fresh_seed + number) for number in range(50)) >= 50 * PREPARED
