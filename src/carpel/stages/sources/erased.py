"""Rows of people who were erased: known again by tombstones, set aside, kept nowhere."""

from collections.abc import Iterator

import pyarrow as pa
from sqlglot import exp

from carpel.engine.query import Tree, aliased, column, literal, query, table
from carpel.reading.rows import inner
from carpel.specs import Source
from carpel.stages.base import Line
from carpel.stages.sources.fates import Reason
from carpel.stages.sources.keys import ref
from carpel.stages.sources.values_table import Values

ERASED = "erased"
"""The reason of rows about somebody who was forgotten on request."""


def erased(line: Line, source: Source, values: Values, typed: Tree) -> Iterator[Reason]:
    """The reason of rows about erased people; none where nobody of them is in this source."""
    if not line.erased:
        return
    people, gone = f"people_{source.name}", f"erased_{source.name}"
    line.engine.create(people, _people(source, values, typed))
    refs = line.erased.refs_in(line.engine, people)
    line.engine.drop(people)
    if refs:
        line.engine.register(gone, pa.table({"ref": pa.array(refs, pa.uint64())}))
        known = query(":ref IN (SELECT ref FROM :t)", ref=_ref(source, values), t=table(gone))
        yield Reason(ERASED, "", known)


def kept(line: Line, aside: Tree) -> Tree:
    """Rows set aside, without the content of any that tells of somebody erased."""
    if not line.erased:
        return aside
    data = line.engine.fetch(aside)
    contents = [
        None if reason == ERASED or (text and line.erased.in_content(text)) else text
        for reason, text in zip(
            data["reason"].to_pylist(), data["content"].to_pylist(), strict=True
        )
    ]
    at = data.schema.get_field_index("content")
    line.engine.register(
        "kept_aside", data.set_column(at, "content", pa.array(contents, pa.string()))
    )
    return query("SELECT * FROM kept_aside")


def _people(source: Source, values: Values, typed: Tree) -> Tree:
    """Who the rows are about, as in `records`."""
    said = [column(each) for each in values.types if each.startswith(("id_", "t_"))]
    return exp.select(aliased(_ref(source, values), "ref"), *said).from_(inner(typed)).distinct()


def _ref(source: Source, values: Values) -> Tree:
    """The row's `ref` before rows are numbered that say the same: as the first of them has it."""

    def first(node: exp.Expr) -> exp.Expr:
        numbered = isinstance(node, exp.Column) and node.name == "row_extra"
        return literal(1) if numbered else node

    return ref(source, values).transform(first)
