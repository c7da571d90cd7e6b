"""Columns between Arrow and PostgreSQL: how they are declared, handed over and taken."""

from typing import TYPE_CHECKING, Any

import pyarrow as pa
from sqlglot import exp

from carpel.engine.query import Tree, name

if TYPE_CHECKING:
    import psycopg

_DECLARED: dict[pa.DataType, str] = {
    pa.bool_(): "boolean",
    pa.int8(): "smallint",
    pa.int16(): "smallint",
    pa.int32(): "integer",
    pa.int64(): "bigint",
    pa.uint8(): "smallint",
    pa.uint16(): "integer",
    pa.uint32(): "bigint",
    pa.uint64(): "numeric(20, 0)",
    pa.decimal128(20, 0): "numeric(20, 0)",
    pa.float32(): "double precision",
    pa.float64(): "double precision",
    pa.date32(): "date",
    pa.timestamp("us"): "timestamp",
    pa.binary(): "bytea",
}
_EXCHANGED: dict[pa.DataType, pa.DataType] = {
    pa.int8(): pa.int16(),
    pa.uint8(): pa.int16(),
    pa.uint16(): pa.int32(),
    pa.uint32(): pa.int64(),
    pa.uint64(): pa.decimal128(20, 0),
    pa.float32(): pa.float64(),
}
"""What the driver takes in place of what it has no type for, or would silently wrap around."""
_KINDS = {
    "bool": pa.bool_(),
    "int2": pa.int16(),
    "int4": pa.int32(),
    "int8": pa.int64(),
    "float4": pa.float64(),
    "float8": pa.float64(),
    "numeric": pa.float64(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
    "timestamptz": pa.timestamp("us"),
    "bytea": pa.binary(),
}
"""By PostgreSQL's own short name; all others are handed over as text."""


def declared(schema: pa.Schema) -> str:
    """Columns for CREATE TABLE. Text is compared by code point, as everywhere in Carpel."""
    return ", ".join(f"{_quoted(each.name)} {_type(each.type)}" for each in schema)


def _type(kind: pa.DataType) -> str:
    one = kind.value_type if pa.types.is_list(kind) else kind
    whole = _DECLARED.get(one, "text") + ("[]" if one is not kind else "")
    return f'{whole} COLLATE "C"' if whole.startswith("text") else whole


def exchanged(schema: pa.Schema) -> pa.Schema:
    """The schema as the driver takes it."""
    return pa.schema([(each.name, _exchanged(each.type)) for each in schema])


def _exchanged(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_list(kind):
        return pa.list_(_exchanged(kind.value_type))
    return _EXCHANGED.get(kind, kind)


def described(connection: "psycopg.Connection[Any]", text: str) -> pa.Schema:
    """The columns that a query gives, in Arrow's types."""
    found = connection.execute(f"SELECT * FROM ({text}) AS described LIMIT 0").description or []
    return pa.schema([_field(connection, each) for each in found])


def _field(connection: "psycopg.Connection[Any]", found: Any) -> pa.Field:
    """A column; where the driver would not hand it over as it is, its metadata say as what."""
    known = connection.adapters.types.get(found.type_code)
    listed = known is not None and found.type_code == known.array_oid
    title = known.name if known is not None else ""
    kind = pa.uint64() if (found.precision, found.scale) == (20, 0) else _kind(title)
    wire = "text" if kind == pa.uint64() else _DECLARED.get(kind, "text")
    needed = title in ("numeric", "timestamptz", "float4") or title not in (*_KINDS, "text")
    return pa.field(
        found.name,
        pa.list_(kind) if listed else kind,
        metadata={"as": f"{wire}[]" if listed else wire} if needed else None,
    )


def _kind(title: str) -> pa.DataType:
    return _KINDS.get(title, pa.string())


def handed_over(text: str, schema: pa.Schema) -> str:
    """The query with every column in a type that the driver hands over whole."""
    if not any(each.metadata for each in schema):
        return text
    names = [f"c{number}" for number in range(len(schema))]
    cells = [
        f"{own}::{each.metadata[b'as'].decode()} AS {own}" if each.metadata else own
        for own, each in zip(names, schema, strict=True)
    ]
    return f"SELECT {', '.join(cells)} FROM ({text}) AS handed_over ({', '.join(names)})"


def taken(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """A batch in the columns' types."""
    return pa.RecordBatch.from_arrays(
        [cells.cast(each.type) for cells, each in zip(batch.columns, schema, strict=True)],
        schema=schema,
    )


def adopted(connection: "psycopg.Connection[Any]", target: str) -> Tree:
    """A query that gives a table of the user's as rules read it: numbers as doubles or integers,
    instants in UTC without a zone, everything else as text compared by code point."""
    source = exp.Table(**_place(target))
    selected = exp.select("*").from_(source.copy())
    found = connection.execute(f"{selected.sql(dialect='postgres')} LIMIT 0").description or []
    cells = [
        exp.alias_(_adopted(exp.column(name(each.name)), connection, each), name(each.name))
        for each in found
    ]
    return exp.select(*cells).from_(source)


def _place(target: str) -> dict[str, exp.Identifier]:
    *schema, own = target.split(".")
    return {"this": name(own)} | ({"db": name(schema[-1])} if schema else {})


def _adopted(cell: exp.Column, connection: "psycopg.Connection[Any]", found: Any) -> Tree:
    known = connection.adapters.types.get(found.type_code)
    title = known.name if known is not None else ""
    if known is not None and found.type_code == known.array_oid:
        return exp.Collate(this=exp.cast(cell, "TEXT[]", dialect="postgres"), expression=name("C"))
    if title == "timestamptz":
        return exp.AtTimeZone(this=cell, zone=exp.Literal.string("UTC"))
    if title == "numeric":
        wanted = "DECIMAL(20, 0)" if (found.precision, found.scale) == (20, 0) else "DOUBLE"
        return exp.cast(cell, wanted)
    if title in _KINDS:
        return cell
    return exp.Collate(this=exp.cast(cell, "TEXT", dialect="postgres"), expression=name("C"))


def _quoted(text: str) -> str:
    return name(text).sql(dialect="postgres")
