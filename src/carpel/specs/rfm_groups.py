"""The eleven built-in groups of an RFM map, and whether groups cover all of it."""

from carpel.specs.segmentation import Rfm, RfmGroup


def _group(
    name: str,
    label: str,
    recency: tuple[int, int],
    frequency: tuple[int, int],
    objective: str,
    action: str,
    monetary: tuple[int, int] = (1, 5),
) -> RfmGroup:
    return RfmGroup(
        name=name,
        label=label,
        recency=recency,
        frequency=frequency,
        monetary=monetary,
        objective=objective,
        action=action,
    )


BOUGHT = "order_completed"
"""Somebody buys by it, even where no amount is told."""

RFM_GROUPS = (
    _group(
        "champions",
        "Champions",
        (4, 5),
        (4, 5),
        "Keep them and be recommended by them",
        "Early access, thanks, a request for a review or a referral",
        (4, 5),
    ),
    _group(
        "loyal",
        "Loyal",
        (3, 5),
        (4, 5),
        "Raise what they spend each time",
        "Better and matching products, loyalty benefits",
    ),
    _group(
        "potential_loyalists",
        "Potential loyalists",
        (4, 5),
        (2, 3),
        "Make it a habit",
        "A reason to come back soon: a club, a series, a next-visit offer",
    ),
    _group(
        "new",
        "New",
        (5, 5),
        (1, 1),
        "Win the second time",
        "Welcome, help with the first purchase, an offer for the next",
    ),
    _group(
        "promising",
        "Promising",
        (4, 4),
        (1, 1),
        "Win the second time before they forget",
        "Remind them of what they bought, show what goes with it",
    ),
    _group(
        "need_attention",
        "Need attention",
        (3, 3),
        (3, 3),
        "Get them back into rhythm",
        "A personal, limited offer on what they like",
    ),
    _group(
        "about_to_sleep",
        "About to sleep",
        (3, 3),
        (1, 2),
        "Stay in mind",
        "Popular products, news, a light reminder",
    ),
    _group(
        "cannot_lose",
        "Cannot lose",
        (1, 2),
        (4, 5),
        "Win back the most valuable",
        "Call or write personally, ask what went wrong",
        (4, 5),
    ),
    _group(
        "at_risk",
        "At risk",
        (1, 2),
        (3, 5),
        "Win back",
        "A win-back series with a real reason to return",
    ),
    _group(
        "hibernating",
        "Hibernating",
        (2, 2),
        (1, 2),
        "Bring back at low cost",
        "An occasional offer; stop when nobody reacts",
    ),
    _group(
        "lost",
        "Lost",
        (1, 1),
        (1, 2),
        "Spend little on them",
        "One last offer, then leave in peace",
    ),
)
"""The eleven built-in groups: every triple of scores is in one, the first that holds it.

Recency and frequency make the map; monetary tells the champions from the loyal, and those that
must not be lost from those at risk.
"""


UNPAID = {
    "loyal": ("Thank them and keep the rhythm", "Loyalty benefits, bringing a friend, a review"),
    "new": ("Win the second time", "Welcome, help with the first steps, a reason to come again"),
    "promising": (
        "Win the second time before they forget",
        "Remind them of what they did, show what goes with it",
    ),
    "need_attention": ("Get them back into rhythm", "A personal invitation to what they like"),
    "about_to_sleep": ("Stay in mind", "What others like, news, a light reminder"),
    "hibernating": ("Bring back at low cost", "An occasional invitation; stop when nobody reacts"),
    "lost": ("Do little for them", "One last invitation, then leave in peace"),
}
"""What for and what to do where the map is of something that costs nothing, such as visits."""


def groups(spec: Rfm) -> tuple[RfmGroup, ...]:
    """The named groups of an RFM map, its own or the built-in ones, in the order they match.

    The built-in ones speak of spending only where the map is of something with an amount.
    """
    if spec.groups or spec.property is not None or spec.event == BOUGHT:
        return spec.groups or RFM_GROUPS
    return tuple(_unpaid(each) for each in RFM_GROUPS)


def _unpaid(group: RfmGroup) -> RfmGroup:
    objective, action = UNPAID.get(group.name, (group.objective, group.action))
    return group.model_copy(update={"objective": objective, "action": action})


def covers(named: tuple[RfmGroup, ...]) -> bool:
    """Whether every triple of scores from 1 to 5 is in a group."""
    scores = range(1, 6)
    return all(
        any(group.holds(r, f, m) for group in named) for r in scores for f in scores for m in scores
    )
