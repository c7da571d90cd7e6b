"""Whatever the nights bring, files laid a tier at a time hold what a plain reckoning says."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from carpel import pipeline
from carpel.engine.query import query, table
from carpel.stages.base import Line
from carpel.stages.events import Events, tiers
from carpel.store.builds import Build, Made
from carpel.testing.line import CLOCK, line_with

pytestmark = pytest.mark.slow

LINES, ORDERS = "product_purchased", "order_completed"
NOW = CLOCK.replace(tzinfo=None)
STAGED = pa.schema(
    {
        "ref": pa.uint64(),
        "source": pa.string(),
        "event_key": pa.uint64(),
        "at": pa.timestamp("us"),
        "local_date": pa.date32(),
        "local_hour": pa.int8(),
        "loaded_at": pa.timestamp("us"),
        "order_id": pa.string(),
        "product_id": pa.string(),
        "amount": pa.float64(),
    }
)


def day(year: int, month: int, number: int) -> datetime:
    return datetime(year, month, number, tzinfo=UTC).replace(tzinfo=None)


@dataclass
class Shop:
    """Records that are people, and what they bought, as rows that can be changed."""

    random: Random
    sales: dict[int, dict[str, Any]] = field(default_factory=dict)
    joined: dict[int, int] = field(default_factory=dict)
    """Keys that live on under another; record n was first given key n."""
    strays: dict[int, int] = field(default_factory=dict)
    """Records that belong to somebody else than their first key says."""
    keys: int = 0

    def who(self, ref: int) -> int:
        return self.strays.get(ref, self.joined.get(ref, ref))

    def sell(self, date: datetime, count: int = 1) -> None:
        for _ in range(count):
            self.keys += 1
            at = date + timedelta(minutes=self.random.randrange(24 * 60))
            self.sales[self.keys] = {
                "ref": self.random.randrange(1, 13),
                "source": "till",
                "event_key": self.keys,
                "at": at,
                "local_date": at.date(),
                "local_hour": at.hour,
                "loaded_at": NOW,
                "order_id": self.random.choice([f"o{self.random.randrange(40)}", None]),
                "product_id": self.random.choice("abc"),
                "amount": float(self.random.randrange(1, 50)),
            }

    def merge(self, gone: int, stays: int) -> None:
        """The older key of two that are in use survives."""
        stays, gone = sorted((self.joined.get(gone, gone), self.joined.get(stays, stays)))
        if stays != gone:
            self.joined |= {key: stays for key, to in self.joined.items() if to == gone}
            self.joined[gone] = stays

    def night(self, today: datetime) -> None:
        """Some of everything: new, late, again, corrected, deleted; merged, parted, gone astray."""
        chance = self.random
        self.sell(today, chance.randrange(6))
        self.sell(today - timedelta(days=chance.randrange(500)), chance.randrange(2))
        for key in chance.sample(sorted(self.sales), chance.randrange(3)):
            if chance.random() < 0.4:
                del self.sales[key]
            else:
                self.sales[key] = {**self.sales[key], "amount": float(chance.randrange(1, 50))}
        if chance.random() < 0.5:
            self.merge(*chance.sample(range(1, 13), 2))
        if self.joined and chance.random() < 0.4:
            del self.joined[chance.choice(sorted(self.joined))]
        if chance.random() < 0.3:
            self.strays = {chance.randrange(1, 13): self.who(chance.randrange(1, 13))}
        in_use = {self.joined.get(key, key) for key in range(1, 13)}
        self.strays = {ref: to for ref, to in self.strays.items() if to in in_use}

    def tables(self) -> dict[str, pa.Table]:
        refs = range(1, 13)
        return {
            f"staged_event_{LINES}": pa.Table.from_pylist(list(self.sales.values()), STAGED),
            "identities": pa.table(
                {
                    "ref": pa.array(refs, pa.uint64()),
                    "customer": pa.array(map(self.who, refs), pa.int64()),
                    "origin": pa.array(refs, pa.int64()),
                }
            ),
            "aliases": pa.table(
                {
                    "customer": pa.array(list(self.joined), pa.int64()),
                    "survivor": pa.array(list(self.joined.values()), pa.int64()),
                }
            ),
        }

    def bought(self) -> Counter[tuple[Any, ...]]:
        """Lines under today's keys, reckoned without Carpel."""
        return Counter(
            (self.who(row["ref"]), key, row["at"], row["amount"], row["product_id"])
            for key, row in self.sales.items()
        )

    def ordered(self) -> Counter[tuple[Any, ...]]:
        """Orders under today's keys, reckoned without Carpel."""
        orders = defaultdict(list)
        for key, row in self.sales.items():
            orders[self.who(row["ref"]), row["order_id"] or f"line {key}"].append(row)
        return Counter(
            (who, order, min(row["at"] for row in rows), sum(row["amount"] for row in rows))
            for (who, order), rows in orders.items()
        )


def laid(line: Line, shop: Shop, parent: Build | None, today: datetime = NOW) -> Build:
    """Lay the events of a night as a build does."""
    given = {}
    for name, data in shop.tables().items():
        fresh = line.files.fresh()
        pq.write_table(data, fresh)
        given[name] = Made(name, {name: (line.files.keep(fresh),)})
    clock = CLOCK + (today - NOW)
    made = replace(line, parent=parent, parts=given, clock=clock, as_of=clock)
    pipeline.run(made, [Events()])
    return Build("b", None, clock, clock, made.parts)


def rows(line: Line, build: Build, name: str, *columns: str) -> Counter[tuple[Any, ...]]:
    line.engine.bind("seen", [line.files.path(each) for each in build.tables()[name]])
    line.engine.bind("renamed", [line.files.path(each) for each in build.tables()["aliases"]])
    text = f"""SELECT coalesce(a.survivor, t.customer), {", ".join(columns)} FROM :t AS t
               LEFT JOIN renamed AS a ON a.customer = t.customer"""
    return Counter(line.engine.rows(query(text, t=table("seen"))))


def check(line: Line, build: Build, shop: Shop) -> None:
    for layout in ("event", "activity"):
        said = rows(line, build, f"{layout}_{LINES}", "event_key", "at", "amount", "product_id")
        assert said == shop.bought()
        said = rows(line, build, f"{layout}_{ORDERS}", "order_id", "at", "amount")
        assert said == shop.ordered()


def files(build: Build, event: str = LINES) -> dict[str, tuple[str, ...]]:
    """The files of an event's tiers, by tier."""
    begin = f"events/{event}/"
    return {
        name.removeprefix(begin): made.tables[f"event_{event}"]
        for name, made in build.parts.items()
        if name.startswith(begin)
    }


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Shop:
    """One with sales in 2024, 2025 and every day of the two months before the first of March."""
    monkeypatch.setattr(tiers, "LARGE", 20)
    shop = Shop(Random(3))
    shop.sell(day(2024, 6, 1), 10)
    shop.sell(day(2025, 6, 1), 10)
    for number in range(59):
        shop.sell(day(2026, 1, 1) + timedelta(days=number))
    return shop


@pytest.mark.parametrize("seed", range(2))
def test_nights_equal_a_reckoning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    random = Random(seed)
    monkeypatch.setattr(tiers, "LARGE", random.choice([3, 15, 1000]))
    shop, line = Shop(random), line_with(tmp_path)
    for back in range(400):
        shop.sell(NOW - timedelta(days=back), random.random() < 0.4)
    parent, today = None, day(2026, 2, 25)
    for _ in range(7):
        today += timedelta(days=random.choice([0, 1, 1, 2, 40]))
        parent = laid(line, shop, parent, today)
        check(line, parent, shop)
        scratch = laid(line, shop, None, today)
        assert files(parent).keys() == files(scratch).keys()
        shop.night(today)


def test_a_night_touches_the_tiers_of_its_rows_only(tmp_path: Path, shop: Shop) -> None:
    line = line_with(tmp_path)
    before = files(first := laid(line, shop, None))
    assert set(before) == {"2024", "2025", "2026-01", *(f"2026-02-{n:02}" for n in range(1, 29))}
    shop.sell(day(2026, 2, 28))
    shop.sell(day(2024, 7, 1))
    after = files(second := laid(line, shop, first))
    assert {name for name in after if after[name] != before[name]} == {"2026-02-28", "2024"}
    check(line, second, shop)


def test_merging_and_parting_rewrites_nothing(tmp_path: Path, shop: Shop) -> None:
    for row in shop.sales.values():
        row["order_id"] = None
    line = line_with(tmp_path)
    first = laid(line, shop, None)
    shop.merge(2, 5)
    shop.merge(1, 2)
    merged = laid(line, shop, first)
    assert files(merged) == files(first)
    assert files(merged, ORDERS) == files(first, ORDERS)
    check(line, merged, shop)
    shop.joined.clear()
    parted = laid(line, shop, merged)
    assert files(parted) == files(first)
    check(line, parted, shop)


def test_days_become_months_and_months_years(tmp_path: Path, shop: Shop) -> None:
    line = line_with(tmp_path)
    first = laid(line, shop, None)
    shop.sell(day(2026, 3, 1))
    second = laid(line, shop, first)
    assert set(files(second)) == {"2024", "2025", "2026-01", "2026-02", "2026-03"}
    kept = {name for name in files(second) if files(second)[name] == files(first).get(name)}
    assert kept == {"2024", "2025", "2026-01"}
    shop.sell(day(2027, 1, 1))
    third = laid(line, shop, second, day(2027, 1, 1))
    assert set(files(third)) == {"2024", "2025", "2026", "2027"}
    check(line, third, shop)


def test_what_is_said_to_happen_later_is_in_the_last_tier(tmp_path: Path, shop: Shop) -> None:
    line = line_with(tmp_path)
    shop.sell(day(2031, 1, 1))
    build = laid(line, shop, None)
    assert max(files(build)) == "2026-02-28"
    check(line, build, shop)


def test_nobody_has_any(tmp_path: Path) -> None:
    line = line_with(tmp_path)
    build = laid(line, Shop(Random(0)), None)
    assert list(files(build)) == ["all"]
    check(line, build, Shop(Random(0)))
