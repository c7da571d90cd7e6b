"""Unlike every other: segments that say the same twice, proposed to be one."""

from collections.abc import Iterator

import numpy as np

from carpel.specs.words import counted
from carpel.stages.fitness.comparing import Comparing, Near
from carpel.stages.fitness.differentiable import FALSE, Side, unasked
from carpel.stages.fitness.finding import Detail, Finding, Told, per_cent
from carpel.stages.fitness.used import Used
from carpel.stats.effects import detectable

SAME = 0.9
"""People in common, of those in either, from which two segments are one."""
SEEN = 0.35
"""Only where so small a standardised difference would be seen, none found says that they agree."""


def separate(comparing: Comparing, used: Used, near: Side) -> Iterator[Told]:
    """Tell of every segment with people that has a nearest one."""
    for at, name in enumerate(comparing.segments):
        if name not in comparing.near:
            size = len(comparing.ground.sets[name])
            yield Finding(
                name, "separate", "yes", "There is no other segment with people.", "", None, size
            )
            continue
        other = comparing.near[name]
        own = unasked(comparing, used, name) & unasked(comparing, used, other.segment)
        clear = np.nan_to_num(near.q[at][own], nan=1.0) < FALSE
        traits = {
            comparing.keys[c][0]
            for c, is_clear in zip(np.flatnonzero(own), clear, strict=True)
            if is_clear
        }
        seen = detectable(near.inside.n[at][own], near.outside.n[at][own])
        enough = bool(len(seen)) and float(np.median(seen)) <= SEEN
        size = len(comparing.ground.sets[name])
        yield Detail(
            name,
            "separate",
            "overlap",
            against=other.segment,
            value=other.overlap,
            n=other.shared,
            of=size,
        )
        yield _finding(comparing, name, other, len(traits), enough)


def _finding(comparing: Comparing, name: str, other: Near, traits: int, enough: bool) -> Finding:
    size = len(comparing.ground.sets[name])
    called = comparing.ground.called(other.segment)
    people = counted(size, "person", "people")
    shared = f"{other.shared:,} of its {people} are in {called} too"
    if other.overlap >= SAME:
        merge = f"Keep one of the two, or make this one narrower than {called}."
        said = f"{shared}, {per_cent(other.overlap)} of the people in either."
        return Finding(name, "separate", "no", said, merge, other.overlap, size)
    if traits:
        differ = f"{counted(traits, 'attribute')} that neither rule asks for "
        differ += "differs" if traits == 1 else "differ"
        said = f"{called} is the nearest: {differ}, and {shared}."
        return Finding(name, "separate", "yes", said, "", other.overlap, size)
    if enough:
        said = f"{called} is alike in all that neither rule asks for ({people}), and {shared}."
        merge = f"One message for both, or one segment of both, unless {called} needs its own."
        return Finding(name, "separate", "partly", said, merge, other.overlap, size)
    said = f"{called} is the nearest; too few people to tell them apart ({people}), and {shared}."
    return Finding(name, "separate", "unknown", said, "More people in either.", other.overlap, size)
