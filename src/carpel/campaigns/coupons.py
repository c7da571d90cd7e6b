"""Coupon codes of a campaign: given before a message is written, and found again in orders."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import pyarrow as pa
from pyroaring import BitMap

from carpel.campaigns.composing import Composer
from carpel.campaigns.desk import Desk
from carpel.engine.query import column, query, table
from carpel.errors import Refused
from carpel.specs import Campaign, Coupon
from carpel.specs.message import COUPON
from carpel.store.coupons import Given, assign, given, without
from carpel.store.deliveries import Claim, claimed, handed_over

Row = dict[str, Any]
AHEAD = 500
"""Codes that are given in one transaction."""
REDEEMED = "coupon_redeemed"
"""The event of shops that tell of coupons apart from orders."""


def coupon_of(desk: Desk, campaign: Campaign) -> Coupon | None:
    """The coupon that a campaign brings, if it does."""
    return desk.definitions.coupons[campaign.coupon] if campaign.coupon else None


def enough(desk: Desk, campaign: Campaign, people: int) -> None:
    """Raise Refused where a coupon is over, or has too few codes for so many people to go."""
    spec, why = coupon_of(desk, campaign), lacking(desk, campaign, people)
    if spec is not None and why:
        raise _too_few(spec, why)


def lacking(desk: Desk, campaign: Campaign, people: int) -> str:
    """What a coupon lacks for so many people to go, as a sentence about it; empty for nothing."""
    spec = coupon_of(desk, campaign)
    if spec is None:
        return ""
    if spec.ends_on is not None and desk.clock().date() > spec.ends_on:
        return f"was good until {spec.ends_on}: it is over"
    if spec.code is not None:
        return ""
    there = without(desk.ledger, spec.name, campaign.name)
    done = claimed(desk.ledger, campaign.name)
    free = there["free"] + max(0, there["given"] - done)
    few = people > free
    return f"has {free:,} free codes, and {people:,} people are to get one" if few else ""


def with_codes(
    composer: Composer, rows: Iterator[Row], claim: Callable[[Row], Claim]
) -> Iterator[Row]:
    """The rows of people, each with the code that is theirs; `claim` says who is meant."""
    desk, campaign = composer.desk, composer.campaign
    spec = coupon_of(desk, campaign)
    while spec is not None and (part := list(islice(rows, AHEAD))):
        codes = {}
        if spec.code is None:
            people = [claim(row) for row in part]
            codes = assign(desk.ledger, spec.name, campaign.name, people, desk.clock())
        for row in part:
            code = spec.code or codes.get(composer.key(row))
            if code is None:
                raise _too_few(spec, "ran out of codes")
            yield {**row, COUPON: code}
    yield from rows


def redemptions(desk: Desk, campaign: Campaign) -> tuple[list[Row], list[Row]]:
    """Codes given and redeemed, a row an arm, and a row a segment and arm.

    Redeemed counts people whose code stands in an order, whoever ordered; `by_others` those orders
    that were somebody else's. Of a code for everybody, only orders of those who got it count.
    Revenue is what those orders came to.
    """
    spec = coupon_of(desk, campaign)
    if spec is None:
        return [], []
    held = _held(desk, campaign.name, spec)
    has, others, used = Counter[str](), Counter[str](), dict[str, BitMap]()
    revenue: dict[str, float] = defaultdict(float)
    for each in held:
        has[each.arm] += 1
    for holder, arm, who, amount in _orders(desk, spec, held):
        used.setdefault(arm, BitMap()).add(holder)
        others[arm] += who != holder
        revenue[arm] += amount or 0
    arms = [
        {
            "arm": arm,
            "given": has[arm],
            "redeemed": len(used.get(arm, BitMap())),
            "by_others": others[arm],
            "revenue": revenue[arm],
        }
        for arm in sorted(has)
    ]
    return arms, list(_by_segment(desk, held, used))


def redeemers(desk: Desk, campaign: Campaign, names: Sequence[str]) -> tuple[BitMap, BitMap]:
    """Who has a code of a campaign, and whose stands in an order; `names` are its regions."""
    spec = coupon_of(desk, campaign)
    if spec is None:
        return BitMap(), BitMap()
    held = [each for name in names for each in _held(desk, name, spec)]
    used = BitMap(holder for holder, _, _, _ in _orders(desk, spec, held))
    return BitMap(each.customer for each in held if each.customer is not None), used


def _by_segment(desk: Desk, held: list[Given], used: Mapping[str, BitMap]) -> Iterator[Row]:
    """Every segment in which somebody redeemed, the most often first."""
    has: dict[str, BitMap] = {}
    for each in held:
        if each.customer is not None:
            has.setdefault(each.arm, BitMap()).add(each.customer)
    rows: list[Row] = [
        {"segment": name, "arm": arm, "given": len(keys & people), "redeemed": len(redeemed)}
        for name, people in desk.sets.items()
        for arm, keys in has.items()
        if (redeemed := used.get(arm, BitMap()) & people)
    ]
    yield from sorted(rows, key=lambda row: (-row["redeemed"], row["segment"], row["arm"]))


def _held(desk: Desk, campaign: str, spec: Coupon) -> list[Given]:
    """Who has which code, by today's keys."""
    if spec.code is None:
        found = given(desk.ledger, campaign)
    else:
        rows = handed_over(desk.ledger, campaign).values()
        found = [Given(spec.code, who, arm, None) for who, arm in rows]
    alive = desk.survivors
    return [Given(e.code, alive.get(e.customer or 0, e.customer), e.arm, e.at) for e in found]


def _orders(desk: Desk, spec: Coupon, held: list[Given]) -> Iterator[tuple[int, str, int, float]]:
    """Holder, arm, who ordered and for how much, of each order that one of these codes is in."""
    known = [each for each in held if each.customer is not None]
    naive = [each.at.replace(tzinfo=None) if each.at else None for each in known]
    columns = {
        "code": pa.array([each.code.upper() for each in known], pa.string()),
        "holder": pa.array([each.customer for each in known], pa.int64()),
        "arm": pa.array([each.arm for each in known], pa.string()),
        "since": pa.array(naive, pa.timestamp("us")),
    }
    desk.engine.register("coupon_holders", pa.table(columns))
    revenue = desk.definitions.project.revenue
    for event in dict.fromkeys((revenue.event, REDEEMED)):
        there = f"event_{event}"
        if there not in desk.engine.tables() or COUPON not in desk.engine.columns(there):
            continue
        paid = revenue.property if event == revenue.event else None
        amount = column(paid, "e") if paid in desk.engine.columns(there) else query("0")
        own = query("u.customer = h.holder") if spec.code else query("true")
        yield from desk.engine.rows(
            query(
                """SELECT h.holder, h.arm, u.customer, CAST(u.amount AS DOUBLE)
                   FROM (SELECT coalesce(a.survivor, e.customer) AS customer, e.at,
                                :amount AS amount,
                                unnest(string_split(upper(CAST(e.coupon AS VARCHAR)), ',')) AS code
                         FROM :events AS e LEFT JOIN aliases AS a ON a.customer = e.customer
                         WHERE e.coupon IS NOT NULL) AS u
                   JOIN coupon_holders AS h ON h.code = trim(u.code)
                   WHERE (h.since IS NULL OR u.at >= date_trunc('day', h.since)) AND :own""",
                amount=amount,
                events=table(there),
                own=own,
            )
        )


def _too_few(spec: Coupon, said: str) -> Refused:
    if spec.generate:
        action = f"carpel coupons make {spec.name} --number N"
    else:
        action = f"carpel coupons load {spec.name} FILE"
    if said.endswith("over"):
        action = f"Set another `ends_on` in coupons/{spec.name}.yml."
    return Refused(f"The coupon {spec.name} {said}.", action=action)
