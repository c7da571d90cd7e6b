"""What people said themselves of being contacted: by hashes of addresses, only ever added to.

The newest word that covers a way and a purpose holds; a word may cover every one of either.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from carpel.store.ledger import Ledger

if TYPE_CHECKING:
    from sqlalchemy import Connection

EVERY = "*"
"""Stands for every medium, or for every purpose."""


@dataclass(frozen=True)
class Word:
    """Permission given or withdrawn by the person themself: when, on which page, after what."""

    address: str
    medium: str
    purpose: str
    granted: bool
    at: datetime
    page: str
    campaign: str

    def covers(self, medium: str, purpose: str) -> bool:
        """Whether it says anything of this medium and purpose."""
        return self.medium in (medium, EVERY) and self.purpose in (purpose, EVERY)


def words(ledger: Ledger, *addresses: str) -> list[Word]:
    """All words of these addresses, or of everybody, oldest first."""
    from sqlalchemy import select

    from carpel.store.schema import permissions

    asked = select(permissions).order_by(permissions.c.id)
    rows = ledger.rows(asked.where(permissions.c.address.in_(addresses)) if addresses else asked)
    return [Word(*(getattr(row, name) for name in Word.__match_args__)) for row in rows]


def holds(said: Iterable[Word], medium: str, purpose: str) -> bool | None:
    """Whether permission was given or withdrawn last; None where nothing was said."""
    found = None
    for each in said:
        found = each.granted if each.covers(medium, purpose) else found
    return found


def withdrawn(ledger: Ledger, medium: str, purpose: str) -> frozenset[str]:
    """Addresses whose last word on a medium and purpose is a no."""
    last = {each.address: each.granted for each in words(ledger) if each.covers(medium, purpose)}
    return frozenset(address for address, granted in last.items() if not granted)


def by_address(said: Iterable[Word]) -> Mapping[str, Sequence[Word]]:
    """Words in their order, by whose address they are."""
    found: dict[str, list[Word]] = {}
    for each in said:
        found.setdefault(each.address, []).append(each)
    return found


def note(ledger: Ledger, said: Collection[Word]) -> int:
    """Add words that change what holds; gives how many did."""
    from sqlalchemy import insert, select

    from carpel.store.schema import permissions as p

    with ledger.write() as connection:
        whose = p.c.address.in_([each.address for each in said])
        rows = connection.execute(select(p).where(whose).order_by(p.c.id)).all()
        held = [Word(*(getattr(row, name) for name in Word.__match_args__)) for row in rows]
        fresh = [each for each in said if _changes(each, held)]
        if fresh:
            connection.execute(insert(p), [asdict(each) for each in fresh])
    return len(fresh)


def _changes(word: Word, held: Sequence[Word]) -> bool:
    """Whether a word says other than the last one that said all that it says, or than any since."""
    for each in reversed(held):
        if each.address == word.address and _overlaps(each, word):
            return not (each.covers(word.medium, word.purpose) and each.granted == word.granted)
    return True


def _overlaps(one: Word, other: Word) -> bool:
    return (one.medium == other.medium or EVERY in (one.medium, other.medium)) and (
        one.purpose == other.purpose or EVERY in (one.purpose, other.purpose)
    )


def forget(connection: "Connection", addresses: Collection[str]) -> None:
    """Of erased people a no stays, to be heeded; what was allowed, and after what, does not."""
    from sqlalchemy import delete, update

    from carpel.store.schema import permissions as p

    theirs = p.c.address.in_(list(addresses))
    connection.execute(delete(p).where(theirs, p.c.granted))
    connection.execute(update(p).where(theirs).values(campaign=""))
