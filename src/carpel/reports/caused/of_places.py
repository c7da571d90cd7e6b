"""Sentences about a test of places: how many there are, and how much more those with it changed."""

from collections.abc import Mapping
from typing import Any

from carpel.reports.caused.words import Wording, first_upper
from carpel.reports.figures import number

Row = Mapping[str, Any]


def said_of_places(verdict: Row, goal: Row, change: Row, wording: Wording) -> str:
    """Both sides after it, and how much more the places with it changed than the others."""
    if goal["figure"] is None:
        return f"{_counted(goal, change)}."
    beside = wording.beside(goal, "the places with it", "the others")
    if verdict["word"] == "uneven":
        drift = wording.change(change["drift"])
        return (
            f"{first_upper(beside)}. The same places had drifted apart before it already: {drift}, "
            f"by chance alone about once in {1 / change['drift_chance']:,.0f} tests. So what came "
            "after it cannot be put down to it."
        )
    told = f"{first_upper(beside)}. {_counted(goal, change)}"
    if goal["low"] is None:
        return f"{told}: too few places to say how much more those with it changed."
    return (
        f"{told}. From before to after, those with it changed by {wording.change(goal['value'])} "
        f"than the others (likely {wording.between(goal['low'], goal['high'])})."
    )


def settled_by_places(verdict: Row, change: Row) -> str:
    """What would settle a doubt, or nothing."""
    if verdict["word"] != "cannot_tell":
        return ""
    if verdict["days_left"]:
        return f"It runs for {verdict['days_left']} more days."
    if not verdict["more"]:
        return "No number of places would settle it as it is."
    what = "pairs" if change["pairs"] else "places on each side"
    return (
        f"About {number(verdict['more'])} more {what} would settle it, if what is seen so far is "
        "true."
    )


def _counted(goal: Row, change: Row) -> str:
    """How many places there are, and people who belong to them."""
    people = f"{number(goal['n'] + goal['m'])} people belong to them"
    if change["pairs"]:
        return f"There are {number(change['treated'])} pairs of places; {people}"
    sides = f"{number(change['treated'])} places with it and {number(change['others'])} others"
    return f"There are {sides}; {people}"
