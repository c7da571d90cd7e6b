"""What people decided about records, as pairs of nodes."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import pyarrow as pa

from carpel.engine.query import query
from carpel.stages.base import Decision, Line

Pair = tuple[int, int]


class Place(NamedTuple):
    """Where a record that was decided upon is now, and was in the parent build."""

    node: int | None
    customer: int | None
    stand_in: int | None
    """A node of that customer."""


def create(line: Line) -> None:
    """Create `identity_apart`, `identity_together` (l, r: nodes) and `identity_leaving`.

    A record that is no longer read is stood for by any other of the customer it belonged to, so
    that a decision outlives the records it was made on; but not where both belonged to the same
    one, as nobody knows on which side the other would be. `identity_leaving` (node, former) holds
    the records that the parent build had at a customer and that are now said to be somebody else.
    """
    verdicts = settled(line.decisions)
    places = _places(line, {ref for pair in verdicts for ref in pair})
    for kind in ("apart", "together"):
        said = {
            pair
            for (a, b), decision in verdicts.items()
            if decision.kind == kind and (pair := _pair(places[a], places[b]))
        }
        _keep(line, f"identity_{kind}", ("l", "r"), sorted(said))
    _keep(line, "identity_leaving", ("node", "former"), sorted(set(_leaving(verdicts, places))))


def settled(decisions: Sequence[Decision]) -> dict[Pair, Decision]:
    """The last word on every pair of records that was decided upon."""
    return {
        (min(a, b), max(a, b)): decision
        for decision in decisions
        for a in decision.left
        for b in decision.right
        if a != b
    }


def _pair(a: Place, b: Place) -> Pair | None:
    strangers = a.customer != b.customer
    one, other = (
        each.stand_in if strangers and each.node is None else each.node for each in (a, b)
    )
    if one is None or other is None or one == other:
        return None
    return min(one, other), max(one, other)


def _leaving(
    verdicts: Mapping[Pair, Decision], places: Mapping[int, Place]
) -> Iterator[tuple[int, int]]:
    for (a, b), decision in verdicts.items():
        leaver = places[a if a in decision.right else b]
        together = places[a].customer == places[b].customer
        if decision.kind == "apart" and together and leaver.node and leaver.customer:
            yield leaver.node, leaver.customer


def _places(line: Line, refs: set[int]) -> dict[int, Place]:
    line.engine.register("decided_refs", pa.table({"ref": pa.array(sorted(refs), pa.uint64())}))
    rows = line.engine.rows(
        query("""
        SELECT d.ref, n.node, f.customer, s.node FROM decided_refs AS d
        LEFT JOIN identity_nodes AS n ON n.ref = d.ref
        LEFT JOIN former_identities AS f ON f.ref = d.ref
        LEFT JOIN (SELECT former, min(node) AS node FROM identity_nodes GROUP BY former) AS s
          ON s.former = f.customer""")
    )
    line.engine.drop("decided_refs")
    return {ref: Place(*place) for ref, *place in rows}


def _keep(line: Line, name: str, columns: tuple[str, str], rows: Sequence[Pair]) -> None:
    data = {
        column: pa.array([row[n] for row in rows], pa.int64()) for n, column in enumerate(columns)
    }
    line.engine.register("decided_rows", pa.table(data))
    line.engine.create(name, query("SELECT * FROM decided_rows"))
    line.engine.drop("decided_rows")
