"""What people hold from-until: contracts in a file of their own, or beside what people are."""

from collections.abc import Callable, Collection, Iterator, Mapping

from carpel.inference.draft import Draft, Plain
from carpel.inference.look import Look
from carpel.inference.words import concepts, folded, interval_of, snake

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
    for part, roles in wanted.items():
        for role in roles:
            name = draft.column(role)
            if name is None or (draft.readings[name].use and role not in SHARED):
                continue
            yield part, _value(draft, part, name)
            draft.use(name, f"contract {part}")
            break


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
