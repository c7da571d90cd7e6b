"""Columns of files without a header, from their values and their place among each other."""

from collections.abc import Sequence

from carpel.inference.candidates import Candidate
from carpel.inference.look import Look
from carpel.inference.roles import roles
from carpel.inference.words import opaque

SURE = 0.55
"""What a reading from values alone is worth."""


def nameless(looks: Sequence[Look]) -> dict[str, Candidate]:
    """Readings of a file of purchases whose columns have no names; none when it does not look so.

    Such a file has one column of dates, one of amounts with cents, and before them a number that
    comes again on several rows: the customer.
    """
    if not looks or not all(opaque(look.name) for look in looks):
        return {}
    dates = [look for look in looks if look.date[1] > 0.98 and look.distinct > 10]
    amounts = [
        look
        for look in looks
        if look not in dates
        and look.numeric == 1
        and any(not each.is_integer() for each in look.numbers)
    ]
    if len(dates) != 1 or len(amounts) != 1:
        return {}
    keys = [look for look in looks if _returning(look) and look.position < dates[0].position]
    counts = [look for look in looks if look not in (*dates, *amounts, *keys) and _small(look)]
    found = {
        dates[0].name: _candidate("ordered_at", "the only dates in the file"),
        amounts[0].name: _candidate("amount", "the only figures with cents"),
    }
    for look, role in zip(keys, ("customer_id", "further_id"), strict=False):
        found[look.name] = _candidate(role, "a number that stands on several rows, before the date")
    if len(counts) == 1:
        found[counts[0].name] = _candidate("quantity", "small whole numbers beside an amount")
    return found if keys else {}


def _candidate(role: str, why: str) -> Candidate:
    return Candidate(roles()[role], SURE, f"without a name: {why}")


def _returning(look: Look) -> bool:
    """Whether values look like an id and come back on other rows."""
    return (
        look.date[1] < 0.5
        and look.like("integer") > 0.98
        and look.distinct > 20
        and 0.02 < look.distinct / max(1, look.filled) < 0.8
    )


def _small(look: Look) -> bool:
    return look.numeric == 1 and look.like("integer") == 1 and max(look.numbers) < 1000
