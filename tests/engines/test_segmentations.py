"""Places of segmentations and members, made by the stage itself on another engine."""

from pathlib import Path
from random import Random
from typing import Any

import pytest

from carpel import pipeline
from carpel.engine.base import Engine
from carpel.specs import Definitions, Lifecycle, Project, Rfm, Segment, Tiers
from carpel.specs.segmentation import Tier
from carpel.stages.segments import Segments
from carpel.testing.conformance import business
from carpel.testing.conformance.rules import SEGMENTS
from carpel.testing.line import line_with, read

pytestmark = pytest.mark.slow

WRITTEN = ("standings", "rfm_value", "rfm_average", "lifecycle_rhythm", "tiers_club")
DEFINITIONS = Definitions(
    Project(name="trial", timezone="Europe/Amsterdam"),
    segments={
        name: Segment.model_validate({"name": name, "where": rule})
        for name, rule in {
            **SEGMENTS,
            "folded": {"trait": "name", "is": "strasse", "fold": True},
            "placed": {"segmentation": "club", "in": ["gold", "tin"]},
        }.items()
    },
    segmentations={
        "value": Rfm(kind="rfm", name="value", event="bought"),
        "average": Rfm(
            kind="rfm", name="average", event="bought", monetary="average", within_days=400
        ),
        "rhythm": Lifecycle(kind="lifecycle", name="rhythm", event="bought"),
        "club": Tiers(
            kind="tiers",
            name="club",
            event="bought",
            property="amount",
            within_days=365,
            levels=(Tier(name="tin", at_least=1), Tier(name="gold", at_least=50.5)),
        ),
    },
)


def made(folder: Path, seed: int, computer: Engine | None) -> dict[str, Any]:
    """All that the stage writes, computed by an engine."""
    line = line_with(
        folder, business.tables(Random(seed)), definitions=DEFINITIONS, as_of=business.UTC_MOMENT
    )
    line.computer = computer
    pipeline.run(line, [Segments()])
    members = {(row["segment"], row["part"]): row for row in read(line, "memberships")}
    assert members["folded", "members"]["people"]
    found = {name: sorted(read(line, name), key=_key) for name in WRITTEN}
    line.engine.close()
    return {**found, "members": members}


def _key(row: dict[str, Any]) -> int:
    return int(row["customer"])


def compare(folder: Path, seed: int, computer: Engine) -> None:
    ours, theirs = made(folder / "ours", seed, None), made(folder / "theirs", seed, computer)
    for name, rows in ours.items():
        assert theirs[name] == rows, name


def test_places_and_members_on_postgres(tmp_path: Path, postgres: Engine) -> None:
    compare(tmp_path, 1, postgres)


@pytest.mark.prove
def test_places_and_members_on_spark(tmp_path: Path, spark: Engine) -> None:
    compare(tmp_path, 1, spark)


@pytest.mark.prove
@pytest.mark.parametrize("number", range(6))
def test_more_places_and_members(
    tmp_path: Path, number: int, fresh_seed: int, postgres: Engine, spark: Engine
) -> None:
    compare(tmp_path / "postgres", fresh_seed + number, postgres)
    compare(tmp_path / "spark", fresh_seed + number, spark)
