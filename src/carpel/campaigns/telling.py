"""Whether it could be told from chance that a campaign reached its target."""

from collections.abc import Mapping

import numpy as np
from pyroaring import BitMap

from carpel.campaigns.past import Past
from carpel.specs import Campaign
from carpel.specs.campaign import HOLDOUT
from carpel.stats.effects import detectable
from carpel.stats.proportions import smallest_lift

SHARES = (0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5)
"""Comparison groups that are tried."""


def smallest(campaign: Campaign, known: Past, contacted: int, aside: int) -> float | None:
    """The smallest change of the goal's figure that would show 4 times out of 5.

    Of shares by `smallest_lift`; of money by the spread that people had before, see `detectable`.
    """
    if min(contacted, aside) < 1:
        return None
    if not campaign.goal.is_money:
        return smallest_lift(known.mean, contacted, aside)
    least = float(detectable(np.array([contacted]), np.array([aside]))[0])
    return least * known.spread or None  # without any spread nobody knows how it varies


def answers(
    campaign: Campaign, known: Past | None, arms: Mapping[str, BitMap], wanted: float | None
) -> str:
    """Whether the target could be told from chance; if not, the split that could, if one can."""
    if known is None or wanted is None or not (known.spread or known.mean):
        return "Cannot tell yet: nobody here has done anything like it lately."
    if wanted <= 0:
        return "The target is reached without a campaign: set a higher one."
    people, aside = sum(map(len, arms.values())), len(arms[HOLDOUT])
    least = smallest(campaign, known, people - aside, aside)
    if least is not None and least <= wanted:
        return "Yes: a change as large as the target asks for would show."
    for share in SHARES:
        kept = round(share * people)
        least = smallest(campaign, known, people - kept, kept)
        if share > campaign.holdout and least is not None and least <= wanted:
            return f"Not so: it would with a comparison group of {100 * share:g} %."
    return "No: for this target the audience is too small; count for longer, or ask more people."
