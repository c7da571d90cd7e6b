"""What a plan says could be told from chance, and in which segments."""

from datetime import timedelta

import numpy as np
import pytest
from pyroaring import BitMap

from carpel.campaigns.past import Past, known_for, past, pasts
from carpel.campaigns.plan import plan
from carpel.campaigns.telling import answers, other_goals, smallest
from carpel.specs import CampaignGoal
from carpel.specs.campaign import HOLDOUT
from carpel.stats.effects import detectable
from carpel.stats.proportions import smallest_lift

from .conftest import NOW, campaign, known

GOAL = {"metric": "order_rate", "target": 0.2, "by": "2026-12-31"}


def told(people: int, aside: int, mean: float, spread: float = 0.0, looked=None, **goal: object):
    spec = campaign(goal={**GOAL, **goal}, holdout=aside / people)
    arms = {"all": BitMap(range(people - aside)), HOLDOUT: BitMap(range(people - aside, people))}
    lately = Past(people, mean, spread or (mean * (1 - mean)) ** 0.5, 14)
    others = list(other_goals(spec.goal, 168)) if looked else []
    return answers(spec, lately, arms, spec.goal.target - mean, others, looked or (lambda _: None))


def test_yes_and_the_share_that_would_do():
    assert told(4000, 400, 0.1).startswith("Yes")
    assert told(800, 40, 0.1) == "Not so: it would with a comparison group of 20 %."
    assert told(4000, 400, 0.3).startswith("The target is reached without")
    assert told(4000, 400, 0.0).startswith("Cannot tell yet")


def test_how_many_people_would_do_is_just_enough():
    """By trial: so many show it with half of them aside, and a tenth fewer do not."""
    said = told(100, 10, 0.15)
    number = int(said.split("about ")[1].split(" ")[0].replace(",", ""))
    assert smallest_lift(0.15, number // 2, number // 2) <= 0.05
    assert smallest_lift(0.15, int(0.45 * number), int(0.45 * number)) > 0.05


def test_a_longer_window_is_tried_with_the_same_rise_in_proportion():
    def longer(goal: CampaignGoal) -> Past:
        mean = 0.05 * goal.within_days / 14
        return Past(1000, mean, (mean * (1 - mean)) ** 0.5, goal.within_days)

    said = told(1000, 100, 0.05, looked=longer, target=0.075)
    assert said == "Not so: it would with a comparison group of 20 %, counted for 56 days."
    assert smallest_lift(0.2, 800, 200) <= 0.2 / 2 < smallest_lift(0.2, 850, 150)
    assert smallest_lift(0.1, 500, 500) > 0.1 / 2  # nor would 28 days, however many are kept aside


def test_of_money_the_share_that_orders_is_the_last_resort():
    def looked(goal: CampaignGoal) -> Past:
        return Past(1000, 20.0, 200.0, 14) if goal.is_money else Past(1000, 0.3, 0.46, 14)

    said = told(1000, 100, 20.0, 200.0, looked, metric="revenue_per_person", target=30)
    assert said.endswith("by the share that orders instead of the money.")
    assert "counted for" not in said and said.startswith("Not so: it would with")


def test_no_window_is_tried_beyond_the_goals_date_or_before_the_first_event(desk_of):
    orders = [{"customer": 1, "at": NOW - timedelta(days=40), "amount": 5.0}]
    desk = desk_of(known(1, 2), campaign(), orders=orders)
    assert known_for(desk, campaign().goal) == 40
    assert [each.within_days for each in other_goals(campaign().goal, 40)] == [28, 7]
    assert known_for(desk_of(known(1)), campaign().goal) == 0


def test_the_level_is_that_of_the_normal():
    assert detectable(np.array([50]), np.array([50]), 0.05)[0] == pytest.approx(0.56032, abs=1e-5)
    assert detectable(np.array([50]), np.array([50]), 0.01)[0] == pytest.approx(0.68350, abs=1e-5)


def test_past_of_groups_is_the_past_of_each_alone(desk_of):
    orders = [
        {"customer": k % 7, "at": NOW - timedelta(days=k), "amount": float(k)} for k in range(1, 25)
    ]
    desk = desk_of(known(*range(10)), campaign(), orders=orders)
    groups = {"a": BitMap(range(5)), "b": BitMap(range(3, 9)), "nobody": BitMap()}
    for metric in ("order_rate", "revenue_per_person"):
        goal = campaign(goal={**GOAL, "metric": metric}).goal
        found = pasts(desk, goal, groups)
        assert found == {name: past(desk, goal, groups[name]) for name in ("a", "b")}
    whole = {k: sum(k_ for k_ in range(1, 15) if k_ % 7 == k) for k in range(3, 9)}
    assert found["b"].mean == pytest.approx(sum(whole.values()) / 6)
    assert past(desk, goal, BitMap()) is None


def test_each_segment_with_those_contacted_and_kept_aside(desk_of):
    orders = [
        {"customer": k, "at": NOW - timedelta(days=1), "amount": 5.0} for k in range(0, 300, 3)
    ]
    instead = [{"message": "hello", "segment": "few"}]
    spec = campaign(
        message=None, holdout=0.3, variants=[{"name": "a", "message": "hello", "instead": instead}]
    )
    desk = desk_of(known(*range(300)), spec, orders=orders)
    desk.sets = {
        **desk.sets,
        "few": BitMap(range(0, 300, 3)),
        "half.x": BitMap(range(150)),
        "half.y": BitMap(range(150, 300)),
    }
    desk.definitions.segmentations["half"] = None
    found = plan(desk, spec)
    rows = {row["segment"]: row for row in found.segments}
    assert list(rows) == ["few", "half.x", "half.y"]
    assert rows["few"]["before"] == 1.0 and rows["few"]["smallest"] is None
    x, y = rows["half.x"], rows["half.y"]
    assert x["people"] + x["aside"] == 150 and x["aside"] + y["aside"] == found.arms[-1]["people"]
    assert x["smallest"] == smallest_lift(x["before"], x["people"], x["aside"], level=0.025)
    within = spec.model_copy(update={"audience": "half.x"})
    assert [row["segment"] for row in plan(desk, within).segments] == ["few"]


def test_nobody_kept_aside_shows_nothing():
    assert smallest(campaign().goal, Past(10, 0.1, 0.3, 14), 10, 0) is None
