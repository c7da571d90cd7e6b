"""Windows as numbers: from when up to when they last, in microseconds since 1970."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import numpy as np

from carpel.evaluation.comparisons import Clock
from carpel.evaluation.counting.rows import Array
from carpel.evaluation.windows import TICK, Span, lasting, span
from carpel.language import Window

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - UTC without a zone
ALWAYS = np.iinfo(np.int64).min
"""When a window begins that has no beginning."""


def microseconds(span: Span) -> tuple[int, int]:
    """From when up to when a span lasts."""
    start, end = (_since_epoch(each) if each else ALWAYS for each in (span.start, span.end))
    return start, end


def _since_epoch(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


class Windows:
    """Windows, each on the clocks of a zone: from when up to when they last at a moment."""

    def __init__(self, windows: Sequence[tuple[Window, str]]) -> None:
        always = {each: lasting(each) for each, _ in windows}
        before = [always[each] or (timedelta(), timedelta()) for each, _ in windows]
        self._before = np.array([[each // TICK for each in pair] for pair in before]).T
        self._other = [(n, *each) for n, each in enumerate(windows) if always[each[0]] is None]

    def at(self, clock: Clock, of: Callable[[Clock, str], Clock]) -> Array:
        """Two rows of microseconds: of the beginnings, and of the ends."""
        _, now = microseconds(Span(None, clock.moment))
        found: Array = now - self._before
        for place, window, zone in self._other:
            there = of(clock, zone)
            found[:, place] = microseconds(span(window, there.moment, there.zone))
        return found
