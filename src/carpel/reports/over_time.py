"""Figures over time as a report words and draws them."""

from datetime import UTC, datetime, time

from carpel.evaluation.over_time import Series
from carpel.reports.caused.words import Wording
from carpel.reports.figures import THIN, Figures, number
from carpel.reports.spark import spark


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
