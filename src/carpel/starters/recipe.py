"""What a starter segment is made of, before anybody knows what the data holds."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from carpel.language import parse, references
from carpel.specs import Segment

_TRADE = re.compile(
    r"(order|payment|product|invoice|contract|subscription|visit|email|sms|push|message|whatsapp"
    r"|ticket|survey|coupon)_.*|trait_changed|signed_up"
)
"""Events of buying, paying and being written to: none tells of use."""


@dataclass(frozen=True)
class Recipe:
    """A segment worth having wherever the data holds what its rule asks about."""

    name: str
    label: str
    objective: str
    action: str
    where: dict[str, Any]
    of_use: bool = False
    """Whether it says who does not use what they hold, which only what people do there tells."""

    def segment(self) -> Segment:
        """The segment, as anybody could have written it."""
        return Segment(
            name=self.name,
            label=self.label,
            objective=self.objective,
            action=self.action,
            where=parse(self.where),
        )

    def fits(
        self, traits: Collection[str], events: Collection[str], segmentations: Collection[str]
    ) -> bool:
        """Whether everything that the rule names is there, and use is told where it is about it."""
        if self.of_use and all(map(_TRADE.fullmatch, events)):
            return False
        there = {"trait": traits, "event": events, "segmentation": segmentations}
        return all(
            each.name in there[each.kind]
            for each in references(parse(self.where))
            if each.kind in there
        )


def every(*rules: dict[str, Any]) -> dict[str, Any]:
    """All of these."""
    return {"all": list(rules)}


def either(*rules: dict[str, Any]) -> dict[str, Any]:
    """One of these at least."""
    return {"any": list(rules)}


def stage(*places: str) -> dict[str, Any]:
    """In one of these places of the lifecycle."""
    return {"segmentation": "lifecycle", "in": list(places)}


def group(*places: str) -> dict[str, Any]:
    """In one of these groups of the RFM map, whose scores compare people with each other."""
    return {"segmentation": "rfm", "in": list(places)}


def trait(name: str, **comparison: Any) -> dict[str, Any]:
    """A trait compares so."""
    return {"trait": name, **comparison}
