"""What to think about again before a campaign is approved."""

from collections.abc import Iterator, Mapping
from datetime import date

from pyroaring import BitMap

from carpel.campaigns.waterfall import Waterfall
from carpel.specs import Campaign
from carpel.specs.campaign import HOLDOUT, called

SMALL = 30
"""People in an arm or kept aside from which a difference can be told at all."""
NARROW = 0.2
"""Share of the segment from which a campaign says that it leaves most of it out."""


def warnings(
    campaign: Campaign,
    found: Waterfall,
    arms: Mapping[str, BitMap],
    wanted: float | None,
    cost: float,
    answer_on: date,
) -> Iterator[str]:
    """What is small, missing, too dear or too late, a sentence each."""
    contact = sum(len(keys) for name, keys in arms.items() if name != HOLDOUT)
    for name, keys in arms.items():
        kept = name != HOLDOUT or campaign.holdout
        if kept and len(keys) < SMALL:
            yield f"too small: {called(name)}, {len(keys)} people; chance decides below {SMALL}"
    if found.start and contact + len(arms[HOLDOUT]) < NARROW * found.start:
        yield f"leaves most of the segment out: {contact:,} of {found.start:,} people get it"
    if not campaign.holdout:
        because = campaign.no_holdout_because.strip()
        yield f"nobody is kept aside, so nobody can tell what it brings: {because}"
    if campaign.budget is not None and cost > campaign.budget:
        yield f"costs {cost:,.2f}, and the budget is {campaign.budget:,.2f}"
    if answer_on > campaign.goal.by:
        yield f"the answer comes on {answer_on}, after the goal's date {campaign.goal.by}"
    if wanted is not None and wanted <= 0:
        yield "the target is reached already, without a campaign"
