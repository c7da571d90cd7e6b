"""Whether the groups came out as they were designed: a test of everything else."""

from collections.abc import Mapping
from dataclasses import dataclass

from carpel.stats.tails import chi_squared_above

UNEVEN = 0.01
"""A chance below this and nothing else about the test is believed."""


@dataclass(frozen=True)
class RatioCheck:
    """People counted and people expected by arm, and the chance of so uneven a draw (p)."""

    counts: Mapping[str, float]
    expected: Mapping[str, float]
    statistic: float
    chance: float

    @property
    def uneven(self) -> bool:
        """Whether something other than the draw decided who is in which arm."""
        return self.chance < UNEVEN


def ratio_check(counts: Mapping[str, float], shares: Mapping[str, float]) -> RatioCheck:
    """Counts of people by arm against the shares they were drawn by (sample-ratio mismatch).

    Pearson's chi-squared (Fabijan and others 2019). `shares` may add up to anything above 0; an
    arm without people counts as 0, one with people but no share is a ValueError. Fewer than two
    arms, or nobody, cannot be uneven.
    """
    if strays := sorted(arm for arm in counts if not shares.get(arm)):
        raise ValueError(f"arms with people but without a designed share: {', '.join(strays)}")
    people, whole = sum(counts.values()), sum(shares.values())
    expected = {arm: people * share / whole for arm, share in shares.items() if share}
    statistic = sum(
        (counts.get(arm, 0) - due) ** 2 / due for arm, due in expected.items() if due > 0
    )
    chance = chi_squared_above(statistic, len(expected) - 1) if len(expected) > 1 else 1.0
    return RatioCheck(dict(counts), expected, statistic, chance)
