"""Which rows of a file of purchases are sales, and which were cancelled or given back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from carpel.engine.query import column, query, table
from carpel.inference.draft import YES, Draft, Plain
from carpel.inference.fits import MOST_STATES
from carpel.inference.relations import as_number
from carpel.inference.words import folded
from carpel.specs.words import counted
from carpel.values.statuses import said_by, won

CANCELLED = "order_cancelled"
ONLY_BACK = 0.9
"""Share of a status's rows that are negative, from which on it marks what came back."""
Case = tuple[str, Plain]
"""An event, and the comparisons by which its rows are told."""


@dataclass(frozen=True)
class Sign:
    """A column by which an order that did not stand is told."""

    name: str
    stands: Sequence[Any]
    """Comparisons, one of which each row of an order that stands meets."""
    undone: Any


def cases(draft: Draft, event: str, back: str) -> list[Case]:
    """Each row is one of the events at most: a negative row of a cancelled order is cancelled."""
    status = draft.column("order_status")
    if status and (won := won_states(draft, status)):
        draft.notes.append(f"Only rows whose {status} is {', '.join(won)} are taken as completed.")
        return [(event, {status: won})]
    negative = _negative(draft)
    cancelled: list[Case] = []
    kept: list[Plain] = [{}]
    for sign in _signs(draft, status, negative):
        cancelled += [(CANCELLED, {**each, sign.name: sign.undone}) for each in kept]
        kept = [{**each, sign.name: one} for each in kept for one in sign.stands]
    if negative is None:
        return [*((event, each) for each in kept), *cancelled]
    _say_returned(draft, negative, bool(cancelled))
    sold = [{"ge": 0}, *_empty(draft, negative)]
    return [
        *((event, {**each, negative: one}) for each in kept for one in sold),
        *((back, {**each, negative: {"lt": 0}}) for each in kept),
        *cancelled,
    ]


def won_states(draft: Draft, status: str) -> list[str]:
    """What the status of a deal that came about says; nothing where these are no deals."""
    return sorted(filter(won, draft.look(status).values))


def _negative(draft: Draft) -> str | None:
    """The figure by which what came back is told, where a smaller part of the rows has it."""
    names = (draft.column(role) for role in ("quantity", "amount"))
    shown = (draft.look(name) for name in names if name is not None)
    return next((look.name for look in shown if 0 < look.negative < 0.5 * look.filled), None)


def _say_returned(draft: Draft, name: str, cancelled: bool) -> None:
    rows = counted(draft.look(name).negative, "row")
    but = ", but for those of cancelled orders" if cancelled else ""
    role = draft.readings[name].role
    draft.notes.append(f"Taken as returned: {rows} with a negative {role}{but}.")


def _signs(draft: Draft, status: str | None, negative: str | None) -> list[Sign]:
    found = [_numbered(draft) if negative is None else None, _by_status(draft, status, negative)]
    found += [_flagged(draft, role) for role in ("cancelled", "refunded")]
    return [each for each in (*found, _dated(draft)) if each is not None]


def _numbered(draft: Draft) -> Sign | None:
    """Orders whose number begins with a letter among others without one."""
    order = draft.column("order_id")
    look = draft.look(order) if order else None
    if look is None or not 0 < look.odd < 0.5 * look.filled or look.like("integer") <= 0.5:
        return None
    letter = min(each[0] for each in look.values if each[:1].isalpha())
    return Sign(look.name, [{"matches": "^[0-9]"}], {"starts_with": letter})


def _by_status(draft: Draft, name: str | None, negative: str | None) -> Sign | None:
    if name is None or draft.look(name).distinct > MOST_STATES:
        return None
    said = said_by(draft.look(name).values)
    partly, unpaid, unknown = (", ".join(each) for each in (said.partly, said.unpaid, said.unknown))
    if partly:
        draft.notes.append(f"Orders whose {name} is {partly} stay sales.")
    if unpaid:
        draft.notes.append(f"Orders whose {name} is {unpaid} count as sales before they are paid.")
    if unknown:
        draft.notes.append(f"{name} has values not understood: {unknown}; all count as sales.")
    back = _only_back(draft, name, negative) if negative and not draft.lent(name) else set()
    undone = [each for each in said.undone if each not in back]
    if not undone:
        return None
    draft.notes.append(f"Rows whose {name} is {', '.join(undone)} are taken as cancelled.")
    return Sign(name, [{"not_in": undone}, *_empty(draft, name)], undone)


def _only_back(draft: Draft, status: str, figure: str) -> set[str]:
    """States of rows that are negative themselves: they take from a sale that stands elsewhere."""
    rows = draft.engine.rows(
        query(
            "SELECT status, avg(CAST(coalesce(figure < 0, false) AS DOUBLE)) FROM "
            "(SELECT :status AS status, :figure AS figure FROM :t) AS r GROUP BY status",
            status=column(status),
            figure=as_number(draft.engine, draft.sample, figure),
            t=table(draft.sample.table),
        )
    )
    return {each for each, share in rows if share >= ONLY_BACK}


def _flagged(draft: Draft, role: str) -> Sign | None:
    name = draft.column(role)
    if name is None:
        return None
    yes = sorted(each for each in draft.look(name).values if folded(each) in YES)
    if not yes:
        return None
    draft.notes.append(f"Rows whose {name} is {', '.join(yes)} are taken as cancelled.")
    return Sign(name, [{"not_in": yes}, *_empty(draft, name)], yes)


def _dated(draft: Draft) -> Sign | None:
    """Orders with a day on which they were cancelled, where most have none."""
    name = draft.column("cancelled_at")
    if name is None or not 0 < draft.look(name).filled < 0.5 * draft.look(name).rows:
        return None
    draft.notes.append(f"Rows with a {name} are taken as cancelled.")
    return Sign(name, [{"is_missing": True}], {"is_set": True})


def _empty(draft: Draft, name: str) -> list[Plain]:
    """The comparison that rows with an empty cell meet, where there are any."""
    order, look = draft.column("order_id"), draft.look(name)
    once = order is not None and name in draft.data.get("fill_down", ())
    there = draft.look(order).distinct if order and once else look.rows
    return [{"is_missing": True}] if look.filled < there or draft.lent(name) else []
