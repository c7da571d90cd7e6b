"""Amounts that a payment tool tells twice: as paid, and converted to one currency."""

from dataclasses import replace

from carpel.inference.draft import Draft
from carpel.inference.reading import Reading
from carpel.inference.words import listed, words

CONVERTED = listed(
    "converted settlement settled umgerechnet konvertiert converti convertie convertido convertida "
    "convertito convertita omgerekend geconverteerd"
)
"""Words for the currency in which a business is paid out."""
ROLES = ("amount", "currency", "refunded_amount", "subtotal", "net_amount", "tax", "fee")


def take_converted(draft: Draft) -> None:
    """Read converted amounts, and their currency, instead of those as paid, where both are told.

    Only where people paid in several currencies: else both columns say the same.
    """
    twins = {
        own: twin for role in ROLES if (own := draft.column(role)) and (twin := _twin(draft, own))
    }
    amount, currency = draft.column("amount"), draft.column("currency")
    if amount not in twins or currency not in twins or draft.look(str(currency)).distinct < 2:
        return
    for own, twin in twins.items():
        given = draft.readings[own]
        why = f"{given.reason}; converted to one currency"
        draft.readings[twin] = replace(given, column=twin, reason=why)
        draft.readings[own] = Reading(own, "unknown", 0.0, f"as it was paid; {twin} counts")
    draft.notes.append(
        f"People paid in several currencies: what counts is {', '.join(sorted(twins.values()))}."
    )


def _twin(draft: Draft, own: str) -> str | None:
    """The column that is called as this one with a word for converted beside it."""
    said = words(own)
    for name in draft.readings:
        told = words(name)
        if name != own and tuple(each for each in told if each not in CONVERTED) == said != told:
            return name
    return None
