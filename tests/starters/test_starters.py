"""Starter sets: what they need is there, what they say reads back, and they run."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from carpel.engine.duckdb import DuckDB
from carpel.language import references
from carpel.reports.figures import Figures
from carpel.reports.headline import headline
from carpel.specs import Definitions, Project, Segment
from carpel.specs.places import places
from carpel.stages.profiles import Profiles
from carpel.stages.profiles.catalogue import CATALOGUE
from carpel.stages.segments import Segments
from carpel.starters import candidates, chosen, data, facts, paying, segmentations
from carpel.starters.recipes import SETS
from carpel.testing.line import line_with, read, take

KINDS = ["shop", "subscription", "venue", "people"]
TRAITS = {entry.name for entry in CATALOGUE}
EVENTS = {"order_completed", "checked_in", "feature_used"}


def test_there_is_a_set_for_every_kind_of_project() -> None:
    (kinds, *_) = get_args(Project.model_fields["kind"].annotation)
    assert set(SETS) == set(get_args(kinds)) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_name_in_a_rule_exists(kind: str) -> None:
    named = {
        spec.name: {place.name for place in places(spec)} for spec in segmentations(kind, EVENTS)
    }
    for recipe in SETS[kind]:
        segment = recipe.segment()
        assert segment.label and segment.objective and segment.action
        for each in references(segment.where):
            assert each.kind != "trait" or each.name in TRAITS, each
            assert each.kind != "place" or each.name in named[each.of], each


@pytest.mark.parametrize("kind", KINDS)
def test_about_ten_where_the_data_holds_much_and_only_what_it_holds(kind: str) -> None:
    full = candidates(kind, TRAITS, EVENTS)
    assert len(full) == len({each.name for each in full}) >= 10
    assert chosen(full, {each.name: 5 for each in full}, 9) == full[:10]
    sizes = {each.name: 5 * (n % 3) for n, each in enumerate(full)}
    assert {sizes[each.name] for each in chosen(full, sizes, 10)} == {5}
    some = {"orders_total", "age"}
    for each in candidates(kind, some, set()):
        kinds = {(ref.kind, ref.name) for ref in references(each.where) if ref.kind != "channel"}
        assert kinds <= {("trait", "orders_total"), ("trait", "age")}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_written_reads_as_the_same_spec(kind: str) -> None:
    for spec in candidates(kind, TRAITS, EVENTS):
        assert Segment(name=spec.name, **data(spec)) == spec
    for segmentation in segmentations(kind, EVENTS):
        again = type(segmentation).model_validate({"name": segmentation.name, **data(segmentation)})
        assert again == segmentation


def test_no_starter_is_a_place_over_again() -> None:
    for recipe in {recipe.name: recipe for some in SETS.values() for recipe in some}.values():
        assert "segmentation" not in recipe.where, recipe.name


def test_rfm_is_on_orders_and_the_lifecycle_in_the_rhythm_of_visits() -> None:
    rfm, lifecycle = segmentations("venue", {"checked_in", "order_completed"})
    assert (rfm.event, lifecycle.event) == ("order_completed", "checked_in")
    assert data(segmentations("venue", {"checked_in"})[0])["property"] is None
    assert segmentations("people", {"email_opened"}) == []


def test_a_shops_set_runs_on_orders_alone(tmp_path: Path) -> None:
    as_of = datetime(2026, 3, 1, tzinfo=UTC)
    rows = [
        (who, as_of.replace(tzinfo=None) - timedelta(days=1 + who % 5 * 3 + who * k % 700))
        for who in range(1, 40)
        for k in range(who % 7)
    ]
    orders = pa.table(
        {
            "customer": pa.array([who for who, _ in rows], pa.int64()),
            "event_key": pa.array(range(len(rows)), pa.uint64()),
            "at": pa.array([at for _, at in rows], pa.timestamp("us")),
            "local_date": pa.array([at.date() for _, at in rows], pa.date32()),
            "local_hour": pa.array([0] * len(rows), pa.int8()),
            "amount": pa.array([float(who) for who, _ in rows]),
            "source": pa.array(["till"] * len(rows)),
            "loaded_at": pa.array([at for _, at in rows], pa.timestamp("us")),
        }
    )
    people = pa.table(
        {
            "customer": pa.array(range(1, 40), pa.int64()),
            "known_since": pa.array([None] * 39, pa.timestamp("us")),
            "records": pa.array([1] * 39, pa.int64()),
        }
    )
    given = {"customers": people, "event_order_completed": orders}
    traits = {
        row["trait"]
        for row in read(take(line_with(tmp_path, given, as_of=as_of), [Profiles()]), "traits")
    }
    found = {each.name: each for each in candidates("shop", traits, {"order_completed"})}
    assert {"best_slipping_away", "best_in_rhythm", "one_order_so_far", "spending_less"} <= set(
        found
    )
    said = Definitions(
        Project(name="trial"),
        segments=found,
        segmentations={each.name: each for each in segmentations("shop", {"order_completed"})},
    )
    line = take(line_with(tmp_path, given, definitions=said, as_of=as_of), [Profiles(), Segments()])
    sizes = {row["segment"]: row for row in read(line, "sizes")}
    assert set(found) < set(sizes)
    assert sizes["rfm.champions"]["people"] >= sizes["best_in_rhythm"]["people"] > 0
    assert sum(row["people"] for name, row in sizes.items() if name.startswith("rfm.")) == 39
    assert all(row["revenue_365d"] is not None for row in sizes.values())


def test_a_file_of_people_alone_gets_segments_by_what_it_states(tmp_path: Path) -> None:
    n = 200
    contacts = pa.table(
        {
            "customer": pa.array(range(n), pa.int64()),
            "t_months_inactive": [who % 24 for who in range(n)],
            "t_tenure": [who % 61 for who in range(n)],
            "t_monthly_charges": [20 + who * 0.5 for who in range(n)],
            "t_visit": [int(who % 4 == 0) for who in range(n)],
            "t_conversion": [int(who % 8 == 0) for who in range(n)],
            "t_churned": ["Yes" if who % 5 == 0 else "No" for who in range(n)],
            "t_plan": ["basic" if who % 3 else "gold" for who in range(n)],
            "t_constant": ["same"] * n,
            "t_last_name": [f"Name {who % 3}" for who in range(n)],
            "t_religion": [f"faith {who % 3}" for who in range(n)],
        }
    )
    people = pa.table({"customer": pa.array(range(n), pa.int64()),
                       "known_since": pa.array([None] * n, pa.timestamp("us")),
                       "records": pa.array([1] * n, pa.int64())})  # fmt: skip
    given = {"customers": people, "contacts": contacts}
    line = take(line_with(tmp_path, given), [Profiles()])
    traits = {row["trait"] for row in read(line, "traits")}
    found = {each.name: each for each in candidates("people", traits, set(), facts(line.engine))}
    line.definitions = Definitions(Project(name="trial"), segments=found)
    sizes = {row["segment"]: row["people"] for row in read(take(line, [Segments()]), "sizes")}
    picked = chosen(list(found.values()), sizes, n)
    assert len(picked) == 10
    assert sizes["visit_not_conversion"] == n / 8
    assert sizes["churned_yes"] == n / 5
    assert sizes["plan_basic"] == sum(who % 3 > 0 for who in range(n))
    assert 0.15 * n < sizes["high_monthly_charges"] < 0.25 * n
    assert {"high_monthly_charges_and_silent", "long_tenure_and_high_monthly_charges",
            "churned_yes", "visit_not_conversion"} <= {each.name for each in picked}  # fmt: skip
    named = {ref.name for each in found.values() for ref in references(each.where)}
    assert not named & {"last_name", "religion", "constant"}
    assert all(each.label and each.objective and each.action for each in picked)


@pytest.mark.parametrize("kind", ["subscription", "venue"])
def test_contracts_alone_give_about_ten(kind: str, tmp_path: Path) -> None:
    at, n = datetime(2026, 3, 1, tzinfo=UTC), 300
    as_of = at.replace(tzinfo=None)
    began = [as_of - timedelta(days=5 + who * 4) for who in range(n)]
    over = [as_of - timedelta(days=who % 150) if who % 5 == 0 else None for who in range(n)]
    again = [as_of + timedelta(days=who % 60) if who % 5 else None for who in range(n)]
    gone = [as_of - timedelta(days=3) if who % 9 == 1 else None for who in range(n)]
    trial = [at + timedelta(days=14) for at in began]
    state = ["paused" if who % 20 == 1 else "past_due" if who % 20 == 2 else "" for who in range(n)]
    days = pa.timestamp("us")
    contracts = pa.table(
        {
            "customer": pa.array(range(n), pa.int64()),
            "contract_key": pa.array(range(n), pa.uint64()),
            "plan": ["gold" if who % 3 else "basic" for who in range(n)],
            "started_at": pa.array(began, days),
            "ended_at": pa.array(over, days),
            "renews_at": pa.array(again, days),
            "cancelled_at": pa.array(gone, days),
            "paused_at": pa.array([None] * n, days),
            "seats": pa.array([None] * n, pa.int64()),
            "trial_ends_at": pa.array(trial, days),
            "amount": [10.0 + who % 50 for who in range(n)],
            "interval": ["month"] * n,
            "status": state,
        }
    )
    people = pa.table({"customer": pa.array(range(n), pa.int64()),
                       "known_since": pa.array([None] * n, days),
                       "records": pa.array([1] * n, pa.int64())})  # fmt: skip
    line = take(
        line_with(tmp_path, {"customers": people, "contracts": contracts}, as_of=at), [Profiles()]
    )
    traits = {row["trait"] for row in read(line, "traits") if row["known"]}
    assert not segmentations(kind, set())
    found = {each.name: each for each in candidates(kind, traits, set())}
    line.definitions = Definitions(Project(name="trial"), segments=found)
    rows = {row["segment"]: row for row in read(take(line, [Segments()]), "sizes")}
    sizes = {name: row["people"] for name, row in rows.items()}
    monthly = {who: 10.0 + who % 50 for who in range(n) if state[who] == "past_due"}
    assert {row["revenue_kind"] for row in rows.values()} == {"recurring"}
    assert 0 < rows["past_due"]["revenue_365d"] <= 12 * sum(monthly.values())
    assert "recurring revenue" in headline(list(rows.values()), n, Figures("EUR", ZoneInfo("UTC")))
    picked = {each.name for each in chosen(list(found.values()), sizes, n)}
    assert len(picked) >= 9
    assert {"renewing_soon", "past_due", "former", "cancelled_still_here"} <= picked
    assert sizes["cancelled_still_here"] == sum(each is not None for each in gone) - sum(
        one is not None and other is not None for one, other in zip(gone, over, strict=True)
    )


@pytest.mark.parametrize(("visitor", "rhythm"), [(1, "checked_in"), (2, "order_completed")])
def test_who_brings_the_revenue_is_not_called_a_lead(visitor: int, rhythm: str) -> None:
    engine = DuckDB()
    orders = {"customer": [1, 2, 3], "amount": [90.0, 20.0, 10.0]}
    engine.register("event_order_completed", pa.table(orders))
    engine.register("event_checked_in", pa.table({"customer": [visitor, visitor]}))
    events = {"order_completed", "checked_in"}
    found = segmentations("venue", events, paying=paying(engine, events, priced=True))
    assert [each.event for each in found] == ["order_completed", rhythm]


@pytest.mark.parametrize("events", [set(), {"order_completed", "payment_made", "email_opened"}])
def test_who_does_not_use_what_they_pay_is_told_where_use_is(events: set[str]) -> None:
    about = {"holding_not_using", "trying_not_using", "not_started"}
    without = {each.name for each in candidates("subscription", TRAITS, events)}
    used = {each.name for each in candidates("subscription", TRAITS, {*events, "feature_used"})}
    assert not about & without and about <= used
