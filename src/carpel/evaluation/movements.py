"""Movements: who entered and left a segment, when and why, as the table of that name holds it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from pyroaring import BitMap

from carpel.engine.base import Engine
from carpel.engine.query import query, table
from carpel.evaluation.bitmaps import from_bytes, to_bytes

Kind = Literal["members", "entered", "left"]
FULL: Kind = "members"
"""The part of `movements` that is the whole set."""

EVERYBODY = "*"
"""What stands for the people there are, in the place of a segment's name."""
REPLAYED = 0
"""The number of a build that never was: what a replay worked out for a past moment."""


@dataclass(frozen=True)
class Movement:
    """One row of `movements`: `members` is the whole set, the others are those who moved.

    `at` is UTC without a zone; of several builds at one moment the higher number is the later.
    """

    segment: str
    at: datetime
    build: int
    part: Kind
    cause: str | None
    members: BitMap

    def row(self) -> dict[str, Any]:
        """As the table holds it."""
        return {
            **vars(self),
            "people": len(self.members),
            "members": to_bytes(self.members),
        }


def movements(engine: Engine, segment: str, name: str = "movements") -> list[Movement]:
    """All of one segment, in the order in which they came to be; `name` is the table's."""
    rows = engine.rows(
        query(
            """SELECT segment, at, build, part, cause, members FROM :t WHERE segment = :it
               ORDER BY at, build, part""",
            t=table(name),
            it=segment,
        )
    )
    return [
        Movement(name, at, build, part, cause, from_bytes(members))
        for name, at, build, part, cause, members in rows
    ]


def sizes(
    engine: Engine, segment: str, name: str = "movements"
) -> list[tuple[datetime, int, str, int]]:
    """Of one segment only how many: `at`, `build`, `part` and people; no set is read."""
    return engine.rows(
        query(
            """SELECT at, build, part, CAST(sum(people) AS BIGINT) FROM :t WHERE segment = :it
               GROUP BY at, build, part ORDER BY at, build""",
            t=table(name),
            it=segment,
        )
    )


def stored(moment: datetime) -> datetime:
    """A moment as tables store it: UTC without a zone; one without a zone is so already."""
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
