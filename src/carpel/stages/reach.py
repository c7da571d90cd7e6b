"""The stage `reach`: how many people of a segment can and may be contacted, by channel.

Can: there is an address or number. May: a permission for marketing by this channel is on record
and nobody asked to be left alone. Without any permission on record nobody is reachable.
"""

from collections.abc import Iterable, Mapping

import pyarrow as pa
from pyroaring import BitMap

from carpel.engine.query import column, conjunction, query
from carpel.evaluation.memberships import selected, stored_sets
from carpel.stages.base import Line, Output, Part

ADDRESS: Mapping[str, tuple[str, ...]] = {
    "email": ("email",),
    "sms": ("phone",),
    "phone": ("phone",),
    "whatsapp": ("phone",),
    "post": ("t_street",),
}
"""What has to be known to reach somebody by a channel."""
COLUMNS = ("segment", "channel", "people", "with_address", "permitted", "suppressed", "reachable")


class Reach:
    """Writes reach: one row a segment and channel."""

    name = "reach"
    version = 1
    writes = ("reach",)

    def parts(self, line: Line) -> Iterable[Part]:
        depends = {each: line.table_files(each) for each in ("memberships", "contacts", "consents")}
        if depends["memberships"]:
            yield Part("reach", depends, lambda out: _write(line, out))


def _write(line: Line, out: Output) -> None:
    sets = stored_sets(line.engine)
    rows = [row for channel in _channels(line) for row in _rows(line, channel, sets)]
    kinds = [pa.string()] * 2 + [pa.int64()] * 5
    columns = list(zip(*rows, strict=True)) or [()] * len(COLUMNS)
    line.engine.register(
        "reached",
        pa.table(
            [pa.array(each, kind) for each, kind in zip(columns, kinds, strict=True)], COLUMNS
        ),
    )
    out.write("reach", query("SELECT * FROM reached ORDER BY segment, channel"))


def _channels(line: Line) -> list[str]:
    """Channels that a permission names, and e-mail, sms and post where addresses are known."""
    held = _held(line)
    named = {row[0] for row in line.engine.rows(query("SELECT DISTINCT channel FROM consents"))}
    known = {each for each in ("email", "sms", "post") if held.issuperset(ADDRESS[each])}
    return sorted(named | known)


def _held(line: Line) -> set[str]:
    return set(line.engine.columns("contacts"))


def _rows(line: Line, channel: str, sets: Mapping[str, BitMap]) -> list[tuple[object, ...]]:
    address = _with_address(line, channel)
    permitted = selected(
        line.engine,
        query(
            "SELECT customer FROM consents "
            "WHERE channel = :it AND purpose = 'marketing' AND granted",
            it=channel,
        ),
    )
    suppressed = selected(
        line.engine, query("SELECT DISTINCT customer FROM consents WHERE suppressed")
    )
    may = (address & permitted) - suppressed
    return [
        (
            name,
            channel,
            len(members),
            members.intersection_cardinality(address),
            members.intersection_cardinality(permitted),
            members.intersection_cardinality(suppressed),
            members.intersection_cardinality(may),
        )
        for name, members in sets.items()
    ]


def _with_address(line: Line, channel: str) -> BitMap:
    needed, held = ADDRESS.get(channel, ()), _held(line)
    if not held.issuperset(needed):
        return BitMap()
    known = conjunction(query(":it IS NOT NULL", it=column(each)) for each in needed)
    return selected(line.engine, query("SELECT customer FROM contacts WHERE :known", known=known))
