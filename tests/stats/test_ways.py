"""Ways to part people: what is planted is found, noise and memories of people are not."""

import numpy as np
import pytest

from carpel.stats.ways import Feature, Judged, Seen, choose, fixed, judge, tree

PEOPLE = np.arange(2000)


def spend(rng, means):
    """What people spend at a time: around a mean of their own, as heavy-tailed as money is."""
    return means * rng.gamma(2, 0.5, len(means))


def test_the_share_explained_is_that_of_the_truth(rng):
    """Four groups whose means differ by a variance of 5, people within them by one of 5."""
    group = PEOPLE % 4
    then, now = (20 + 2 * group + rng.normal(0, np.sqrt(5), len(PEOPLE)) for _ in range(2))
    (found,) = judge({"group": fixed(group, group)}, Seen(PEOPLE, then), Seen(PEOPLE, now))
    assert found.explained == pytest.approx(0.5, abs=0.06)
    assert found.low < found.explained < found.high
    assert found.lift == pytest.approx(1 + (26 - 23) / 23, abs=0.05)


def test_groups_drawn_by_lot_explain_nothing_though_people_stay_as_they_are(rng):
    """Everybody spends as before; whoever judges a group by its own people is taken in."""
    own = rng.gamma(1, 50, len(PEOPLE))
    lots = {f"lot {each}": rng.integers(0, 40, len(PEOPLE)) for each in range(6)}
    then, now = Seen(PEOPLE, spend(rng, own)), Seen(PEOPLE, spend(rng, own))
    judged = judge({name: fixed(each, each) for name, each in lots.items()}, then, now)
    assert max(each.explained for each in judged) < 0.01
    assert choose(judged, dict.fromkeys(lots, 40)).way is None


def test_noise_is_no_way_in_95_of_100(rng):
    chosen = 0
    for _ in range(40):
        people = PEOPLE[:300]
        ways = {str(k): fixed(*[rng.integers(0, k, 300)] * 2) for k in (2, 3, 5, 8)}
        then, now = Seen(people, rng.gamma(1, 1, 300)), Seen(people, rng.gamma(1, 1, 300))
        chosen += choose(judge(ways, then, now), dict.fromkeys(ways, 3)).way is not None
    assert chosen <= 8


def test_of_two_that_foresee_alike_the_one_with_fewer_groups_is_taken(rng):
    noise = rng.normal(0, 0.02, 1000)
    told = {"fine": (0.21, 10), "two": (0.2, 2), "weak": (0.1, 2), "none": (-0.1, 2)}
    judged = [
        Judged(name, share, 0.0, 0.0, 1.0, share + noise + rng.normal(0, 0.01, 1000))
        for name, (share, _) in told.items()
    ]
    choice = choose(judged, {name: groups for name, (_, groups) in told.items()})
    assert (choice.way, choice.best) == ("two", "fine")
    assert set(choice.as_good) == {"fine", "two"}


def test_what_tells_more_is_taken_and_a_finer_split_of_it_is_not(rng):
    rich = PEOPLE % 2
    weak = np.where(rng.random(len(PEOPLE)) < 0.3, rich, rng.integers(0, 2, len(PEOPLE)))
    means = np.where(rich == 1, 90.0, 30.0)
    then, now = Seen(PEOPLE, spend(rng, means)), Seen(PEOPLE, spend(rng, means))
    ways = {"fine": rich * 5 + PEOPLE % 5, "two": rich, "weak": weak}
    judged = judge({name: fixed(each, each) for name, each in ways.items()}, then, now)
    choice = choose(judged, {"fine": 10, "two": 2, "weak": 2})
    assert choice.way == "two" and "weak" not in choice.as_good


def test_a_tree_finds_the_facts_that_tell_and_no_others(rng):
    age = rng.uniform(18, 80, len(PEOPLE))
    age[rng.random(len(PEOPLE)) < 0.1] = np.nan
    town = rng.integers(0, 6, len(PEOPLE)).astype(float)
    eyes = rng.integers(0, 4, len(PEOPLE)).astype(float)
    means = 20 + 40 * (age > 50) + 40 * (town == 3)
    then, now = Seen(PEOPLE, spend(rng, means)), Seen(PEOPLE, spend(rng, means))

    def way(*features):
        given = [Feature(str(at), each, each, words=at > 0) for at, each in enumerate(features)]
        return tree(given, then.outcome)

    nothing = np.full(len(PEOPLE), np.nan)
    ways = {"told": way(age, town), "eyes": way(nothing, eyes)}
    told, blind = judge(ways, then, now)
    truth = means.var() / now.outcome.var()
    assert told.explained == pytest.approx(truth, abs=0.08)
    assert blind.explained < 0.01
    groups, _ = ways["told"](PEOPLE)
    assert len(np.unique(groups)) <= 8 and np.bincount(groups).min() >= 100


def test_a_season_is_nobodys_merit(rng):
    """All spend twice as much later: ways are held to each other, not to the calendar."""
    group = PEOPLE % 2
    means = np.where(group == 1, 60.0, 40.0)
    then, now = spend(rng, means), Seen(PEOPLE, spend(rng, means))
    once, twice = (
        judge({"it": fixed(group, group)}, Seen(PEOPLE, each * then), now)[0] for each in (1, 0.5)
    )
    assert once.explained == pytest.approx(twice.explained, abs=1e-9)


def test_people_come_and_go_between_the_moments(rng):
    """Who is new now is judged by groups of others then; who left counts there."""
    then_people, now_people = np.arange(0, 1500), np.arange(700, 2200)
    groups = [each % 3 for each in (then_people, now_people)]
    then, now = (
        Seen(each, 10.0 * (each % 3) + rng.normal(0, 3, len(each)) + 20)
        for each in (then_people, now_people)
    )
    (found,) = judge({"third": fixed(*groups)}, then, now)
    assert found.explained > 0.8
    unseen = np.where(groups[1] == 2, 9, groups[1])
    (less,) = judge({"third": fixed(groups[0], unseen)}, then, now)
    assert less.explained < found.explained


def test_where_nobody_differs_there_is_nothing_to_foresee():
    same = Seen(PEOPLE, np.zeros(len(PEOPLE)))
    with pytest.raises(ValueError, match="everybody has the same figure"):
        judge({"it": fixed(PEOPLE % 2, PEOPLE % 2)}, same, same)


def test_nothing_is_chosen_of_nothing():
    assert choose([], {}).way is None
    draws = np.linspace(-0.2, 0.3, 1000)
    assert choose([Judged("it", 0.05, -0.1, 0.2, 1.0, draws)], {"it": 2}).way is None
