"""What an experiment came to, in one of five words."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, inf
from typing import Literal

from carpel.stats.experiments.always import Always
from carpel.stats.experiments.effect import Effect
from carpel.stats.tails import NORMAL, normal_reach

Word = Literal["worked", "nothing_seen", "harm", "cannot_tell", "uneven"]
POWER = 0.8
"""The chance with which the people named would settle what could not be told."""


@dataclass(frozen=True)
class Guardrail:
    """Something that must not get worse: by more than `tolerated`, in its own units.

    `fewer_is_better` for what should fall: complaints, unsubscribes, cost.
    """

    name: str
    effect: Effect
    fewer_is_better: bool = False
    tolerated: float = 0.0

    @property
    def broken(self) -> bool:
        """Whether it got worse for certain: the whole interval lies beyond what is tolerated."""
        return _good(self.effect.low, self.effect.high, self.fewer_is_better)[1] < -self.tolerated


@dataclass(frozen=True)
class Verdict:
    """The word, the interval it was judged by, guardrails broken, and what would settle a doubt.

    `more` is how many more people an arm in the mean, added in the proportion there is, would
    settle what cannot be told, 4 times out of 5, if what was seen is true; None where there is
    nothing to settle or no number of people would do.
    """

    word: Word
    low: float
    high: float
    broken: tuple[str, ...] = ()
    more: int | None = None

    def days(self, people_a_day: float) -> int | None:
        """How many more days it takes, given new people a day in both arms together."""
        if self.more is None or people_a_day <= 0:
            return None
        return ceil(2 * self.more / people_a_day)


def judged(
    effect: Effect,
    *,
    uneven: bool,
    always: Always | None = None,
    guardrails: Sequence[Guardrail] = (),
    smallest: float | None = None,
    fewer_is_better: bool = False,
) -> Verdict:
    """The verdict on an effect.

    `uneven` groups come first: nothing else is believed. `harm` when the whole interval lies on
    the bad side of 0 or a guardrail broke, `worked` when it lies on the good side. `nothing_seen`
    only when the interval excludes `smallest`, the smallest effect that mattered, both ways; else,
    or where nobody said what mattered, `cannot_tell`. With `always` its interval is judged, which
    holds for those who look every day.
    """
    seen = always or effect
    low, high = seen.low, seen.high
    broken = tuple(each.name for each in guardrails if each.broken)
    if uneven:
        return Verdict("uneven", low, high, broken)
    least, most = _good(low, high, fewer_is_better)
    if most < 0 or broken:
        return Verdict("harm", low, high, broken)
    if least > 0:
        return Verdict("worked", low, high)
    if smallest is not None and -smallest < least and most < smallest:
        return Verdict("nothing_seen", low, high)
    return Verdict("cannot_tell", low, high, more=_more(effect, smallest, always))


def _good(low: float, high: float, fewer_is_better: bool) -> tuple[float, float]:
    """The interval with up as the good side."""
    return (-high, -low) if fewer_is_better else (low, high)


def _more(effect: Effect, smallest: float | None, always: Always | None) -> int | None:
    """People an arm beyond those there are, until 0 or the smallest effect is excluded."""
    value = abs(effect.value)
    apart = value if smallest is None else max(value, smallest - value)
    if not effect.told or not apart > 0:
        return None
    reach = (effect.high - effect.low) / 2
    beyond = NORMAL.inv_cdf(POWER) * reach / normal_reach(effect.confidence)
    narrower = ((always.wider if always else 1) * reach + beyond) / apart
    people = (effect.n + effect.m) / 2 * (narrower * narrower - 1)
    return max(1, ceil(people)) if people < inf else None
