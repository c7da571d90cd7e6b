"""Funnels against a naive search of every way through, on random events."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise, product
from random import Random
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from carpel.engine.opening import open_engine
from carpel.errors import NotFound
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.comparisons import Clock
from carpel.evaluation.funnel import funnel

NOW = datetime(2026, 3, 1, tzinfo=UTC).replace(tzinfo=None)
EVENTS = ("seen", "put_in_basket", "bought")


def world(seed: int) -> dict[str, dict[int, list[datetime]]]:
    """By event and person when they did it: often at the same hour, some after now."""
    random = Random(seed)
    return {
        event: {
            who: [
                NOW - timedelta(hours=random.randint(-5, 60)) for _ in range(random.randint(0, 5))
            ]
            for who in range(1, 60)
        }
        for event in EVENTS
    }


def catalogue(done: dict[str, dict[int, list[datetime]]], merged: dict[int, int]) -> Catalogue:
    engine = open_engine("duckdb")
    stamp = pa.timestamp("us")
    for event, people in done.items():
        rows = [(who, at) for who, times in people.items() for at in times]
        table = {
            "customer": pa.array([who for who, _ in rows], pa.int64()),
            "at": pa.array([at for _, at in rows], stamp),
        }
        engine.register(f"event_{event}", pa.table(table))
    keys = {"customer": pa.array(list(merged), pa.int64())}
    keys["survivor"] = pa.array(list(merged.values()), pa.int64())
    engine.register("aliases", pa.table(keys))
    return Catalogue(engine, Clock(NOW, ZoneInfo("UTC")))


def naive(done, steps, within) -> list[set[int]]:
    """Every combination of times, one a step."""
    found = []
    for depth in range(1, len(steps) + 1):
        people = set()
        for who in range(1, 60):
            times = [[at for at in done[e].get(who, []) if at <= NOW] for e in steps[:depth]]
            for way in product(*times):
                later = all(a < b for a, b in pairwise(way))
                if later and (within is None or way[-1] - way[0] <= within):
                    people.add(who)
        found.append(people)
    return found


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("within", [None, timedelta(hours=10), timedelta(hours=20)])
def test_a_funnel_is_what_a_search_of_all_ways_finds(seed, within):
    done = world(seed)
    found = funnel(catalogue(done, {}), EVENTS, within, NOW)
    wanted = naive(done, EVENTS, within)
    assert [set(each) for each in found] == wanted
    assert len(wanted[0]) > len(wanted[-1]) > 0


def test_the_same_thing_twice_is_two_steps():
    done = world(3)
    steps = ("seen", "seen", "bought")
    found = funnel(catalogue(done, {}), steps, timedelta(hours=20), NOW)
    assert [set(each) for each in found] == naive(done, steps, timedelta(hours=20))


def test_who_was_joined_goes_on_under_one_key():
    done = {"seen": {7: [NOW - timedelta(hours=2)]}, "bought": {8: [NOW - timedelta(hours=1)]}}
    found = funnel(catalogue(done, {7: 8}), ("seen", "bought"), None, NOW)
    assert [set(each) for each in found] == [{8}, {8}]


def test_the_same_instant_is_not_later():
    done = {"seen": {1: [NOW]}, "bought": {1: [NOW]}}
    assert [len(e) for e in funnel(catalogue(done, {}), ("seen", "bought"), None, NOW)] == [1, 0]


def test_an_event_there_is_none_of_is_named():
    with pytest.raises(NotFound, match="sean"):
        funnel(catalogue(world(1), {}), ("sean", "bought"), None, NOW)
