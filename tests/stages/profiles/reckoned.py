"""The same traits reckoned person by person, with Polars and the standard library."""

import itertools
import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import polars as pl

from .shop import MOMENT, Row, Shop

DAYS = timedelta(days=1)
Value = Any


def since(rows: Sequence[Row], days: int, until: int = 0) -> list[Row]:
    return [row for row in rows if MOMENT - days * DAYS < row["at"] <= MOMENT - until * DAYS]


def mean(values: Sequence[float]) -> float | None:
    return float(pl.Series(values).mean()) if values else None  # type: ignore[arg-type]


def top(values: Sequence[tuple[str, float]]) -> tuple[str | None, float | None]:
    """The most frequent, then the dearest, then the first by name, with its share."""
    if not values:
        return None, None
    counted = (
        pl.DataFrame(values, schema=["value", "amount"], orient="row")
        .group_by("value")
        .agg(pl.len().alias("n"), pl.col("amount").sum())
        .sort(["n", "amount", "value"], descending=[True, True, False])
    )
    return counted["value"][0], counted["n"][0] / counted["n"].sum()


def age_days(at: Any) -> float | None:
    return None if at is None else (MOMENT - at).total_seconds() / 86400


def divided(a: float | None, b: float | None) -> float | None:
    return None if a is None or not b else a / b


def orders(shop: Shop, who: int) -> dict[str, Value]:
    rows = shop.of("order_completed", who)
    amounts, at = [row["amount"] for row in rows], [row["at"] for row in rows]
    days = sorted({row["local_date"] for row in rows})
    gaps = [(later - sooner).days for sooner, later in itertools.pairwise(days)]
    off, total = sum(row["discount"] for row in rows), sum(amounts)
    median = statistics.median(gaps) if gaps else None
    return {
        "first_order_at": min(at, default=None),
        "last_order_at": max(at, default=None),
        "customer_since": min(at, default=None),
        "tenure_days": age_days(min(at, default=None)),
        "recency_days": age_days(max(at, default=None)),
        "orders_total": len(rows),
        **{f"orders_{days}d": len(since(rows, days)) for days in (30, 90, 365)},
        "orders_previous_365d": len(since(rows, 730, 365)),
        "repeat_customer": len(rows) >= 2,
        "average_order_value": mean(amounts),
        "largest_order_value": max(amounts, default=None),
        "items_per_order": mean([row["quantity"] for row in rows]),
        "lines_per_order": mean([row["lines"] for row in rows]),
        "discount_share": divided(off, off + total),
        "discounted_order_share": divided(sum(row["discount"] > 0 for row in rows), len(rows)),
        "coupon_order_share": divided(sum(row["coupon"] == "X" for row in rows), len(rows)),
        "weekend_share": divided(sum(row["at"].weekday() >= 5 for row in rows), len(rows)),
        "median_gap_days": median,
        "gap_cv": statistics.stdev(gaps) / statistics.mean(gaps) if len(gaps) > 1 else None,
        "rhythm_ratio": divided(age_days(max(at, default=None)), median),
        "gross_spend_total": total,
    }


def money(shop: Shop, who: int) -> dict[str, Value]:
    back = shop.of("product_returned", who)
    flows = [
        *shop.of("order_completed", who),
        *({**row, "amount": -abs(row["amount"])} for row in back),
    ]
    year = sum(row["amount"] for row in since(flows, 365))
    before = sum(row["amount"] for row in since(flows, 730, 365))
    refunds = sum(abs(row["amount"]) for row in back)
    gross = sum(row["amount"] for row in shop.of("order_completed", who))
    return {
        "spend_total": sum(row["amount"] for row in flows),
        **{f"spend_{days}d": sum(row["amount"] for row in since(flows, days)) for days in (30, 90)},
        "spend_365d": year,
        "spend_previous_365d": before,
        "spend_change": None if not before else year / before - 1,
        "returns_total": len(back),
        "returns_365d": len(since(back, 365)),
        "refunds_total": refunds,
        "return_share": min(refunds / gross, 1) if gross > 0 else None,
    }


def products(shop: Shop, who: int) -> dict[str, Value]:
    about = {row["product_id"]: row for row in shop.products}
    rows = [{**row, **about[row["product_id"]]} for row in shop.of("product_purchased", who)]

    def margin(some: Sequence[Row]) -> float | None:
        each = [row["amount"] - row["unit_cost"] * row["quantity"] for row in some]
        return sum(each) if each else None

    figures: dict[str, Value] = {
        "items_total": sum(row["quantity"] for row in rows),
        "margin_total": margin(rows),
        "margin_365d": margin(since(rows, 365)),
        "margin_share": divided(margin(rows), sum(row["amount"] for row in rows)),
        "interests": [
            value
            for value, _ in sorted(
                Counter(row["category"] for row in rows).items(),
                key=lambda pair: (-pair[1], pair[0]),
            )[:3]
        ]
        or None,
    }
    for name in ("category", "brand"):
        best, share = top([(row[name], row["amount"]) for row in rows])
        figures[f"favourite_{name}"], figures[f"favourite_{name}_share"] = best, share
    for plural, dimension in (
        ("products", "product_id"),
        ("categories", "category"),
        ("brands", "brand"),
    ):
        figures[f"{plural}_distinct"] = len({row[dimension] for row in rows})
    for dimension in ("category", "brand"):
        figures[f"{dimension}_switching_share"] = _switching(rows, dimension)
    return figures


def _switching(rows: Sequence[Row], dimension: str) -> float | None:
    baskets: dict[str, list[Row]] = {}
    for row in rows:
        baskets.setdefault(row["order_id"], []).append(row)
    ordered = sorted(baskets.values(), key=lambda lines: (lines[0]["at"], lines[0]["order_id"]))
    dearest = [max((line["amount"], line[dimension]) for line in lines)[1] for lines in ordered]
    return mean([float(a != b) for a, b in itertools.pairwise(dearest)])


def habits(shop: Shop, who: int) -> dict[str, Value]:
    rows = shop.of("order_completed", who)
    part = ("night", "morning", "afternoon", "evening")
    season = ("winter", "spring", "summer", "autumn")
    read: dict[str, Callable[[Row], str | None]] = {
        "channel": lambda row: row["channel"],
        "daypart": lambda row: part[row["at"].hour // 6],
        "weekday": lambda row: row["at"].strftime("%A"),
        "season": lambda row: season[row["at"].month % 12 // 3],
    }
    figures: dict[str, Value] = {}
    for name, value in read.items():
        said = [(found, row["amount"]) for row in rows if (found := value(row)) is not None]
        best, share = top(said)
        figures[f"favourite_{name}"], figures[f"favourite_{name}_share"] = best, share
    figures["channels_distinct"] = len({row["channel"] for row in rows} - {None})
    return figures


def web(shop: Shop, who: int) -> dict[str, Value]:
    visits: list[list[Row]] = []
    for row in shop.of("page_viewed", who):
        if visits and row["at"] - visits[-1][-1]["at"] <= timedelta(minutes=30):
            visits[-1].append(row)
        else:
            visits.append([row])
    begun = [visit[0] for visit in visits]
    last = max((row["at"] for row in begun), default=None)
    return {
        "visits_total": len(visits),
        **{f"visits_{days}d": len(since(begun, days)) for days in (30, 90)},
        "last_visit_at": last,
        "visit_recency_days": age_days(last),
        "pages_total": sum(map(len, visits)),
        "pages_30d": sum(len(visit) for visit in visits if since(visit[:1], 30)),
        "pages_per_visit": mean([len(visit) for visit in visits]),
        "minutes_per_visit": mean(
            [(visit[-1]["at"] - visit[0]["at"]).total_seconds() / 60 for visit in visits]
        ),
        "bounce_share": divided(sum(len(visit) == 1 for visit in visits), len(visits)),
    }


def carts(shop: Shop, who: int) -> dict[str, Value]:
    filled: dict[str, list[Any]] = {}
    for row in shop.of("product_added", who):
        filled.setdefault(row["cart_id"], []).append(row["at"])
    bought = [row["at"] for row in shop.of("order_completed", who)]
    left: list[tuple[Any, bool]] = []
    for times in filled.values():
        ordered = any(min(times) <= at <= max(times) + DAYS for at in bought)
        if ordered or max(times) <= MOMENT - DAYS:
            left.append((max(times), not ordered))
    return {
        "carts_total": len(filled),
        "last_cart_at": max((at for times in filled.values() for at in times), default=None),
        "carts_abandoned_30d": sum(lost and at > MOMENT - 30 * DAYS for at, lost in left),
        "cart_abandonment_share": mean([float(lost) for _, lost in left]),
    }


def letters(shop: Shop, who: int) -> dict[str, Value]:
    def each_once(event: str) -> int:
        first: dict[str, Row] = {}
        for row in shop.of(event, who):
            first.setdefault(row["message_id"], row)
        return len(since(list(first.values()), 90))

    sent, opened, clicked = (each_once(f"email_{word}") for word in ("sent", "opened", "clicked"))
    return {
        "emails_sent_90d": sent,
        "emails_opened_90d": opened,
        "emails_clicked_90d": clicked,
        "last_email_opened_at": max(
            (row["at"] for row in shop.of("email_opened", who)), default=None
        ),
        "email_open_rate_90d": min(1.0, opened / sent) if sent else None,
        "email_click_rate_90d": min(1.0, clicked / sent) if sent else None,
    }


def doings(shop: Shop, who: int) -> dict[str, Value]:
    done = [
        row
        for name in shop.events
        if name not in ("email_sent", "ticket_resolved")
        for row in shop.of(name, who)
    ]
    at = [row["at"] for row in done]
    last = max(at, default=None)
    checked, features = shop.of("checked_in", who), shop.of("feature_used", who)
    figures: dict[str, Value] = {
        "first_active_at": min(at, default=None),
        "last_active_at": last,
        "inactive_days": age_days(last),
        "active_days_28d": len(
            {row["local_date"] for row in done if row["local_date"] > MOMENT.date() - 28 * DAYS}
        ),
        "check_ins_total": len(checked),
        "feature_uses_30d": len(since(features, 30)),
        "last_check_in_at": max((row["at"] for row in checked), default=None),
        "check_in_recency_days": age_days(max((row["at"] for row in checked), default=None)),
        "features_distinct_90d": len({row["feature"] for row in since(features, 90)}),
        "favourite_feature": top([(row["feature"], 0) for row in features])[0],
        "last_feature_at": max((row["at"] for row in features), default=None),
        "known_since": None,
        "known_days": None,
    }
    for name, event, days in (
        ("check_ins", "checked_in", (30, 90)),
        ("social_interactions", "social_interacted", (90,)),
        ("referrals", "referral_made", (365,)),
        ("coupons_redeemed", "coupon_redeemed", (365,)),
    ):
        rows = shop.of(event, who)
        figures |= {f"{name}_{each}d": len(since(rows, each)) for each in days}
        figures[f"{name}_total"] = len(rows)
    del figures["known_since"], figures["known_days"]
    return figures


def care(shop: Shop, who: int) -> dict[str, Value]:
    opened = shop.of("ticket_opened", who)
    solved: dict[str, Any] = {}
    for row in shop.of("ticket_resolved", who):
        solved[row["ticket_id"]] = row["at"]
    hours = [
        (solved[row["ticket_id"]] - row["at"]).total_seconds() / 3600
        for row in opened
        if row["ticket_id"] in solved
    ]
    answers = shop.of("survey_answered", who)
    latest = answers[-1] if answers else {"nps": None, "satisfaction": None}
    group = (
        None
        if not answers
        else "promoter"
        if latest["nps"] >= 9
        else ("passive" if latest["nps"] >= 7 else "detractor")
    )
    return {
        "tickets_total": len(opened),
        "tickets_90d": len(since(opened, 90)),
        "resolution_hours": mean(hours),
        "tickets_open": len(opened) - len(hours),
        "nps_score": latest["nps"],
        "nps_group": group,
        "satisfaction_score": latest["satisfaction"],
        "satisfaction_average": mean([row["satisfaction"] for row in answers]),
    }


PARTS = (orders, money, products, habits, web, carts, letters, doings, care)


def reckon(shop: Shop, who: int) -> dict[str, Value]:
    """Every trait of one person."""
    return {name: value for part in PARTS for name, value in part(shop, who).items()}
