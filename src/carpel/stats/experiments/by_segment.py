"""One experiment in many segments: which differ, and what each is worth once luck is taken out."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf, nan

import numpy as np

from carpel.stats.experiments.effect import Effect
from carpel.stats.multiplicity import expected_false
from carpel.stats.shrinking import FEWEST, shrunk
from carpel.stats.tails import Floats, chi_squared_above, normal_reach


@dataclass(frozen=True)
class InSegment:
    """A segment's effect as measured (`raw`), and drawn towards the others by its doubt.

    `low` and `high` are a 95 % interval. `likely_false` is the share of false findings if this
    segment and all surer ones were told (q); NaN where nothing was measured, and there the drawn
    figures are those measured.
    """

    raw: Effect
    value: float
    low: float
    high: float
    likely_false: float


@dataclass(frozen=True)
class BySegment:
    """Segments, the middle they are drawn to, how far they truly lie around it (NaN: unknown).

    `alike` is the chance of effects so far apart if the campaign did the same everywhere.
    """

    segments: Mapping[str, InSegment]
    middle: float
    spread: float
    alike: float


def by_segment(effects: Mapping[str, Effect]) -> BySegment:
    """Effects of segments that share nobody, together.

    Empirical Bayes from four segments on (`stats.shrinking`), fewer stay as measured; false
    findings by Benjamini and Hochberg 1995; whether effects differ at all by Cochran's Q (1954).
    """
    raw = list(effects.values())
    value, error = np.array([each.value for each in raw]), _errors(raw)
    fit = np.isfinite(error)
    q = expected_false(np.where(fit, [each.chance for each in raw], nan))
    ends = [np.array([getattr(each, name) for each in raw]) for name in ("value", "low", "high")]
    middle = spread = nan
    if fit.any():
        drawn = shrunk(value[fit], error[fit])
        middle, spread = drawn.middle, drawn.spread
        if fit.sum() >= FEWEST:
            for column, found in zip(ends, (drawn.value, drawn.low, drawn.high), strict=True):
                column[fit] = found
    rows = zip(raw, *ends, q, strict=True)
    segments = {
        name: InSegment(each, *(float(number) for number in numbers))
        for name, (each, *numbers) in zip(effects, rows, strict=True)
    }
    return BySegment(segments, middle, spread, _alike(value[fit], error[fit]))


def _errors(effects: list[Effect]) -> Floats:
    """Standard errors as the intervals have them: wider than the plain ones in small groups."""
    return np.array(
        [
            (each.high - each.low) / 2 / normal_reach(each.confidence) if each.told else inf
            for each in effects
        ]
    )


def _alike(value: Floats, error: Floats) -> float:
    if len(value) < 2:
        return 1.0
    weight = error**-2.0
    apart = weight @ (value - np.average(value, weights=weight)) ** 2
    return chi_squared_above(float(apart), len(value) - 1)
