"""Bounds on people, met and joined: never narrower than the people whom they are meant to hold."""

from collections.abc import Iterable
from functools import reduce
from itertools import permutations

from carpel.language.checks.clauses import Box, Figure, Subject, Truth, beneath
from carpel.language.checks.values import HIGH, LOW, Line, Values

MOST = 40
"""Figures of one box that are compared with each other; of more nobody asks."""


def meet(boxes: Iterable[Box]) -> Box:
    """Who is in all of them."""
    found: dict[Subject, Values] = {}
    for box in boxes:
        if box is None:
            return None
        for subject, values in box.items():
            both = found[subject].meet(values) if subject in found else values
            if both.empty:
                return None
            found[subject] = both
    return found


def join(boxes: Iterable[Box]) -> Box:
    """Who is in any of them, and perhaps some more."""
    listed = [box for box in boxes if box is not None]
    if not listed:
        return None
    shared = set.intersection(*map(set, listed))
    return {each: reduce(Values.join, (box[each] for box in listed)) for each in shared}


def nobody(box: Box) -> bool:
    """Whether surely nobody is so: also for what counts within what else is counted."""
    if box is None:
        return True
    figures = {each: values for each, values in box.items() if isinstance(each, Figure)}
    if len(figures) > MOST:
        return False
    return any(
        beneath(inner, outer) and _least(figures[inner]) >= _most(figures[outer])
        for inner, outer in permutations(figures, 2)
    )


def _least(values: Values) -> tuple[float, int]:
    return values.known.spans[0][0] if isinstance(values.known, Line) else LOW


def _most(values: Values) -> tuple[float, int]:
    return values.known.spans[-1][1] if isinstance(values.known, Line) else HIGH


def every(truths: Iterable[Truth]) -> Truth:
    """All of them hold."""
    listed = list(truths)
    return Truth(
        meet(each.yes for each in listed),
        join(each.no for each in listed),
        join(each.not_yes for each in listed),
        meet(each.not_no for each in listed),
    )


def some(truths: Iterable[Truth]) -> Truth:
    """At least one of them holds."""
    return every(each.turned() for each in truths).turned()
