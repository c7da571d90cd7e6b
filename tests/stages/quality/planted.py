"""A source with nothing wrong, and ways to plant so many defects of a kind."""

import random
from datetime import date, datetime, timedelta

import pyarrow as pa

from carpel.specs import Definitions, Project, Source
from carpel.testing.line import CLOCK

NOW = CLOCK.replace(tzinfo=None)
SOURCE = Source(
    name="shop",
    read="shop.csv",
    seen_at="Touched",
    identifiers={"email": "E-mail", "phone": "Phone"},
    traits={"first_name": "First", "birth_date": "Born", "country": "Land", "category": "Kind"},
    track=[
        {
            "event": "product_purchased",
            "at": "When",
            "properties": {
                "order_id": "Order",
                "product_id": "Product",
                "quantity": "Pieces",
                "unit_price": "Price",
                "discount": "Off",
                "amount": "Total",
                "currency": "Money",
            },
        },
        {
            "event": "order_completed",
            "at": "When",
            "properties": {"order_id": "Order", "amount": "Sum"},
        },
    ],
    hold=[{"plan": "Plan", "started_at": "From", "ended_at": "To", "amount": "Fee"}],
)
DEFINITIONS = Definitions(
    Project(name="trial", currency="EUR", country="DE"),
    sources={
        "shop": SOURCE,
        "things": Source(name="things", read="things.csv", describes={"product_id": "Id"}),
    },
)


class Planted:
    """Tables of 600 lines in 300 orders of 200 people; `plant` spoils rows that are still good."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.people = [self._person(at) for at in range(200)]
        self.lines = [self._line(at) for at in range(600)]
        self.orders = [self._order(at) for at in range(300)]
        self.contracts = [
            {
                "ref": at,
                "source": "shop",
                "contract_id": f"c{at}",
                "plan": "basic",
                "amount": 9.0 + at % 5,
                "currency": "EUR",
                "started_at": NOW - timedelta(days=90),
                "ended_at": NOW - timedelta(days=9),
            }
            for at in range(80)
        ]
        self.used: dict[str, set[int]] = {}

    def _person(self, at: int) -> dict[str, object]:
        return {
            "ref": at,
            "source": "shop",
            "file": "shop.csv",
            "row": at + 1,
            "seen_at": NOW - timedelta(days=10),
            "id_email": f"person{at}@example.org",
            "id_phone": f"+49301{200000 + at}",
            "t_first_name": f"Name{chr(97 + at % 26)}{at}",
            "t_birth_date": date(1980, 1, 1) + timedelta(days=at),
            "t_country": "DE",
            "t_postcode": f"{10000 + at}",
            "t_category": "gold" if at % 2 else "silver",
        }

    def _line(self, at: int) -> dict[str, object]:
        quantity, price = self.dice.randint(1, 4), round(self.dice.uniform(5, 20), 2)
        return {
            "ref": at % 200,
            "source": "shop",
            "event_key": at,
            "at": NOW - timedelta(days=1 + at % 300, hours=1),
            "local_date": date(2026, 1, 1),
            "local_hour": 9,
            "loaded_at": NOW,
            "order_id": f"o{at // 2}",
            "product_id": f"p{at % 20}",
            "quantity": quantity,
            "unit_price": price,
            "discount": 1.0,
            "amount": round(quantity * price - 1.0, 2),
            "currency": "EUR",
        }

    def _order(self, at: int) -> dict[str, object]:
        lines = self.lines[2 * at : 2 * at + 2]
        return {
            **{
                key: lines[0][key]
                for key in (
                    "ref",
                    "source",
                    "at",
                    "local_date",
                    "local_hour",
                    "loaded_at",
                    "order_id",
                )
            },
            "event_key": 10_000 + at,
            "amount": sum(line["amount"] for line in lines),
        }

    def plant(self, table: str, count: int, **spoiled: object) -> None:
        """Change so many rows that were not changed before; a value may be made from the row."""
        used = self.used.setdefault(table, set())
        rows = getattr(self, table)
        for at in self.dice.sample([at for at in range(len(rows)) if at not in used], count):
            used.add(at)
            rows[at] |= {
                key: value(rows[at]) if callable(value) else value for key, value in spoiled.items()
            }

    def tables(self) -> dict[str, pa.Table]:
        """What the stage reads."""
        accounting = {
            "source": ["shop"] * 3,
            "file": ["shop.csv"] * 3,
            "fate": ["loaded", "merged", "set_aside"],
            "reason": [None, None, "unreadable time"],
            "rows": [900, 40, 60],
        }
        return {
            "records": pa.Table.from_pylist(self.people),
            "staged_event_product_purchased": pa.Table.from_pylist(self.lines),
            "staged_event_order_completed": pa.Table.from_pylist(self.orders),
            "staged_contracts": pa.Table.from_pylist(self.contracts),
            "described_product_id": pa.table(
                {"product_id": [f"p{at}" for at in range(20)], "category": ["fruit"] * 20}
            ),
            "accounting": pa.table(accounting),
        }


def future() -> datetime:
    """A moment that has not come."""
    return NOW + timedelta(days=40)
