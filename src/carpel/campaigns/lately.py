"""Whom a campaign means: its audience, or, where a trigger begins it, those of the last days."""

from dataclasses import replace
from datetime import timedelta

from pyroaring import BitMap

from carpel.campaigns.audience import about, assigned, frozen, in_arms
from carpel.campaigns.beginning import begun
from carpel.campaigns.desk import Desk
from carpel.campaigns.waterfall import Waterfall, waterfall
from carpel.specs import Campaign

DAYS = 30
"""So many days before the data ends are looked at."""


def meant(desk: Desk, campaign: Campaign) -> tuple[Waterfall, dict[str, BitMap]]:
    """The decision about everybody meant, and who of them is in which arm.

    With a trigger, the people for whom it would have begun in the last `DAYS` days.
    """
    if campaign.trigger is None:
        return frozen(desk, campaign)
    until = desk.as_of
    found = begun(desk, campaign.trigger, until - timedelta(days=DAYS), until)
    people = BitMap(each.customer for each in found) & desk.meant(campaign)
    if not people:
        said = f"It would have begun for nobody in the {DAYS} days before the data ends."
        return replace(waterfall(people, {}), because=said), assigned(campaign, people)
    decision = about(desk, campaign, people)
    return decision, in_arms(desk, campaign, people, decision)
