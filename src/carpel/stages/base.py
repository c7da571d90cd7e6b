"""What a stage is: it names the tables it writes, and cuts its work into parts.

A part says what its output depends on; when that is unchanged, its former output is taken again
instead of being made. So a stage never decides by itself whether to work.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from zoneinfo import ZoneInfo

from carpel.engine.base import Engine
from carpel.engine.query import Tree
from carpel.specs import Definitions
from carpel.store.builds import Build, Made
from carpel.store.decisions import Decision as Decision
from carpel.store.files import Files
from carpel.tables import SINGLE

if TYPE_CHECKING:
    from carpel.store.assignments import Assignment
    from carpel.store.suppressions import LeftAlone
    from carpel.store.tombstones import Tombstones

Progress = Callable[[str, float], None]
"""Called with what is being done and the share of it that is done, 0 to 1."""


def silent(_what: str, _share: float) -> None:
    """Report progress to nobody."""


@dataclass
class Line:
    """The build under way, as a stage sees it."""

    folder: Path
    definitions: Definitions
    engine: Engine
    files: Files
    clock: datetime
    """When this run began, UTC; the only now there is."""
    parent: Build | None = None
    as_of: datetime | None = None
    """What the build is computed for, UTC; settled once the sources are read."""
    parts: dict[str, Made] = field(default_factory=dict)
    progress: Progress = silent
    frames: Mapping[str, Any] = field(default_factory=dict)
    """Data frames that sources read as `frame:NAME`."""
    decisions: tuple[Decision, ...] = ()
    """What people decided about records being one person, oldest first; they always win."""
    next_key: int = 1
    """No customer key below this one may be given to somebody new."""
    computer: Engine | None = None
    """What computes segments where the project names another engine; None: `engine` does."""
    erased: "Tombstones | None" = None
    """By these, rows of people who were erased are known when a source is read again."""
    left_alone: "LeftAlone | None" = None
    """Who is on Carpel's own do-not-contact list."""
    assignments: "tuple[Assignment, ...]" = ()
    """Who is in which arm of every campaign that has begun."""

    @property
    def moment(self) -> datetime:
        """`as_of` as tables store it: UTC without a zone."""
        if self.as_of is None:
            raise RuntimeError("as_of is settled after the sources")
        return self.as_of.replace(tzinfo=None)

    @property
    def zone(self) -> ZoneInfo:
        """The project's own zone."""
        return ZoneInfo(self.definitions.project.timezone)

    def table_files(self, table: str) -> list[str]:
        """Names of the files that hold a table so far: what a part depends on that reads it."""
        return [name for made in self.parts.values() for name in made.tables.get(table, ())]

    def tables(self, family: str = "") -> list[str]:
        """Names of the tables written so far, or of those in a family."""
        names = {table for made in self.parts.values() for table in made.tables}
        return sorted(name for name in names if not family or name.startswith(f"{family}_"))

    def notes(self, stage: str) -> dict[str, Any]:
        """What the parts of an earlier stage noted, merged."""
        return {
            key: value
            for part, made in self.parts.items()
            if part.split("/")[0] == stage
            for key, value in made.notes.items()
        }

    def bind(self, tables: Iterable[str] | None = None) -> None:
        """Make tables readable by name in the engine: these, or all; unwritten ones are empty."""
        for table in SINGLE | set(self.tables()) if tables is None else tables:
            self.engine.bind(table, [self.files.path(name) for name in self.table_files(table)])


class Output:
    """Takes what one part makes."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self.tables: dict[str, tuple[str, ...]] = {}
        self.notes: dict[str, Any] = {}

    def write(self, table: str, tree: Tree) -> int:
        """Store the rows of a query as (a further file of) a table; gives their number."""
        fresh = self._line.files.fresh()
        try:
            rows = self._line.engine.write(tree, fresh)
            name = self._line.files.keep(fresh)
        finally:
            fresh.unlink(missing_ok=True)
        self.tables[table] = (*self.tables.get(table, ()), name)
        return rows

    def carry(self, table: str, names: Iterable[str]) -> None:
        """Let files that a former build wrote be (further) files of a table of this one."""
        self.tables[table] = (*self.tables.get(table, ()), *names)

    def note(self, key: str, value: Any) -> None:
        """Store a small fact about the build that JSON can say."""
        self.notes[key] = value


@dataclass(frozen=True)
class Part:
    """A piece of a stage's work, and everything that its output depends on."""

    name: str
    depends: Mapping[str, Any]
    make: Callable[[Output], None]


class Stage(Protocol):
    """Reads tables, writes tables; never calls another stage."""

    @property
    def name(self) -> str:
        """The stage's own word, first in the names of its parts."""

    @property
    def version(self) -> int:
        """Raised when the code changes what it makes from the same input."""

    @property
    def writes(self) -> tuple[str, ...]:
        """The tables and families of tables that nobody else writes."""

    def parts(self, line: Line) -> Iterable[Part]:
        """The pieces of work, each with what it depends on."""


@dataclass(frozen=True)
class Earlier:
    """What was known at an earlier moment, as tables, and traits that say nothing of when."""

    line: Line
    undated: tuple[str, ...] = ()
    """Traits left out, since nobody can tell whether they were known then."""
    trusted: tuple[str, ...] = ()
    """Undated traits that are there all the same, as they are today."""


class AsKnown(Protocol):
    """Lets `customers`, `contracts`, `profiles` and `traits` be those of an earlier moment."""

    def __call__(
        self, line: Line, moment: datetime, trusted: Collection[str] = ()
    ) -> AbstractContextManager[Earlier]:
        """For as long as it is entered; `moment` is UTC without a zone.

        Undated traits that are `trusted` are there as they are today.
        """
