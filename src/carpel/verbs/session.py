"""A project that is open: who acts, what the time is, and where its things are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carpel.engine.base import Engine
from carpel.engine.duckdb import DuckDB
from carpel.engine.opening import open_engine
from carpel.errors import Problem
from carpel.manifest.load import load, load_project
from carpel.manifest.loaded import Loaded
from carpel.manifest.names import name_problems
from carpel.manifest.pages import with_said
from carpel.reading.secrets import revealed
from carpel.specs import Definitions, Project
from carpel.specs.computing import computing
from carpel.stages.profiles.catalogue import CATALOGUE

if TYPE_CHECKING:
    from carpel.engine.postgres import Postgres
    from carpel.store.store import Store

Clock = Callable[[], datetime]
BUILT_IN = frozenset(entry.name for entry in CATALOGUE)
"""Traits that every project has."""


def wall_clock() -> datetime:
    """The time outside; asked for at the edge of Carpel and handed inwards."""
    return datetime.now(UTC)


@dataclass
class Session:
    """One actor at work in one project's folder."""

    folder: Path
    actor: str = "local"
    clock: Clock = wall_clock
    given: Definitions | None = None
    """Definitions built in Python, in place of the folder's files."""
    frames: Mapping[str, Any] = field(default_factory=dict)
    """Data frames that a source reads as `frame:NAME`: pandas, Polars, Arrow or DuckDB."""
    passed_over: Sequence[Problem] = ()
    """Mistakes in the project's files that work went on in spite of."""

    @property
    def hidden(self) -> Path:
        """The folder that Carpel keeps for itself."""
        return self.folder / ".carpel"

    @cached_property
    def loaded(self) -> Loaded:
        """What can be read of what the project says, with every mistake of form and names."""
        if self.given is None:
            return load(self.folder, BUILT_IN)
        given = with_said(self.given)
        return Loaded(given, {}, name_problems(given, {}, BUILT_IN))

    @cached_property
    def definitions(self) -> Definitions:
        """Everything the project says, checked; raises ProjectError with all its mistakes."""
        return self.loaded.sound()

    @cached_property
    def understood(self) -> Definitions:
        """What can be understood of the project, to look at a build by: see `passed_over`.

        Raises ProjectError for mistakes in `carpel.yml`.
        """
        found = self.loaded.understood(BUILT_IN)
        self.passed_over = self.loaded.problems
        return found

    @cached_property
    def store(self) -> "Store":
        """The project's builds and ledger; opened when first needed, since that takes a while.

        Raises ProjectError where there is no project, and leaves no trace of having looked.
        """
        from carpel.store.store import open_store

        return open_store(self.folder, self.clock, ledger=self.ledger())

    def ledger(self) -> str | None:
        """URL of the ledger's database with its secrets, None for a file beside the builds.

        Raises ProjectError for what is wrong in `carpel.yml`, and no more: a former build can be
        gone back to while other files are being written.
        """
        url = self.settings.ledger
        return revealed(url, self.folder) if url else None

    @property
    def settings(self) -> Project:
        """What `carpel.yml` says; raises ProjectError for what is wrong in it, and no more."""
        return self.given.project if self.given else load_project(self.folder)

    def computer(self) -> Engine | None:
        """The engine that the project names for its segments; None where that is DuckDB.

        Raises EngineError or MissingExtra before anything runs when it cannot be used.
        """
        said = computing(self.definitions.project.engine)
        if said.kind == "duckdb":
            return None
        url = revealed(said.url, self.folder) if said.url else None
        return open_engine(said.kind, url, said.tables, scratch=self._scratch())

    def database(self) -> "Postgres | None":
        """The PostgreSQL database that builds are copied to; None where they are not.

        Raises ProjectError for what is wrong in `carpel.yml`, and no more, MissingExtra, and
        EngineError when it cannot be reached.
        """
        said = computing(self.settings.engine)
        if said.kind != "postgres":
            return None
        from carpel.engine.postgres import Postgres

        return Postgres(revealed(str(said.url), self.folder))

    def _scratch(self) -> Path:
        scratch = self.hidden / "scratch"
        scratch.mkdir(parents=True, exist_ok=True)
        return scratch

    def engine(self) -> DuckDB:
        """A fresh engine that spills into the project's own folder."""
        return DuckDB(self._scratch())
