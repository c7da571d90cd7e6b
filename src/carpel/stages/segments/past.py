"""What a build knows of its past: how many builds history holds, and the parent's movements."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from carpel.evaluation.history import History
from carpel.stages.base import Line

WHOLE_EVERY = 30
"""Builds after which a segment's set is stored whole again; as many small files become one."""


@dataclass(frozen=True)
class Count:
    """Where in its history a build stands."""

    build: int = 0
    """Builds that history holds, this one too."""
    at: str = ""
    """The moment under which its movements stand."""
    whole: Mapping[str, int] = field(default_factory=dict)
    """By segment: the build that stored it whole last."""

    @classmethod
    def of(cls, line: Line) -> "Count":
        """That of the parent; of a build without any history, nothing."""
        return cls(**(line.parent.notes("segments").get("history", {}) if line.parent else {}))

    def next(self, line: Line) -> "Count":
        """That of the build under way. A build that looks back adds to what is known by then."""
        at = max(line.moment, self.moment) if self.at else line.moment
        return replace(self, build=self.build + 1, at=at.isoformat())

    @property
    def moment(self) -> datetime:
        """`at`, UTC without a zone."""
        return datetime.fromisoformat(self.at)

    def due(self, segments: Iterable[str]) -> list[str]:
        """Those of the segments that are to be stored whole: new ones, and it is time again."""
        return [
            each
            for each in segments
            if self.build - self.whole.get(each, -WHOLE_EVERY) >= WHOLE_EVERY
        ]

    def stored(self, segments: Iterable[str]) -> "Count":
        """The same, with these segments stored whole by this build."""
        return replace(self, whole={**self.whole, **dict.fromkeys(segments, self.build)})


def past(line: Line) -> History:
    """The history up to the parent build; `movements` hold it until this build writes its own."""
    line.engine.bind("movements", [line.files.path(name) for name in past_files(line)])
    return History(line.engine)


def past_files(line: Line) -> list[str]:
    """Files of the movements up to the parent: what a part depends on that looks back.

    When nothing has changed since the parent, those up to its own parent: then no build is
    published, and what the parent says of its past stays right.
    """
    return _former(line, "movements", "past")


def sets_before(line: Line) -> list[str]:
    """Files of the parent's sets, in the same sense."""
    return _former(line, "memberships", "before")


def _former(line: Line, table: str, note: str) -> list[str]:
    if line.parent is None:
        return []
    if all(line.parent.parts.get(name) == made for name, made in line.parts.items()):
        return list(line.parent.notes("segments").get(note, []))
    return line.parent.tables().get(table, [])
