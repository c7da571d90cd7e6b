"""The rows that the catalogue's formulas run over, by the name that its entries use."""

from collections.abc import Callable, Mapping, Sequence

from carpel.engine.query import Tree
from carpel.stages.profiles import doings, holdings, places, purchases
from carpel.stages.profiles.catalogue import EVENTS
from carpel.stages.profiles.relations import Relations

Prepare = Callable[[Relations], Tree | None]

PREPARED: Mapping[str, Prepare] = {
    "customers": holdings.customers,
    "revenue": purchases.revenue,
    "order_gaps": purchases.gaps,
    "order_favourites": purchases.order_favourites,
    "purchase_favourites": purchases.purchase_favourites,
    "category_switches": lambda relations: purchases.switches(relations, "category"),
    "brand_switches": lambda relations: purchases.switches(relations, "brand"),
    "interests": purchases.interests,
    "activity": doings.activity,
    "sessions": doings.sessions,
    "carts": doings.carts,
    "emails_sent": lambda relations: doings.emails(relations, "email_sent"),
    "emails_opened": lambda relations: doings.emails(relations, "email_opened"),
    "emails_clicked": lambda relations: doings.emails(relations, "email_clicked"),
    "tickets": doings.tickets,
    "feature_favourites": doings.feature_favourites,
    "contracts": holdings.contracts,
    "accounts": holdings.accounts,
    "since": holdings.since,
    "places": places.places,
}


def prepared(relations: Relations, rows: str, needs: Sequence[str]) -> Tree | None:
    """The rows of that name, with what the formulas need where it can be found; None without."""
    if rows == "orders":
        return purchases.orders(relations, needs)
    if rows in PREPARED:
        return PREPARED[rows](relations)
    return relations.event(EVENTS.get(rows, rows), needs)
