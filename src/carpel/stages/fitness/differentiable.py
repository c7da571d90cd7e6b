"""Really different: from everybody else and from the nearest segment, beyond what the rule asks."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from carpel.evaluation.movements import EVERYBODY
from carpel.specs.words import counted
from carpel.stages.fitness.comparing import FEWEST, Comparing
from carpel.stages.fitness.finding import Detail, Finding, Told, Verdict, figure, per_cent
from carpel.stages.fitness.used import Used
from carpel.stats.effects import Apart, Groups, apart, detectable
from carpel.stats.multiplicity import expected_false
from carpel.stats.tails import Floats

FALSE = 0.05
"""Of the differences told, at most this share is expected to be false."""
SMALL, MEDIUM = 0.2, 0.5
"""Standardised differences that are worth telling, and worth another message (Cohen 1988)."""
BLIND = 0.5
"""When only larger differences than this could be seen, nothing found says nothing."""
TOLD = 12
"""Differences kept for the details, a segment and side."""


@dataclass(frozen=True)
class Side:
    """Segments beside others: the groups, how far apart, and the share of false findings."""

    inside: Groups
    outside: Groups
    apart: Apart
    q: Floats
    told: NDArray[np.bool_]
    """Clear, large enough, and of enough people."""


def differentiable(comparing: Comparing, used: Used) -> Iterator[Told]:
    """Tell of every segment with people."""
    others, near = sides(comparing)
    for at, name in enumerate(comparing.segments):
        own = unasked(comparing, used, name)
        yield from _details(comparing, at, others, EVERYBODY, own)
        beside = own
        if name in comparing.near:
            nearest = comparing.near[name].segment
            beside = own & unasked(comparing, used, nearest)
            yield from _details(comparing, at, near, nearest, beside)
        yield _finding(comparing, at, others, near, own, beside)


def unasked(comparing: Comparing, used: Used, segment: str) -> NDArray[np.bool_]:
    """By column, whether the rule of a segment neither asks for it nor goes along with it."""
    asked = used.by(segment)
    return np.array([trait not in asked for trait, _ in comparing.keys], bool)


def sides(comparing: Comparing) -> tuple[Side, Side]:
    """Everybody else, and the nearest; chances corrected over all segments, traits and sides."""
    here, there = comparing.beside
    pairs = [(comparing.inside, comparing.outside), (here, there)]
    found = [apart(*pair) for pair in pairs]
    enough = [(one.n >= FEWEST) & (two.n >= FEWEST) for one, two in pairs]
    chances = np.stack(
        [np.where(e, each.chance, np.nan) for e, each in zip(enough, found, strict=True)]
    )
    q = expected_false(chances.ravel()).reshape(chances.shape)
    made = []
    for (one, two), each, share in zip(pairs, found, q, strict=True):
        told = (np.nan_to_num(share, nan=1.0) < FALSE) & (np.abs(each.effect) >= SMALL)
        made.append(Side(one, two, each, share, told))
    return made[0], made[1]


def _details(
    comparing: Comparing, at: int, side: Side, against: str, own: NDArray[np.bool_]
) -> Iterator[Detail]:
    for column in _largest(side, at, _spoken(comparing))[:TOLD]:
        trait, value = comparing.keys[column]
        yield Detail(
            comparing.segments[at],
            "differentiable",
            "difference",
            trait,
            value,
            against,
            float(side.inside.mean[at, column]),
            float(side.outside.mean[at, column]),
            float(side.apart.effect[at, column]),
            *_ends(side.apart, at, column),
            float(side.q[at, column]),
            int(side.inside.n[at, column]),
            int(side.outside.n[at, column]),
            not bool(own[column]),
        )


def _ends(found: Apart, at: int, column: int) -> tuple[float | None, float | None]:
    low, high = float(found.low[at, column]), float(found.high[at, column])
    return (low, high) if np.isfinite(low) and np.isfinite(high) else (None, None)


def _spoken(comparing: Comparing) -> NDArray[np.bool_]:
    """All but “no”, which says the same as “yes”."""
    return np.array([value != "no" for _, value in comparing.keys], bool)


def _largest(side: Side, at: int, allowed: NDArray[np.bool_]) -> list[int]:
    columns = np.flatnonzero(side.told[at] & allowed)
    order = np.argsort(-np.abs(side.apart.effect[at, columns]), kind="stable")
    return [int(columns[each]) for each in order]


def _finding(
    comparing: Comparing,
    at: int,
    others: Side,
    near: Side,
    own: NDArray[np.bool_],
    unasked_of_both: NDArray[np.bool_],
) -> Finding:
    name = comparing.segments[at]
    size = len(comparing.ground.sets[name])
    spoken = _spoken(comparing)
    found = _largest(others, at, own & spoken)
    beside = _largest(near, at, unasked_of_both & spoken)
    if not found:
        return _nothing(comparing, at, others, size, own)
    best = found[0]
    effect = float(abs(others.apart.effect[at, best]))
    large = effect >= MEDIUM
    traits = len({comparing.keys[each][0] for each in found})
    tested = len({t for (t, _), mine in zip(comparing.keys, own, strict=True) if mine})
    said = f"{_sentence(comparing, at, best, others)} ({counted(size, 'person', 'people')})"
    said += f"; {traits} of {counted(tested, 'attribute')} that the rule does not ask for "
    said += "differs" if traits == 1 else "differ"
    if name in comparing.near:
        near_traits = len({comparing.keys[each][0] for each in beside})
        nearest = comparing.ground.called(comparing.near[name].segment)
        said += f", {near_traits or 'none'} from {nearest}, the nearest"
    verdict: Verdict = "yes" if large and (beside or name not in comparing.near) else "partly"
    return Finding(name, "differentiable", verdict, f"{said}.", "", effect, size)


def _nothing(
    comparing: Comparing, at: int, others: Side, size: int, own: NDArray[np.bool_]
) -> Finding:
    name = comparing.segments[at]
    seen = detectable(others.inside.n[at][own], others.outside.n[at][own])
    clear = bool(len(seen)) and float(np.median(seen)) <= BLIND
    people = counted(size, "person", "people")
    if clear:
        said = f"Beyond what the rule asks for, these {people} are like everybody else."
        return Finding(name, "differentiable", "no", said, "", 0.0, size)
    return Finding(
        name,
        "differentiable",
        "unknown",
        f"Beyond what the rule asks for, nothing is known that sets these {people} apart.",
        "More people in it, or more that is known of them.",
        None,
        size,
    )


def _sentence(comparing: Comparing, at: int, column: int, side: Side) -> str:
    trait, value = comparing.keys[column]
    inside, outside = float(side.inside.mean[at, column]), float(side.outside.mean[at, column])
    label = comparing.ground.trait_called(trait)
    unit = str(comparing.ground.traits.get(trait, {}).get("unit") or "")
    if value is not None:
        return (
            f"{label} is “{value}” for {per_cent(inside)} of them and "
            f"{per_cent(outside)} of everybody else"
        )
    if unit == "share":
        return f"{label}: {per_cent(inside)} here, {per_cent(outside)} for everybody else"
    unit = f" {unit}" if unit == unit.upper() and unit else ""
    return f"{label}: {figure(inside)}{unit} here, {figure(outside)}{unit} for everybody else"
