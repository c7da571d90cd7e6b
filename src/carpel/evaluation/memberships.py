"""The sets that a build stores, read back."""

from pyroaring import BitMap

from carpel.engine.base import Engine
from carpel.engine.query import Tree, query, table
from carpel.evaluation.bitmaps import bitmap, from_bytes
from carpel.evaluation.sets import Sets
from carpel.tables.segments import MEMBERS, UNKNOWN


def stored_sets(engine: Engine, name: str = "memberships") -> dict[str, BitMap]:
    """Members of every segment, and of every place of a segmentation as `rfm.champions`.

    `name` is what the table of memberships is bound to, another build's for instance.
    """
    return _part(engine, name, MEMBERS)


def stored_verdicts(engine: Engine, name: str = "memberships") -> dict[str, Sets]:
    """The same, with those of whom it is not known."""
    unknown = _part(engine, name, UNKNOWN)
    return {
        segment: Sets(yes, unknown.get(segment, BitMap()))
        for segment, yes in stored_sets(engine, name).items()
    }


def _part(engine: Engine, name: str, part: str) -> dict[str, BitMap]:
    rows = engine.rows(
        query("SELECT segment, members FROM :t WHERE part = :part", t=table(name), part=part)
    )
    return {segment: from_bytes(members) for segment, members in rows}


def account_sets(engine: Engine, name: str = "account_segments") -> dict[str, BitMap]:
    """The accounts, by key, of every segment whose unit is an account."""
    rows = engine.rows(query("SELECT segment, members FROM :t", t=table(name)))
    return {name: from_bytes(members) for name, members in rows}


def selected(engine: Engine, tree: Tree) -> BitMap:
    """The customers that a query selects; its one column is their key."""
    return bitmap(engine.fetch(tree).column(0))
