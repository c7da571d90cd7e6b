"""The traits of some people, row by row: what goes with what, and how one figure is spread."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyroaring import BitMap

from carpel.engine.query import Tree, aliased, column, query, table
from carpel.evaluation.bitmaps import to_keys
from carpel.evaluation.comparisons import Clock
from carpel.evaluation.facts import Facts, lay
from carpel.evaluation.movements import EVERYBODY
from carpel.specs import Definitions, Lifecycle, Rfm, Tiers
from carpel.stages.fitness.ground import Ground
from carpel.stats.relation import ranks
from carpel.stats.tails import Floats

SAMPLE = 2000
"""People that are looked at one by one, of everybody and of each segment."""

Key = tuple[str, str | None]
"""A trait, and the value of a category that shares are of."""


class FactsOf:
    """Lays the measured traits side by side for as long as it is open."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.keys: list[Key] = ground.engine.rows(
            query(
                "SELECT trait, value FROM moments WHERE segment = :all ORDER BY ALL", all=EVERYBODY
            )
        )
        clock = Clock(ground.moment, ground.line.zone)
        names = dict.fromkeys(trait for trait, _ in self.keys)
        self.laid: Facts = lay(ground.engine, clock, names)

    def close(self) -> None:
        """Forget them."""
        self.ground.engine.drop("facts")

    def numbers(self, people: BitMap) -> tuple[NDArray[np.int64], dict[str, Floats]]:
        """Keys of these people and the figures of each, NaN where not known."""
        found = self._rows(people, [column(each, "facts") for each in self.laid.numbers])
        return _keys(found), {name: _floats(found.column(name)) for name in self.laid.numbers}

    @cached_property
    def sample(self) -> BitMap:
        """Some of everybody, the same ones each time."""
        return drawn(self.ground.everybody, SAMPLE)

    @cached_property
    def columns(self) -> dict[Key, Floats]:
        """Figures as ranks, and common values as 1 and 0, of the sample; NaN where not known."""
        cells = [column(each, "facts") for each in (*self.laid.numbers, *self.laid.categories)]
        found = self._rows(self.sample, cells)
        return {
            (trait, value): ranks(_floats(found.column(trait)))
            if value is None
            else _having(found.column(trait), value)
            for trait, value in self.keys
        }

    @cached_property
    def measures(self) -> dict[str, list[Floats]]:
        """Ranks of what sets of segments and events rest on, of the sample, by their names."""
        definitions = self.ground.line.definitions
        found = {
            f"segmentation {name}": self._ranked(home, columns)
            for name, (home, columns) in _homes(definitions).items()
            if self.ground.line.table_files(home)
        }
        asked = {e for name in self.ground.sets for e in self.ground.asks(name).get("event", ())}
        for event in sorted(asked):
            if self.ground.line.table_files(f"event_{event}"):
                found[f"event {event}"] = self._counted(f"event_{event}")
        return found

    def _ranked(self, home: str, columns: Iterable[str]) -> list[Floats]:
        self._register(self.sample)
        found = self.ground.engine.fetch(
            query(
                "SELECT :cells FROM chosen LEFT JOIN :t AS t USING (customer) ORDER BY customer",
                cells=[
                    aliased(query("CAST(:it AS DOUBLE)", it=column(each, "t")), each)
                    for each in columns
                ],
                t=table(home),
            )
        )
        self.ground.engine.drop("chosen")
        return [ranks(_floats(found.column(each))) for each in columns]

    def _counted(self, home: str) -> list[Floats]:
        self._register(self.sample)
        found = self.ground.engine.fetch(
            query(
                """SELECT coalesce(any_value(counted.times), 0)::DOUBLE AS times
                   FROM chosen LEFT JOIN (
                       SELECT coalesce(a.survivor, e.customer) AS customer, count(*) AS times
                       FROM :event AS e LEFT JOIN aliases AS a ON a.customer = e.customer
                       WHERE e.at <= :moment GROUP BY 1) AS counted USING (customer)
                   GROUP BY chosen.customer ORDER BY chosen.customer""",
                event=table(home),
                moment=self.ground.moment,
            )
        )
        self.ground.engine.drop("chosen")
        return [ranks(_floats(found.column("times")))]

    def _rows(self, people: BitMap, cells: Sequence[Tree]) -> pa.Table:
        self._register(people)
        found = self.ground.engine.fetch(
            query(
                """SELECT facts.customer AS customer, :cells
                   FROM chosen JOIN facts USING (customer) ORDER BY facts.customer""",
                cells=list(cells),
            )
            if cells
            else query("SELECT customer FROM chosen ORDER BY customer")
        )
        self.ground.engine.drop("chosen")
        return found

    def _register(self, people: BitMap) -> None:
        self.ground.engine.register("chosen", pa.table({"customer": to_keys(people)}))


def drawn(people: BitMap, most: int) -> BitMap:
    """At most so many of these people, by the order of a hash of their keys."""
    if len(people) <= most:
        return people
    keys = np.frombuffer(people.to_array(), np.uint32)
    return BitMap(keys[np.argsort(_hashed(keys), kind="stable")[:most]])


def _hashed(keys: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """Numbers that have nothing to do with the order of the keys (a multiply and xorshift)."""
    mixed = keys.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    return mixed * np.uint64(0xBF58476D1CE4E5B9)


def _keys(found: pa.Table) -> NDArray[np.int64]:
    return np.asarray(found.column("customer").to_numpy())


def _floats(cells: pa.ChunkedArray) -> Floats:
    return np.asarray(cells.to_numpy(zero_copy_only=False), np.float64)


def _having(cells: pa.ChunkedArray, value: str) -> Floats:
    """1 who has the value, 0 who has another, NaN of whom it is not known."""
    return _floats(pc.equal(cells, pa.scalar(value, pa.string())).cast(pa.float64()))


def _homes(definitions: Definitions) -> Mapping[str, tuple[str, tuple[str, ...]]]:
    """By segmentation: its table, and the figures that decide who is where."""
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for name, spec in definitions.segmentations.items():
        match spec:
            case Rfm():
                found[name] = (f"rfm_{name}", ("recency_days", "frequency", "monetary"))
            case Lifecycle():
                found[name] = (f"lifecycle_{name}", ("days", "days_since", "usual_gap_days"))
            case Tiers():
                found[name] = (f"tiers_{name}", ("value",))
    return found
