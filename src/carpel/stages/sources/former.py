"""What the parent build has of a source: its sayings, and when its events first came."""

from pathlib import Path

from carpel.engine.query import Tree, query, table
from carpel.specs import Source
from carpel.stages.base import Line


def former_files(line: Line, source: Source, name: str) -> list[Path]:
    """The files of a table that the parent build has of a source; none without a parent."""
    made = line.parent.parts.get(f"sources/{source.name}") if line.parent else None
    return [line.files.path(each) for each in (made.tables.get(name, ()) if made else ())]


def first_loaded(line: Line, source: Source, name: str, events: Tree) -> Tree:
    """The events of a staged table, each with the moment at which it first came.

    History asks what was known then: to read a file again teaches nothing.
    """
    files = former_files(line, source, name)
    if not files:
        return events
    former = f"former_{source.name}_{name}"
    line.engine.bind(former, files)
    return query(
        "SELECT e.* REPLACE (coalesce(f.loaded_at, e.loaded_at) AS loaded_at) FROM :events AS e "
        "LEFT JOIN (SELECT event_key, min(loaded_at) AS loaded_at FROM :former GROUP BY event_key)"
        " AS f ON f.event_key = e.event_key",
        events=events,
        former=table(former),
    )
