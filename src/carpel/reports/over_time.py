"""Figures over time as a report words and draws them."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any

from carpel.evaluation.over_time import Series
from carpel.reports.caused.words import Wording
from carpel.reports.figures import THIN, Figures, number
from carpel.reports.spark import spark
from carpel.reports.tables import Rows
from carpel.specs.metric import Shown


def shown_as(figures: Figures, series: Series, value: float | None) -> str:
    """One figure of a series: per cent, an amount or a number."""
    return Wording(figures, series.shown, series.label).figure(value)


def latest(figures: Figures, series: Series) -> str:
    """The last month with its n, all parts together where it is told by parts."""
    last = series.points[-1]
    rows = [each for each in series.points if each.month == last.month]
    n = sum(each.n for each in rows)
    value = float(n) if last.by else last.value
    of = "" if value == n else f", of {number(n)}{THIN}{series.of}"
    return f"{shown_as(figures, series, value)} in {last.month:%B %Y}{of}"


def line_of(figures: Figures, series: Series) -> str:
    """A small line from month to month; none of parts, of few months or of what falls below 0."""
    known = [(each.month, each.value) for each in series.points if each.value is not None]
    if series.points[-1].by or len(known) < 3 or min(value for _, value in known) < 0:
        return ""
    first, last = (shown_as(figures, series, known[at][1]) for at in (0, -1))
    title = f"{series.label}: {first} in {known[0][0]:%B %Y}, {last} in {known[-1][0]:%B %Y}"
    return spark([(datetime.combine(at, time(), UTC), value) for at, value in known], title)


GOALS: Mapping[str, Shown] = {"repeat_purchase_rate": "share", "revenue": "money"}
"""How the figures of goals are shown; others are numbers of people."""


def way_of(figures: Figures, goal: Mapping[str, Any], steps: int) -> str:
    """Where a goal would end on its date, and whether that is likely enough; of so many months."""
    if goal["ends"] is None:
        return ""
    wording = Wording(figures, GOALS.get(goal["metric"], "number"), "")
    ends, low, high = (
        wording.figure(_whole(wording.shown, goal[each]))
        for each in ("ends", "ends_low", "ends_high")
    )
    if goal["target"] <= goal["ends_low"]:
        word = "the target is likely to be reached"
    elif goal["target"] > goal["ends_high"]:
        word = "the target is likely to be missed"
    else:
        word = "nobody can tell yet whether the target is reached"
    return (
        f"If it goes on as in the {steps} months before, it is {ends} on "
        f"{figures.day(goal['by'])} (likely {low} to {high}): {word}."
    )


def _whole(shown: str, value: float) -> float:
    """People come whole."""
    return float(round(value)) if shown == "number" else value


def path_of(path: Rows) -> str:
    """The figure of a goal so far, as a small line; none of few moments, or below 0."""
    known = [(row["at"], row["value"]) for row in path if row["value"] is not None]
    if len(known) < 3 or min(value for _, value in known) < 0:
        return ""
    return spark(known, f"The figure at {len(known)} moments, a month apart, up to now")
