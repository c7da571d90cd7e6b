"""What a build knows of its past: how many builds history holds, and the parent's movements."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from pyroaring import BitMap

from carpel.engine.base import Engine
from carpel.evaluation.history import History
from carpel.evaluation.memberships import account_sets, stored_sets
from carpel.stages.base import Line

WHOLE_EVERY = 30
"""Builds after which a segment's set is stored whole again; as many small files become one."""


@dataclass(frozen=True)
class Unit:
    """What segments are made of, people or accounts: where their sets and movements stand.

    `everybody` is the table with the keys there are, in the column `key`; `prefix` begins the
    names of what a build notes.
    """

    sets: str
    stored: Callable[[Engine, str], dict[str, BitMap]]
    movements: str
    everybody: str
    key: str
    called: str
    prefix: str = ""


PEOPLE = Unit("memberships", stored_sets, "movements", "customers", "customer", "people")
ACCOUNTS = Unit(
    "account_segments",
    account_sets,
    "account_movements",
    "belongings",
    "account",
    "accounts",
    "account_",
)


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
    def of(cls, line: Line, unit: Unit = PEOPLE) -> "Count":
        """That of the parent; of a build without any history, nothing."""
        if line.parent is None:
            return cls()
        return cls(**line.parent.notes("segments").get(f"{unit.prefix}history", {}))

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
    for unit in (PEOPLE, ACCOUNTS):
        files = [line.files.path(name) for name in past_files(line, unit)]
        line.engine.bind(unit.movements, files)
    return History(line.engine)


def past_files(line: Line, unit: Unit = PEOPLE) -> list[str]:
    """Files of the movements up to the parent: what a part depends on that looks back.

    When nothing has changed since the parent, those up to its own parent: then no build is
    published, and what the parent says of its past stays right.
    """
    return _former(line, unit.movements, f"{unit.prefix}past")


def sets_before(line: Line, unit: Unit = PEOPLE) -> list[str]:
    """Files of the parent's sets, in the same sense."""
    return _former(line, unit.sets, f"{unit.prefix}before")


def _former(line: Line, table: str, note: str) -> list[str]:
    if line.parent is None:
        return []
    if all(line.parent.parts.get(name) == made for name, made in line.parts.items()):
        return list(line.parent.notes("segments").get(note, []))
    return line.parent.tables().get(table, [])
