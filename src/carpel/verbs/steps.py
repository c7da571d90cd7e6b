"""What would change a decision, said as something that people do or that time does."""

from datetime import date, timedelta
from math import floor
from typing import Any

from carpel.engine.query import query, table
from carpel.evaluation import Change
from carpel.language import Consent, Not, SegmentationRef, plain_clause, plain_value
from carpel.specs import Lifecycle, Rfm, Tiers
from carpel.specs.places import places
from carpel.verbs.reader import Reader

SILENT = ("slipping", "lost")
"""Places that nobody takes a step to: time brings them."""


def step(reader: Reader, customer: int, change: Change) -> str:
    """One change in plain English; a place by what it takes to be there, never by its bare name."""
    if isinstance(change.clause, SegmentationRef):
        match reader.definitions.segmentations.get(change.clause.segmentation):
            case Lifecycle() as spec:
                return _in_rhythm(reader, customer, spec, change)
            case Tiers() as spec:
                return _level(reader, spec, change)
            case Rfm() as spec:
                return (
                    f"{_moved(reader, spec, change)}, by how lately, how often or for how much "
                    f"they {_do(reader, spec.event)}"
                )
    if isinstance(change.clause, Consent):
        may = change.clause if change.after else Not(change.clause)
        return f"they {plain_clause(may).removeprefix('who ')}"
    return change.plain(reader.labels)


def _in_rhythm(reader: Reader, customer: int, spec: Lifecycle, change: Change) -> str:
    do, rows = _do(reader, spec.event), _rhythm(reader, customer, spec)
    if change.after == "trial":
        return "they start a trial"
    if not rows:
        silent = ", and then not for long" if change.after in SILENT else ""
        return f"they {do} for the first time{silent}"
    if change.after == "lead":
        return "not something that can change: they have done it before"
    slipping, lost = (_after(rows[0], times) for times in (spec.slipping_after, spec.lost_after))
    if change.before not in SILENT:
        there = "lost" if change.after == "lost" else "slipping"
        until = plain_value(lost if there == "lost" else slipping)
        return f"they do not {do} before {until}: then they count as “{_label(spec, there)}”"
    if change.after == "lost":
        return f"they do not {do} before {plain_value(lost)}: then they count as lost"
    if change.before == "slipping":
        return f"they {do} again before {plain_value(lost)}"
    if change.after == "slipping":
        return "not something they can change: they have been silent for too long"
    return f"they {do} again"


def _rhythm(reader: Reader, customer: int, spec: Lifecycle) -> list[Any]:
    """When they last did it and their usual gap; nothing for who never did."""
    return list(
        reader.engine.rows(
            query(
                "SELECT last_date, usual_gap_days FROM :t WHERE customer = :it "
                "AND last_date IS NOT NULL",
                t=table(f"lifecycle_{spec.name}"),
                it=customer,
            )
        )
    )


def _after(rhythm: tuple[date, float], times: float) -> date:
    """The first day on which the silence is longer than so many usual gaps."""
    last, gap = rhythm
    return last + timedelta(days=floor(times * gap) + 1)


def _level(reader: Reader, spec: Tiers, change: Change) -> str:
    worth = {level.name: level.at_least for level in spec.levels}
    what = "times" if spec.property is None else f"in {reader.labels.get(spec.property, 'amount')}"
    needed = worth.get(change.after)
    if needed is None or needed < worth.get(change.before, 0):
        least = worth.get(change.before, 0)
        said = f"fewer than {least:,g} times" if spec.property is None else f"less than {least:,g}"
        return f"{_moved(reader, spec, change)}: {said} within {spec.within_days} days"
    return f"{_moved(reader, spec, change)}: at least {needed:,g} {what} in {spec.within_days} days"


def _moved(reader: Reader, spec: Rfm | Tiers, change: Change) -> str:
    title = reader.labels.get(spec.name, spec.name.replace("_", " "))
    former, later = (_label(spec, each) for each in (change.before, change.after))
    return f"they come to “{later}” in {title} instead of “{former}”"


def _label(spec: Lifecycle | Rfm | Tiers, place: str | None) -> str:
    return next((each.label for each in places(spec) if each.name == place), "no place")


def _do(reader: Reader, event: str) -> str:
    """What they do, as a verb."""
    if event == reader.definitions.project.revenue.event:
        return "buy"
    return f"do “{reader.labels.get(event, event.replace('_', ' '))}”"
