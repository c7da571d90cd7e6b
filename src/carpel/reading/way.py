"""How a column is read: what the file says, as a value, settled; instants end in UTC."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlglot import exp

from carpel.engine.base import Engine
from carpel.engine.query import Tree, column, query
from carpel.reading.dates import Order
from carpel.reading.rows import Rows, inner
from carpel.reading.zones import doubtful, to_utc
from carpel.specs.column import ColumnType


@dataclass(frozen=True)
class Home:
    """Where a file is at home: what is meant where it does not say."""

    zone: str = "UTC"
    decimal: Literal[".", ","] | None = None
    order: Order | None = None
    usual: Order = "dmy"
    """How its country writes dates; a guess where neither the file nor its source tells."""


def itself(said: Tree) -> Tree:
    """Leave it as it is said."""
    return said.copy()


def _as_read(_said: Tree, read: Tree) -> Tree:
    return read.copy()


@dataclass(frozen=True)
class Typed:
    """How one value of every row is read: what the file says, as a value, settled."""

    type: ColumnType
    said: Tree
    """Over the file's columns; null where it says nothing."""
    read: Callable[[Tree], Tree] = itself
    """From what is said to a value as it is written there."""
    settle: Callable[[Tree, Tree], Tree] = _as_read
    """From what is said and that value to the final one; null where it is not one."""
    checked: bool = False
    """Whether something may be said that cannot be read."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What had to be decided: `how` the column is written, `ambiguous`, `order`, `unclear_zones`,
    `repaired_hours`, `date_only`."""

    @property
    def value(self) -> Tree:
        """The whole way as one expression over the file's columns; steps are repeated in it."""
        return self.settle(self.said, self.read(self.said))


def figure(
    kind: ColumnType, said: Tree, read: Callable[[Tree], Tree], facts: Mapping[str, Any] = {}
) -> Typed:
    """A finite number; where a whole one is wanted, one without a fraction."""

    def settle(_said: Tree, number: Tree) -> Tree:
        whole = query(
            "CASE WHEN isfinite(:v) AND :v = trunc(:v) THEN TRY_CAST(:v AS BIGINT) END", v=number
        )
        return whole if kind == "integer" else query("CASE WHEN isfinite(:v) THEN :v END", v=number)

    return Typed(kind, said, read, settle, True, facts)


def instant(
    engine: Engine,
    rows: Rows,
    said: Tree,
    read: Callable[[Tree], Tree],
    utc: Callable[[Tree], Tree] | None,
    home: Home,
    facts: Mapping[str, Any],
) -> Typed:
    """A time of the file's zone as UTC, by the clock changes of the years it spans.

    `utc` reads what says its zone itself, and goes before.
    """
    shift: Callable[[Tree], Tree] = itself
    if home.zone != "UTC":
        written = exp.select(exp.alias_(read(column("said")), "written")).from_(
            inner(exp.select(exp.alias_(said, "said")).from_(inner(rows.tree)))
        )
        years = years_of(engine, written, column("written"))
        repaired = engine.value(
            query(
                "SELECT count(*) FROM :t WHERE :doubtful",
                t=inner(written),
                doubtful=doubtful(column("written"), home.zone, years),
            )
        )
        facts = {**facts, "repaired_hours": repaired} if repaired else facts

        def shift(local: Tree) -> Tree:
            return to_utc(local, home.zone, years)

    def settle(text: Tree, local: Tree) -> Tree:
        shifted = shift(local)
        return shifted if utc is None else query("coalesce(:u, :l)", u=utc(text), l=shifted)

    return Typed("instant", said, read, settle, True, facts)


def years_of(engine: Engine, rows: Tree, at: Tree) -> list[int]:
    """The years in which there is a time."""
    found = engine.rows(query("SELECT DISTINCT year(:at) FROM :t", at=at, t=inner(rows)))
    return sorted(year for (year,) in found if year is not None)
