"""A small invented shop, as rows of Python, from a seed."""

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

AS_OF = datetime(2026, 3, 1, 12, tzinfo=UTC)
MOMENT = AS_OF.replace(tzinfo=None)
PEOPLE = 25
QUIET = 23
"""Nobody from here on did anything."""
Row = dict[str, Any]


@dataclass
class Shop:
    """Rows by event, customers and products."""

    events: dict[str, list[Row]] = field(default_factory=dict)
    products: list[Row] = field(default_factory=list)
    own: dict[tuple[int, str], list[Row]] = field(default_factory=lambda: defaultdict(list))

    def of(self, event: str, customer: int) -> list[Row]:
        """What one customer did up to the moment, in order."""
        rows = [row for row in self.own[customer, event] if row["at"] <= MOMENT]
        return sorted(rows, key=lambda row: (row["at"], row["event_key"]))

    def tables(self) -> dict[str, pa.Table]:
        """The tables that earlier stages would have written."""
        customers = [
            {
                "customer": key,
                "known_since": datetime(2023, 5, 1, tzinfo=UTC).replace(tzinfo=None),
                "records": 1,
            }
            for key in range(1, PEOPLE + 1)
        ]
        return {
            "customers": pa.Table.from_pylist(customers),
            "described_product_id": pa.Table.from_pylist(self.products),
            **{f"event_{name}": pa.Table.from_pylist(rows) for name, rows in self.events.items()},
        }


def make(seed: int) -> Shop:
    """A shop with purchases, returns, pages, carts, e-mails, tickets and answers."""
    dice, shop = random.Random(seed), Shop()
    shop.products = [
        {
            "product_id": f"p{n}",
            "category": f"c{n % 5}",
            "brand": f"b{n % 3}",
            "unit_cost": round(dice.uniform(1, 9), 2),
        }
        for n in range(20)
    ]
    _purchases(shop, dice)
    _returns(shop, dice)
    _visits(shop, dice)
    _letters(shop, dice)
    _help(shop, dice)
    return shop


def row(shop: Shop, event: str, customer: int, at: datetime, **properties: Any) -> Row:
    """Add an event; zone and project zone are UTC."""
    made = {
        "customer": customer,
        "event_key": sum(map(len, shop.own.values())) + 1,
        "at": at,
        "local_date": at.date(),
        "local_hour": at.hour,
        "loaded_at": MOMENT,
        "source": "shop",
        **properties,
    }
    shop.events.setdefault(event, []).append(made)
    shop.own[customer, event].append(made)
    return made


def _instant(dice: random.Random) -> datetime:
    """Within three years before the moment; one in twenty after it."""
    if dice.random() < 0.05:
        return MOMENT + timedelta(minutes=dice.randint(1, 90_000))
    return MOMENT - timedelta(minutes=int(dice.random() ** 2 * 60 * 24 * 1000))


def _purchases(shop: Shop, dice: random.Random) -> None:
    for customer in range(1, QUIET):
        for number in range(1 if customer == 1 else dice.randint(1, 14)):
            at, order, lines = _instant(dice), f"o{customer}-{number}", []
            for _ in range(dice.randint(1, 5)):
                product = dice.choice(shop.products)["product_id"]
                lines.append(
                    row(
                        shop,
                        "product_purchased",
                        customer,
                        at,
                        order_id=order,
                        product_id=product,
                        quantity=float(dice.randint(1, 4)),
                        amount=float(dice.randint(1, 9)),
                        discount=dice.choice([0.0, 0.0, 1.5]),
                    )
                )
            row(
                shop,
                "order_completed",
                customer,
                at,
                order_id=order,
                lines=len(lines),
                channel=dice.choice(["web", "shop", None]),
                coupon=dice.choice(["", "X", None]),
                **{
                    key: sum(line[key] for line in lines)
                    for key in ("quantity", "amount", "discount")
                },
            )


def _returns(shop: Shop, dice: random.Random) -> None:
    for customer in range(1, QUIET, 2):
        for _ in range(dice.randint(0, 3)):
            row(
                shop,
                "product_returned",
                customer,
                _instant(dice),
                amount=dice.choice([-1, 1]) * float(dice.randint(1, 5)),
            )


def _visits(shop: Shop, dice: random.Random) -> None:
    for customer in range(2, QUIET):
        for _ in range(dice.randint(0, 6)):
            at = _instant(dice)
            for _ in range(dice.randint(1, 5)):
                row(shop, "page_viewed", customer, at, page="x")
                at += timedelta(minutes=dice.choice([1, 5, 30, 31]))
        for order in shop.of("order_completed", customer)[::2]:
            row(shop, "product_added", customer, order["at"] - timedelta(hours=1), cart_id="k")
        row(shop, "product_added", customer, _instant(dice), cart_id=f"k{customer}")
        row(shop, "feature_used", customer, _instant(dice), feature=dice.choice("abc"))
        row(shop, "checked_in", customer, _instant(dice))
        row(shop, "referral_made", customer, _instant(dice))
        row(shop, "social_interacted", customer, _instant(dice))
        row(shop, "coupon_redeemed", customer, _instant(dice))


def _letters(shop: Shop, dice: random.Random) -> None:
    for customer in range(1, QUIET):
        for number in range(dice.randint(0, 8)):
            at = MOMENT - timedelta(days=dice.randint(0, 150))
            row(shop, "email_sent", customer, at, message_id=f"m{number}")
            for _ in range(dice.choice([0, 0, 1, 2])):
                at += timedelta(minutes=7)
                row(shop, "email_opened", customer, at, message_id=f"m{number}")
            if dice.random() < 0.2:
                row(shop, "email_clicked", customer, at, message_id=f"m{number}")


def _help(shop: Shop, dice: random.Random) -> None:
    for customer in range(1, QUIET, 3):
        for number in range(dice.randint(1, 3)):
            at = _instant(dice)
            row(shop, "ticket_opened", customer, at, ticket_id=f"t{number}")
            if dice.random() < 0.7:
                row(
                    shop,
                    "ticket_resolved",
                    customer,
                    at + timedelta(hours=dice.randint(1, 90)),
                    ticket_id=f"t{number}",
                )
            row(
                shop,
                "survey_answered",
                customer,
                _instant(dice),
                nps=dice.randint(0, 10),
                satisfaction=float(dice.randint(1, 5)),
            )
