"""Who came into a segment, or left it, by the history that builds keep."""

from collections.abc import Iterator
from datetime import UTC, datetime

from carpel.campaigns.desk import Desk
from carpel.evaluation.movements import movements
from carpel.specs import Trigger
from carpel.store.occasions import Occasion

BEGINS = ("data", "clock")
"""Causes of a movement that begin something; all others wait for a person."""


def moved(desk: Desk, trigger: Trigger, after: datetime, until: datetime) -> Iterator[Occasion]:
    """An occasion each time somebody moved, as long as they are still where they went."""
    segment = trigger.enters or trigger.leaves or ""
    inside = desk.segment(segment)
    there = inside if trigger.enters else desk.everybody - inside
    part = "entered" if trigger.enters else "left"
    for each in movements(desk.engine, segment):
        at = each.at.replace(tzinfo=UTC)
        if each.part == part and each.cause in BEGINS and after < at <= until:
            for customer in desk.today(each.members) & there:
                yield Occasion(customer, at.isoformat(), at)
