"""What is called an event elsewhere, and what it is called here."""

from collections.abc import Collection, Mapping

from carpel.inference.words import listed, snake, words
from carpel.values.attendance import attendance

MOST_EVENTS = 40
"""Different things a column may name and each still be an event of its own."""
EMAIL: Mapping[str, str] = {
    **dict.fromkeys(
        listed(
            "unsub optout opt_out opted_out abgemeld abmeld desabon desinscri afgemeld afmeld "
            "uitgeschreven uitschr disiscri"
        ),
        "email_unsubscribed",
    ),
    **dict.fromkeys(
        ("spam", "complain", "junk", "abuse", "beschwer", "plainte", "klacht", "queja"),
        "email_complained",
    ),
    "open": "email_opened",
    "click": "email_clicked",
    "bounc": "email_bounced",
    "deliver": "email_delivered",
    "receiv": "email_sent",
    "sent": "email_sent",
    "send": "email_sent",
}
"""What words about an e-mail mean, the first found in a value."""
EVENTS: Mapping[str, str] = {
    "page_view": "page_viewed",
    "pageview": "page_viewed",
    "view_page": "page_viewed",
    "view": "product_viewed",
    "product_view": "product_viewed",
    "view_item": "product_viewed",
    "add_to_cart": "product_added",
    "addtocart": "product_added",
    "cart": "product_added",
    "added_to_cart": "product_added",
    "remove_from_cart": "product_removed",
    "purchase": "product_purchased",
    "transaction": "product_purchased",
    "buy": "product_purchased",
    "login": "logged_in",
    "log_in": "logged_in",
    "signup": "signed_up",
    "sign_up": "signed_up",
    "check_in": "checked_in",
    "checkin": "checked_in",
    "search": "searched",
    "begin_checkout": "checkout_started",
    "started_checkout": "checkout_started",
    "placed_order": "order_completed",
    "order_placed": "order_completed",
    "checkout": "checkout_started",
}
"""Common names of events, and what they are called here."""
_KNOWN = frozenset((*EVENTS.values(), *EMAIL.values()))
_BESIDE = listed("email link marked as list from marketing reported complaint report hard soft")
"""Words beside what was done with an e-mail that do not make it another thing."""
_ONLY = ("email", "click", "bounc", "unsub", "optout", "spam", "complain")
"""Beginnings of words for what is done with messages: orders too are `open` and `sent`."""
_MAILED = ("email", "spam", "unsub", "optout")
"""Beginnings of words that say an event is about e-mail."""


def email_event_name(text: str) -> str:
    """What somebody did with an e-mail, by the word that says it."""
    said = snake(text)
    found = (event for word, event in EMAIL.items() if word in said)
    return next(found, f"email_{snake(text)}")


def visit_name(text: str, *, told: bool) -> str:
    """What a booked visit came to. `told` is whether any status says that somebody came: where
    none does, whoever did not stay away is taken to have come."""
    said = attendance(text)
    if said == "came" or (said == "unknown" and not told):
        return "checked_in"
    return f"visit_{snake(text) if said == 'unknown' else said}"


def event_name(text: str) -> str:
    """What an event among others is called here; its own name where nobody knows it."""
    if any(each.startswith(_MAILED) for each in words(text)) and _done_with_email(text):
        return email_event_name(text)
    return EVENTS.get(snake(text), snake(text))


def known_event(text: str) -> bool:
    """Whether a value is the name of an event that many tools have."""
    called = event_name(text)
    return called in _KNOWN or snake(text) in EVENTS


def mailed(values: Collection[str]) -> float:
    """The share of values that say what was done with an e-mail, 0 to 1.

    0 where no value can be of e-mails alone: `open` and `sent` are orders as well.
    """
    if not any(word.startswith(_ONLY) for each in values for word in words(each)):
        return 0.0
    return sum(map(_done_with_email, values)) / len(values)


def _done_with_email(text: str) -> bool:
    rest = set(words(text)) - _BESIDE
    return bool(rest) and all(each.startswith(tuple(EMAIL)) for each in rest)
