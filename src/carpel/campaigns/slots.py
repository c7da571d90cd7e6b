"""What stands in a slot for one visitor: decided in memory, from a published build's sets."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from carpel.campaigns.tokens import visitor_of
from carpel.specs import Slot, SlotRule
from carpel.specs.campaign import HOLDOUT
from carpel.specs.slot import ANONYMOUS, FALLBACK
from carpel.stats.assignment import arms, held_out
from carpel.store.addresses import address_hash

OWN_NUMBER = re.compile(r"[A-Za-z0-9_-]{16,64}")
"""What a site's script calls somebody of whom it knows nothing else: random, and its own."""
Index = tuple[NDArray[np.uint64], NDArray[np.uint32]]
SHORT = 16
"""Digits of an address's hash by which it is found: 64 bits."""


@dataclass(frozen=True)
class Known:
    """What of a build it takes to decide: 12 bytes an address, and the sets that slots name."""

    build: str = ""
    sets: Mapping[str, BitMap] = field(default_factory=dict)
    hashes: NDArray[np.uint64] = field(default_factory=lambda: np.empty(0, np.uint64))
    """Of addresses that are one person's alone, ascending."""
    customers: NDArray[np.uint32] = field(default_factory=lambda: np.empty(0, np.uint32))
    """Whose each is."""
    left_alone: BitMap = field(default_factory=BitMap)
    """Those on a do-not-contact list of a source."""

    def customer(self, address: str) -> int | None:
        """Whose address has this hash; None where it is nobody's, or several people's."""
        asked = short(address)
        at = int(np.searchsorted(self.hashes, asked))
        found = at < len(self.hashes) and self.hashes[at] == asked
        return int(self.customers[at]) if found else None


class Visitor(NamedTuple):
    """Who looks at a slot, as far as a token or the site's own number says."""

    address: str = ""
    """The hash of an address; empty for somebody who is not known."""
    number: str = ""
    """The hash of the number that the site gave somebody; empty without one."""


class Shown(NamedTuple):
    """What stands in a slot: of which rule, empty for none, as which arm."""

    segment: str
    arm: str
    content: Mapping[str, str]
    visitor: str = ""
    """By whom it is counted; empty for somebody without a number, and who is left alone."""


def visitor(key: bytes, said: str) -> Visitor:
    """Who a text names: a signed token (with dots) or a site's own number; nobody for any other."""
    if "." in said:
        return Visitor(visitor_of(key, said))
    return Visitor("", address_hash(key, f"visitor\0{said}") if OWN_NUMBER.fullmatch(said) else "")


def shown(slot: Slot, known: Known, who: Visitor, withdrawn: frozenset[str] = frozenset()) -> Shown:
    """The first rule that holds; the same for the same visitor until build or slot change.

    Who is left alone, by the build or by a word of their own since (`withdrawn`, hashes of
    addresses), sees the fallback and is not counted as anybody.
    """
    customer = known.customer(who.address) if who.address else None
    if who.address in withdrawn or (customer is not None and customer in known.left_alone):
        return Shown("", FALLBACK, slot.fallback)
    counted = who.address or who.number
    for rule in slot.rules:
        if _holds(rule, known, customer):
            return _of_rule(slot, rule, customer, counted)
    return Shown("", FALLBACK, slot.fallback, counted)


def _holds(rule: SlotRule, known: Known, customer: int | None) -> bool:
    if rule.segment == ANONYMOUS:
        return customer is None
    return customer is not None and customer in known.sets.get(rule.segment, ())


def _of_rule(slot: Slot, rule: SlotRule, customer: int | None, counted: str) -> Shown:
    """The fallback for the comparison group, else the variant that chance gave."""
    number = _number(counted) if customer is None else customer
    keys, salt = np.array([number], np.uint64), f"{slot.name}\0{rule.segment}"
    if slot.holdout and held_out(keys, salt, slot.holdout)[0]:
        return Shown(rule.segment, HOLDOUT, slot.fallback, counted)
    offered = {each.name: each for each in rule.arms}
    drawn = arms(keys, salt, {name: each.share for name, each in offered.items()})
    arm = next(name for name, inside in drawn.items() if inside[0])
    return Shown(rule.segment, arm, offered[arm].content, counted)


def _number(counted: str) -> int:
    return int.from_bytes(blake2b(counted.encode(), digest_size=8).digest())


def short(address: str) -> np.uint64:
    """The part of an address's hash by which it is found; 0 for what is no hash."""
    try:
        return np.uint64(int(address[:SHORT], 16))
    except ValueError:
        return np.uint64(0)


def by_address(key: bytes, stated: Sequence[tuple[int, str]]) -> Index:
    """Hashes and customers of (customer, address), ascending, without those of several people."""
    hashes = np.array([short(address_hash(key, each)) for _, each in stated], np.uint64)
    whose = np.array([who for who, _ in stated], np.uint32)
    order = np.lexsort((whose, hashes))
    hashes, whose = hashes[order], whose[order]
    first = np.ones(len(hashes), bool)
    first[1:] = (hashes[1:] != hashes[:-1]) | (whose[1:] != whose[:-1])
    hashes, whose = hashes[first], whose[first]
    _, at, times = np.unique(hashes, return_index=True, return_counts=True)
    return hashes[at[times == 1]], whose[at[times == 1]]
