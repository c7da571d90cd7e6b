"""A set of segments to start with, chosen by what the data holds: ordinary specs, to be edited."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from carpel.engine.base import Engine
from carpel.engine.query import query, table
from carpel.language import to_data
from carpel.specs import Lifecycle, Rfm, Segment, Segmentation
from carpel.starters import stated
from carpel.starters.facts import Fact, facts
from carpel.starters.recipes import SETS
from carpel.starters.recipes.feeling import PEOPLE

__all__ = [
    "COMMENT",
    "Fact",
    "candidates",
    "chosen",
    "data",
    "facts",
    "paying",
    "returned_for",
    "segmentations",
]

COMMENT = """A segment to start with: change it as you like, or delete this file.
What is at stake is the revenue of its people in the 365 days before the figures' date;
`carpel ls` and the report give it beside the number of people."""
"""What stands above each segment's file."""

ENOUGH = 10
"""Segments to start with; more than these and nobody looks at any."""
OWN_FIRST = 7
"""Segments by what a file of people states that go before those by age and the like."""
RHYTHM = {
    "shop": ("order_completed", "product_purchased"),
    "subscription": ("feature_used", "logged_in", "page_viewed", "order_completed"),
    "venue": ("checked_in", "order_completed"),
    "people": ("order_completed", "checked_in", "page_viewed"),
}
"""The event in whose rhythm people of each kind of business come, the best first."""
MONEY = "order_completed"
NO_HABIT = re.compile(
    r"(email|sms|push|message|whatsapp|ticket|survey|coupon)_.*|.*_(failed|cancelled|returned)|"
    r"trait_changed|signed_up"
)
"""Events that happen to people, or that nobody does out of habit: no rhythm is seen in them."""


def candidates(
    kind: str,
    traits: Collection[str],
    events: Collection[str],
    found: Sequence[Fact] = (),
    *,
    habits: Sequence[str] = (),
) -> list[Segment]:
    """Segments for a kind of business, each with objective and action, the most telling first.

    `kind` is shop, subscription, venue or people; `traits` and `events` are the names that the
    data holds, `found` what is stated about people, `habits` events that may give the rhythm where
    no usual one is there. A segment is there only when everything its
    rule names is. The rules of some refer to the segmentations that `segmentations` gives.
    """
    named = {spec.name for spec in segmentations(kind, events, habits=habits)}
    usual = [each for each in (*SETS[kind], *PEOPLE) if each.fits(traits, events, named)]
    own = stated.recipes(found)
    first = OWN_FIRST if kind == "people" and not named else 0
    recipes = {each.name: each for each in (*own[:first], *usual, *own[first:])}
    return [each.segment() for each in recipes.values()]


def chosen(segments: Sequence[Segment], people: Mapping[str, int], everybody: int) -> list[Segment]:
    """About ten of them, none that nobody or everybody is in; `people` are the sizes by name."""
    telling = [each for each in segments if 0 < people[each.name] < everybody]
    return telling[:ENOUGH]


def segmentations(
    kind: str,
    events: Collection[str],
    *,
    priced: bool = True,
    paying: Collection[str] | None = None,
    habits: Sequence[str] = (),
) -> list[Segmentation]:
    """RFM and lifecycle where there is an event to see them in.

    RFM is on orders where there are any, since only they carry money; the lifecycle is in the
    rhythm of what people of this kind of business do. Orders that say no amount (not `priced`)
    are counted instead of summed. Of events with orders beside them only those give the rhythm
    that are `paying`, where it is said: else who buys and never does them would be called a lead.
    Where none of the usual events is there, it is the first of `habits`.
    """
    told = events if paying is None else {*paying}
    rhythm = next(
        (event for event in (*RHYTHM[kind], *habits) if event in {*events} & {*told}), None
    )
    if rhythm is None:
        return []
    money = MONEY in events
    return [
        Rfm(
            name="rfm",
            label="RFM",
            kind="rfm",
            event=MONEY if money else rhythm,
            property="amount" if money and priced else None,
        ),
        Lifecycle(name="lifecycle", label="Lifecycle", kind="lifecycle", event=rhythm),
    ]


def paying(engine: Engine, events: Collection[str], *, priced: bool) -> set[str]:
    """Events that those people do who bring most of the revenue, or of the orders where these say
    no amount; all events where there are no orders."""
    if MONEY not in events:
        return set(events)
    worth = query("o.amount" if priced else "1")
    return {
        event
        for event in events
        if engine.value(
            query(
                """SELECT coalesce(sum(:worth) FILTER (
                              WHERE o.customer IN (SELECT customer FROM :t)), 0)
                          >= sum(:worth) / 2 FROM :orders AS o""",
                worth=worth,
                t=table(f"event_{event}"),
                orders=table(f"event_{MONEY}"),
            )
        )
    } | {MONEY}


def returned_for(engine: Engine, events: Collection[str]) -> list[str]:
    """Events that people do of themselves and come back for, the one with most days of return
    first; none that nobody did on a second day."""
    days: dict[str, int] = {
        event: engine.value(
            query(
                """SELECT coalesce(sum(days - 1), 0) FROM (
                     SELECT count(DISTINCT local_date) AS days FROM :t GROUP BY customer) AS d""",
                t=table(f"event_{event}"),
            )
        )
        for event in events
        if not NO_HABIT.fullmatch(event)
    }
    return sorted(filter(days.get, days), key=lambda event: (-days[event], event))


def data(spec: Segment | Segmentation) -> dict[str, Any]:
    """A starter as plain data for a file: what is written there reads as the same spec."""
    said = spec.model_dump(mode="json", exclude_defaults=True, exclude={"where", "name"})
    return {**said, "where": to_data(spec.where)} if isinstance(spec, Segment) else said
