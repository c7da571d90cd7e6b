"""The fitness card in words: what is asked of a segment, and the four answers."""

from collections.abc import Mapping

CAMPAIGN = "campaign"
"""The row that says what all answers come to."""
CRITERIA: Mapping[str, str] = {
    CAMPAIGN: "Worth a campaign?",
    "measurable": "Known well enough?",
    "substantial": "Big enough?",
    "accessible": "Reachable?",
    "differentiable": "Really different?",
    "actionable": "Will it react?",
    "stable": "Does it last?",
    "single": "One group?",
    "separate": "Unlike every other?",
    "fair": "Fair to everybody?",
}
"""By criterion, in the order told: the question on screen."""
VERDICTS: Mapping[str, str] = {
    "yes": "yes",
    "partly": "partly",
    "no": "no",
    "unknown": "cannot tell yet",
}
"""Answers as they are said on screen."""
