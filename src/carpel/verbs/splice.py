"""Where a replayed stretch of history ends: what followed stays right."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pyroaring import BitMap

from carpel.evaluation.movements import FULL, REPLAYED, Movement
from carpel.stages.segments.causes import Causes
from carpel.stages.segments.history import moved


def bridge(
    causes: Causes,
    segment: str,
    replayed: BitMap,
    after: BitMap,
    here: Sequence[Movement],
    *,
    corrected: bool,
) -> Iterator[Movement]:
    """Movements from the end of the stretch to the first moment known beyond it, the line's.

    `replayed` and `after` are the sets of the two, `here` is what was told of that moment before:
    those people keep their cause. The others moved in between; or, when history told of the very
    moment at which the stretch ends, it is `corrected`.
    """
    at = causes.line.moment
    build = max((each.build for each in here), default=REPLAYED)
    members = replayed
    for each in here:
        if each.part != FULL and (same := each.members & (members ^ after)):
            members = members ^ same
            yield replace(each, build=build, members=same)
    for each in moved(causes, segment, members, after, at, build):
        yield replace(each, cause="correction") if corrected else each
    yield Movement(segment, at, build, FULL, None, after)
