"""Places in pairs as alike as can be, and which of each pair is treated: drawn by a salted hash."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from carpel.stats.assignment import unit
from carpel.stats.likelihood import Refused
from carpel.stats.tails import Floats
from carpel.stats.uplift.curves import Bools, Ints

NEAREST = 10
"""Others that each place may be paired with; more where that leaves somebody alone."""
PLACES_A_FIGURE = 5
"""Places for each figure from which it can be told how figures go together."""
FEWEST = 4
"""Places from which their spread can be told."""


@dataclass(frozen=True)
class Pair:
    """Two places; `treated` gets the treatment, `control` doesn't."""

    treated: str
    control: str
    distance: float
    """In standard deviations of the past figures; 0 for twins."""


@dataclass(frozen=True)
class Matched:
    """Pairs, the closest first, and the place that was left over when there are unevenly many."""

    pairs: tuple[Pair, ...]
    left_over: str | None

    @property
    def treated(self) -> tuple[str, ...]:
        """The places that get the treatment."""
        return tuple(each.treated for each in self.pairs)


def matched(places: Sequence[str], figures: ArrayLike, salt: str) -> Matched:
    """Pair places so that the sum of their distances is the least there can be.

    `figures` has a row a place: what is known of it from before. Distances are Mahalanobis's (1936)
    where places are five times as many as figures, else those of standardised figures. Of unevenly
    many places the one is left over without which the others are closest. Beyond 11 places only
    pairs of which one is among the nearest 10 of the other are looked at, which on a very uneven
    map may miss the least sum by a little. The
    same places, figures and salt give the same draw, in whatever order they come. Raises ValueError
    for a name that comes twice or a figure that is missing, Refused for fewer than four places.
    """
    names, known = list(places), np.asarray(figures, np.float64)
    known = known[:, None] if known.ndim == 1 else known
    _check(names, known)
    order = sorted(range(len(names)), key=names.__getitem__)
    names, known = [names[at] for at in order], known[order]
    paired = _closest(_even(known))
    drawn = unit(_keys(names), f"{salt}\0places")
    pairs = [_drawn(names, drawn, *each) for each in paired]
    alone = set(range(len(names))) - {at for first, second, _ in paired for at in (first, second)}
    pairs.sort(key=lambda each: (each.distance, each.treated))
    return Matched(tuple(pairs), names[alone.pop()] if alone else None)


def _drawn(names: list[str], drawn: Floats, first: int, second: int, distance: float) -> Pair:
    """The one with the smaller number is treated: either with the chance of one half."""
    if drawn[second] < drawn[first]:
        first, second = second, first
    return Pair(names[first], names[second], distance)


def _keys(names: list[str]) -> "np.ndarray[tuple[int], np.dtype[np.uint64]]":
    """64 bits of BLAKE2b of each name."""
    each = (hashlib.blake2b(name.encode(), digest_size=8).digest() for name in names)
    return np.array([int.from_bytes(key, "little") for key in each], np.uint64)


def _even(figures: Floats) -> Floats:
    """The same places where plain distance is the one that counts.

    Of few figures that of Mahalanobis, in which figures that say the same count once; of many,
    such as the weeks of a year, that of standardised figures: how they go together can't be told
    from so few places, and to allow for it would make as much of noise as of size.
    """
    centred = figures - figures.mean(axis=0)
    spread = centred.std(axis=0)
    scaled = centred[:, spread > 0] / spread[spread > 0]
    count, many = scaled.shape
    if not many:
        return np.zeros((count, 1))
    if count < PLACES_A_FIGURE * many:
        return np.asarray(scaled, np.float64)
    left, size, _ = np.linalg.svd(scaled, full_matrices=False)
    found: Floats = left[:, size > size[0] * 1e-6] * np.sqrt(count)
    return found


def _closest(points: Floats) -> list[tuple[int, int, float]]:
    """Pairs with the least sum of distances; with unevenly many, one is in none."""
    count = len(points)
    near = min(NEAREST, count - 1)
    while True:
        first, second, apart = _candidates(points, near)
        taken = _least(first, second, apart, count)
        if taken is not None:
            return [
                (int(first[at]), int(second[at]), float(apart[at])) for at in np.flatnonzero(taken)
            ]
        near = min(2 * near, count - 1)


def _candidates(points: Floats, near: int) -> tuple[Ints, Ints, Floats]:
    """Pairs of places of which one is among the nearest of the other, each once."""
    from scipy.spatial import cKDTree

    _, found = cKDTree(points).query(points, near + 1)
    pairs = {tuple(sorted((at, int(to)))) for at, row in enumerate(found) for to in row if to != at}
    first, second = np.array(sorted(pairs)).T
    return first, second, np.sqrt(((points[first] - points[second]) ** 2).sum(axis=1))


def _least(first: Ints, second: Ints, apart: Floats, count: int) -> Bools | None:
    """Which pairs to take: the perfect matching of least weight (Edmonds 1965), None if none is.

    As an integer programme. Of unevenly many one may stay alone, which costs nothing.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array

    pairs = len(first)
    rows, columns = [first, second], [np.arange(pairs)] * 2
    alone = count % 2 * count
    if alone:
        rows += [np.arange(count), np.full(count, count)]
        columns += [pairs + np.arange(count)] * 2
    at = np.concatenate(rows), np.concatenate(columns)
    shape = (count + count % 2, pairs + alone)
    of = coo_array((np.ones(len(at[0])), at), shape=shape).tocsc()
    found = milp(
        np.append(apart, np.zeros(alone)),
        constraints=LinearConstraint(of, 1, 1),
        integrality=np.ones(shape[1]),
        bounds=Bounds(0, 1),
    )
    return None if found.x is None else found.x[:pairs] > 0.5


def _check(names: list[str], figures: Floats) -> None:
    if len(set(names)) < len(names):
        twice = next(each for each in names if names.count(each) > 1)
        raise ValueError(f"the place {twice!r} comes twice")
    if len(figures) != len(names) or not np.isfinite(figures).all():
        raise ValueError("figures of a place are missing")
    if len(names) < FEWEST:
        raise Refused(f"{len(names)} places: at least {FEWEST} are needed to pair them")
