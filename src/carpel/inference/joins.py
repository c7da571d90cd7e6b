"""Which files belong beside which: lines to their orders, people to one another by their keys."""

from collections.abc import Sequence
from dataclasses import dataclass

from carpel.engine.base import Engine
from carpel.inference.files import Verdict
from carpel.inference.kind import COMPANY, MOMENT, PERSON
from carpel.inference.reading import Reading, spread
from carpel.inference.relations import shared_keys
from carpel.inference.roles import roles
from carpel.inference.sample import Sample

ENOUGH = 0.3
"""Share of the smaller file's keys that both must have. A sample of each is looked at."""
LENT = frozenset({"identifier", "time"})
"""Groups of roles that a row takes over from the row it is joined with."""
STANDING = frozenset({"order_status", "cancelled", "refunded"})
"""What says whether the order stands, and so whether its lines do."""
Read = tuple[Sample, Verdict]


@dataclass(frozen=True)
class Joined:
    """A file whose columns stand beside another's: the key in both, and what it lends."""

    other: Sample
    ours: str
    theirs: str
    lent: dict[str, Reading]
    complete: bool
    """Whether the other file has amounts of its own."""


def join_of(engine: Engine, own: Read, others: Sequence[Read]) -> Joined | None:
    """The file of orders that says who and when for a file that has order ids only."""
    have = spread(own[1].readings)
    if "order_id" not in have or (
        any(each in have for each in PERSON) and any(each in have for each in MOMENT)
    ):
        return None
    ours = have["order_id"].column
    for sample, found in others:
        theirs = spread(found.readings)
        if found.kind.name != "orders" or not any(each in theirs for each in PERSON):
            continue
        key = theirs["order_id"].column if "order_id" in theirs else ""
        if (
            key
            and sample.look(key).unique
            and shared_keys(engine, own[0], ours, sample, key) >= ENOUGH
        ):
            return Joined(sample, ours, key, _lent(own, theirs), "amount" in theirs)
    return None


def _lent(own: Read, theirs: dict[str, Reading]) -> dict[str, Reading]:
    """The other's columns that say who and when, where the file has none of that name."""
    names = {look.name.casefold() for look in own[0].looks}
    have = spread(own[1].readings)
    dated = any(role in roles() and roles()[role].group == "time" for role in have)
    groups = LENT - {"time"} if dated and own[1].kind.name != "order_lines" else LENT
    return {
        each.column: each
        for role, each in theirs.items()
        if role in roles()
        and (roles()[role].group in groups or role in STANDING)
        and role not in have
        and each.column.casefold() not in names
    }


def strangers(engine: Engine, files: Sequence[Read]) -> set[int]:
    """Files whose customer ids no other file has, although others have customer ids.

    Two systems that both count from one would make one person of two.
    """
    having = [
        (place, sample, spread(found.readings)["customer_id"].column)
        for place, (sample, found) in enumerate(files)
        if "customer_id" in spread(found.readings)
    ]
    known, alone = having[:1], set()
    for place, sample, name in having[1:]:
        if any(
            shared_keys(engine, sample, name, other, theirs) >= 0.01 for _, other, theirs in known
        ):
            known.append((place, sample, name))
        else:
            alone.add(place)
    return alone


def recognised(engine: Engine, files: Sequence[Read]) -> dict[int, str]:
    """Files of people whose own number is what other files call the customer, and that column."""
    found: dict[int, str] = {}
    for place, (sample, verdict) in enumerate(files):
        have = spread(verdict.readings)
        own = next(
            (have[role].column for role in ("record_id", "crm_id", "row_number") if role in have),
            None,
        )
        if own is None or "customer_id" in have or verdict.kind.name not in ("contacts", "people"):
            continue
        for other, theirs in files:
            person = spread(theirs.readings).get("customer_id")
            if (
                other is not sample
                and person
                and shared_keys(engine, sample, own, other, person.column) >= 0.5
            ):
                found[place] = own
    return found


def called(engine: Engine, files: Sequence[Read]) -> dict[int, str]:
    """Files of companies, and the column by which files of people call theirs most."""
    found: dict[int, str] = {}
    theirs = [
        (sample, next((have[each].column for each in COMPANY if each in have), ""))
        for sample, verdict in files
        if verdict.kind.name != "companies" and (have := spread(verdict.readings))
    ]
    for place, (sample, verdict) in enumerate(files):
        if verdict.kind.name != "companies":
            continue
        have = spread(verdict.readings)
        shares = {
            have[own].column: max(
                (
                    shared_keys(engine, sample, have[own].column, other, name)
                    for other, name in theirs
                    if name
                ),
                default=0.0,
            )
            for own in (*COMPANY, "record_id", "row_number")
            if own in have
        }
        best = max(shares, key=lambda name: shares[name], default="")
        if best and shares[best] >= ENOUGH:
            found[place] = best
    return found
