"""Who was in which arm of an experiment, by an attribute or by an event, and by today's keys."""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc
from pyroaring import BitMap

from carpel.engine.base import Engine
from carpel.engine.query import aliased, column, query, table
from carpel.evaluation.bitmaps import bitmap
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.relation import conditions
from carpel.language import Doing


def by_trait(catalogue: Catalogue, trait: str) -> pa.Table:
    """A row a person: `customer`, and as text `arm`, what the attribute says; `at` is NULL."""
    fact = catalogue.trait(trait)
    return catalogue.engine.fetch(
        query(
            """SELECT customer, CAST(:arm AS VARCHAR) AS arm, NULL::TIMESTAMP AS at
               FROM :home WHERE :arm IS NOT NULL""",
            arm=fact.value,
            home=table(fact.table),
        )
    )


def by_event(catalogue: Catalogue, doing: Doing, stated: str) -> pa.Table:
    """A row a person and arm: the first time `at` which an event's property stated it."""
    meant, described = conditions(doing, catalogue, catalogue.clock, "event")
    known = catalogue.property(doing.event, stated)
    home = catalogue.event(doing.event)
    arm, key = query("CAST(:it AS VARCHAR)", it=known.value), catalogue.customer(home)
    rows = catalogue.rows(doing.event, {*described, *filter(None, [known.described_by])})
    return catalogue.engine.fetch(
        rows.where(meant, query(":arm IS NOT NULL", arm=arm))
        .select(aliased(key, "customer"), aliased(arm, "arm"))
        .select(aliased(query("min(:at)", at=column("at", home)), "at"))
        .group_by(key.copy(), arm.copy())
    )


def in_arm(rows: pa.Table, arm: str) -> BitMap:
    """Everybody of such rows who is in an arm."""
    return bitmap(pc.filter(rows.column("customer"), pc.equal(rows.column("arm"), arm)))


def merged(engine: Engine) -> dict[int, int]:
    """By key of somebody who was merged away: the key under which they live."""
    return dict(engine.rows(query("SELECT customer, survivor FROM aliases")))


def survivors(keys: BitMap, today: Mapping[int, int]) -> BitMap:
    """The keys under which people of former keys live today."""
    gone = keys & BitMap(today)
    return (keys - gone) | BitMap(today[key] for key in gone)
