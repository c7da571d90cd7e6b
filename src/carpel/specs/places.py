"""The places of a segmentation: everybody is in exactly one of them."""

from dataclasses import dataclass, replace

from carpel.specs.segmentation import (
    Clusters,
    Lifecycle,
    Rfm,
    RfmGroup,
    Segmentation,
    Tier,
    Tiers,
)


@dataclass(frozen=True)
class Standing:
    """One place of a segmentation, and what to do about the people in it."""

    name: str
    label: str
    objective: str = ""
    action: str = ""
    meaning: str = ""
    """Who is in it, as a sentence."""


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

NONE_YET = Standing(
    "none_yet",
    "Nothing yet",
    "Win the first time",
    "Show what others like, make the first step small",
    "People who have not done it yet.",
)
NONE_LATELY = Standing(
    "none_lately",
    "Nothing lately",
    "Bring back at low cost",
    "One offer to return",
    "People who have done it, but not within the window.",
)
OTHER = Standing("other", "Everybody else", meaning="People whose scores no named group holds.")
NO_TIER = Standing(
    "no_tier",
    "No level yet",
    "Reach the first level",
    "Show how far the first level is and what it brings",
    "People below the lowest level.",
)

UNPLACED = Standing(
    "in_none", "In no group", meaning="People who are in none of the groups that were found."
)

LIFECYCLE = (
    Standing(
        "lead",
        "Leads",
        "Win the first time",
        "Show what others like, answer questions",
        "People who have not done it yet.",
    ),
    Standing(
        "trial",
        "On trial",
        "Turn the trial into a subscription",
        "Help them to the first success before the trial ends",
        "People whose only plan is a trial that is still running.",
    ),
    Standing(
        "new",
        "New",
        "Win the second time",
        "Welcome and a reason to come again",
        "People who did it for the first time lately.",
    ),
    Standing(
        "active",
        "Active",
        "Keep the rhythm",
        "Leave them in peace, thank the best",
        "People whose silence is no longer than {slipping:g} times their usual gap.",
    ),
    Standing(
        "slipping",
        "Slipping away",
        "Get them back into rhythm",
        "Remind them now, while they still think of you",
        "People silent for more than {slipping:g} times their usual gap, and up to {lost:g}.",
    ),
    Standing(
        "lost",
        "Lost",
        "Win back",
        "A win-back offer with a date; then stop",
        "People silent for more than {lost:g} times their usual gap.",
    ),
    Standing(
        "back",
        "Back again",
        "Make it last",
        "Welcome back, ask what had been missing",
        "People who lately came again after having been lost.",
    ),
)


def groups(spec: Rfm) -> tuple[RfmGroup, ...]:
    """The named groups of an RFM map, its own or the built-in ones, in the order they match."""
    return spec.groups or RFM_GROUPS


def places(spec: Segmentation) -> tuple[Standing, ...]:
    """All places of a segmentation in their natural order, labelled; nobody is outside them."""
    found = _found(spec)
    return tuple(replace(place, label=spec.labels.get(place.name, place.label)) for place in found)


def covers(named: tuple[RfmGroup, ...]) -> bool:
    """Whether every triple of scores from 1 to 5 is in a group."""
    scores = range(1, 6)
    return all(
        any(group.holds(r, f, m) for group in named) for r in scores for f in scores for m in scores
    )


def _found(spec: Segmentation) -> tuple[Standing, ...]:
    if isinstance(spec, Rfm):
        return _rfm(spec)
    if isinstance(spec, Clusters):
        return _clusters(spec)
    return _tiers(spec) if isinstance(spec, Tiers) else _lifecycle(spec)


def group_name(number: int) -> str:
    """The name of the place of a group that was found, counted from 0."""
    return f"group_{number + 1}"


def _clusters(spec: Clusters) -> tuple[Standing, ...]:
    """As many as there can be: which of them people are in, a build finds out."""
    numbered = (Standing(group_name(at), f"Group {at + 1}") for at in range(spec.most))
    return (*numbered, UNPLACED)


def _lifecycle(spec: Lifecycle) -> tuple[Standing, ...]:
    times = {"slipping": spec.slipping_after, "lost": spec.lost_after}
    return tuple(replace(each, meaning=each.meaning.format(**times)) for each in LIFECYCLE)


def _rfm(spec: Rfm) -> tuple[Standing, ...]:
    named = [
        Standing(
            each.name, each.label or _said(each.name), each.objective, each.action, _scores(each)
        )
        for each in groups(spec)
    ]
    window = [NONE_LATELY] if spec.within_days else []
    return (*named, *([] if covers(groups(spec)) else [OTHER]), *window, NONE_YET)


def _scores(group: RfmGroup) -> str:
    ranges = {"recency": group.recency, "frequency": group.frequency, "monetary": group.monetary}
    said = [f"{figure} {_range(*scores)}" for figure, scores in ranges.items() if scores != (1, 5)]
    listed = " and ".join(filter(None, [", ".join(said[:-1]), *said[-1:]]))
    return f"People whose scores, 1 to 5, are: {listed}." if said else "Everybody who is scored."


def _range(low: int, high: int) -> str:
    return str(low) if low == high else f"{low} to {high}"


def _tiers(spec: Tiers) -> tuple[Standing, ...]:
    levels = sorted(spec.levels, key=lambda level: -level.at_least)
    return (
        *(
            Standing(each.name, each.label or _said(each.name), meaning=_earned(spec, each))
            for each in levels
        ),
        NO_TIER,
    )


def _earned(spec: Tiers, level: Tier) -> str:
    brings = f" It brings: {', '.join(level.benefits)}." if level.benefits else ""
    highest = level.at_least == max(each.at_least for each in spec.levels)
    lately = f"in the last {spec.within_days} days"
    if not level.at_least:
        least = "Everybody"
    elif spec.property is None:
        times = "time" if level.at_least == 1 else "times"
        least = f"People who did it at least {level.at_least:,g} {times} {lately}"
    else:
        least = (
            f"People whose {_said(spec.property).lower()} {lately} is {level.at_least:,g} or more"
        )
    below = "" if highest else " below the next level" if not level.at_least else ", below the next"
    return f"{least}{below}.{brings}"


def _said(name: str) -> str:
    return name.replace("_", " ").capitalize()
