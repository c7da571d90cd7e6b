"""Rates of a campaign: of those contacted, how many did what. They need no comparison group."""

from collections.abc import Iterator
from typing import Any

from pyroaring import BitMap

from carpel.measuring.contacts import Contacts
from carpel.stats.proportions import wilson

MACHINES = "unreliable: mail programs open messages by themselves, and others never tell"
RATES = (
    ("delivered", "arrived", "sent", "no report says that it did not"),
    ("responded", "response", "delivered", "a link followed, a code redeemed, or its goal"),
    ("clicked", "click-through", "delivered", "followed a link"),
    ("clicked", "click-to-open", "opened", "followed a link, of those seen to open"),
    ("opened", "open", "delivered", MACHINES),
    ("unsubscribed", "unsubscribed", "delivered", ""),
    ("complained", "complained", "delivered", ""),
    ("redeemed", "codes redeemed", "given", "of those who were given one"),
)  # fmt: skip
"""Who did what, what that is called, of whom it is a share, and what to know of it."""
UNTOLD = "not known: the tool that sent has not told (carpel engagement)"
UNTRACKED = "not known: links lead straight to where they say (links: tracked)"


def rates(contacts: Contacts, answered: BitMap, people: BitMap) -> Iterator[dict[str, Any]]:
    """A row a rate among some people: `count` of `n`, their share, what is likely, a note.

    The value is None where it cannot be known, or nobody is there to be a share of. Where arrivals
    are not known, everything is of those sent to. Codes that nobody was given make no row.
    """
    did = {**contacts.did, "responded": _responded(contacts, answered)}
    arrival = "delivered" if "delivered" in contacts.known else "sent"
    for who, label, of, note in RATES:
        if who == "redeemed" and who not in contacts.known:
            continue
        whole = did[arrival if of == "delivered" else of] & people
        if of == "opened":
            whole &= did[arrival]
        having = did[who] & whole
        known = ({who, of} - {"sent", "given", "responded", "delivered"}) <= contacts.known
        known = known and (who != "delivered" or who in contacts.known)
        low, high = wilson(len(having), len(whole))
        likely = known and len(whole) > 0
        yield {
            "rate": label,
            "count": len(having) if known else None,
            "n": len(whole) if known else 0,
            "of": of,
            "value": len(having) / len(whole) if likely else None,
            "low": low if likely else None,
            "high": high if likely else None,
            "note": note if known else _why(who, contacts),
        }


def _responded(contacts: Contacts, answered: BitMap) -> BitMap:
    did = contacts.did
    return (did["clicked"] | did["redeemed"] | answered) & did["sent"]


def _why(who: str, contacts: Contacts) -> str:
    told = "unsubscribed" in contacts.known
    return UNTRACKED if who == "clicked" and told else UNTOLD
