"""What stands in a slot for one visitor: decided in memory, from a published build's sets."""

import re
from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from pyroaring import BitMap

from carpel.campaigns.tokens import visitor_of
from carpel.specs import Slot, SlotRule
from carpel.specs.campaign import HOLDOUT
from carpel.specs.slot import ANONYMOUS, FALLBACK
from carpel.stats.assignment import arm_of
from carpel.store.addresses import address_hash

OWN_NUMBER = re.compile(r"[A-Za-z0-9_-]{16,64}")
"""What a site's script calls somebody of whom it knows nothing else: random, and its own."""
Index = tuple["array[int]", "array[int]"]
SHORT = 16
"""Digits of an address's hash by which it is found: 64 bits."""


@dataclass(frozen=True)
class Known:
    """What of a build it takes to decide: 12 bytes an address, and the sets that slots name."""

    build: str = ""
    sets: Mapping[str, BitMap] = field(default_factory=dict)
    hashes: Sequence[int] = ()
    """Of addresses that are one person's alone, ascending."""
    customers: Sequence[int] = ()
    """Whose each is."""
    left_alone: BitMap = field(default_factory=BitMap)
    """Those on a do-not-contact list of a source."""
    kept_aside: BitMap = field(default_factory=BitMap)
    """Those who are kept aside from all campaigns."""

    def customer(self, address: str) -> int | None:
        """Whose address has this hash; None where it is nobody's, or several people's."""
        asked = short(address)
        at = bisect_left(self.hashes, asked)
        found = at < len(self.hashes) and self.hashes[at] == asked
        return self.customers[at] if found else None


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
    addresses), sees the fallback and is not counted as anybody; who is kept aside from all
    campaigns sees it too.
    """
    customer = known.customer(who.address) if who.address else None
    if who.address in withdrawn or (customer is not None and customer in known.left_alone):
        return Shown("", FALLBACK, slot.fallback)
    counted = who.address or who.number
    if customer is not None and customer in known.kept_aside:
        return Shown("", FALLBACK, slot.fallback, counted)
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
    offered = {each.name: each for each in rule.arms}
    shares = {name: each.share for name, each in offered.items()}
    arm = arm_of(number, f"{slot.name}\0{rule.segment}", shares, slot.holdout)
    if arm is None:
        return Shown(rule.segment, HOLDOUT, slot.fallback, counted)
    return Shown(rule.segment, arm, offered[arm].content, counted)


def _number(counted: str) -> int:
    return int.from_bytes(blake2b(counted.encode(), digest_size=8).digest())


def short(address: str) -> int:
    """The part of an address's hash by which it is found."""
    return int(address[:SHORT], 16)


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
    alone = at[times == 1]
    return array("Q", hashes[alone].tobytes()), array("I", whose[alone].tobytes())
