"""Column types: DuckDB's names for them, which Carpel uses everywhere, and Arrow's for those."""

import pyarrow as pa
from sqlglot import exp

from carpel.engine.query import Tree, name
from carpel.tables import contract

_NAMES: dict[pa.DataType, str] = {
    pa.bool_(): "BOOLEAN",
    pa.int8(): "TINYINT",
    pa.int16(): "SMALLINT",
    pa.int32(): "INTEGER",
    pa.int64(): "BIGINT",
    pa.uint8(): "UTINYINT",
    pa.uint16(): "USMALLINT",
    pa.uint32(): "UINTEGER",
    pa.uint64(): "UBIGINT",
    pa.decimal128(20, 0): "UBIGINT",
    pa.float32(): "FLOAT",
    pa.float64(): "DOUBLE",
    pa.date32(): "DATE",
    pa.binary(): "BLOB",
}


def type_name(kind: pa.DataType) -> str:
    """DuckDB's name of an Arrow type; what Carpel has no name for is text."""
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return f"{type_name(kind.value_type)}[]"
    if pa.types.is_timestamp(kind):
        return "TIMESTAMP WITH TIME ZONE" if kind.tz else "TIMESTAMP"
    if pa.types.is_decimal(kind) and kind != pa.decimal128(20, 0):
        return f"DECIMAL({kind.precision},{kind.scale})"
    return _NAMES.get(kind, "VARCHAR")


def regular(kind: pa.DataType) -> pa.DataType:
    """The Arrow type that holds the same and that every engine reads: no dictionaries, no views,
    instants in microseconds of UTC without a zone, days as days."""
    if pa.types.is_dictionary(kind):
        return regular(kind.value_type)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return pa.list_(regular(kind.value_type))
    if pa.types.is_timestamp(kind):
        return pa.timestamp("us")
    if pa.types.is_date(kind):
        return pa.date32()
    if pa.types.is_decimal(kind) and kind != pa.decimal128(20, 0):
        return pa.float64()
    if pa.types.is_large_binary(kind):
        return pa.binary()
    return kind if kind in _NAMES else pa.string()


def regularised(schema: pa.Schema) -> pa.Schema:
    """The schema with every type regular."""
    return pa.schema([(field.name, regular(field.type)) for field in schema])


def nothing(table: str) -> Tree:
    """A table nobody wrote is there, with the columns of its contract and no rows."""
    columns = contract(table).columns or {"nothing": "BOOLEAN"}
    nulls = [
        exp.alias_(exp.cast(exp.null(), kind, dialect="duckdb"), name(key))
        for key, kind in columns.items()
    ]
    return exp.select(*nulls).where(exp.false())
