"""The audience: one ordered decision about everybody, in steps whose counts add up."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pyroaring import BitMap

STEPS: Mapping[str, str] = {
    "do_not_contact": "on the do-not-contact list",
    "no_address": "no address for this channel",
    "no_permission": "no permission for this purpose and channel",
    "all_campaigns": "kept aside from all campaigns, to see what they bring together",
    "same_address": "somebody else gets it at the same address",
    "other_campaign": "another campaign comes first",
    "capped": "had enough messages lately",
    "waits": "quiet hours where they are, or another hour is theirs: they wait",
    "comparison": "comparison group",
}
"""By step, in the order decided: why somebody does not get it, in the words of the screen."""
PASSING = ("waits", "comparison")
"""Steps that do not leave people out of an audience when it is frozen: they wait, or are an arm."""
Out = BitMap | Callable[[BitMap], BitMap]
"""Whom a step leaves out: always the same, or depending on who is left before it."""


@dataclass(frozen=True)
class Waterfall:
    """Who began in the segment, whom each step left out, and who is left."""

    start: int
    gone: Mapping[str, BitMap]
    left: BitMap
    because: str = ""
    """What is missing when nobody is left, and where to put it."""

    def rows(self) -> list[dict[str, Any]]:
        """A row a step: how many it leaves out, and how many are left after it."""
        return list(self._rows())

    def _rows(self) -> Iterator[dict[str, Any]]:
        left = self.start
        yield {"step": "segment", "why": "in the segment", "people": self.start, "left": left}
        for step, why in STEPS.items():
            out = len(self.gone.get(step, BitMap()))
            left -= out
            yield {"step": step, "why": why, "people": out, "left": left}

    def step_of(self, customer: int) -> str | None:
        """The step that left somebody out; None for who is left, or never began."""
        return next((step for step, gone in self.gone.items() if customer in gone), None)


def waterfall(people: BitMap, out: Mapping[str, Out]) -> Waterfall:
    """Take the steps in order; each person is left out by the first step that has them."""
    left, gone = people.copy(), {}
    for step in STEPS:
        found = out.get(step, BitMap())
        gone[step] = left & (found if isinstance(found, BitMap) else found(left))
        left -= gone[step]
    return Waterfall(len(people), gone, left)
