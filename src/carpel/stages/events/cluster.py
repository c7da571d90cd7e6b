"""By what an event's files are sorted, where its source says so: a property of its own, or one
that is looked up by it."""

from carpel.engine.query import Tree, aliased, column, query, table
from carpel.stages.base import Line

CLUSTER = "_cluster"
"""The column by which rows are sorted before time; none of the files has it."""


def cluster(line: Line, event: str) -> str:
    """The property by which people want the event's files sorted; empty when they do not say."""
    asked = [
        track.cluster_by
        for source in line.definitions.sources.values()
        for track in source.track
        if track.event == event and track.cluster_by
    ]
    return asked[0] if asked else ""


def lookup(line: Line, event: str) -> str:
    """The event's own property through which its cluster is looked up; empty when it has it."""
    wanted, staged = cluster(line, event), f"staged_event_{event}"
    if not wanted or not line.table_files(staged):
        return ""
    own = line.engine.columns(staged)
    for described in line.tables("described"):
        key = described.removeprefix("described_")
        if wanted not in own and key in own and wanted in line.engine.columns(described):
            return key
    return ""


def with_cluster(line: Line, event: str, rows: Tree) -> Tree:
    """The rows of an event, each with what it is sorted by as a further column."""
    wanted, key = cluster(line, event), lookup(line, event)
    if key:
        return query(
            "SELECT r.*, :cluster FROM :rows AS r LEFT JOIN :described AS d ON :theirs = :ours",
            cluster=aliased(column(wanted, "d"), CLUSTER),
            rows=rows,
            described=table(f"described_{key}"),
            theirs=column(key, "d"),
            ours=column(key, "r"),
        )
    own = wanted in line.engine.columns(rows)
    return query(
        "SELECT r.*, :cluster FROM :rows AS r",
        cluster=aliased(column(wanted, "r") if own else query("NULL"), CLUSTER),
        rows=rows,
    )
