"""The stage `reach`: how many people of a segment can and may be contacted, by channel.

Can: there is an address or number. May: a permission for marketing by this channel is on record
and nobody asked to be left alone. Without any permission on record nobody is reachable.
"""

from collections.abc import Iterable, Mapping

import pyarrow as pa
from pyroaring import BitMap

from carpel.engine.base import Engine
from carpel.engine.query import query
from carpel.evaluation.contacts import ADDRESS, do_not_contact, permitted, with_address
from carpel.evaluation.memberships import selected, stored_sets
from carpel.evaluation.movements import EVERYBODY
from carpel.stages.base import Line, Output, Part

COLUMNS = ("segment", "channel", "people", "with_address", "permitted", "suppressed", "reachable")


class Reach:
    """Writes reach: one row a segment and channel, and `*`: everybody there is."""

    name = "reach"
    version = 2
    writes = ("reach",)

    def parts(self, line: Line) -> Iterable[Part]:
        read = ("memberships", "contacts", "consents", "customers")
        depends = {each: line.table_files(each) for each in read}
        if depends["memberships"]:
            yield Part("reach", depends, lambda out: _write(line, out))


def _write(line: Line, out: Output) -> None:
    kinds = [pa.string()] * 2 + [pa.int64()] * 5
    everybody = selected(line.engine, query("SELECT customer FROM customers"))
    rows = reached(line.engine, {**stored_sets(line.engine), EVERYBODY: everybody})
    schema = pa.schema(list(zip(COLUMNS, kinds, strict=True)))
    line.engine.register("reached", pa.Table.from_pylist(rows, schema=schema))
    out.write("reach", query("SELECT * FROM reached ORDER BY segment, channel"))


def reached(engine: Engine, sets: Mapping[str, BitMap]) -> list[dict[str, str | int]]:
    """Who of these people can and may be contacted, a row a set and channel; see `COLUMNS`."""
    return [row for channel in _channels(engine) for row in _rows(engine, channel, sets)]


def _channels(engine: Engine) -> list[str]:
    """Channels that a permission names, and e-mail, sms and post where addresses are known."""
    held = set(engine.columns("contacts"))
    named = {row[0] for row in engine.rows(query("SELECT DISTINCT channel FROM consents"))}
    known = {each for each in ("email", "sms", "post") if held.issuperset(ADDRESS[each])}
    return sorted(named | known)


def _rows(
    engine: Engine, channel: str, sets: Mapping[str, BitMap]
) -> Iterable[dict[str, str | int]]:
    address, may = with_address(engine, channel), permitted(engine, channel)
    left_alone = do_not_contact(engine)
    counted = (address, may, left_alone, (address & may) - left_alone)
    for name, members in sets.items():
        figures = (len(members), *map(members.intersection_cardinality, counted))
        yield dict(zip(COLUMNS, (name, channel, *figures), strict=True))
