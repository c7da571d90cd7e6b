"""A desk over a few made-up people, without a build being run."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from pyroaring import BitMap

from carpel.campaigns.desk import Desk
from carpel.engine.duckdb import DuckDB
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.comparisons import Clock
from carpel.specs import Campaign, Definitions, Message, Project, Smtp
from carpel.store.ledger import Ledger

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CHANNEL = {
    "name": "news",
    "kind": "smtp",
    "host": "127.0.0.1",
    "security": "none",
    "sender": "Shop <hello@shop.example>",
    "unsubscribe_url": "https://shop.example/u/{token}",
}
MESSAGE = {"name": "hello", "subject": "Hi {{ first_name }}", "markdown": "Hello {{ city }}"}
Row = Mapping[str, Any]


class Moving:
    """A clock that stands where a test puts it."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def on(self, **much: float) -> None:
        self.now += timedelta(**much)


def campaign(name: str = "win_back", **said: object) -> Campaign:
    goal = {"metric": "order_rate", "target": 0.2, "by": date(2026, 12, 31)}
    whole = {"goal": goal, "audience": "everybody", "channel": "news", "message": "hello"}
    return Campaign.model_validate({"name": name, **whole, **said})


@pytest.fixture
def desk_of(tmp_path: Path) -> Callable[..., Desk]:
    """Makes a desk of rows: `customer` and what is known; and of the rows of other tables."""

    def made(people: Sequence[Row], *campaigns: Campaign, **tables: Sequence[Row]) -> Desk:
        engine = DuckDB()
        for name, (rows, columns) in _tables(people, tables).items():
            engine.register(name, pa.Table.from_pylist(list(rows), pa.schema(columns)))
        definitions = Definitions(
            Project(name="shop", timezone="Europe/Berlin"),
            channels={"news": Smtp.model_validate(CHANNEL)},
            messages={"hello": Message.model_validate(MESSAGE | {"fallbacks": FALLBACKS})},
            campaigns={each.name: each for each in campaigns},
        )
        keys = BitMap(row["customer"] for row in people)
        clock = Clock(NOW.replace(tzinfo=None), ZoneInfo("Europe/Berlin"))
        return Desk(
            definitions=definitions,
            engine=engine,
            catalogue=Catalogue(engine, clock),
            sets={"everybody": keys, "nobody": BitMap()},
            build="b1",
            as_of=NOW,
            ledger=Ledger.open(tmp_path),
            key=b"key of these tests",
            clock=Moving(),
            label=str,
        )

    return made


FALLBACKS = {"first_name": "there", "city": ""}
TEXT, KEY = pa.string(), pa.int64()
PURCHASES = [
    ("customer", KEY),
    ("at", pa.timestamp("us")),
    ("product_id", TEXT),
    ("name", TEXT),
]
MOVEMENTS = [
    ("segment", TEXT),
    ("at", pa.timestamp("us")),
    ("build", KEY),
    ("part", TEXT),
    ("cause", TEXT),
    ("people", KEY),
    ("members", pa.binary()),
]


def _tables(people: Sequence[Row], given: Mapping[str, Sequence[Row]]) -> dict[str, Any]:
    consents = [
        {"customer": row["customer"], "channel": "email", "purpose": "marketing"}
        | {"granted": row["may"], "suppressed": row.get("never", False)}
        for row in people
        if "may" in row
    ]
    refs = [{"ref": row["customer"], "id_email": row.get("email")} for row in people]
    whose = [{"ref": row["customer"], "customer": row["customer"]} for row in people]
    zones = [{"customer": row["customer"], "timezone": row.get("zone")} for row in people]
    trait = {"trait": "timezone", "type": "text", "table": "profiles", "expression": '"timezone"'}
    contacts = [("customer", KEY), ("email", TEXT), ("t_first_name", TEXT), ("t_city", TEXT)]
    events = [("customer", KEY), ("at", pa.timestamp("us")), ("amount", pa.float64())]
    permission = [("customer", KEY), ("channel", TEXT), ("purpose", TEXT)]
    return {
        "customers": (people, [("customer", KEY)]),
        "contacts": (people, contacts),
        "consents": (consents, [*permission, ("granted", pa.bool_()), ("suppressed", pa.bool_())]),
        "records": (given.get("records", refs), [("ref", KEY), ("id_email", TEXT)]),
        "identities": (given.get("identities", whose), [("ref", KEY), ("customer", KEY)]),
        "aliases": (given.get("aliases", ()), [("customer", KEY), ("survivor", KEY)]),
        "profiles": (zones, [("customer", KEY), ("timezone", TEXT)]),
        "traits": ([trait], [(each, TEXT) for each in trait]),
        "event_order_completed": (given.get("orders", ()), events),
        "event_cart_updated": (given.get("carts", ()), events[:2]),
        "event_product_purchased": (given.get("purchases", ()), PURCHASES),
        "movements": (given.get("movements", ()), MOVEMENTS),
    }


def known(*keys: int, **more: Any) -> list[dict[str, Any]]:
    """People who can and may be written to."""
    return [{"customer": k, "email": f"p{k}@mail.example", "may": True, **more} for k in keys]
