"""Which way to take: the one that serves fewest groups of those that foresee best."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from carpel.stats.ways.judging import Judged

FALSE = 0.05
"""How often chance alone may make a way look good, all ways together."""


@dataclass(frozen=True)
class Choice:
    """The way that is taken, None where none is better than treating all alike.

    `best` foresees most; `as_good` are those of which it is not known that they foresee less.
    """

    way: str | None
    best: str | None
    as_good: tuple[str, ...] = ()


def choose(judged: Sequence[Judged], groups: Mapping[str, int]) -> Choice:
    """Choose among ways by what they explain and how many groups each has to be served.

    Better than nothing is who is above 0 in all but 5 % of draws, shared out among the ways
    (Bonferroni); as good as the best is who is not below it in as many.
    """
    share = FALSE / max(len(judged), 1)
    better = [each for each in judged if float(np.quantile(each.draws, share)) > 0]
    if not better:
        return Choice(None, None)
    best = max(better, key=lambda each: each.explained)
    as_good = [each for each in better if float(np.quantile(best.draws - each.draws, share)) <= 0]
    taken = min(as_good, key=lambda each: (groups[each.way], -each.explained))
    return Choice(taken.way, best.way, tuple(each.way for each in as_good))
