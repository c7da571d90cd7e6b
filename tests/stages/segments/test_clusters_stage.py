"""Groups that the data proposes, from the spec to the rows."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from carpel.errors import ProjectError
from carpel.evaluation import Evaluator
from carpel.language import parse
from carpel.specs import Clusters, Definitions, Project
from carpel.stages.base import Line
from carpel.stages.segments import Segments
from carpel.stages.segments.clusters import clusters
from carpel.store.builds import Build
from carpel.testing.line import CLOCK, line_with, read, take

pytestmark = pytest.mark.slow

pytest.importorskip("sklearn")
PEOPLE = 400
TRAITS = {"visits": "number", "spend": "number", "city": "text", "member": "boolean"}


def profiles(rng: np.random.Generator, groups: Any) -> pa.Table:
    """Group 0 comes rarely, 1 often, 2 spends much; the city means nothing."""
    visits = np.array([3.0, 30.0, 3.0])[groups] + rng.normal(size=len(groups))
    spend = np.array([50.0, 50.0, 500.0])[groups] + 10 * rng.normal(size=len(groups))
    return pa.table(
        {
            "customer": np.arange(1, len(groups) + 1),
            "visits": visits,
            "spend": spend,
            "city": rng.choice(["Ulm", "Bonn"], len(groups)),
            "member": rng.random(len(groups)) < 0.5,
        }
    )


def traits(people: int) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {
                "trait": name,
                "label": name.capitalize(),
                "meaning": "",
                "criterion": "behavioural",
                "type": kind,
                "unit": "",
                "sensitivity": "plain",
                "table": "profiles",
                "expression": name,
                "known": people,
                "of": people,
            }
            for name, kind in TRAITS.items()
        ]
    )


def given_line(folder: Path, rows: pa.Table, spec: Clusters) -> Line:
    return line_with(
        folder,
        {
            "customers": rows.select(["customer"]),
            "profiles": rows,
            "traits": traits(rows.num_rows),
        },
        definitions=Definitions(Project(name="trial"), segmentations={spec.name: spec}),
    )


def built(folder: Path, rows: pa.Table, spec: Clusters) -> Line:
    return take(given_line(folder, rows, spec), [Segments()])


def spec(**further: Any) -> Clusters:
    given = {"traits": ["visits", "spend"], "method": "k_means", "serve": 4, **further}
    return Clusters(name="styles", kind="clusters", **given)


def test_groups_are_found_named_and_said_as_a_rule(
    tmp_path: Path, rng: np.random.Generator
) -> None:
    groups = rng.integers(3, size=PEOPLE)
    line = built(tmp_path, profiles(rng, groups), spec())
    places = np.array([row["styles"] for row in read(line, "standings")])
    assert len({*zip(places, groups, strict=True)}) == len({*places}) == 3
    assert set(places) == {"group_1", "group_2", "group_3"}

    found = {row["place"]: row for row in read(line, "groups")}
    assert sum(row["people"] for row in found.values()) == PEOPLE
    often, much = (places[groups == at][0] for at in (1, 2))
    assert found[often]["label"].startswith("High visits")
    assert found[much]["label"].startswith("High spend")
    evaluator = Evaluator(line.engine, as_of=line.moment, zone=line.zone)
    for place, row in found.items():
        assert row["agreement"] > 0.95
        members = set(evaluator.sets(parse(json.loads(row["rule"]))).yes)
        there = set(np.flatnonzero(places == place) + 1)
        assert len(members & there) / len(members | there) == pytest.approx(row["agreement"])

    tried = read(line, "clusterings")
    assert [row["groups"] for row in tried if row["taken"]] == [3]
    assert all(row["reason"] for row in tried)
    sizes = {row["segment"]: row for row in read(line, "sizes")}
    assert sizes[f"styles.{often}"]["label"] == found[often]["label"]
    assert sizes[f"styles.{often}"]["people"] == found[often]["people"]


def test_where_there_are_none_nobody_is_in_one(tmp_path: Path, rng: np.random.Generator) -> None:
    noise = profiles(rng, np.zeros(PEOPLE, dtype=int))
    line = built(tmp_path, noise, spec(smallest=PEOPLE))
    assert {row["styles"] for row in read(line, "standings")} == {"in_none"}
    assert len(read(line, "standings")) == PEOPLE
    assert read(line, "groups") == []
    assert line.notes("segments")["clusters/styles"]["refused"]


def test_groups_that_go_on_keep_their_number(tmp_path: Path, rng: np.random.Generator) -> None:
    """A tenth more people, and the parent had other numbers for the same groups."""
    groups = rng.integers(3, size=PEOPLE)
    turned = np.array([3, 0, 1])
    given = pa.table({"customer": np.arange(1, PEOPLE + 1), "number": turned[groups]})
    parts = line_with(tmp_path, {"clusters_styles": given}).parts
    more = np.concatenate([groups, rng.integers(3, size=40)])
    line = given_line(tmp_path, profiles(rng, more), spec())
    line.parent = Build("1", None, CLOCK - timedelta(days=1), CLOCK, parts)
    assert (clusters(line, spec()).numbers == turned[more]).all()


def test_a_trait_that_is_not_there_is_a_mistake(tmp_path: Path, rng: np.random.Generator) -> None:
    with pytest.raises(ProjectError, match="visit"):
        built(tmp_path, profiles(rng, np.zeros(60, dtype=int)), spec(traits=["visitz"]))


def test_without_the_extra_it_says_what_to_install(
    tmp_path: Path, rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: Any) -> None:
        raise ImportError("no module named sklearn")

    monkeypatch.setattr("carpel.stages.segments.clusters.discover", missing)
    line = built(tmp_path, profiles(rng, np.zeros(60, dtype=int)), spec())
    refused = line.notes("segments")["clusters/styles"]["refused"]
    assert refused == "Groups are sought with scikit-learn: pip install 'carpel[science]'."
