"""A night built on what its parent has equals one built anew with the same keys and parent."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from carpel import pipeline
from carpel.engine.duckdb import DuckDB
from carpel.engine.query import query, table
from carpel.language import parse
from carpel.specs import Definitions, Goal, Identity, Project, Segment, Source, Tiers
from carpel.specs.segmentation import Tier
from carpel.stages.base import Line
from carpel.stages.events import tiers
from carpel.stages.segments import afresh
from carpel.stages.sources import grown
from carpel.store.builds import Build, Made
from carpel.store.decisions import Decision
from carpel.testing.line import line_with

pytestmark = pytest.mark.slow
RULES: dict[str, Any] = {
    "buyers": {"did": "order_completed", "at_least": 2, "within": "60 days"},
    "quiet": {"not": {"did": "product_purchased", "within": "20 days"}},
    "spenders": {"did": "product_purchased", "sum": "amount", "more_than": 60},
    "again": {
        "sequence": [
            {"did": "product_purchased"},
            {"then": "product_purchased", "within": "5 days"},
        ]
    },
    "gold": {"segmentation": "tier", "in": ["gold"]},
}
CRM: dict[str, Any] = {
    "name": "crm",
    "read": "crm.csv",
    "mode": "snapshot",
    "key": ["crm_id"],
    "identifiers": {"crm_id": "crm_id", "email": "mail"},
    "traits": {"city": "city"},
}
TILL: dict[str, Any] = {
    "name": "till",
    "read": "till*.csv",
    "key": ["sale"],
    "identifiers": {"crm_id": "card", "email": "mail"},
    "track": [
        {
            "event": "product_purchased",
            "at": "at",
            "cluster_by": "product_id",
            "properties": {"order_id": "basket", "product_id": "product", "amount": "amount"},
        }
    ],
}
SPECS = Definitions(
    Project(name="shop", identity=Identity(probabilistic=False)),
    sources={each["name"]: Source.model_validate(each) for each in (CRM, TILL)},
    segments={name: Segment(name=name, where=parse(each)) for name, each in RULES.items()},
    segmentations={
        "tier": Tiers(
            kind="tiers",
            name="tier",
            event="product_purchased",
            levels=(Tier(name="tin", at_least=0), Tier(name="gold", at_least=50)),
        )
    },
    goals={
        each: Goal(name=each, metric=each, target=0.5, by=date(2027, 1, 1))
        for each in ("repeat_purchase_rate", "active_customers")
    },
)


class Shop:
    """A CRM and tills, a file a night; rows may come late or again, change and go."""

    def __init__(self, folder: Path, random: Random) -> None:
        self.folder, self.random, self.sales = folder, random, 0
        self.mails = {key: f"p{key}@x.example" for key in range(1, 13)}
        self.files: list[dict[int, str]] = []
        self.decisions: list[Decision] = []

    def night(self, today: datetime, count: int) -> None:
        chance = self.random
        self.files.append({})
        for _ in range(count):
            self.sales += 1
            back = chance.choice([0, 0, 0, 1, 30, 200]) * chance.randrange(3)
            at = today - timedelta(days=back, minutes=chance.randrange(600))
            key = chance.choice(list(self.mails))
            who = f"{key}," if chance.random() < 0.7 else f",{self.mails[key]}"
            self.files[-1][self.sales] = (
                f"{self.sales},{who},{at:%Y-%m-%d %H:%M},b{chance.randrange(60)},"
                f"{chance.choice('abc')},{chance.randrange(1, 40)}"
            )
        older = chance.choice(self.files)
        for sale in chance.sample(sorted(older), min(chance.choice([0, 0, 2]), len(older))):
            what = chance.choice(["again", "changed", "gone"])
            if what == "again":
                self.files[-1][sale] = older[sale]
            elif what == "changed":
                older[sale] = older[sale].rpartition(",")[0] + ",7"
            else:
                del older[sale]
        one, other = chance.sample(list(self.mails), 2)
        if chance.random() < 0.5:
            self.mails[one] = self.mails[other]
        self._write()

    def _write(self) -> None:
        people = (f"{key},{mail},Rome" for key, mail in self.mails.items())
        (self.folder / "crm.csv").write_text("\n".join(["crm_id,mail,city", *people]))
        for number, rows in enumerate(self.files):
            head = "sale,card,mail,at,basket,product,amount"
            (self.folder / f"till{number}.csv").write_text("\n".join([head, *rows.values()]))

    def part(self, line: Line) -> None:
        """Take one of two records of the CRM that are one person out again."""
        pairs = line.engine.rows(
            query(
                """SELECT l.ref, r.ref FROM records AS l JOIN records AS r ON l.ref < r.ref
                   JOIN identities AS a ON a.ref = l.ref JOIN identities AS b ON b.ref = r.ref
                   WHERE a.customer = b.customer AND l.source = 'crm' AND r.source = 'crm'
                   ORDER BY 1, 2"""
            )
        )
        if pairs:
            left, right = self.random.choice(pairs)
            self.decisions.append(Decision("apart", (left,), (right,)))


def built(line: Line, parent: Build | None, now: datetime, shop: Shop) -> tuple[Line, Build]:
    made = replace(
        line,
        engine=DuckDB(),
        parent=parent,
        parts={},
        clock=now,
        as_of=now,
        decisions=tuple(shop.decisions),
    )
    pipeline.run(made)
    return made, Build(now.isoformat(), None, now, now, made.parts, {})


def tables(line: Line) -> dict[str, Counter[tuple[Any, ...]]]:
    return {
        name: Counter(
            tuple(map(repr, row))
            for row in line.engine.rows(query("SELECT * FROM :t", t=table(name)))
        )
        for name in line.tables()
    }


@pytest.mark.prove
def test_nights_equal_full_builds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, grew = nights_equal_full_builds(tmp_path, monkeypatch, 0, nights=4)
    assert kept > 10, "tiers come from the parent"
    assert grew, "some night only added a file"


@pytest.mark.prove
def test_more_nights_equal_full_builds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_seed: int
) -> None:
    found = [
        nights_equal_full_builds(tmp_path / f"{number}", monkeypatch, fresh_seed + number)
        for number in range(5)
    ]
    assert sum(kept for kept, _ in found) > 50, "tiers come from the parent"
    assert sum(grew for _, grew in found) > 2, "some nights only added a file"


def nights_equal_full_builds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, nights: int = 6
) -> tuple[int, int]:
    """Nights, each built upon the one before and whole.

    Gives how many tiers were kept, and in how many nights only new files were read.
    """
    monkeypatch.setattr(tiers, "LARGE", 10)
    tmp_path.mkdir(exist_ok=True)
    random = Random(seed)
    shop, line = Shop(tmp_path, random), line_with(tmp_path, definitions=SPECS)
    now, parent, kept, grew = datetime(2026, 2, 26, 12, tzinfo=UTC), None, 0, 0
    for number in range(nights):
        shop.night(now - timedelta(hours=12), 40 if number == 0 else random.randrange(5))
        made, build = built(line, parent, now, shop)
        if parent is not None:
            unread = {name: replace(each, fingerprint="") for name, each in parent.parts.items()}
            with monkeypatch.context() as patch:
                patch.setattr(afresh, "MOST", -1.0)
                patch.setattr(grown, "MOST", 0)
                full, _ = built(line, replace(parent, parts=unread), now, shop)
            ours, theirs = tables(made), tables(full)
            assert ours.keys() == theirs.keys()
            for name in ours:
                assert ours[name] == theirs[name], (seed, number, name)
            kept += _kept(build.parts, parent.parts)
            grew += build.notes("sources")["till"]["grown"] > 0
        if random.random() < 0.5:
            shop.part(made)
        parent, now = build, now + timedelta(days=random.choice([0, 1, 1, 3]))
    return kept, grew


def _kept(ours: dict[str, Made], theirs: dict[str, Made]) -> int:
    return sum(
        name.startswith("events/product_purchased/") and ours[name] == theirs.get(name)
        for name in ours
    )
