"""Stable keys of rows, records and events."""

from collections.abc import Sequence

from carpel.engine.query import Tree, column, literal, query
from carpel.reading import Rows
from carpel.specs import Source
from carpel.stages.sources.repeats import ROW, prefixes
from carpel.stages.sources.values_table import Values, content
from carpel.stages.sources.wanted import TELLING, actual


def hashed(parts: Sequence[Tree]) -> Tree:
    """A 64-bit key from texts; a null part leaves no trace, so say which part is which."""
    return query("md5_number_lower(concat_ws(chr(31), :parts))", parts=list(parts))


def _text(name: str) -> Tree:
    return query("CAST(:c AS VARCHAR)", c=column(name))


def same(names: Sequence[str], rows: Rows, source: Source) -> Tree:
    """What makes rows one: their key columns; everything where there are none or all are empty."""
    if not names:
        return content(rows)
    cells = [query("coalesce(:c, '')", c=_text(actual(name, rows, source))) for name in names]
    return query(
        "CASE WHEN concat(:cells) <> '' THEN :key ELSE :whole END",
        cells=cells,
        key=hashed(cells),
        whole=content(rows),
    )


def row_keys(source: Source, rows: Rows) -> dict[str, Tree]:
    """What makes rows, and the events they tell, the same, as `<prefix>same`."""
    keys = {f"e{n}_": track.key or source.key for n, track in enumerate(source.track)} | {
        "row_": source.key
    }
    return {f"{each}same": same(keys[each], rows, source) for each in prefixes(source)}


def ref(source: Source, values: Values) -> Tree:
    """Who a row is about: its identifiers and name, else the row's own key or content."""
    row = hashed([literal(source.name), literal("row"), _text("row_same"), _text("row_extra")])
    ids = values.starting("id_")
    if not ids:
        return row
    if ROW not in prefixes(source):
        row = query("CAST(NULL AS UBIGINT)")
    told = [f"t_{name}" for name in TELLING if f"t_{name}" in values.types]
    named = [query(":kind || :v", kind=f"{key}=", v=_text(key)) for key in [*ids, *told]]
    return query(
        "CASE WHEN coalesce(NULL, :ids) IS NULL THEN :row ELSE :who END",
        ids=[column(key) for key in ids],
        row=row,
        who=hashed([literal(source.name), *named]),
    )


def event_key(source: Source, number: int) -> Tree:
    """The key of the event that a track tells from a row."""
    return hashed(
        [
            literal(source.name),
            literal(source.track[number].event),
            _text(f"e{number}_same"),
            _text(f"e{number}_extra"),
        ]
    )
