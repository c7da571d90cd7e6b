"""Clauses about the past of segments: in it for so long, joined, left, moved within a window."""

from collections.abc import Callable, Iterable
from datetime import datetime

from pyroaring import BitMap

from carpel.evaluation.comparisons import Clock
from carpel.evaluation.history import History
from carpel.evaluation.sets import Sets
from carpel.evaluation.windows import TICK, Span, shift, span
from carpel.language import Entered, Left, Moved, Node, SegmentRef, Window

EVER = datetime.min  # noqa: DTZ901


class Past:
    """What history says of segments, and what this very moment adds to it.

    `members` gives who is in a segment now. A segment that is new has no past: nobody joined or
    left it yet.
    """

    def __init__(self, history: History, clock: Clock, members: Callable[[str], BitMap]) -> None:
        self.history, self.clock, self.members = history, clock, members

    def sets(self, node: Node) -> Sets:
        """Who matches such a clause, and of whom it is not known."""
        match node:
            case SegmentRef(segment, since) if since is not None:
                return self._for(segment, shift(self.clock.moment, since, self.clock.zone))
            case Entered(segment, window):
                return Sets(self._moved("entered", segment, window), BitMap())
            case Left(segment, window):
                return Sets(self._moved("left", segment, window), BitMap())
            case Moved(segmentation, before, now, window):
                went = self._went(_names(segmentation, before), _names(segmentation, now), window)
                return Sets(went, BitMap())
        raise TypeError(f"nothing of the past: {node!r}")

    def _for(self, segment: str, start: datetime) -> Sets:
        """In it without a break since then; not known of those who were in when it began."""
        now, began = self.members(segment), self.history.began(segment)
        if began is None:
            return Sets(BitMap(), now.copy())
        if began > start:
            since_then = self.history.throughout(segment, began, self.clock.moment) & now
            return Sets(BitMap(), since_then)
        return Sets(self.history.throughout(segment, start, self.clock.moment) & now, BitMap())

    def _moved(self, part: str, segment: str, window: Window) -> BitMap:
        stretch = span(window, self.clock.moment, self.clock.zone)
        start, end = _edges(stretch)
        tell = self.history.entered if part == "entered" else self.history.left
        told = tell(segment, start, end)
        return told | self._just(part, segment) if self._is_now(stretch) else told

    def _just(self, part: str, segment: str) -> BitMap:
        """Who moves at this moment, beyond what history tells already."""
        if self.history.began(segment) is None:
            return BitMap()
        before = self.history.members_at(segment, self.clock.moment)
        now = self.members(segment)
        return now - before if part == "entered" else before - now

    def _went(self, before: list[str], now: list[str], window: Window) -> BitMap:
        """Who left one of these and entered one of those at one moment."""
        stretch = span(window, self.clock.moment, self.clock.zone)
        start, end = _edges(stretch)
        moments = {
            (each.at, each.build)
            for name in (*before, *now)
            for each in self.history.moves(name, start, end)
        }
        found = BitMap()
        for moment in moments:
            found |= self._at("left", before, moment, start, end) & self._at(
                "entered", now, moment, start, end
            )
        if self._is_now(stretch):
            gone = BitMap.union(BitMap(), *(self._just("left", each) for each in before))
            come = BitMap.union(BitMap(), *(self._just("entered", each) for each in now))
            found |= gone & come
        return found

    def _at(
        self,
        part: str,
        names: Iterable[str],
        moment: tuple[datetime, int],
        start: datetime,
        end: datetime,
    ) -> BitMap:
        sets = (
            each.members
            for name in names
            for each in self.history.moves(name, start, end)
            if each.part == part and (each.at, each.build) == moment
        )
        return BitMap.union(BitMap(), *sets)

    def _is_now(self, stretch: Span) -> bool:
        began = stretch.start is None or stretch.start <= self.clock.moment
        return began and self.clock.moment < stretch.end


def _edges(stretch: Span) -> tuple[datetime, datetime]:
    """As history takes them: from after the first, to the second."""
    start = EVER if stretch.start is None else stretch.start - TICK
    return start, stretch.end - TICK


def _names(segmentation: str, places: Iterable[str]) -> list[str]:
    return [f"{segmentation}.{place}" for place in places]
