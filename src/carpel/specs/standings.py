"""What a place of a segmentation says, and the places that are there whoever writes it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Standing:
    """One place of a segmentation, and what to do about the people in it."""

    name: str
    label: str
    objective: str = ""
    action: str = ""
    meaning: str = ""
    """Who is in it, as a sentence."""


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
