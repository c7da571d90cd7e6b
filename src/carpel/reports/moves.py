"""Who moved: people that joined and left each segment since the update before, and why."""

from carpel.engine.query import query
from carpel.evaluation.movements import EVERYBODY, FULL
from carpel.reports.tables import Rows, Tables

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
