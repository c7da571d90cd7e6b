"""One segmentation: its places, and of groups that were found why they are so many."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from carpel.engine.query import query
from carpel.errors import NotFound
from carpel.specs.places import UNPLACED, places
from carpel.verbs.reader import Reader, reading
from carpel.verbs.session import Session

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class SegmentationPage:
    """A segmentation and its places; of kind clusters also what was tried and what was found.

    `refused` says why there are no groups. `tried` are rows of `clusterings`, `groups` of `groups`,
    `traits` what was done to each trait.
    """

    segmentation: str
    label: str
    kind: str
    places: Rows
    refused: str = ""
    tried: Rows = field(default_factory=list)
    groups: Rows = field(default_factory=list)
    traits: Rows = field(default_factory=list)


def show_segmentation(session: Session, name: str) -> SegmentationPage:
    """Everything about one segmentation; raises NotFound."""
    with reading(session) as reader:
        known = reader.definitions.segmentations
        if name not in known:
            raise NotFound("segmentation", name, known)
        label = known[name].label or name.replace("_", " ").capitalize()
        noted = reader.build.notes("segments").get(f"clusters/{name}", {})
        return SegmentationPage(
            name, label, known[name].kind, _places(reader, name), **_found(reader, name, noted)
        )


def _places(reader: Reader, name: str) -> Rows:
    """In their natural order; those that no group was found for are left out."""
    sizes = {row["segment"]: row for row in reader.dicts(query("SELECT * FROM sizes"))}
    spec = reader.definitions.segmentations[name]
    rows = [sizes.get(f"{name}.{place.name}") for place in places(spec)]
    there = [row for row in rows if row and (spec.kind != "clusters" or _used(row))]
    return [{key: row[key] for key in ("segment", "label", "people", "share")} for row in there]


def _used(row: Mapping[str, Any]) -> bool:
    return bool(row["people"]) or str(row["segment"]).endswith(f".{UNPLACED.name}")


def _found(reader: Reader, name: str, noted: Mapping[str, Any]) -> dict[str, Any]:
    if not noted:
        return {}
    of = {"it": name}
    return {
        "refused": noted["refused"],
        "tried": reader.dicts(
            query(
                """SELECT * EXCLUDE (segmentation) FROM clusterings WHERE segmentation = :it
                   ORDER BY groups, method""",
                **of,
            )
        ),
        "groups": reader.dicts(
            query(
                """SELECT * EXCLUDE (segmentation, rule) FROM groups WHERE segmentation = :it
                   ORDER BY place""",
                **of,
            )
        ),
        "traits": noted.get("traits", []),
    }
