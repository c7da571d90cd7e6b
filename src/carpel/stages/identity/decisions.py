"""What people decided about records, as pairs of nodes."""

from collections.abc import Iterable, Sequence

import pyarrow as pa

from carpel.engine.query import query
from carpel.stages.base import Decision, Line

Pair = tuple[int, int]


def create(line: Line) -> None:
    """Create `identity_apart` and `identity_together` (l, r: nodes).

    A record that is no longer read is stood for by any other of the customer it belonged to, so
    that a decision outlives the records it was made on.
    """
    verdicts = settled(line.decisions)
    nodes, stand_ins = _nodes(line, {ref for pair in verdicts for ref in pair})
    for kind in ("apart", "together"):
        pairs = {
            _ordered(nodes.get(a, stand_ins.get(a)), nodes.get(b, stand_ins.get(b)))
            for (a, b), verdict in verdicts.items()
            if verdict == kind
        }
        _keep(line, f"identity_{kind}", sorted(pair for pair in pairs if pair))


def settled(decisions: Sequence[Decision]) -> dict[Pair, str]:
    """The last word on every pair of records that was decided upon."""
    verdicts: dict[Pair, str] = {}
    for decision in decisions:
        for a in decision.left:
            for b in decision.right:
                if a != b:
                    verdicts[min(a, b), max(a, b)] = decision.kind
    return verdicts


def _ordered(a: int | None, b: int | None) -> Pair | None:
    return None if a is None or b is None or a == b else (min(a, b), max(a, b))


def _nodes(line: Line, refs: set[int]) -> tuple[dict[int, int], dict[int, int]]:
    """The node of every record named; and a node of the customer that a record belonged to."""
    line.engine.register("decided_refs", pa.table({"ref": pa.array(sorted(refs), pa.uint64())}))
    nodes = line.engine.rows(
        query("SELECT n.ref, n.node FROM identity_nodes AS n JOIN decided_refs USING (ref)")
    )
    stand_ins = line.engine.rows(
        query("""
        SELECT f.ref, min(n.node) FROM former_identities AS f JOIN decided_refs USING (ref)
        JOIN identity_nodes AS n ON n.former = f.customer GROUP BY f.ref""")
    )
    line.engine.drop("decided_refs")
    return dict(nodes), dict(stand_ins)


def _keep(line: Line, name: str, pairs: Iterable[Pair]) -> None:
    listed = list(pairs)
    line.engine.register(
        "decided_pairs",
        pa.table(
            {
                "l": pa.array([a for a, _ in listed], pa.int64()),
                "r": pa.array([b for _, b in listed], pa.int64()),
            }
        ),
    )
    line.engine.create(name, query("SELECT * FROM decided_pairs"))
    line.engine.drop("decided_pairs")
