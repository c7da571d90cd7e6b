"""What somebody did, one event at a time: figures, shares, sequences."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from math import fsum
from typing import Any

from .clock import HOURS, Clock, read
from .comparing import Rule, compare

Row = dict[str, Any]
AGGREGATES = ("count", "sum", "avg", "min", "max", "distinct", "first", "last", "share")
Events = Callable[[str], list[Row]]
"""All that somebody did of a kind, at any time."""


def doing(said: Any) -> Rule:
    return {"did": said} if isinstance(said, str) else said


def passes(row: Row, where: Rule, clock: Clock) -> bool:
    return all(compare(row.get(name), how, clock) is True for name, how in where.items())


def figure(rule: Rule, events: Events, clock: Clock) -> Any:
    """What a `did` compares; None when it is not known."""
    inside = clock.window(rule)
    rows = [row for row in events(rule["did"]) if inside(row["at"])]
    anchor = next((word for word in ("since_last", "since_first") if word in rule), None)
    if anchor:
        begun = _anchor(anchor, doing(rule[anchor]), events, clock)
        if begun is None:
            return None
        rows = [row for row in rows if row["at"] > begun]
    meant = [row for row in rows if passes(row, rule.get("where", {}), clock)]
    word = next((each for each in AGGREGATES if each in rule), "count")
    if word == "share":
        return _share(meant, rows, rule["share"])
    return len(meant) if word == "count" else _aggregate(word, _values(meant, rule[word]))


def _anchor(word: str, said: Rule, events: Events, clock: Clock) -> datetime | None:
    times = [
        row["at"]
        for row in events(said["did"])
        if row["at"] <= clock.moment and passes(row, said.get("where", {}), clock)
    ]
    return (max if word == "since_last" else min)(times, default=None)


def _values(rows: Iterable[Row], name: str) -> list[Any]:
    """Values that are there, the earliest first; of one instant, the lower key."""
    ordered = sorted(rows, key=lambda row: (row["at"], row["event_key"]))
    return [row[name] for row in ordered if row.get(name) is not None]


def _share(meant: list[Row], rows: list[Row], name: str) -> float | None:
    if name == "count":
        return len(meant) / len(rows) if rows else None
    whole = round(fsum(_values(rows, name)), 6)
    return round(fsum(_values(meant, name)), 6) / whole if whole else None


def _aggregate(word: str, values: list[Any]) -> Any:
    if word == "sum":
        return round(fsum(values), 6)
    if word == "distinct":
        return len(set(values))
    if not values:
        return None
    return {
        "avg": lambda: round(fsum(values) / len(values), 6),
        "min": lambda: min(values),
        "max": lambda: max(values),
        "first": lambda: values[0],
        "last": lambda: values[-1],
    }[word]()


def sequence(rule: Rule, events: Events, clock: Clock) -> bool:
    """Whether any way through the steps exists: all of them are tried."""
    inside = clock.window(rule)
    ends = clock.window({"within": rule["ends_within"]} if "ends_within" in rule else {})

    def times(said: Rule) -> list[datetime]:
        return [
            row["at"]
            for row in events(said["did"])
            if row["at"] <= clock.moment and passes(row, said.get("where", {}), clock)
        ]

    def onward(number: int, t: datetime) -> bool:
        """Whether the steps from this one on can follow on what happened at t."""
        if number == len(rule["sequence"]):
            return ends(t)
        step = rule["sequence"][number]
        if "then_not" in step:
            until = t + _gap(step["within"])
            there = times({**step, "did": step["then_not"]})
            over = until <= clock.moment
            return over and not any(t < u <= until for u in there) and onward(number + 1, t)
        return any(
            u > t
            and inside(u)
            and ("within" not in step or u - t <= _gap(step["within"]))
            and ("after" not in step or u - t >= _gap(step["after"]))
            and not any(t < x < u for x in shut_out(step))
            and onward(number + 1, u)
            for u in times({**step, "did": step["then"]})
        )

    def shut_out(step: Rule) -> list[datetime]:
        said = step.get("without", [])
        listed = said if isinstance(said, list) else [said]
        return [x for each in listed for x in times(doing(each))]

    return any(inside(t) and onward(1, t) for t in times(rule["sequence"][0]))


def _gap(period: str) -> timedelta:
    count, unit = read(period)
    return timedelta(hours=HOURS[unit] * count)
