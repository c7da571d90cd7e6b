"""One thing that would have to be otherwise, as data and in plain English."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any as Anything

from carpel.evaluation.edited import Row
from carpel.language import (
    Consent,
    Did,
    Node,
    SegmentationRef,
    SegmentRef,
    Trait,
    plain_doings,
    plain_value,
)


@dataclass(frozen=True)
class Change:
    """One thing that would have to be otherwise.

    `clause` is what it is about: a trait that would have the value `after`, a place, a permission
    or a membership that would be; for a `did`, the figure, with the events to be added and the keys
    of those that would not be. An event that is added has every property that it needs.
    """

    clause: Node
    before: Anything
    after: Anything
    add: tuple[Row, ...] = ()
    remove: tuple[int, ...] = ()

    def __str__(self) -> str:
        return self.plain({})

    def plain(self, words: Mapping[str, str]) -> str:
        """Say it, with labels in place of names: `“age” is 31 instead of 30`."""
        match self.clause:
            case Trait(trait):
                return f"{_label(trait, words)} is {self._instead(words)}"
            case SegmentationRef(segmentation):
                return f"the place in {_label(segmentation, words)} is {self._instead(words)}"
            case Consent(channel, purpose):
                may = "may" if self.after else "may not"
                return f"they {may} be contacted by {_label(channel, words)} for {purpose}"
            case SegmentRef(segment):
                return f"they {'join' if self.after else 'leave'} “{_label(segment, words)}”"
            case Did():
                return self._doings(self.clause, words)
        return f"they are {'put on' if self.after else 'taken off'} the list"

    def _instead(self, words: Mapping[str, str]) -> str:
        now, then = (
            _label(each, words) if isinstance(each, str) and each in words else plain_value(each)
            for each in (self.before, self.after)
        )
        return f"{then} instead of {now}"

    def _doings(self, clause: Did, words: Mapping[str, str]) -> str:
        parts = [
            f"{len(rows):,} {how}"
            for rows, how in ((self.add, "more"), (self.remove, "fewer"))
            if rows
        ]
        said = f"{' and '.join(parts)} of {plain_doings(clause, words)}"
        if clause.property is None:
            return said
        figure = f"{clause.aggregate} of {_label(clause.property, words)}"
        return f"{said}, so that the {figure} is {self._instead({})}"


def _label(name: str, words: Mapping[str, str]) -> str:
    return words.get(name) or name.replace("_", " ")
