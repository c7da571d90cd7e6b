"""What a campaign could show in each segment that matters to it."""

from collections.abc import Iterator, Mapping
from typing import Any

from pyroaring import BitMap

from carpel.campaigns.desk import Desk
from carpel.campaigns.past import pasts
from carpel.campaigns.telling import smallest
from carpel.specs import Campaign
from carpel.specs.campaign import HOLDOUT

LEVEL = 0.05


def by_segment(desk: Desk, campaign: Campaign, arms: Mapping[str, BitMap]) -> list[dict[str, Any]]:
    """A row a segment: people contacted and kept aside, what they did lately, the smallest change.

    Those that the campaign itself names come first, then the groups of each set that splits the
    audience. Who looks at many finds something in one of them by chance: `smallest` is what would
    show 4 times out of 5 with the level of 5 % divided by the number of those looked at together
    (Bonferroni).
    """
    aside = arms[HOLDOUT]
    everybody = BitMap().union(*arms.values())
    found: list[dict[str, Any]] = []
    for _, names in _looked_at(desk, campaign):
        parts = {name: members for name in names if (members := desk.segment(name) & everybody)}
        known = pasts(desk, campaign.goal, parts)
        for name, members in parts.items():
            kept = len(members & aside)
            past, contacted = known.get(name), len(members) - kept
            least = past and smallest(campaign.goal, past, contacted, kept, LEVEL / len(parts))
            found.append(
                {
                    "segment": name,
                    "label": desk.label(name),
                    "people": contacted,
                    "aside": kept,
                    "before": past.mean if past else None,
                    "smallest": least,
                }
            )
    return found


def _looked_at(desk: Desk, campaign: Campaign) -> Iterator[tuple[str, list[str]]]:
    """Names of segments that are looked at together."""
    moved = {campaign.trigger.enters, campaign.trigger.leaves} if campaign.trigger else set()
    named = sorted(campaign.segments - moved - {campaign.audience})
    if named:
        yield "", named
    for name in desk.definitions.segmentations:
        groups = [each for each in desk.sets if each.startswith(f"{name}.")]
        if not campaign.audience.startswith(f"{name}.") and len(groups) > 1:
            yield name, groups
