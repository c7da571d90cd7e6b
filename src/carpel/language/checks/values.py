"""Sets of values that a clause lets through: stretches of a line, or names; and whether missing.

A place on a line is a cut: `(5, 0)` is right before 5 and `(5, 1)` right after it, so that open
and closed ends need no cases.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from math import ceil, floor, inf

Cut = tuple[float, int]
Span = tuple[Cut, Cut]
LOW, HIGH = (-inf, 0), (inf, 0)


@dataclass(frozen=True)
class Line:
    """Stretches of a line, apart and in order; `whole` when only whole numbers lie on it."""

    spans: tuple[Span, ...] = ((LOW, HIGH),)
    whole: bool = False

    def meet(self, other: "Line") -> "Line":
        """What is in both."""
        found: list[Span] = []
        mine, theirs = list(self.spans[::-1]), list(other.spans[::-1])
        while mine and theirs:
            start, end = max(mine[-1][0], theirs[-1][0]), min(mine[-1][1], theirs[-1][1])
            if start < end:
                found.append((start, end))
            (mine if mine[-1][1] <= theirs[-1][1] else theirs).pop()
        return Line(tuple(found), self.whole)

    def join(self, other: "Line") -> "Line":
        """What is in either."""
        found: list[Span] = []
        for start, end in sorted((*self.spans, *other.spans)):
            if found and start <= found[-1][1]:
                found[-1] = (found[-1][0], max(end, found[-1][1]))
            else:
                found.append((start, end))
        return Line(tuple(found), self.whole)

    def rest(self) -> "Line":
        """What is not in it."""
        edges = [LOW, *(cut for span in self.spans for cut in span), HIGH]
        pairs = zip(edges[::2], edges[1::2], strict=True)
        return Line(tuple((a, b) for a, b in pairs if a < b), self.whole)

    @property
    def empty(self) -> bool:
        """Whether nothing is in it."""
        return not self.spans


def line(spans: Iterable[Span], *, whole: bool = False) -> Line:
    """The stretches, put in order and, of whole numbers, tightened to them."""
    tight = ((_whole(a), _whole(b)) if whole else (a, b) for a, b in spans)
    nothing = Line((), whole)
    for start, end in tight:
        if start < end:
            nothing = nothing.join(Line(((start, end),), whole))
    return nothing


def _whole(cut: Cut) -> Cut:
    value, after = cut
    if abs(value) == inf:
        return cut
    return (floor(value) + 1, 0) if after else (ceil(value), 0)


@dataclass(frozen=True)
class Names:
    """These names or, with `others`, all but these."""

    names: frozenset[Hashable] = frozenset()
    others: bool = True

    def meet(self, other: "Names") -> "Names":
        """What is in both."""
        if self.others and other.others:
            return Names(self.names | other.names)
        if self.others:
            return other.meet(self)
        kept = self.names - other.names if other.others else self.names & other.names
        return Names(kept, False)

    def join(self, other: "Names") -> "Names":
        """What is in either."""
        return self.rest().meet(other.rest()).rest()

    def rest(self) -> "Names":
        """What is not in it."""
        return Names(self.names, not self.others)

    @property
    def empty(self) -> bool:
        """Whether nothing is in it."""
        return not self.others and not self.names


@dataclass(frozen=True)
class Values:
    """Known values, all of one family, and whether a missing one is among them."""

    known: Line | Names
    missing: bool = False

    def meet(self, other: "Values") -> "Values":
        """What is in both."""
        known = self.known.meet(other.known)  # type: ignore[arg-type]
        return Values(known, self.missing and other.missing)

    def join(self, other: "Values") -> "Values":
        """What is in either."""
        known = self.known.join(other.known)  # type: ignore[arg-type]
        return Values(known, self.missing or other.missing)

    @property
    def empty(self) -> bool:
        """Whether no value, nor a missing one, is in it."""
        return self.known.empty and not self.missing
