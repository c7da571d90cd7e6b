"""Rows of `estimates`: each metric, for everybody and by segment, arm by arm."""

from collections.abc import Collection, Iterator, Mapping
from itertools import combinations
from math import isfinite, isnan
from typing import Any

from carpel.evaluation.movements import EVERYBODY
from carpel.stages.estimates.tested import Tested
from carpel.stats.experiments.always import always
from carpel.stats.experiments.by_segment import InSegment, by_segment
from carpel.stats.experiments.effect import Effect
from carpel.stats.experiments.ratio_check import UNEVEN

SURE = 0.05
"""Segments are told of such that at most this share of those told is told falsely."""
Row = dict[str, Any]


def estimates(tested: Tested, sets: Collection[str]) -> Iterator[Row]:
    """What each arm has beyond the comparison; for everybody also beyond each other arm."""
    uneven = {each: tested.draw(each).chance for each in tested.segments}
    for arm in tested.contacted:
        together = _by_set(tested, arm, sets, uneven)
        for metric in tested.metrics:
            for segment in tested.segments:
                found = tested.effect(segment, metric, arm, tested.comparison)
                told = together.get(segment) if metric == tested.about["goal"] else None
                row = _row(tested, segment, metric, arm, tested.comparison, found)
                yield {**row, **_drawn(tested, found, told), "uneven": uneven[segment]}
    for arm, other in combinations(tested.contacted, 2):
        for metric in tested.metrics:
            found = tested.effect(EVERYBODY, metric, other, arm)
            yield _row(tested, EVERYBODY, metric, other, arm, found)


def _by_set(
    tested: Tested, arm: str, sets: Collection[str], uneven: Mapping[str, float]
) -> dict[str, InSegment]:
    """By segment: its effect beside those it is looked at with.

    The places of a set of segments share nobody and are looked at together. Segments of which
    people are in several are looked at together too: what is told of false findings holds for
    them, and they are drawn to a middle that some of them share.
    """
    families: dict[str, dict[str, Effect]] = {}
    for segment in tested.segments:
        if segment == EVERYBODY or uneven[segment] < UNEVEN:
            continue
        family = segment.split(".")[0] if segment.split(".")[0] in sets else ""
        found = tested.effect(segment, tested.about["goal"], arm, tested.comparison)
        families.setdefault(family, {})[segment] = found
    return {
        segment: each
        for family in families.values()
        for segment, each in by_segment(family).segments.items()
    }


def _row(tested: Tested, segment: str, metric: str, arm: str, against: str, found: Effect) -> Row:
    one, two = (tested.of(segment, metric, each) for each in (arm, against))
    looked = always(found, planned=max(tested.planned, 1))
    kept = ("value", "low", "high", "chance", "lift", "lift_low", "lift_high", "narrowed")
    return {
        "experiment": tested.name,
        "segment": segment,
        "metric": metric,
        "arm": arm,
        "against": against,
        "n": round(one.n),
        "m": round(two.n),
        "figure": _known(one.figure),
        "base": _known(two.figure),
        **{name: _known(getattr(found, name)) for name in kept},
        "always_low": _known(looked.low),
        "always_high": _known(looked.high),
    }


def _drawn(tested: Tested, found: Effect, told: InSegment | None) -> Row:
    """Beside the other segments; and in a word, whether it is one to tell of."""
    if told is None:
        return {}
    if tested.draw().uneven:
        return {}
    less = tested.metrics[tested.about["goal"]]["better"] == "less"
    sure = not isnan(told.likely_false) and told.likely_false < SURE
    good = (found.value > 0) != less
    return {
        "drawn": _known(told.value),
        "drawn_low": _known(told.low),
        "drawn_high": _known(told.high),
        "likely_false": _known(told.likely_false),
        "word": ("worked" if good else "harm") if sure else "cannot_tell",
    }


def _known(figure: float) -> float | None:
    return figure if isfinite(figure) else None
