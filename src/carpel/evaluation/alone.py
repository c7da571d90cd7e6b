"""One customer alone: their own rows of every table, with what they did since.

The evaluator that asks of everybody asks the same of a world in which nobody else is.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
from sqlglot import exp

from carpel.engine.base import Engine
from carpel.engine.query import Tree, aliased, column, literal, table
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.comparisons import kind_of
from carpel.evaluation.edited import LAST_KEY
from carpel.evaluation.fitting import fitted
from carpel.evaluation.renamed import Renamed
from carpel.evaluation.windows import local, utc
from carpel.language import RuleError

Row = Mapping[str, Any]
UTC = ZoneInfo("UTC")
KEPT = "alone_"
"""How the names of one customer's tables begin."""
FRESH = "alone_fresh"
OWN = ("customers", "standings", "contracts", "consents")
SHARED = ("traits", "movements")
_RESERVED = {"customer", "event_key", "local_date", "local_hour", "loaded_at", "source"}


def alone(
    engine: Engine,
    catalogue: Catalogue,
    customer: int,
    fresh: Mapping[str, Sequence[Row]],
    events: Collection[str],
) -> Renamed:
    """An engine that reads one customer's rows only; `fresh` are rows of events to be added.

    `engine` is a session of its own: tables are made in it. Of events only these are there.
    Raises NotFound or RuleError for a fresh event that the build could not hold.
    """
    homes = {home for _, home, _ in catalogue.traits.values()}
    names = {each: each for each in catalogue.tables if _is_shared(each)}
    keys = catalogue.keys(customer)
    for name in {*OWN, *homes} & catalogue.tables:
        under = keys if name == "contracts" else [customer]
        engine.create(KEPT + name, _mine(catalogue, name, under, customer))
        names[name] = KEPT + name
    for event in events:
        home = catalogue.event(event, catalogue.family(event))
        rows: Tree = _mine(catalogue, home, keys, customer)
        if fresh.get(event):
            added = _added(engine, catalogue, customer, event, fresh[event])
            rows = exp.union(_mine(catalogue, home, keys, customer), added, distinct=False)
        engine.create(f"{KEPT}event_{event}", rows)
        engine.drop(FRESH)
        names[f"event_{event}"] = f"{KEPT}event_{event}"
    return Renamed(engine, names)


def _is_shared(name: str) -> bool:
    return name in SHARED or name.startswith("described_")


def _mine(catalogue: Catalogue, name: str, keys: Sequence[int], customer: int) -> exp.Select:
    """A customer's rows, under the key of today."""
    columns = [column(each) for each in catalogue.columns(name) if each != "customer"]
    return (
        exp.select(aliased(literal(customer), "customer"), *columns)
        .from_(table(name))
        .where(column("customer").isin(*keys))
    )


def _added(
    engine: Engine, catalogue: Catalogue, customer: int, event: str, rows: Sequence[Row]
) -> exp.Select:
    """Fresh events as rows, after all that the build holds where instants are the same."""
    engine.register(FRESH, pa.table(as_columns(catalogue, event, rows)))
    return as_rows(catalogue, event, customer)


def as_columns(catalogue: Catalogue, event: str, rows: Sequence[Row]) -> dict[str, pa.Array]:
    """Fresh events as columns, their keys after all that the build holds; each value fits."""
    columns = _columns(catalogue, event)
    cells = [_cells(catalogue, event, row, columns) for row in rows]
    keys = [LAST_KEY - len(rows) + number + 1 for number in range(len(rows))]
    own = [name for name in columns if name not in ("customer", "event_key")]
    data = {name: pa.array([each.get(name) for each in cells]) for name in own}
    return {**data, "event_key": pa.array(keys, pa.uint64())}


def as_rows(catalogue: Catalogue, event: str, customer: int, before: str = "") -> exp.Select:
    """The same as rows of the event's table; names of columns in `FRESH` begin with `before`."""
    cells = (
        aliased(exp.cast(column(before + name), kind, dialect="duckdb"), name)
        for name, kind in _columns(catalogue, event).items()
        if name != "customer"
    )
    return exp.select(aliased(literal(customer), "customer"), *cells).from_(table(FRESH))


def _columns(catalogue: Catalogue, event: str) -> Mapping[str, str]:
    return catalogue.columns(catalogue.event(event, catalogue.family(event)))


def _cells(
    catalogue: Catalogue, event: str, row: Row, columns: Mapping[str, str]
) -> dict[str, Any]:
    """What a fresh event says, each value made to fit its column."""
    whole = _whole(row, catalogue.clock.zone)
    for name in row.keys() - columns.keys():
        key = catalogue.property(event, name).described_by  # says which there are
        raise RuleError(f"{name} of {event} is looked up: give its {key}")
    return {name: _fitted(event, name, each, columns[name]) for name, each in whole.items()}


def _whole(row: Row, zone: ZoneInfo) -> dict[str, Any]:
    """The row with its instant in UTC, and the local day and hour that a load would write.

    An instant without a zone is UTC already.
    """
    if set(row) & _RESERVED:
        raise RuleError(f"an event's {min(set(row) & _RESERVED)} is not for others to say")
    at = utc(row["at"], UTC)
    there = local(at, zone)
    return {**row, "at": at, "local_date": there.date(), "local_hour": there.hour}


def _fitted(event: str, name: str, value: Any, database_type: str) -> Any:
    kind = kind_of(database_type)
    if value is None or kind == "list":
        return value
    try:
        found = fitted(value, kind)
    except RuleError as error:
        raise RuleError(f"{name} of {event}: {error.message}") from None
    return found.date() if kind == "date" and isinstance(found, datetime) else found
