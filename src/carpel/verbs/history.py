"""Builds over time: list, compare, go back, keep safe, bring back."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from carpel.engine.query import query, table
from carpel.verbs.reader import Reader, reading
from carpel.verbs.session import Session


@dataclass(frozen=True)
class BuildRow:
    """One build, as a list shows it."""

    build: str
    current: bool
    as_of: datetime
    made_at: datetime
    people: int
    actor: str
    parent: str | None


def builds(session: Session) -> list[BuildRow]:
    """All builds, oldest first."""
    current = session.store.builds.current()
    return [BuildRow(each.build, current is not None and each.build == current.build, each.as_of,
                     each.made_at, each.about.get("people", 0), each.about.get("actor", ""),
                     each.parent) for each in session.store.builds.all()]


def diff(session: Session, former: str, later: str | None) -> list[dict[str, Any]]:
    """Rows a table and people a segment that differ, and how many people joined and left."""
    with reading(session, former) as before, reading(session, later) as after:
        return _tables(before, after) + _segments(before, after)


def _tables(before: Reader, after: Reader) -> list[dict[str, Any]]:
    names = sorted(set(before.build.tables()) | set(after.build.tables()))
    counted = [(name, _rows(before, name), _rows(after, name)) for name in names
               if before.build.tables().get(name) != after.build.tables().get(name)]
    return [{"what": f"table {name}", "before": old, "after": new, "joined": None, "left": None}
            for name, old, new in counted if old != new]


def _rows(reader: Reader, name: str) -> int:
    if name not in reader.build.tables():
        return 0
    return int(reader.engine.value(query("SELECT count(*) FROM :t", t=table(name))))


def _segments(before: Reader, after: Reader) -> list[dict[str, Any]]:
    rows = []
    for name in sorted(set(before.sets) | set(after.sets)):
        old, new = (each.sets.get(name) for each in (before, after))
        joined = len(new - old) if old and new else len(new or ())
        left = len(old - new) if old and new else len(old or ())
        if joined or left:
            rows.append({"what": f"segment {name}", "before": len(old or ()),
                         "after": len(new or ()), "joined": joined, "left": left})
    return rows


def rollback(session: Session, build: str | None) -> str:
    """Make a former build current; gives its name."""
    return session.store.rollback(build, actor=session.actor).build
