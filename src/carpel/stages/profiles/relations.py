"""What the line holds, as rows with a `customer`: merged keys mapped, nothing after `as_of`."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

from sqlglot import exp

from carpel.engine.query import Tree, aliased, column, literal, query, table
from carpel.evaluation.survivors import surviving
from carpel.evaluation.windows import shift
from carpel.language import Period
from carpel.stages.base import Line

NUMBERS = {
    "amount", "discount", "quantity", "lines", "unit_cost", "nps", "satisfaction",
    "resolution_hours",
}  # fmt: skip
"""Properties that are counted with; written as text they are read as numbers where they can be."""


class Relations:
    """Gives the rows of events and other tables as queries; None for what the line has not."""

    def __init__(self, line: Line) -> None:
        self.line, self.engine = line, line.engine

    @cached_property
    def as_of(self) -> datetime:
        """The moment of the build, with its zone."""
        return self.line.moment.replace(tzinfo=UTC)

    @cached_property
    def today(self) -> date:
        """The day of `as_of` where the project is."""
        return self.as_of.astimezone(self.line.zone).date()

    @cached_property
    def merged(self) -> bool:
        """Whether any key lives on under another."""
        return bool(self.line.table_files("aliases")) and bool(
            self.engine.value(query("SELECT count(*) FROM aliases"))
        )

    def since(self, days: int) -> datetime:
        """Where a window of so many days begins, as rules count it; UTC."""
        return shift(self.line.moment, Period(days, "days"), self.line.zone)

    @cached_property
    def times(self) -> Mapping[str, Tree]:
        """The instants that formulas name, as literals."""
        spans = {f"since_{days}d": literal(self.since(days)) for days in (30, 90, 365, 730)}
        return {"as_of": literal(self.line.moment), "today": literal(self.today), **spans}

    def read(self, text: str, **parts: Any) -> Tree:
        """A query in which `:as_of` and `:since_30d` and the like may stand."""
        return query(text, **self.times, **parts)

    def columns(self, rows: Tree) -> set[str]:
        """The columns of these rows."""
        return set(self.engine.columns(rows))

    def table(self, name: str) -> Tree | None:
        """A table with a `customer`, under the keys that live on."""
        if not self.line.table_files(name):
            return None
        return surviving(name, self.engine.columns(name)) if self.merged else table(name)

    def event(self, name: str, needs: Iterable[str] = ()) -> Tree | None:
        """An event up to `as_of`; what it lacks is looked up where a source describes it."""
        rows = self.table(f"event_{name}")
        if rows is None:
            return None
        own = self.engine.columns(f"event_{name}")
        rows = _numbers(rows, own)
        lacking = [each for each in needs if each not in own]
        for key, found in self._described(own, lacking).items():
            rows = _looked_up(rows, key, found)
        return self.read("SELECT * FROM :rows AS e WHERE at <= :as_of", rows=rows)

    def _described(self, own: Iterable[str], lacking: list[str]) -> dict[str, dict[str, str]]:
        """By key of the event: the lacking properties that a source describes, and their types."""
        found: dict[str, dict[str, str]] = {}
        for name in self.line.tables("described"):
            key = name.removeprefix("described_")
            columns = self.engine.columns(name) if key in own and lacking else {}
            found[key] = {each: columns[each] for each in lacking if each in columns}
            lacking = [each for each in lacking if each not in columns]
        return {key: columns for key, columns in found.items() if columns}


def stacked(parts: Iterable[Tree]) -> Tree | None:
    """The rows of all parts, which have the same columns, one part under the other."""
    listed = list(parts)
    return (
        exp.union(*listed, distinct=False, copy=False)
        if len(listed) > 1
        else next(iter(listed), None)
    )


def _number(name: str, kind: str) -> Tree:
    if name in NUMBERS and kind in ("VARCHAR", "BOOLEAN"):
        return query("TRY_CAST(:it AS DOUBLE)", it=column(name))
    return column(name)


def _numbers(rows: Tree, columns: Mapping[str, str]) -> Tree:
    texts = [name for name, kind in columns.items() if name in NUMBERS and kind == "VARCHAR"]
    if not texts:
        return rows
    read = [aliased(_number(name, columns[name]), name) for name in texts]
    return query("SELECT e.* REPLACE (:read) FROM :rows AS e", read=read, rows=rows)


def _looked_up(rows: Tree, key: str, found: Mapping[str, str]) -> Tree:
    """The rows with further properties; a key described twice keeps the greater value."""
    said = [
        aliased(query("max(:it)", it=_number(name, kind)), name) for name, kind in found.items()
    ]
    lookup = query(
        """SELECT CAST(:key AS VARCHAR) AS looked_up, :said FROM :described AS d
                      GROUP BY looked_up""",
        key=column(key),
        said=said,
        described=table(f"described_{key}"),
    )
    return query(
        """SELECT e.*, :found FROM :rows AS e
                    LEFT JOIN :lookup AS d ON d.looked_up = CAST(:key AS VARCHAR)""",
        found=[column(name, "d") for name in found],
        rows=rows,
        lookup=lookup,
        key=column(key, "e"),
    )
