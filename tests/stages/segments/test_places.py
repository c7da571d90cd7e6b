"""Everybody is in exactly one place of each segmentation, and in the right one."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pydantic import ValidationError

from carpel.errors import CarpelError
from carpel.specs import Definitions, Lifecycle, Project, Rfm, RfmGroup, Segmentation, Tier, Tiers
from carpel.specs.places import places
from carpel.specs.rfm_groups import RFM_GROUPS, covers
from carpel.stages.segments import Segments
from carpel.testing.line import line_with, read, take

AS_OF = datetime(2026, 3, 1, 12, tzinfo=UTC)
TODAY = AS_OF.date()
Doings = dict[int, list[tuple[int, float]]]
"""By customer: how many days ago, and the amount."""


def events(doings: Doings) -> pa.Table:
    rows = [
        (who, AS_OF.replace(tzinfo=None) - timedelta(days=ago, hours=1), amount)
        for who, some in doings.items()
        for ago, amount in some
    ]
    return pa.table(
        {
            "customer": pa.array([row[0] for row in rows], pa.int64()),
            "event_key": pa.array(range(len(rows)), pa.uint64()),
            "at": pa.array([row[1] for row in rows], pa.timestamp("us")),
            "local_date": pa.array([row[1].date() for row in rows], pa.date32()),
            "amount": pa.array([row[2] for row in rows], pa.float64()),
        }
    )


def placed(
    folder: Path, spec: Segmentation, doings: Doings, people: int, **tables: pa.Table
) -> dict[int, str]:
    definitions = Definitions(Project(name="trial"), segmentations={spec.name: spec})
    line = line_with(
        folder,
        {
            "customers": pa.table({"customer": list(range(1, people + 1))}),
            "event_order_completed": events(doings),
            **tables,
        },
        definitions=definitions,
        as_of=AS_OF,
    )
    take(line, [Segments()])
    rows = read(line, "standings")
    assert [row["customer"] for row in rows] == list(range(1, people + 1))
    names = {place.name for place in places(spec)}
    assert all(row[spec.name] in names for row in rows)
    return {row["customer"]: row[spec.name] for row in rows}


def chance_doings(people: int) -> Doings:
    seed = random.randrange(10**9)
    print("seed", seed)
    chance = random.Random(seed)
    return {
        who: [
            (chance.randrange(-5, 500), chance.choice([5.0, 20.0, -3.0]))
            for _ in range(chance.randrange(8))
        ]
        for who in range(1, people + 1)
    }


EVERY: list[Segmentation] = [
    Rfm(name="rfm", kind="rfm"),
    Rfm(name="rfm", kind="rfm", within_days=100, monetary="average"),
    Rfm(
        name="rfm",
        kind="rfm",
        property=None,
        groups=(RfmGroup(name="best", recency=(5, 5), frequency=(4, 5)),),
    ),
    Lifecycle(name="lifecycle", kind="lifecycle"),
    Lifecycle(name="lifecycle", kind="lifecycle", event="never_seen"),
    Tiers(
        name="tiers",
        kind="tiers",
        levels=(Tier(name="silver", at_least=10), Tier(name="gold", at_least=40)),
    ),
]


@pytest.mark.parametrize("spec", EVERY, ids=lambda spec: f"{spec.kind}-{spec.event}")
def test_everybody_is_in_exactly_one_place(tmp_path: Path, spec: Segmentation) -> None:
    found = placed(tmp_path, spec, chance_doings(200), 210)
    assert len(found) == 210


def test_the_eleven_groups_cover_all_scores_and_each_has_some() -> None:
    assert len(RFM_GROUPS) == 11
    assert covers(RFM_GROUPS)
    scores = [(r, f, m) for r in range(1, 6) for f in range(1, 6) for m in range(1, 6)]
    first = {
        score: next(group.name for group in RFM_GROUPS if group.holds(*score)) for score in scores
    }
    assert set(first.values()) == {group.name for group in RFM_GROUPS}
    assert {first[5, 5, 5], first[4, 4, 4]} == {"champions"}
    assert (first[5, 1, 5], first[1, 1, 1], first[1, 5, 5]) == ("new", "lost", "cannot_lose")


def test_scores_that_no_group_holds_are_in_other(tmp_path: Path) -> None:
    spec = Rfm(name="rfm", kind="rfm", groups=(RfmGroup(name="all_fives", recency=(9, 9)),))
    assert placed(tmp_path, spec, {1: [(3, 1.0)]}, 2) == {1: "other", 2: "none_yet"}


def test_labels_of_ones_own() -> None:
    spec = Rfm(name="rfm", kind="rfm", labels={"champions": "Our best"})
    assert [place.label for place in places(spec)][:2] == ["Our best", "Loyal"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"recency_cutoffs": (1, 2, 3)},
        {"monetary_cutoffs": (1, 1, 2, 3)},
        {"frequency_cutoffs": (4, 3, 2, 1)},
    ],
)
def test_cutoffs_are_four_and_rise(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="four numbers"):
        Rfm(name="rfm", kind="rfm", **wrong)


def test_a_property_the_event_has_not_is_named(tmp_path: Path) -> None:
    with pytest.raises(CarpelError, match="no property 'amuont'") as error:
        placed(tmp_path, Rfm(name="rfm", kind="rfm", property="amuont"), {1: [(1, 1.0)]}, 1)
    assert "'amount'" in str(error.value)


WEEKLY = [7 * week for week in range(1, 12)]


RHYTHMS: list[tuple[list[int], str]] = [
    ([], "lead"),
    ([-1], "lead"),
    ([5], "new"),
    ([29], "slipping"),
    ([200], "lost"),
    (WEEKLY, "active"),
    ([each + 7 for each in WEEKLY], "active"),
    ([each + 8 for each in WEEKLY], "slipping"),
    ([each + 21 for each in WEEKLY], "slipping"),
    ([each + 22 for each in WEEKLY], "lost"),
    ([2, 100, 107, 114, 121], "back"),
    ([2, 9, 16, 23, 100, 107, 114], "back"),
    ([2, 9, 16, 23, 30, 100, 107, 114], "active"),
]


def test_lifecycle_by_ones_own_rhythm_else_the_populations(tmp_path: Path) -> None:
    """Forty people who come every ten days give the population its rhythm: ten days."""
    doings: Doings = {who: [(10 * k + who % 10, 1.0) for k in range(30)] for who in range(21, 61)}
    doings |= {who: [(days, 1.0) for days in ago] for who, (ago, _) in enumerate(RHYTHMS, 1)}
    found = placed(tmp_path, Lifecycle(name="lifecycle", kind="lifecycle"), doings, 60)
    assert [found[who] for who, _ in enumerate(RHYTHMS, 1)] == [place for _, place in RHYTHMS]


def test_the_days_of_one_day_count_once(tmp_path: Path) -> None:
    spec = Lifecycle(name="lifecycle", kind="lifecycle")
    definitions = Definitions(Project(name="trial"), segmentations={"lifecycle": spec})
    line = line_with(
        tmp_path,
        {
            "customers": pa.table({"customer": [1]}),
            "event_order_completed": events(
                {1: [(3, 1.0), (3, 1.0), (13, 1.0), (23, 1.0), (43, 1.0)]}
            ),
        },
        definitions=definitions,
        as_of=AS_OF,
    )
    take(line, [Segments()])
    (row,) = read(line, "lifecycle_lifecycle")
    assert (row["days"], row["usual_gap_days"], row["own_rhythm"]) == (4, 10.0, True)
    assert row["last_date"] == (AS_OF - timedelta(days=3, hours=1)).date() < TODAY
    assert line.notes("segments")["rhythm/lifecycle"] == {"usual_gap_days": 10.0, "new_days": 30}


def contracts(*rows: tuple[int, int, int | None, int | None]) -> pa.Table:
    """Customer, days since it started, days until the trial ends, days until it ends."""

    def moment(days: int | None) -> datetime | None:
        return None if days is None else AS_OF.replace(tzinfo=None) + timedelta(days=days)

    instants = pa.timestamp("us")
    return pa.table(
        {
            "customer": [row[0] for row in rows],
            "started_at": pa.array([moment(-row[1]) for row in rows], instants),
            "trial_ends_at": pa.array([moment(row[2]) for row in rows], instants),
            "ended_at": pa.array([moment(row[3]) for row in rows], instants),
            "cancelled_at": pa.array([None for _ in rows], instants),
        }
    )


def test_a_running_trial_without_another_contract_is_a_trial(tmp_path: Path) -> None:
    held = contracts(
        (1, 5, 9, None),
        (2, 30, -16, None),
        (3, 5, 9, -1),
        (4, 5, 9, None),
        (4, 90, None, None),
        (5, -2, 12, None),
        (6, 5, 9, None),
    )
    spec = Lifecycle(name="lifecycle", kind="lifecycle")
    found = placed(tmp_path, spec, {6: [(1, 1.0)]}, 6, contracts=held)
    assert found == {1: "trial", 2: "lead", 3: "lead", 4: "lead", 5: "lead", 6: "trial"}


def test_tiers_say_what_is_missing_to_the_next(tmp_path: Path) -> None:
    spec = Tiers(
        name="tiers",
        kind="tiers",
        within_days=100,
        levels=(
            Tier(name="gold", at_least=100, benefits=("free delivery", "early access")),
            Tier(name="silver", at_least=20, benefits=("free delivery",)),
        ),
    )
    definitions = Definitions(Project(name="trial"), segmentations={"tiers": spec})
    doings: Doings = {1: [(5, 120.0)], 2: [(5, 19.9), (99, 0.1)], 3: [(5, 5.0), (101, 500.0)]}
    line = line_with(
        tmp_path,
        {
            "customers": pa.table({"customer": [1, 2, 3, 4]}),
            "event_order_completed": events(doings),
        },
        definitions=definitions,
        as_of=AS_OF,
    )
    take(line, [Segments()])
    rows = [tuple(row.values()) for row in read(line, "tiers_tiers")]
    assert rows == [
        (1, 120.0, "gold", ["free delivery", "early access"], None, None),
        (2, 20.0, "silver", ["free delivery"], "gold", 80.0),
        (3, 5.0, "no_tier", [], "silver", 15.0),
        (4, 0.0, "no_tier", [], "silver", 20.0),
    ]


def test_nothing_after_the_moment_counts_and_merged_keys_are_one(tmp_path: Path) -> None:
    spec = Rfm(name="rfm", kind="rfm")
    definitions = Definitions(Project(name="trial"), segmentations={"rfm": spec})
    line = line_with(
        tmp_path,
        {
            "customers": pa.table({"customer": [1, 2]}),
            "aliases": pa.table({"customer": [7], "survivor": [1]}),
            "event_order_completed": events({1: [(3, 1.0), (-3, 99.0)], 7: [(9, 2.0)]}),
        },
        definitions=definitions,
        as_of=AS_OF,
    )
    take(line, [Segments()])
    first, second = read(line, "rfm_rfm")
    assert (first["frequency"], first["monetary"]) == (2, 3.0)
    assert second["place"] == "none_yet"
    assert first["recency_days"] == pytest.approx(3 + 1 / 24)


REFUNDS = {1: [(200, 50.0), (2, -50.0)], 2: [(40, 30.0), (10, 20.0), (3, -5.0)], 3: [(1, -9.0)]}


def test_a_refund_is_no_purchase(tmp_path: Path) -> None:
    spec, levels = Rfm(name="rfm", kind="rfm"), {"name": "two", "at_least": 2}
    counted = Tiers(name="often", kind="tiers", property=None, levels=(levels,))
    rhythm = Lifecycle(name="rhythm", kind="lifecycle")
    definitions = Definitions(
        Project(name="trial"),
        segmentations={each.name: each for each in (spec, counted, rhythm)},
    )
    people = pa.table({"customer": [1, 2, 3]})
    line = line_with(
        tmp_path,
        {"customers": people, "event_order_completed": events(REFUNDS)},
        definitions=definitions,
        as_of=AS_OF,
    )
    take(line, [Segments()])
    one, two, three = read(line, "rfm_rfm")
    assert [(row["frequency"], row["monetary"]) for row in (one, two)] == [(1, 0.0), (2, 45.0)]
    assert [int(row["recency_days"]) for row in (one, two)] == [200, 10]
    assert (three["frequency"], three["place"]) == (None, "none_yet")
    assert [row["days_since"] for row in read(line, "lifecycle_rhythm")] == [200, 10, None]
    assert [row["value"] for row in read(line, "tiers_often")] == [1.0, 2.0, 0.0]
