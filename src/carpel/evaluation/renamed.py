"""An engine in which tables go by other names: how the same rules are asked of other rows."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
from sqlglot import exp

from carpel.engine.base import Engine
from carpel.engine.query import Tree, name


class Renamed:
    """An engine that reads some tables by another name, and no others."""

    def __init__(self, engine: Engine, names: Mapping[str, str]) -> None:
        self.engine, self.names, self.dialect = engine, dict(names), engine.dialect

    def __getattr__(self, word: str) -> Any:
        return getattr(self.engine, word)

    def tables(self) -> list[str]:
        """The names under which tables are read here."""
        return list(self.names)

    def columns(self, tree_or_name: Tree | str) -> dict[str, str]:
        """Columns of a table or a query, and their types."""
        if isinstance(tree_or_name, str):
            return self.engine.columns(self.names.get(tree_or_name, tree_or_name))
        return self.engine.columns(self._renamed(tree_or_name))

    def fetch(self, tree: Tree) -> pa.Table:
        """All rows of a query."""
        return self.engine.fetch(self._renamed(tree))

    def batches(self, tree: Tree) -> pa.RecordBatchReader:
        """All rows of a query, as they are made."""
        return self.engine.batches(self._renamed(tree))

    def rows(self, tree: Tree) -> list[tuple[Any, ...]]:
        """All rows of a query, as tuples."""
        return self.engine.rows(self._renamed(tree))

    def value(self, tree: Tree) -> Any:
        """The one cell of a query."""
        return self.engine.value(self._renamed(tree))

    def write(self, tree: Tree, path: Path) -> int:
        """A query into a file."""
        return self.engine.write(self._renamed(tree), path)

    def _renamed(self, tree: Tree) -> Tree:
        renamed = tree.copy()
        for each in list(renamed.find_all(exp.Table)):
            if each.name in self.names:
                if not each.alias:
                    each.set("alias", exp.TableAlias(this=name(each.name)))
                each.set("this", name(self.names[each.name]))
        return renamed
