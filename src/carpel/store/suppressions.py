"""The do-not-contact list of Carpel's own: addresses as hashes, only ever added to."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from carpel.store.addresses import address_hash
from carpel.store.files import digest
from carpel.store.ledger import Ledger
from carpel.store.permissions import EVERY as EVERY
from carpel.store.permissions import Word, by_address, holds, withdrawn, words

if TYPE_CHECKING:
    from sqlalchemy import Connection

UNDELIVERABLE = "undeliverable"
"""The reason for addresses at which nothing arrives."""


@dataclass(frozen=True)
class Suppressed:
    """Who must not be contacted: hashes of addresses, and keys as they were then."""

    addresses: frozenset[str]
    customers: frozenset[int]

    def __bool__(self) -> bool:
        return bool(self.addresses)


@dataclass(frozen=True)
class LeftAlone:
    """The whole list, and what people said themselves: asked by address."""

    key: bytes
    media: Mapping[str, frozenset[str]]
    """By hash of an address."""
    said: Mapping[str, Sequence[Word]] = field(default_factory=dict)
    """Likewise; oldest first."""

    def __bool__(self) -> bool:
        return bool(self.media or self.said)

    @property
    def fingerprint(self) -> str:
        """Changes with every address that is added: what a part depends on that reads the list."""
        listed = sorted((each, *sorted(media)) for each, media in self.media.items())
        said = sorted(
            (w.address, n, w.medium, w.purpose, w.granted)
            for each in self.said.values()
            for n, w in enumerate(each)
        )
        return digest([listed, said])

    def of(self, address: str) -> frozenset[str]:
        """The media by which an address must not be contacted, `EVERY` among them perhaps."""
        return self.media.get(address_hash(self.key, address), frozenset())

    def withdrew(self, address: str, medium: str, purpose: str) -> bool:
        """Whether the person's own last word on a medium and purpose is a no."""
        return holds(self.said.get(address_hash(self.key, address), ()), medium, purpose) is False


def left_alone(ledger: Ledger, key: bytes) -> LeftAlone:
    """Everybody on the list."""
    from sqlalchemy import select

    from carpel.store.schema import suppressions

    media: dict[str, frozenset[str]] = {}
    for row in ledger.rows(select(suppressions.c.address, suppressions.c.medium)):
        media[row.address] = media.get(row.address, frozenset()) | {row.medium}
    return LeftAlone(key, media, by_address(words(ledger)))


def suppress(
    ledger: Ledger,
    addresses: Collection[str],
    *,
    medium: str,
    reason: str,
    at: datetime,
    actor: str = "local",
    customer: int | None = None,
) -> int:
    """Add hashes of addresses that are not there yet; gives how many that were."""
    with ledger.write() as connection:
        return suppress_in(
            connection,
            addresses,
            medium=medium,
            reason=reason,
            at=at,
            by=actor,
            customer=customer,
        )


def suppress_in(
    connection: "Connection",
    addresses: Collection[str],
    *,
    medium: str,
    reason: str,
    at: datetime,
    by: str,
    customer: int | None = None,
) -> int:
    """The same as part of a transaction."""
    from sqlalchemy import insert, select

    from carpel.store.schema import suppressions as s

    asked = sorted(set(addresses))
    held = select(s.c.address).where(s.c.medium == medium, s.c.address.in_(asked))
    here = set(connection.execute(held).scalars())
    shared = {"medium": medium, "reason": reason, "at": at, "actor": by, "customer": customer}
    rows = [{"address": each, **shared} for each in asked if each not in here]
    if rows:
        connection.execute(insert(s), rows)
    return len(rows)


def suppressed(ledger: Ledger, medium: str, purpose: str = "marketing") -> Suppressed:
    """Everybody on the list for a medium, and who withdrew permission for it and a purpose."""
    from sqlalchemy import select

    from carpel.store.schema import suppressions

    named = select(suppressions.c.address, suppressions.c.customer)
    rows = ledger.rows(named.where(suppressions.c.medium.in_((medium, EVERY))))
    return Suppressed(
        frozenset(row.address for row in rows) | withdrawn(ledger, medium, purpose),
        frozenset(row.customer for row in rows if row.customer is not None),
    )


def is_listed(ledger: Ledger, address: str, medium: str) -> bool:
    """Whether an address is on the list for a medium by other than the person's own word."""
    from sqlalchemy import select

    from carpel.store.schema import suppressions as s

    whose = (s.c.address == address, s.c.medium.in_((medium, EVERY)))
    return bool(ledger.rows(select(s.c.id).where(*whose).limit(1)))


def forget(connection: "Connection", customers: Collection[int]) -> None:
    """Drop keys; that an address must not be contacted stays known."""
    from sqlalchemy import update

    from carpel.store.schema import suppressions

    whose = suppressions.c.customer.in_(list(customers))
    connection.execute(update(suppressions).where(whose).values(customer=None))
