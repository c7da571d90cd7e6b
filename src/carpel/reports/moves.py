"""Who moved: who joined and left since the update before and why, and how sizes went since long."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from carpel.engine.query import query
from carpel.evaluation.history import History
from carpel.evaluation.migration import Migration
from carpel.evaluation.movements import EVERYBODY, FULL
from carpel.reports.tables import Rows, Tables
from carpel.specs import Definitions, Lifecycle
from carpel.specs.places import places

CAUSES = {
    "data": "something new about them",
    "clock": "time passing",
    "definition": "the definition was changed",
    "identity": "people joined into one, or parted",
    "correction": "a correction",
}
"""What is said of each cause of a move."""


def moves(tables: Tables) -> dict[str, dict[str, Rows]]:
    """By segment and part (`entered`, `left`): rows of `people` and `why`, the most first."""
    count = tables.build.notes("segments").get("history", {})
    found: dict[str, dict[str, Rows]] = {}
    for row in tables.dicts(
        query(
            """SELECT segment, part, cause, sum(people)::BIGINT AS people FROM movements
               WHERE build = :build AND part <> :full AND segment <> :everybody AND people > 0
               GROUP BY ALL ORDER BY people DESC, cause""",
            build=count.get("build", 0),
            full=FULL,
            everybody=EVERYBODY,
        )
    ):
        parts = found.setdefault(row["segment"], {"entered": [], "left": []})
        parts[row["part"]].append({"people": row["people"], "why": CAUSES[row["cause"]]})
    return found


LONGEST = timedelta(days=90)
"""What came before is told by `carpel history`."""


@dataclass(frozen=True)
class Lately:
    """Sizes and migration from one moment to that of the build; with zone UTC."""

    since: datetime
    until: datetime
    sizes: Mapping[str, Sequence[tuple[datetime, int]]]
    """By segment: from when on how many, the first and the last moment among them."""
    flow: Migration | None
    """Between the places of the lifecycle; None without one."""
    labels: Mapping[str, str]


def lately(tables: Tables, definitions: Definitions) -> Lately | None:
    """What history tells of the last 90 days; None when it knows of one moment only."""
    first, last = tables.span("movements", "at")
    if first is None or last is None or first == last:
        return None
    told = History(tables.engine)
    since: datetime = max(first, last - LONGEST)
    spec = next(
        (each for each in definitions.segmentations.values() if isinstance(each, Lifecycle)), None
    )
    labels = {f"{spec.name}.{each.name}": each.label for each in places(spec)} if spec else {}
    return Lately(
        since.replace(tzinfo=UTC),
        last.replace(tzinfo=UTC),
        {name: _sizes(told.sizes(name), since, last) for name in told.segments()},
        told.migration(list(labels), since, last) if spec else None,
        labels,
    )


def _sizes(
    sizes: Sequence[tuple[datetime, int]], since: datetime, last: datetime
) -> list[tuple[datetime, int]]:
    """Those of the stretch, with what it begins and ends with."""
    before = [(max(at, since), people) for at, people in sizes if at <= since][-1:]
    within = [each for each in sizes if each[0] > since]
    found = [*before, *within]
    return [*found, (last, found[-1][1])] if found and found[-1][0] < last else found
