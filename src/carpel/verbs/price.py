"""How people respond to prices and discounts: everybody, by kind of product, and by segment."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carpel.errors import CarpelError, MissingExtra
from carpel.evaluation.prices import Prices, lay_down, prices, sold_to
from carpel.stats.demand import FEWEST, Response, response
from carpel.stats.likelihood import Refused
from carpel.stats.shrinking import shrunk
from carpel.verbs.reader import Reader, reading
from carpel.verbs.session import Session

EVENT = "product_purchased"
SMALLEST = 30
"""People of a segment, at least."""
STEPS = (-0.4, -0.2, -0.1, -0.03, 0.03, 0.1, 0.2, 0.4)
"""Where a curve of demand is cut: a price against the product's usual one."""
CELLS = 20
"""Products and weeks at such a price, at least, to be shown on the curve."""
Floats = NDArray[np.float64]
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Sensitivity:
    """By how many per cent somebody buys more or less when a price rises by one: an elasticity.

    `alone` is what their own purchases say, `value` (`low` to `high`) the same drawn towards the
    whole, the more the less sure it is. `reason` stands where nothing can be told.
    """

    name: str
    label: str
    products: int = 0
    people: int | None = None
    alone: float | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    reason: str = ""


@dataclass(frozen=True)
class Priced:
    """What prices say: everybody, discounts, kinds of products, segments, and a curve.

    Of `offered` products sold often enough prices `varied` in some. `curve` has rows `from` and
    `to` (a price against the product's usual one), `sold` (against what is usual) and `cells`.
    """

    offered: int
    varied: int
    products: int
    weeks: int
    everybody: Sensitivity
    discount: Sensitivity | None = None
    by: str = ""
    kinds: tuple[Sensitivity, ...] = ()
    segments: tuple[Sensitivity, ...] = ()
    curve: Rows = field(default_factory=list)


def price(
    session: Session,
    segments: Sequence[str] = (),
    by: str = "category",
    product: str = "product_id",
) -> Priced:
    """How demand went with price within each product; raises CarpelError where that is unknown.

    All segments of at least 30 people are asked unless some are named; raises NotFound for others.
    """
    with reading(session) as reader:
        asked = {each: reader.segment(each) for each in segments} or reader.sets
        shown = _shown(reader, by, product)
        try:
            return _priced(reader, shown, asked, by)
        finally:
            lay_down(reader.engine)


def _shown(reader: Reader, by: str, product: str) -> Prices:
    if not find_spec("scipy"):
        raise MissingExtra("science", "price sensitivity")
    found = None
    if EVENT in reader.build.events():
        moment = reader.evaluator.catalogue.clock.moment
        found = prices(reader.engine, EVENT, moment, product, by)
    if found is None:
        raise CarpelError(
            f"No purchases say of which product they are ({product}) and what was paid (amount).",
            action=f"Track `{EVENT}` with these properties, and `quantity` where there is one.",
        )
    return found


def _priced(reader: Reader, shown: Prices, asked: Mapping[str, Any], by: str) -> Priced:
    counts = (shown.offered, shown.varied, len(shown.paid), shown.paid.shape[1])
    try:
        whole = response(shown.sold, shown.paid[None])
    except Refused as refusal:
        said = (
            f"Of {shown.offered:,} products that were sold in most weeks prices varied in "
            f"{shown.varied:,} ({refusal}): nothing tells how people respond to prices"
        )
        return Priced(*counts, Sensitivity("*", "Everybody", reason=said))
    everybody = _told("*", "Everybody", whole)
    kinds = _drawn(list(_kinds(shown)))
    segments = _drawn(list(_segments(reader, shown, asked)))
    return Priced(*counts, everybody, _discount(shown), by, kinds, segments, _curve(shown, whole))


def _told(name: str, label: str, found: Response, people: int | None = None) -> Sensitivity:
    value, low, high = (float(each[0]) for each in (found.value, found.low, found.high))
    return Sensitivity(name, label, found.products, people, value, value, low, high)


def _discount(shown: Prices) -> Sensitivity | None:
    """The response to what is taken off, the regular price held still; None without discounts."""
    if shown.regular is None:
        return None
    try:
        found = response(shown.sold, np.stack([shown.paid - shown.regular, shown.regular]))
    except Refused as refusal:
        return Sensitivity("discount", "Discounts", reason=str(refusal))
    return _told("discount", "Discounts", found)


Found = tuple[Sensitivity, Response | None]


def _kinds(shown: Prices) -> Iterator[Found]:
    """Each kind of products alone, with weeks of its own."""
    named = np.array([each or "" for each in shown.kinds])
    for kind in sorted({*named.tolist()} - {""}):
        here = named == kind
        if here.sum() >= FEWEST:
            yield _found(kind, kind, shown.sold[here], shown.paid[here])


def _segments(reader: Reader, shown: Prices, asked: Mapping[str, Any]) -> Iterator[Found]:
    for name, members in sorted(asked.items()):
        label = reader.labels.get(name) or name
        if len(members) < SMALLEST:
            reason = f"{len(members):,} people, {SMALLEST} are needed"
            yield Sensitivity(name, label, people=len(members), reason=reason), None
            continue
        sold = sold_to(reader.engine, shown, members)
        yield _found(name, label, sold, shown.paid, len(members))


def _found(name: str, label: str, sold: Floats, paid: Floats, people: int | None = None) -> Found:
    try:
        found = response(sold, paid[None])
    except Refused as refusal:
        return Sensitivity(name, label, people=people, reason=str(refusal)), None
    return _told(name, label, found, people), found


def _drawn(found: Sequence[Found]) -> tuple[Sensitivity, ...]:
    """Those found drawn towards each other, most sensitive first; then those that were refused."""
    told = [(one, each) for one, each in found if each is not None]
    made = []
    if told:
        values = np.array([float(each.value[0]) for _, each in told])
        errors = np.array([float(each.error[0]) for _, each in told])
        drawn = shrunk(values, errors)
        made = [
            Sensitivity(
                one.name,
                one.label,
                one.products,
                one.people,
                one.alone,
                float(drawn.value[at]),
                float(drawn.low[at]),
                float(drawn.high[at]),
            )
            for at, (one, _) in enumerate(told)
        ]
    refused = [one for one, each in found if each is None]
    return (*sorted(made, key=lambda each: each.value or 0.0), *refused)


def _curve(shown: Prices, whole: Response) -> Rows:
    """What was sold against what is usual, by how far the price was from the product's own."""
    mean, middle = (each(shown.paid, axis=1)[:, None] for each in (np.nanmean, np.nanmedian))
    away = np.exp(shown.paid - middle) - 1
    usual = whole.usual * np.exp(whole.value[0] * (middle - mean))
    rows = []
    for start, end in zip((-1.0, *STEPS), (*STEPS, np.inf), strict=True):
        here = (away >= start) & (away < end) & ~np.isnan(usual)
        if here.sum() >= CELLS:
            rows.append(
                {
                    "from": start,
                    "to": end if np.isfinite(end) else None,
                    "sold": float(shown.sold[here].sum() / usual[here].sum()),
                    "cells": int(here.sum()),
                }
            )
    return rows
