"""Stable keys of rows, records and events."""

from collections.abc import Sequence

from carpel.engine.query import Tree, column, literal, query
from carpel.reading import Rows
from carpel.specs import Source
from carpel.stages.sources.values_table import Values
from carpel.stages.sources.wanted import TELLING, actual


def hashed(parts: Sequence[Tree]) -> Tree:
    """A 64-bit key from texts; a null part leaves no trace, so say which part is which."""
    return query("md5_number_lower(concat_ws(chr(31), :parts))", parts=list(parts))


def _text(name: str) -> Tree:
    return query("CAST(:c AS VARCHAR)", c=column(name))


def key_of(names: Sequence[str], rows: Rows, source: Source) -> Tree:
    """A row's key from its key columns; null where it has none, or all of them are empty."""
    if not names:
        return query("CAST(NULL AS UBIGINT)")
    cells = [query("coalesce(:c, '')", c=_text(actual(name, rows, source))) for name in names]
    return query("CASE WHEN concat(:cells) <> '' THEN :key END", cells=cells, key=hashed(cells))


def row_keys(source: Source, rows: Rows) -> dict[str, Tree]:
    """The key columns of the row and of each event, hashed, by name."""
    tracks = {f"e{n}_key": key_of(track.key, rows, source) for n, track in enumerate(source.track)}
    return {"row_key": key_of(source.key, rows, source)} | tracks


def ref(source: Source, values: Values) -> Tree:
    """Who a row is about: its identifiers and name, else the row's own key or content."""
    row = hashed([literal(source.name), literal("row"), _text("row_same"), _text("row_extra")])
    ids = values.starting("id_")
    if not ids:
        return row
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
