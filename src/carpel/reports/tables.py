"""The tables of one build, asked for their rows."""

from datetime import datetime
from typing import Any

from carpel.engine.base import Engine
from carpel.engine.query import Tree, column, query, table
from carpel.store.builds import Build

Rows = list[dict[str, Any]]


class Tables:
    """Reads one build whose tables are bound in an engine."""

    def __init__(self, engine: Engine, build: Build) -> None:
        self.engine, self._written, self.build = engine, set(build.tables()), build

    @property
    def moment(self) -> datetime:
        """What the build is computed for, as tables store it: UTC without a zone."""
        return self.build.as_of.replace(tzinfo=None)

    def has(self, name: str, *columns: str) -> bool:
        """Whether the build wrote this table, with these columns."""
        return name in self._written and set(columns) <= set(self.engine.columns(name))

    def has_bound(self, name: str) -> bool:
        """Whether the engine has this table, whoever wrote it."""
        return name in self.engine.tables()

    def dicts(self, tree: Tree) -> Rows:
        """The rows of a query whose answer is small."""
        rows: Rows = self.engine.fetch(tree).to_pylist()
        return rows

    def span(self, name: str, column_: str) -> tuple[datetime | None, datetime | None]:
        """The first and the last instant in a column; None twice when there is none."""
        found = query("SELECT min(:c), max(:c) FROM :t", c=column(column_), t=table(name))
        first, last = self.engine.rows(found)[0]
        return first, last
