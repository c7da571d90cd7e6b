"""What speaks for a number of groups, and what against."""

from dataclasses import dataclass

import numpy as np

from carpel.stats.clusters.mixture import floors
from carpel.stats.clusters.traits import Floats, Ints

GIANT = 0.95
"""Share of everybody above which a group is a giant."""
MEASURED = 2_000
"""People among whom silhouettes are measured."""
BASE = 0.1
"""The response rate that the smallest lift is told from."""
DETECTED = 2.8016
"""The sum of the normal quantiles for 5 % both-sided and power .8."""


@dataclass(frozen=True)
class Candidate:
    """One way to split: its method, how many groups, and how it does on each criterion.

    `silhouette` -1 to 1; `gap` over populations without segments, with its spread;
    `bic_gain` by how much the BIC falls a person against no split at all; `stability` of the least
    stable group, 0 to 1, None where it was not tried as something else rules the split out;
    `smallest` in people; `largest` as share; `lift` is the smallest rise from a response of 10 %
    that a campaign to the smallest group can tell, half of it held out. `refused` says what rules
    it out.
    """

    method: str
    groups: int
    silhouette: float
    gap: float | None
    gap_spread: float | None
    bic_gain: float
    stability: float | None
    smallest: int
    largest: float
    lift: float
    refused: tuple[str, ...] = ()


@dataclass(frozen=True)
class Limits:
    """What a business can use: the fewest people worth a campaign, the most groups, a giant."""

    smallest: int
    serve: int
    giant: float = GIANT
    stable: float = 0.6


def testable(people: int) -> int:
    """The fewest people a group should have: 1 % of all, at least 20 and at most 1,400.

    To a group of 1,400 a campaign can tell a response of 15 % from 10 %.
    """
    return int(min(max(people / 100, 20), 1_400))


def smallest_lift(people: int) -> float:
    """The smallest rise from a response of 10 % that half against half of them can show.

    Two-sided at 5 % with power .8; 1 when even everybody responding would not.
    """
    low, high = 0.0, 1 - BASE
    for _ in range(40):
        lift = (low + high) / 2
        raised = BASE + lift
        needed = DETECTED**2 * (BASE * (1 - BASE) + raised * (1 - raised)) / lift**2
        low, high = (lift, high) if 2 * needed > people else (low, lift)
    return high


def silhouette(columns: Floats, labels: Ints, seed: int) -> float:
    """The mean silhouette (Rousseeuw 1987) of up to 2,000 people; -1 for fewer than two groups."""
    from sklearn.metrics import silhouette_score

    placed = np.flatnonzero(labels >= 0)
    if len(placed) > MEASURED:
        placed = np.random.default_rng(seed).choice(placed, MEASURED, replace=False)
    found = labels[placed]
    if not 2 <= len(np.unique(found)) < len(found):
        return -1.0
    return float(silhouette_score(columns[placed], found))


def bic_gain(columns: Floats, labels: Ints) -> float:
    """How much less the BIC is, a person, than that of everybody together; more is better.

    Of a classification into normal distributions (Scott and Symons 1971, Banfield and Raftery 1993)
    whose spread in each trait is their own and whose correlations are common (Biernacki and Lourme
    2014): blind to units, to how traits are correlated within groups, and to that who has much of a
    trait also varies more in it.
    """
    placed = labels >= 0
    if not placed.any():
        return 0.0
    apart, together = columns[placed], np.zeros(int(placed.sum()), dtype=np.int64)
    floor = floors(apart)
    whole, split = _bic(apart, together, floor), _bic(apart, labels[placed], floor)
    return (whole - split) / len(together)


def _bic(columns: Floats, labels: Ints, floor: Floats) -> float:
    people, width = columns.shape
    spreads, rest = 0.0, np.empty_like(columns)
    groups, sizes = np.unique(labels, return_counts=True)
    for group, size in zip(groups, sizes, strict=True):
        here = columns[labels == group]
        variances = here.var(axis=0) + floor
        spreads += float(size * np.log(variances).sum())
        rest[labels == group] = (here - here.mean(axis=0)) / np.sqrt(variances)
    alike = rest.T @ rest / people
    np.fill_diagonal(alike, 1.0)
    determinant = people * float(np.linalg.slogdet(alike)[1])
    mixed = -2 * float((sizes * np.log(sizes / people)).sum())
    free = len(groups) * (2 * width + 1) - 1
    return float(spreads + determinant + mixed + free * np.log(people))


def refusals(groups: int, counts: Ints, limits: Limits) -> tuple[str, ...]:
    """What rules a split out by the people in each group."""
    found = []
    people, smallest, largest = int(counts.sum()), int(counts.min()), int(counts.max())
    if groups < 2:
        found.append("no split at all")
    if largest > limits.giant * people:
        found.append(f"one group holds {largest / max(people, 1):.1%} of everybody")
    if smallest < limits.smallest:
        found.append(f"the smallest has {smallest:,} people, fewer than {limits.smallest:,}")
    if groups > limits.serve:
        found.append(f"more than the {limits.serve} that can be served")
    return tuple(found)


def unstable(stability: float, limits: Limits) -> tuple[str, ...]:
    """What rules a split out when other people of the same kind are looked at."""
    if stability >= limits.stable:
        return ()
    return (f"the least stable group comes again to {stability:.0%} only",)
