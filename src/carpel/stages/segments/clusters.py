"""Groups that the data proposes: sought in the traits of everybody, who is placed in one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from carpel.engine.query import Tree, literal, query
from carpel.errors import NotFound, Problem, ProjectError
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.comparisons import Clock
from carpel.evaluation.facts import UNMEASURED, side_by_side
from carpel.specs import Clusters
from carpel.specs.places import group_name
from carpel.specs.standings import UNPLACED
from carpel.stages.base import Line, Output
from carpel.stages.rows import as_table
from carpel.stages.segments.groups import said
from carpel.stats.clusters import (
    Discovery,
    Plan,
    Trait,
    discover,
    renumbered,
)

READS = ("profiles", "traits", "contacts")
KNOWN = 0.2
"""Share of the people who must have a trait that nobody asked for by name."""


@dataclass(frozen=True)
class Found:
    """What was found for one segmentation: everybody's group (-1 for none), and all that is said.

    `said` are rows of the table `groups`.
    """

    spec: Clusters
    customers: pa.Array
    numbers: "np.ndarray[tuple[int], np.dtype[np.int64]]"
    discovery: Discovery | None = None
    refused: str = ""
    said: list[dict[str, Any]] = field(default_factory=list)

    def placed(self, line: Line) -> Tree:
        """Rows of the table `clusters_NAME`."""
        line.engine.register(
            "clustered",
            pa.table(
                {
                    "customer": self.customers,
                    "number": pa.array(self.numbers, mask=self.numbers < 0),
                    "place": pa.array(_place(int(each)) for each in self.numbers),
                }
            ),
        )
        return query("SELECT * FROM clustered ORDER BY customer")


def clusters(line: Line, spec: Clusters) -> Found:
    """Look for groups of everybody; where the parent found some, those that go on keep their
    number. Nobody is in a group where there are none, or where the extra `science` is missing."""
    line.bind(READS)
    facts = _facts(line, spec)
    line.engine.create("clustered", side_by_side(facts))
    rows = line.engine.fetch(query("SELECT * FROM clustered ORDER BY customer"))
    line.engine.drop("clustered")
    customers = rows.column("customer").combine_chunks()
    nobody = np.full(len(customers), -1)
    if not facts or not len(customers):
        return Found(spec, customers, nobody, None, "There are no traits to look in.")
    criteria = dict(line.engine.rows(query("SELECT trait, criterion FROM traits")))
    traits = [trait_of(name, rows.column(name), criteria[name]) for name in facts]
    try:
        found = discover(traits, plan_of(spec))
    except ImportError:
        return Found(spec, customers, nobody, None, MISSING)
    if found.refused:
        return Found(spec, customers, nobody, found, found.refused)
    numbers = _numbered(line, spec, customers, found.labels)
    return Found(spec, customers, numbers, found, "", said(line, spec, traits, found, numbers))


MISSING = "Groups are sought with scikit-learn: pip install 'carpel[science]'."


def written(line: Line, out: Output, found: Sequence[Found]) -> None:
    """Write clusterings and groups; note how traits were prepared and why there are no groups."""
    for each in found:
        out.note(f"clusters/{each.spec.name}", _noted(each))
    tables = {
        "clusterings": [row for each in found for row in _tried(each)],
        "groups": [row for each in found for row in each.said],
    }
    for name, rows in tables.items():
        line.engine.register("clustered", as_table(name, rows))
        out.write(name, query("SELECT * FROM clustered"))


def plan_of(spec: Clusters) -> Plan:
    """How groups are sought, as the segmentation asks."""
    weights = {str(name): weight for name, weight in spec.weights.items()}
    return Plan(spec.method, spec.groups, spec.most, spec.smallest, weights)


def _facts(line: Line, spec: Clusters) -> Mapping[str, Any]:
    """The traits that were asked for, or all that can say who is like whom."""
    catalogue = Catalogue(line.engine, Clock(line.moment, line.zone))
    fit = [
        name
        for (name,) in line.engine.rows(
            query(
                """SELECT trait FROM traits WHERE sensitivity <> 'special' AND known >= :share * of
                   AND trait NOT IN (:unmeasured)
                   AND (type IN ('number', 'integer', 'boolean')
                        OR type = 'text' AND sensitivity = 'plain') ORDER BY trait""",
                share=KNOWN,
                unmeasured=[literal(each) for each in UNMEASURED],
            )
        )
    ]
    try:
        return {name: catalogue.trait(name) for name in spec.traits or fit}
    except NotFound as error:
        problem = Problem(error.message, f"segmentations/{spec.name}.yml", None, error.action)
        raise ProjectError([problem]) from error


def trait_of(name: str, cells: pa.ChunkedArray, criterion: str) -> Trait:
    """A column of numbers, texts, or yes and no as a trait."""
    if pa.types.is_dictionary(cells.type):
        cells = cells.cast(cells.type.value_type)
    if pa.types.is_boolean(cells.type):
        cells = pc.if_else(cells, "yes", "no")
    if not pa.types.is_string(cells.type) and not pa.types.is_large_string(cells.type):
        return Trait(name, _floats(cells.cast(pa.float64())), (), criterion)
    chunk = cells.combine_chunks().dictionary_encode()
    levels = tuple(map(str, chunk.dictionary.to_pylist()))
    return Trait(name, _floats(chunk.indices.cast(pa.float64())), levels, criterion)


def _floats(cells: Any) -> Any:
    values = pc.fill_null(cells, float("nan")).to_numpy()
    return np.where(np.isfinite(values), values, np.nan)


def _numbered(line: Line, spec: Clusters, customers: pa.Array, labels: Any) -> Any:
    """The parent's numbers for groups that go on; free ones for new groups."""
    files = line.parent.tables().get(f"clusters_{spec.name}", []) if line.parent else []
    old = np.full(len(labels), -1)
    if files:
        line.engine.bind("clustered", [line.files.path(name) for name in files])
        rows = line.engine.fetch(
            query("SELECT customer, number FROM clustered WHERE number IS NOT NULL")
        )
        line.engine.drop("clustered")
        at = pc.index_in(rows.column("customer"), value_set=customers).to_numpy()
        there = ~np.isnan(at.astype(float))
        old[at[there].astype(int)] = rows.column("number").to_numpy()[there]
    kept = np.where(old < spec.most, old, -1)
    return renumbered(labels, kept)


def _place(number: int) -> str:
    return group_name(number) if number >= 0 else UNPLACED.name


def _tried(found: Found) -> list[dict[str, Any]]:
    if found.discovery is None:
        return []
    return [
        {
            **vars(each),
            "segmentation": found.spec.name,
            "taken": each is found.discovery.chosen,
            "reason": why,
        }
        for each, why in zip(found.discovery.candidates, found.discovery.reasons, strict=True)
    ]


def _noted(found: Found) -> dict[str, Any]:
    noted: dict[str, Any] = {"refused": found.refused}
    if found.discovery is not None:
        verdict = found.discovery.verdict
        noted["p"] = verdict.p if verdict else None
        noted["traits"] = [vars(each) for each in found.discovery.preparation.notes]
    return noted
