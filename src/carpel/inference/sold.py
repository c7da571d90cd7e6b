"""When a sale of a file was made, and what it is called by."""

from dataclasses import replace

from carpel.inference.draft import Draft, moment
from carpel.inference.kind import MOMENT
from carpel.inference.standing import won_states
from carpel.inference.words import concepts

DONE = ("solved_at", "approved_at")
"""What a sale went through, the first that tells of it best."""


def own_number(draft: Draft) -> None:
    """A bare `ID` that counts the rows of a file of orders is the order's."""
    name = draft.column("row_number")
    if name is not None and concepts(name) == ("id",) and not draft.column("order_id"):
        why = f"{draft.readings[name].reason}; each row is an order"
        draft.readings[name] = replace(draft.readings[name], role="order_id", reason=why)


def won_when_closed(draft: Draft) -> None:
    """Deals came about on the day they were closed, where these are deals and it is told."""
    status, closed = draft.column("order_status"), draft.column("solved_at")
    if not status or not closed or not won_states(draft, status):
        return
    if began := draft.column("ordered_at"):
        draft.readings[began] = replace(draft.readings[began], role="created_at")
    why = f"{draft.readings[closed].reason}; deals came about that day"
    draft.readings[closed] = replace(draft.readings[closed], role="ordered_at", reason=why)


def when_sold(draft: Draft) -> str | None:
    """The column that says when a sale was made; where none does, the day it was completed."""
    told = draft.column(*MOMENT)
    if told is None and (done := draft.column(*DONE)):
        why = f"{draft.readings[done].reason}; no other day of the sale is told"
        draft.readings[done] = replace(draft.readings[done], role="ordered_at", reason=why)
        return done
    return told or moment(draft)
