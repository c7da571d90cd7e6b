"""Who is in which arm: decided by a salted hash of the key, so it never has to be remembered.

The same key under the same salt is always in the same arm; arms under different salts have nothing
to do with each other; when the share of an arm that comes first grows, it only gains people.
"""

import hashlib
from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint32] | NDArray[np.uint64]
Floats = NDArray[np.float64]
_WORD = 2**64 - 1


def unit(keys: Keys, salt: str) -> Floats:
    """A number a key, from 0 up to and not including 1, evenly spread.

    The finaliser of SplitMix64 (Steele, Lea and Flood 2014) over the key, started at 64 bits of
    BLAKE2b of the salt.
    """
    start = _start(salt)
    with np.errstate(over="ignore"):
        mixed = (keys.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        mixed += np.uint64(start)
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
        mixed ^= mixed >> np.uint64(31)
    return (mixed >> np.uint64(11)).astype(np.float64) * 2.0**-53


def unit_of(key: int, salt: str) -> float:
    """The same number of one key below 2^64, without an array: a microsecond."""
    mixed = ((key + 1) * 0x9E3779B97F4A7C15 + _start(salt)) & _WORD
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> shift)) * factor & _WORD
    return float((mixed ^ (mixed >> 31)) >> 11) * 2.0**-53


def arm_of(key: int, salt: str, shares: Mapping[str, float], aside: float = 0) -> str | None:
    """The arm of one key, as `arms` has it; None for one that `held_out` keeps aside."""
    if unit_of(key, f"{salt}\0holdout") < aside:
        return None
    place, end = unit_of(key, f"{salt}\0arm"), 0.0
    for name, share in shares.items():
        end += share
        if place < end:
            return name
    return name


@lru_cache(maxsize=10_000)
def _start(salt: str) -> int:
    """64 bits of BLAKE2b."""
    return int.from_bytes(hashlib.blake2b(salt.encode(), digest_size=8).digest(), "little")


def held_out(keys: Keys, salt: str, share: float) -> NDArray[np.bool_]:
    """Which of these keys are kept aside; a larger share keeps all that a smaller one does."""
    return unit(keys, f"{salt}\0holdout") < share


def arms(keys: Keys, salt: str, shares: Mapping[str, float]) -> dict[str, NDArray[np.bool_]]:
    """Which of these keys are in each arm; `shares` add up to 1, and everybody is in one arm."""
    ends = np.cumsum(list(shares.values()))
    ends[-1] = 1.0  # whatever rounding left
    place = np.searchsorted(ends, unit(keys, f"{salt}\0arm"), side="right")
    return {name: place == at for at, name in enumerate(shares)}


def drawn_exactly(
    keys: Keys, strata: NDArray[np.int64], salt: str, share: float
) -> NDArray[np.bool_]:
    """Which of these keys are drawn so that of each stratum `share` are, exact to one person.

    Within a stratum those of the lowest hashes. What is left over by rounding is carried from one
    stratum to the next (systematic sampling), so that of all together the share is exact, too.
    Who else is there decides with: kept somewhere, it stays.
    """
    order = np.lexsort((unit(keys, salt), strata))
    _, firsts, sizes = np.unique(strata[order], return_index=True, return_counts=True)
    start = unit_of(0, f"{salt}\0start")
    ends = np.floor(np.cumsum(sizes) * share + start)
    wanted = np.diff(ends, prepend=0.0)
    rank = np.arange(len(keys)) - np.repeat(firsts, sizes)
    found = np.zeros(len(keys), np.bool_)
    found[order] = rank < np.repeat(wanted, sizes)
    return found
