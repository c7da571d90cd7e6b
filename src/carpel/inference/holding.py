"""What people hold from-until: contracts in a file of their own, or beside what people are."""

from collections.abc import Callable, Collection, Iterator, Mapping

from carpel.engine.query import column, literal, query, table
from carpel.inference.draft import Draft, Plain
from carpel.inference.look import Look
from carpel.inference.words import concepts, folded, interval_of, listed, snake

HELD: Mapping[str, tuple[str, ...]] = {
    "plan": ("plan", "plan_id", "product_name", "account_name"),
    "contract_id": ("contract_id",),
    "started_at": ("started_at", "created_at", "ordered_at", "consented_at", "at"),
    "ended_at": ("ended_at",),
    "trial_ends_at": ("trial_ends_at",),
    "renews_at": ("renews_at",),
    "paused_at": ("paused_at",),
    "cancelled_at": ("cancelled_at",),
    "amount": ("contract_amount", "unit_price", "amount", "fee"),
    "currency": ("currency",),
    "interval": ("interval",),
    "seats": ("seats", "quantity"),
    "status": ("contract_status", "order_status", "ticket_status"),
}
"""What is said of a contract, and the roles that say it, the best first."""
BESIDE: Mapping[str, tuple[str, ...]] = {
    **HELD,
    "plan": ("plan", "plan_id"),
    "started_at": ("started_at", "created_at", "consented_at"),
    "seats": ("seats",),
    "status": ("contract_status",),
}
"""The same in a file about people, whose other columns speak of them."""
OWING = listed("past_due overdue unpaid in_arrears payment_failed delinquent")
"""States of a contract that runs and is not paid, as profiles understand them."""
BEGUN = ("trial_starts_at", "created_at")
"""What says when a contract began that was never activated."""
SHARED = frozenset({"created_at", "account_name"})
"""Roles that say something of the person as well."""
NAMED = frozenset({"plan", "plan_id", "contract_id"})
COURSE = frozenset({"ended_at", "renews_at", "trial_ends_at", "cancelled_at", "paused_at"})
PAID = frozenset({"contract_amount", "interval"})
TERMS = PAID | {"contract_status", "seats"}
ROLES = NAMED | COURSE | TERMS | {"started_at"}
"""Roles that speak of a contract."""
_STATES = {"cancel": "cancelled", "end": "ended", "pause": "paused", "trial": "trial"}
_NAMED_INTERVALS = {
    "?mrr": "month",
    "?arr": "year",
    "week": "week",
    "month": "month",
    "year": "year",
}


def holds(have: Collection[str]) -> bool:
    """Whether columns of these roles say that somebody held something from-until.

    A beginning is not enough: there is a name or terms, and how it went on or what it costs. The
    day somebody was first known counts as the beginning only where all the rest is said.
    """
    roles = frozenset(have)
    if "started_at" in roles:
        return bool(roles & (NAMED | TERMS)) and bool(roles & (COURSE | PAID))
    began = roles & frozenset(BESIDE["started_at"])
    return bool(began and roles & NAMED and roles & (COURSE | PAID))


def hold(draft: Draft, wanted: Mapping[str, tuple[str, ...]] = BESIDE) -> None:
    """Add the contract that each row says, with what its amount pays for where a name tells."""
    held: Plain = dict(_parts(draft, wanted))
    held.setdefault("plan", {"constant": snake(draft.sample.path.stem)})
    if "amount" in held and "interval" not in held and (said := _said_interval(draft)):
        held["interval"] = {"constant": said}
    draft.data["hold"] = [held]


def _parts(draft: Draft, wanted: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, object]]:
    """Each part of a contract, and the first column that may say it and is free."""
    owed = _owed(draft) if "status" in wanted else None
    for part, roles in wanted.items():
        for role in ("order_status",) if part == "status" and owed else roles:
            name = draft.column(role)
            if name is None or (draft.readings[name].use and role not in SHARED):
                continue
            yield part, _value(draft, part, name)
            draft.use(name, f"contract {part}")
            break


def begun(draft: Draft) -> None:
    """Where the day a contract started is empty on some rows, those that tell of it instead."""
    (held,) = draft.data["hold"]
    name = held.get("started_at")
    if name is None or draft.look(name).filled == draft.look(name).rows:
        return
    have = [each for role in BEGUN if (each := draft.column(role))]
    if instead := [each for each in have if each != name and draft.look(each).values]:
        held["started_at"] = {"column": name, "otherwise": instead}
        first, *others = instead
        draft.notes.append(
            f"Where {name} is empty, {first} says the start"
            + "".join(f", else {each}" for each in others)
            + "."
        )
        for each in instead:
            draft.use(each, "contract started_at")


def _owed(draft: Draft) -> str | None:
    """The column that says which contracts are not paid, where it can say their status.

    It can where the status proper says only what dates beside it say as well: that they are over.
    """
    stated, paid = draft.column("contract_status"), draft.column("order_status")
    owing = [each for each in draft.look(paid).values if _plain(each) in OWING] if paid else []
    if not stated or not paid or not owing:
        return None
    said = f"Contracts whose {paid} is {', '.join(sorted(owing))} "
    if _told_by_dates(draft, stated):
        draft.notes.append(f"{said}are past due; that a contract is over, its dates say.")
        return paid
    draft.notes.append(f"{said}are not known as past due: their status is {stated}.")
    return None


def _told_by_dates(draft: Draft, stated: str) -> bool:
    """Whether each contract with a state of its own is over, and has a date for it."""
    states = {each: _state_of(each) for each in draft.look(stated).values}
    over = [each for each, state in states.items() if state in ("cancelled", "ended")]
    dates = [name for role in ("cancelled_at", "ended_at") if (name := draft.column(role))]
    if len(over) < len([each for each in states.values() if each]) or (over and not dates):
        return False
    return not over or not draft.engine.value(
        query(
            "SELECT count(*) FROM :t WHERE :stated IN (:over) AND coalesce(NULL, :dates) IS NULL",
            t=table(draft.sample.table),
            stated=column(stated),
            over=[literal(each) for each in over],
            dates=[query("nullif(:it, '')", it=column(each)) for each in dates],
        )
    )


def _value(draft: Draft, part: str, name: str) -> object:
    if part.endswith("_at"):
        return name
    values = _meant(draft.look(name), _MEANINGS[part]) if part in _MEANINGS else {}
    return {"column": name, "values": values} if values else draft.value(name)


def _meant(look: Look, meaning: Callable[[str], str]) -> dict[str, str]:
    """What values mean that the profiles would not understand as they are written."""
    found = {each: meaning(each) for each in sorted(look.values)} if look.distinct <= 20 else {}
    return {each: meant for each, meant in found.items() if meant and meant != _plain(each)}


def _plain(text: str) -> str:
    return folded(text).strip().replace(" ", "_").replace("-", "_")


def _state_of(text: str) -> str:
    return next((_STATES[each] for each in concepts(text) if each in _STATES), "")


_MEANINGS: Mapping[str, Callable[[str], str]] = {"interval": interval_of, "status": _state_of}


def _said_interval(draft: Draft) -> str:
    """`month` where an amount's name says that it is a month's."""
    said = concepts(draft.column("contract_amount") or "")
    return next((_NAMED_INTERVALS[each] for each in said if each in _NAMED_INTERVALS), "")
