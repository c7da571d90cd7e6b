"""A scale made of items that ask for one thing: which belong to it, how well they hang together."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np

from carpel.stats.likelihood import Refused
from carpel.stats.survey.items import FEWEST, Answers
from carpel.stats.survey.reliability import Floats, alpha, reliability

BELONGS = 0.2
"""Correlation with the rest of the scale under which an item measures something else."""
LEAST = 0.5
"""Alpha under which items do not measure one thing well enough to be told (Nunnally 1967)."""
UNLIKE = 3.0
"""How many times as wide the answers to one item may be as those to another."""


@dataclass(frozen=True)
class Item:
    """An item; `rest` is its correlation with the mean of the others, `without` their alpha."""

    name: str
    reversed: bool
    rest: float
    without: float | None


@dataclass(frozen=True)
class Scale:
    """The items kept, alpha with its 95 % interval, and everybody's score (NaN: unknown).

    A score is the mean of the answers given, reversed items turned round, from `lowest` to
    `highest`; of people who answered at least half of the items.
    """

    items: tuple[Item, ...]
    left_out: Mapping[str, str]
    alpha: float
    low: float
    high: float
    people: int
    lowest: float
    highest: float
    scores: Floats = field(repr=False)

    @property
    def said(self) -> str:
        """In words how far the scale can be relied on."""
        word = "well" if self.alpha >= 0.8 else "enough" if self.alpha >= 0.7 else "loosely"
        return (
            f"{len(self.items)} items hang together {word}: Cronbach's alpha {self.alpha:.2f} "
            f"(likely {self.low:.2f} to {self.high:.2f}), {self.people:,} people"
        )


def scale(
    given: Answers,
    backwards: Collection[str] | None = None,
    ends: tuple[float, float] | None = None,
) -> Scale:
    """Make a scale of items; those named run backwards, or, with None, those that are found to.

    An item whose correlation with the rest is below .2 is left out, the worst first. `ends` are the
    lowest and highest answer there can be; else those that were given. Raises Refused where too few
    people answer, items are answered in different units, or alpha stays below .5.
    """
    lowest, highest = ends or _ends(given)
    kept, signs, rest = _belonging(given, backwards)
    turned = kept.values * signs
    found, people = alpha(turned), int(kept.enough.sum())
    if found < LEAST:
        raise Refused(
            f"the items hang together too little to be one thing: alpha {found:.2f}, {LEAST} is "
            "needed"
        )
    low, high = alpha_interval(found, people, len(signs))
    items = tuple(
        Item(name, bool(signs[at] < 0), float(rest[at]), _without(turned, at))
        for at, name in enumerate(kept.items)
    )
    answered = np.where(signs < 0, lowest + highest + turned, turned)
    scores = np.where(kept.enough, _mean(answered), np.nan)
    return Scale(items, kept.left_out, found, low, high, people, lowest, highest, scores)


def alpha_interval(found: float, people: int, items: int) -> tuple[float, float]:
    """Where alpha lies, 95 %, by its F distribution (Feldt 1965)."""
    from scipy.stats import f

    freedom = people - 1, (people - 1) * (items - 1)
    low, high = (1 - (1 - found) * float(f.ppf(at, *freedom)) for at in (0.975, 0.025))
    return low, high


def _belonging(given: Answers, backwards: Collection[str] | None) -> tuple[Answers, Floats, Floats]:
    """The items that belong together, 1 or -1 for each, and its correlation with the rest."""
    while True:
        _enough(given)
        signs = _signs(given, backwards)
        rest = _rest(given.values * signs)
        worst = int(np.argmin(rest))
        if rest[worst] >= BELONGS or len(signs) == 2:
            return given, signs, rest
        reason = f"goes with the others by {rest[worst]:+.2f} only: it measures something else"
        given = given.without({given.items[worst]: reason})


def _enough(given: Answers) -> None:
    left_out = "; ".join(f"{name}: {reason}" for name, reason in given.left_out.items())
    if len(given.items) < 2:
        raise Refused(f"a scale needs two items that can be read; {left_out}")
    if (people := int(given.enough.sum())) < FEWEST:
        raise Refused(f"{people:,} people answer at least half of the items, {FEWEST} are needed")


def _ends(given: Answers) -> tuple[float, float]:
    """The lowest and the highest answer given."""
    if not given.items:
        return 0.0, 0.0
    low, high = np.nanmin(given.values, axis=0), np.nanmax(given.values, axis=0)
    widths = high - low
    if widths.max() > UNLIKE * widths.min():
        narrow, wide = (given.items[int(at)] for at in (widths.argmin(), widths.argmax()))
        raise Refused(
            f"{narrow} is answered from {low[widths.argmin()]:g} to {high[widths.argmin()]:g}, "
            f"{wide} from {low[widths.argmax()]:g} to {high[widths.argmax()]:g}: their mean would "
            "be that of the wider; `kind: factors` takes both as they are"
        )
    return float(low.min()), float(high.max())


def _signs(given: Answers, backwards: Collection[str] | None) -> Floats:
    if backwards is None:
        return np.where(reliability(given.values).reversed, -1.0, 1.0)
    return np.array([-1.0 if each in backwards else 1.0 for each in given.items])


def _rest(turned: Floats) -> Floats:
    """Each item's correlation with the mean of the others, of those who answered both."""
    found = []
    for at in range(turned.shape[1]):
        others = _mean(np.delete(turned, at, 1))
        both = ~np.isnan(turned[:, at]) & ~np.isnan(others)
        pair = np.column_stack([turned[both, at], others[both]])
        level = len(pair) < 3 or (np.ptp(pair, axis=0) == 0).any()
        found.append(0.0 if level else float(np.corrcoef(pair.T)[0, 1]))
    return np.array(found)


def _without(turned: Floats, at: int) -> float | None:
    return alpha(np.delete(turned, at, 1)) if turned.shape[1] > 2 else None


def _mean(values: Floats) -> Floats:
    """Everybody's mean of the answers given; NaN for who gave none."""
    known = ~np.isnan(values)
    count = known.sum(axis=1)
    total = np.where(known, values, 0.0).sum(axis=1)
    return np.asarray(np.where(count > 0, total / np.maximum(count, 1), np.nan))
