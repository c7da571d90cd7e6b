"""Everybody in exactly one place of each segmentation."""

from typing import Any

from carpel.engine.query import Tree, aliased, column, query
from carpel.specs import Clusters, Lifecycle, Rfm, Segmentation, Tiers
from carpel.stages.base import Line, Output
from carpel.stages.segments.clusters import READS as OF_CLUSTERS
from carpel.stages.segments.clusters import Found, clusters, written
from carpel.stages.segments.lifecycle import lifecycle, measure
from carpel.stages.segments.occurrences import Moment, occurrences
from carpel.stages.segments.rfm import rfm
from carpel.stages.segments.tiers import tiers

READS = ("customers", "aliases", "contracts")


def depends(line: Line) -> dict[str, Any]:
    """What the places depend on."""
    specs = line.definitions.segmentations
    events = {f"event_{spec.event}" for spec in specs.values() if not isinstance(spec, Clusters)}
    clustered = any(isinstance(spec, Clusters) for spec in specs.values())
    tables = [*READS, *sorted(events), *(OF_CLUSTERS if clustered else ())]
    return {
        "specs": {name: spec.model_dump(mode="json") for name, spec in specs.items()},
        "revenue": line.definitions.project.revenue.model_dump(),
        "as_of": line.as_of,
        "timezone": line.definitions.project.timezone,
        "tables": {name: line.table_files(name) for name in tables},
    }


def standings(line: Line, out: Output) -> None:
    """Write standings, and the figures behind each place: rfm_*, lifecycle_*, tiers_*."""
    specs = line.definitions.segmentations
    for name in READS:
        line.engine.bind(name, [line.files.path(file) for file in line.table_files(name)])
    line.engine.create("standing", query("SELECT customer FROM customers"))
    found: list[Found] = []
    for done, (name, spec) in enumerate(specs.items()):
        line.progress(name, done / len(specs))
        line.engine.create("placed", _placed(line, out, spec, found))
        out.write(f"{spec.kind}_{name}", query("SELECT * FROM placed"))
        line.engine.create(
            "standing",
            query(
                "SELECT s.*, :place FROM standing AS s JOIN placed AS p USING (customer)",
                place=aliased(column("place", "p"), name),
            ),
        )
    written(line, out, found)
    out.write("standings", query("SELECT * FROM standing ORDER BY customer"))
    for name in ("standing", "placed", "gaps", "rhythms", "clustered"):
        line.engine.drop(name)


def _placed(line: Line, out: Output, spec: Segmentation, found: list[Found]) -> Tree:
    if isinstance(spec, Clusters):
        found.append(clusters(line, spec))
        return found[-1].placed(line)
    rows, noted = by_event(line, spec)
    for key, value in noted.items():
        out.note(f"{key}/{spec.name}", value)
    return rows


def by_event(line: Line, spec: Rfm | Lifecycle | Tiers) -> tuple[Tree, dict[str, Any]]:
    """Rows of `customer`, `place` and figures at the line's moment, and what is noted of them."""
    moment = Moment.of(line.moment, line.zone)
    done = _occurrences(line, spec, moment)
    if isinstance(spec, Rfm):
        return rfm(spec, done, moment), {}
    if isinstance(spec, Tiers):
        return tiers(spec, done, moment), {}
    rhythm = measure(spec, line.engine, done)
    noted = {"usual_gap_days": rhythm.usual_gap_days, "new_days": rhythm.new_days}
    return lifecycle(spec, rhythm, moment), {"rhythm": noted}


def _occurrences(line: Line, spec: Rfm | Lifecycle | Tiers, moment: Moment) -> Tree:
    measured = None if isinstance(spec, Lifecycle) else spec.property
    revenue = line.definitions.project.revenue
    return occurrences(
        line.engine,
        spec.event,
        measured,
        moment,
        paid=revenue.property if spec.event == revenue.event else None,
        there=bool(line.table_files(f"event_{spec.event}")),
    )
