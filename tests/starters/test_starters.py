"""Starter sets: what they need is there, what they say reads back, and they run."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import pyarrow as pa
import pytest

from carpel.language import references
from carpel.specs import Definitions, Project, Segment
from carpel.specs.places import places
from carpel.stages.profiles import Profiles
from carpel.stages.profiles.catalogue import CATALOGUE
from carpel.stages.segments import Segments
from carpel.starters import data, segmentations, starters
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
    full = starters(kind, TRAITS, EVENTS)
    assert len(full) == len({each.name for each in full}) == 10
    some = {"orders_total", "age"}
    for each in starters(kind, some, set()):
        kinds = {(ref.kind, ref.name) for ref in references(each.where)}
        assert kinds <= {("trait", "orders_total"), ("trait", "age")}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_written_reads_as_the_same_spec(kind: str) -> None:
    for spec in starters(kind, TRAITS, EVENTS):
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
    found = {each.name: each for each in starters("shop", traits, {"order_completed"})}
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
