"""Groups that were sought in the data: why so many, and what each is like beside the others."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import sqrt
from typing import Any

from carpel.engine.query import query
from carpel.evaluation.movements import EVERYBODY
from carpel.reports.tables import Rows, Tables
from carpel.specs import Clusters, Definitions
from carpel.specs.standings import UNPLACED

SHOWN = 8
"""Attributes of which it is shown how groups differ."""
PARTED = "groups run into each other"


@dataclass(frozen=True)
class Sought:
    """What is said of one search for groups.

    `tried` are rows of `groups`, `parted`, `told`, `again` (None where it was not tried),
    `smallest`, `taken` and `why`, a row a number of groups, each the best split into so many.
    `groups` are rows of `mark`, `label`, `people`, `plain` and `agreement`; `profile` rows of
    `label` and `at`, the group's mean in standard deviations from everybody's, by mark.
    """

    name: str
    refused: str
    tried: Rows = field(default_factory=list)
    groups: Rows = field(default_factory=list)
    profile: Rows = field(default_factory=list)

    @property
    def taken(self) -> int | None:
        """How many groups there are; None where none were found."""
        return next((row["groups"] for row in self.tried if row["taken"]), None)

    @property
    def near(self) -> Rows:
        """One group fewer and one more than was taken."""
        return [row for row in self.tried if self.taken and abs(row["groups"] - self.taken) == 1]


def sought(tables: Tables, definitions: Definitions) -> dict[str, Sought]:
    """By segmentation of kind clusters, what was found or why nothing."""
    noted = tables.build.notes("segments")
    return {
        name: of_one(tables, name, noted[f"clusters/{name}"])
        for name, spec in definitions.segmentations.items()
        if isinstance(spec, Clusters) and f"clusters/{name}" in noted
    }


def of_one(tables: Tables, name: str, noted: Mapping[str, Any]) -> Sought:
    """What was found in one search; `noted` is what the build noted of it."""
    rows = tables.dicts(
        query("SELECT * FROM clusterings WHERE segmentation = :it ORDER BY groups", it=name)
    )
    found = tables.dicts(
        query("SELECT * FROM groups WHERE segmentation = :it ORDER BY place", it=name)
    )
    groups = [{**row, "mark": chr(ord("A") + at)} for at, row in enumerate(found)]
    asked = [
        row["trait"] for row in noted.get("traits", []) if row["trait"] and not row["left_out"]
    ]
    return Sought(name, noted["refused"], _tried(rows), groups, _profile(tables, groups, asked))


def _tried(rows: Rows) -> Rows:
    """Of each number of groups the split that was taken, else the one that tells most."""
    counts = sorted({row["groups"] for row in rows})
    return [_best([row for row in rows if row["groups"] == each]) for each in counts]


def _best(rows: Rows) -> dict[str, Any]:
    row = max(
        rows,
        key=lambda each: (each["taken"], not each["reason"].startswith(PARTED), each["bic_gain"]),
    )
    return {
        "groups": row["groups"],
        "parted": row["silhouette"],
        "told": row["bic_gain"],
        "again": row["stability"],
        "smallest": row["smallest"],
        "taken": row["taken"],
        "why": "taken" if row["taken"] else row["reason"].partition(":")[0],
    }


def _profile(tables: Tables, groups: Rows, traits: list[str]) -> Rows:
    """The attributes in which groups differ most, the clearest first."""
    if not groups:
        return []
    marks = {f"{row['segmentation']}.{row['place']}": row["mark"] for row in groups}
    measured: dict[str, dict[str, tuple[float, float]]] = {}
    for row in tables.dicts(query("SELECT * FROM moments WHERE value IS NULL")):
        if row["trait"] in traits and (row["segment"] in marks or row["segment"] == EVERYBODY):
            measured.setdefault(row["trait"], {})[row["segment"]] = (row["mean"], row["variance"])
    labels = {row["trait"]: row["label"] for row in tables.dicts(query("SELECT * FROM traits"))}
    found: Rows = []
    for trait, of in measured.items():
        mean, variance = of.get(EVERYBODY, (0.0, 0.0))
        if variance:
            at = {
                marks[segment]: (value - mean) / sqrt(variance)
                for segment, (value, _) in of.items()
                if segment != EVERYBODY
            }
            found.append({"label": labels.get(trait) or trait.replace("_", " "), "at": at})
    found.sort(key=lambda row: (-max(map(abs, row["at"].values()), default=0), row["label"]))
    return found[:SHOWN]


def there(rows: Rows) -> Rows:
    """Places of groups that were found; of numbers that nothing stands for there are none."""
    return [row for row in rows if row["people"] or row["segment"].endswith(f".{UNPLACED.name}")]
