"""One segmentation: its places, and of groups that were found why they are so many."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from carpel.engine.query import query
from carpel.errors import CarpelError, NotFound
from carpel.reports.figures import Figures
from carpel.reports.page import one_set
from carpel.reports.sought import sought, there
from carpel.reports.tables import Tables
from carpel.specs.places import places
from carpel.store.files import replace
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


def write(session: Session, name: str, to: Path) -> None:
    """Draw groups that were found, and why they are so many, as one page; raises NotFound."""
    if to.suffix != ".html":
        raise CarpelError(
            "A set of segments is drawn as .html.", place=str(to), action="--to-file groups.html"
        )
    with reading(session) as reader:
        spec = reader.definitions.segmentations.get(name)
        found = sought(Tables(reader.engine, reader.build), reader.definitions)
        if spec is None or name not in found:
            raise NotFound("set of segments found in the data", name, found)
        project = reader.definitions.project
        figures = Figures(project.currency, ZoneInfo(project.timezone))
        page = one_set(found[name], spec.label or name.replace("_", " ").capitalize(), figures)
    to.parent.mkdir(parents=True, exist_ok=True)
    replace(to, page.encode())


def _places(reader: Reader, name: str) -> Rows:
    """In their natural order; those that no group was found for are left out."""
    sizes = {row["segment"]: row for row in reader.dicts(query("SELECT * FROM sizes"))}
    spec = reader.definitions.segmentations[name]
    rows = [sizes.get(f"{name}.{place.name}") for place in places(spec)]
    shown = [row for row in rows if row]
    if spec.kind == "clusters":
        shown = there(shown)
    return [{key: row[key] for key in ("segment", "label", "people", "share")} for row in shown]


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
