"""The stage `fitness`: is a segment worth a campaign, question by question, with the figures."""

from collections.abc import Iterable
from typing import Any

from carpel.engine.query import query
from carpel.language import to_data
from carpel.stages.base import Line, Output, Part
from carpel.stages.fitness.card import card
from carpel.stages.rows import as_table

READS = (
    "customers",
    "aliases",
    "contacts",
    "profiles",
    "predictions",
    "traits",
    "memberships",
    "movements",
    "sizes",
    "moments",
    "reach",
    "clusterings",
)


class Fitness:
    """Writes fitness and fitness_details; see `carpel.tables`."""

    name = "fitness"
    version = 3
    writes = ("fitness", "fitness_details")

    def parts(self, line: Line) -> Iterable[Part]:
        if line.table_files("memberships"):
            yield Part(self.name, _depends(line), lambda out: _write(line, out))


def _depends(line: Line) -> dict[str, Any]:
    found = line.definitions
    kinds = ("event", "rfm", "lifecycle", "tiers")
    read = [*READS, *(name for kind in kinds for name in line.tables(kind))]
    return {
        "segments": {
            name: [spec.model_dump(mode="json", exclude={"where"}), to_data(spec.where)]
            for name, spec in found.segments.items()
        },
        "segmentations": {
            n: spec.model_dump(mode="json") for n, spec in found.segmentations.items()
        },
        "foreseen": sorted(found.predictions),
        "revenue": found.project.revenue.model_dump(),
        "timezone": found.project.timezone,
        "as_of": line.as_of,
        "tables": {name: line.table_files(name) for name in read},
    }


def _write(line: Line, out: Output) -> None:
    findings, details = card(line)
    for name, rows in (("fitness", findings), ("fitness_details", details)):
        line.engine.register("told", as_table(name, map(vars, rows)))
        out.write(name, query("SELECT * FROM told"))
        line.engine.drop("told")
