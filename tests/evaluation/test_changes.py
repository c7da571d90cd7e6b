"""What would have to change, is changed: then the decision is the other one."""

from collections import Counter
from copy import deepcopy
from random import Random
from typing import Any

import pytest
from pyroaring import BitMap

from carpel.evaluation import Change
from carpel.language import Consent, Did, People, SegmentationRef, SegmentRef, Trait, parse


def _listed(rule: Any, people: tuple[int, ...], customer: int, after: bool) -> Any:
    """The rule with a customer on, or off, every list that holds exactly these people."""
    if isinstance(rule, list):
        return [_listed(each, people, customer, after) for each in rule]
    if not isinstance(rule, dict):
        return rule
    if rule.get("people") == list(people):
        others = [key for key in people if key != customer]
        return {"people": [*others, customer] if after else others}
    return {key: _listed(value, people, customer, after) for key, value in rule.items()}


def _events(world: Any, customer: int, change: Change) -> None:
    event = change.clause.event  # type: ignore[attr-defined]
    kept = [row for row in world.events[event] if row["event_key"] not in change.remove]
    keys = {row["event_key"] for rows in world.events.values() for row in rows}
    blank = dict.fromkeys(world.events[event][0])
    world.events[event] = [
        *kept,
        *(
            {**blank, **row, "customer": customer, "event_key": max(keys) + 1 + number}
            for number, row in enumerate(change.add)
        ),
    ]


def _applied(
    world: Any, rule: Any, stored: dict[str, BitMap], customer: int, changes: tuple[Change, ...]
) -> Any:
    world = deepcopy(world)
    for change in changes:
        match change.clause:
            case Trait(trait):
                blank = dict.fromkeys(("age", "spend", "city", "vip", "born", "last_at", "likes"))
                world.profiles.setdefault(customer, blank)[trait] = change.after
            case SegmentationRef():
                world.standings[customer] = change.after
            case Consent(channel, purpose):
                world.consents = [
                    row
                    for row in world.consents
                    if (row["customer"], row["channel"], row["purpose"])
                    != (customer, channel, purpose)
                ]
                world.consents.append(
                    {
                        "customer": customer,
                        "channel": channel,
                        "purpose": purpose,
                        "granted": change.after,
                        "suppressed": False,
                    }
                )
            case SegmentRef(segment):
                (stored[segment].add if change.after else stored[segment].discard)(customer)
            case People(people):
                rule = _listed(rule, people, customer, change.after)
            case Did():
                _events(world, customer, change)
    return world, rule


NO_CHANGE = "nobody or everybody is in: nothing about one person can change that"
COMPUTED = "the rule is about a trait that is computed from another"


def _flips(kit: Any, seed: int, pairs: int) -> Counter[str]:
    """Check exactly so many pairs of person and rule; gives how many more were skipped, and why."""
    random, done, skipped = Random(seed), 0, Counter[str]()
    world = kit.world(random)
    first = world.evaluator()
    members = {name: first.sets(parse({"segment": name})).yes for name in world.segments}
    evaluator = world.evaluator(stored=members)
    while done < pairs:
        rule = kit.rule(random)
        if "half_spend" in str(rule):
            skipped[COMPUTED] += 1
            continue
        customer = random.choice(world.customers)
        before = evaluator.sets(parse(rule)).yes
        changes = evaluator.changes(parse(rule), customer)
        told = f"seed {seed}, pair {done}, customer {customer}: {rule}\n{changes}"
        if not changes:
            assert not before or len(before) == len(world.customers), told
            skipped[NO_CHANGE] += 1
            continue
        stored = {name: BitMap(held) for name, held in members.items()}
        other, changed = _applied(world, rule, stored, customer, changes)
        after = other.evaluator(stored=stored).sets(parse(changed)).yes
        assert (customer in after) != (customer in before), told
        if "segment'" not in str(rule):
            assert (kit.verdict(changed, other, customer) is True) == (customer in after), told
        done += 1
    return skipped


def test_the_change_flips_the_decision(kit: Any) -> None:
    assert _flips(kit, 11, 8)[NO_CHANGE] <= 2


@pytest.mark.slow
def test_the_change_flips_the_decision_of_many_pairs(kit: Any) -> None:
    assert _flips(kit, 12, 15)[NO_CHANGE] <= 4


@pytest.mark.prove
def test_the_change_flips_the_decision_of_1_000_pairs(
    kit: Any, fresh_seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    worlds, pairs = 20, 50
    skipped = sum((_flips(kit, fresh_seed + number, pairs) for number in range(worlds)), Counter())
    assert skipped[NO_CHANGE] <= worlds * pairs / 4, skipped
    with capsys.disabled():
        print(f"\n{worlds * pairs:,} pairs of person and rule tested")
        for why, count in skipped.items():
            print(f"{count:,} more drawn and skipped: {why}")
