"""Whether it could be told from chance that a campaign reached its target; if not, what could."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from pyroaring import BitMap

from carpel.campaigns.past import Past
from carpel.campaigns.warned import SMALL
from carpel.specs import Campaign, CampaignGoal
from carpel.specs.campaign import HOLDOUT
from carpel.specs.words import counted
from carpel.stats.effects import detectable
from carpel.stats.proportions import smallest_lift

SHARES = (0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5)
"""Comparison groups that are tried."""
WINDOWS = (7, 14, 28, 56, 84, 168)
"""Days after the contact for which it is tried to count."""
MOST = 100_000_000
"""People beyond whom it is not asked how many would do."""
Looked = Callable[[CampaignGoal], Past | None]
"""What the people did lately, as a goal counts it."""


@dataclass(frozen=True)
class Way:
    """Another way to look: the share kept aside, and what is counted for how long."""

    share: float
    goal: CampaignGoal

    def told(self, goal: CampaignGoal) -> str:
        """In words what of it is not as the goal has it."""
        longer = self.goal.within_days != goal.within_days
        shares = self.goal.metric != goal.metric
        days = f", counted for {self.goal.within_days} days" if longer else ""
        counts = ", by the share that orders instead of the money" if shares else ""
        return f"with a comparison group of {100 * self.share:g} %{days}{counts}"


def smallest(
    goal: CampaignGoal, known: Past, contacted: int, aside: int, level: float = 0.05
) -> float | None:
    """The smallest change of a goal's figure that would show 4 times out of 5.

    Of shares by `smallest_lift`; of money by the spread that people had before, see `detectable`.
    """
    if min(contacted, aside) < 1:
        return None
    if not goal.is_money:
        return smallest_lift(known.mean, contacted, aside, level=level)
    least = float(detectable(np.array([contacted]), np.array([aside]), level)[0])
    return least * known.spread or None  # without any spread nobody knows how it varies


def answers(
    campaign: Campaign,
    known: Past | None,
    arms: Mapping[str, BitMap],
    wanted: float | None,
    others: Sequence[CampaignGoal],
    looked: Looked,
) -> str:
    """Whether the target could be told from chance; if not, the first way that could, if one can.

    A larger comparison group is tried first, then the `others`: the same change in proportion,
    counted otherwise. Where none can, how many people could.
    """
    if known is None or wanted is None or not (known.spread or known.mean):
        return "Cannot tell yet: nobody here has done anything like it lately."
    if wanted <= 0:
        return "The target is reached without a campaign: set a higher one."
    goal, people, aside = campaign.goal, sum(map(len, arms.values())), len(arms[HOLDOUT])
    if _shows(goal, known, people, aside, wanted):
        return "Yes: a change as large as the target asks for would show."
    wider = (Way(share, goal) for share in SHARES if share > campaign.holdout)
    for way in (*wider, *(Way(share, each) for each in others for share in SHARES)):
        past = known if way.goal == goal else looked(way.goal)
        if _could(way, past, people, wanted / known.mean if known.mean > 0 else 0.0):
            return f"Not so: it would {way.told(goal)}."
    return f"No: for this target the audience is too small; {_enough(goal, known, people, wanted)}."


def other_goals(goal: CampaignGoal, most_days: int) -> Iterator[CampaignGoal]:
    """What else could be counted: for other spans of so many days at most; who orders, of money."""
    spans = [days for days in WINDOWS if days != goal.within_days and days <= most_days]
    # Longer ones first: what counts for less time is rarer, and seldom easier to tell.
    longer = [
        *(d for d in spans if d > goal.within_days),
        *(d for d in spans if d < goal.within_days),
    ]
    yield from (goal.model_copy(update={"within_days": days}) for days in longer)
    if goal.is_money:
        for days in (goal.within_days, *longer):
            said = {"metric": "order_rate", "within_days": days, "target": 1.0}
            yield goal.model_copy(update=said)


def _could(way: Way, past: Past | None, people: int, lift: float) -> bool:
    """Whether a rise by this part of what they do anyway would show."""
    if past is None or past.mean <= 0:
        return False
    aside, wanted = round(way.share * people), past.mean * lift
    possible = way.goal.is_money or past.mean + wanted <= 1
    return possible and aside >= SMALL and _shows(way.goal, past, people, aside, wanted)


def _shows(goal: CampaignGoal, known: Past, people: int, aside: int, wanted: float) -> bool:
    least = smallest(goal, known, people - aside, aside)
    return wanted > 0 and least is not None and least <= wanted


def _enough(goal: CampaignGoal, known: Past, people: int, wanted: float) -> str:
    """How many people would do, half of them kept aside."""
    low, high = people, 2 * max(people, SMALL)
    while not _shows(goal, known, high, high // 2, wanted):
        low, high = high, 2 * high
        if high > MOST:
            return "set a higher one, or ask more people"
    while high - low > max(1, high // 100):
        middle = (low + high) // 2
        low, high = (
            (low, middle) if _shows(goal, known, middle, middle // 2, wanted) else (middle, high)
        )
    return f"about {counted(high, 'person', 'people')}, half of them kept aside, would do"
