"""The catalogue of built-in traits: every name, meaning, unit and formula, as data.

A trait may stand here twice: the first entry that the data allows is taken.
"""

from collections.abc import Mapping, Sequence

from carpel.stages.profiles.entries_contracts import ACCOUNTS, CONTRACTS, SINCE
from carpel.stages.profiles.entries_engagement import ENGAGEMENT, WEB
from carpel.stages.profiles.entries_orders import FAVOURITES, ORDERS, PRODUCTS, REVENUE
from carpel.stages.profiles.entries_people import PEOPLE
from carpel.stages.profiles.entry import Entry

CATALOGUE: Sequence[Entry] = (
    *PEOPLE,
    *SINCE,
    *ORDERS,
    *REVENUE,
    *PRODUCTS,
    *FAVOURITES,
    *WEB,
    *ENGAGEMENT,
    *CONTRACTS,
    *ACCOUNTS,
)

NAMES = frozenset(each.name for each in CATALOGUE)
"""The names of all built-in traits."""
EVENTS: Mapping[str, str] = {
    "purchases": "product_purchased",
    "returns": "product_returned",
    "coupons": "coupon_redeemed",
    "check_ins": "checked_in",
    "features": "feature_used",
    "social": "social_interacted",
    "referrals": "referral_made",
    "answers": "survey_answered",
    "pages": "page_viewed",
    "cart_additions": "product_added",
    "products_viewed": "product_viewed",
}
"""Rows of the catalogue that are an event as it stands. `orders` are the revenue event."""
