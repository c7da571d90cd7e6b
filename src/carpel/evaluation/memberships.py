"""The sets that a build stores, read back."""

from pyroaring import BitMap

from carpel.engine.base import Engine
from carpel.engine.query import Tree, query, table
from carpel.evaluation.bitmaps import bitmap, from_bytes

MEMBERS = "members"
"""The part of `memberships` that is the whole set; of `unknown` it is not known."""


def stored_sets(engine: Engine, name: str = "memberships") -> dict[str, BitMap]:
    """Members of every segment, and of every place of a segmentation as `rfm.champions`.

    `name` is what the table of memberships is bound to, another build's for instance.
    """
    rows = engine.rows(
        query("SELECT segment, members FROM :t WHERE part = :whole", t=table(name), whole=MEMBERS)
    )
    return {name: from_bytes(members) for name, members in rows}


def selected(engine: Engine, tree: Tree) -> BitMap:
    """The customers that a query selects; its one column is their key."""
    return bitmap(engine.fetch(tree).column(0))
