"""What can be wrong within one row: missing, misdated, contradicting itself."""

import math
import re
from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta

from carpel.engine.query import Tree, column, query
from carpel.stages.quality.counting import Condition
from carpel.stages.quality.subject import Subject, absent, is_time

OFTEN_MISSING = 0.2
"""A column missing in a smaller share of rows is only a note."""
EARLIEST = date(1971, 1, 1)
"""Nothing a business still has happened before; clocks that were never set say 1900 or 1970."""
STALE_DAYS = 730
SLACK = 0.01
"""Relative difference, beside one cent, up to which two amounts count as equal."""
BIRTHS = ("t_birth_date", "t_date_of_birth", "t_birthday", "t_dob")
"""Judged where they are read: what nobody alive was born on is none already."""
PLANNED = ("ended_at", "trial_ends_at", "renews_at")
"""Times that lie ahead by their nature."""
OPTIONAL = re.compile(
    r"(^|_)(end(s|ed|ing)?|until|till|valid_to|cancel\w*|paus\w*|frozen|freeze|trial\w*|renew\w*|"
    r"expir\w*|terminat\w*|churn\w*|left|clos(ed|ing)|resol\w*|solved|return(ed)?|refund(ed)?|"
    r"unsubscri\w*|opt(ed)?_?out|suppress\w*|delet\w*|archiv\w*|reactivat\w*|next|last|first|"
    r"convert\w*|decea\w*|died|death)(_|$)"
)
"""Words in the name of a time that for many has not come: nothing is missing where it is empty."""
SELDOM = re.compile(
    r"(^|_)(coupon|voucher|promo\w*|discount\w*|refund\w*|notes?|comments?|remarks?|tags?|gift\w*|"
    r"middle_name|street_2|company|reason)(_|$)"
)
"""Words in the name of what most rows rightly have none of: that is only worth a note."""
TIMELIKE = re.compile(r"_(at|on|date|day|time|end|until|till|to)$")
"""How the name of a time ends, where no cell is filled in to tell its type."""


def conditions(subject: Subject, latest: datetime, once: Collection[str] = ()) -> list[Condition]:
    """All that is asked of a row; `latest` is the moment after which nothing can have happened,
    `once` are columns that only one line of an order has."""
    return [
        *_missing(subject, once),
        *_dates(subject, latest),
        *_amounts(subject),
        *_contracts(subject),
        *_dead(subject),
    ]


def _missing(subject: Subject, once: Collection[str]) -> Iterator[Condition]:
    without = "have a permission without a" if subject.permits else "have no"
    for name, kind in subject.kinds.items():
        if name in once:
            continue
        if subject.table == "staged_contracts" and name not in ("plan", "started_at"):
            continue
        if name != "seen_at" and not _optional(name, kind):
            yield Condition(
                "missing",
                subject.said(name),
                absent(name, kind),
                f"{{rows}} {without} {subject.said(name)}.",
                note_below=math.inf if SELDOM.search(name) else OFTEN_MISSING,
            )


def _optional(name: str, kind: str) -> bool:
    """Whether this is a time that may well never come: the end of a contract, a cancellation."""
    bare = name.removeprefix("t_")
    timed = is_time(kind) or TIMELIKE.search(bare) is not None
    return timed and OPTIONAL.search(bare) is not None


def _dates(subject: Subject, latest: datetime) -> Iterator[Condition]:
    tomorrow = latest + timedelta(days=1)
    for name, kind in subject.kinds.items():
        if not is_time(kind) or name in BIRTHS:
            continue
        shown, there = subject.said(name), query("(:c) IS NOT NULL", c=column(name))
        if name not in PLANNED:
            yield Condition(
                "future_dated",
                shown,
                _after(name, tomorrow),
                f"{{rows}} lie in the future by {shown}.",
                "See whether day and month are exchanged, or a year is mistyped.",
                among=there,
            )
        yield Condition(
            "implausible_date",
            shown,
            _before(name, EARLIEST),
            f"{{rows}} have a {shown} before {EARLIEST.year}.",
            "A date that a system writes where it has none: leave it empty.",
            among=there,
        )
        if name == "seen_at":
            yield Condition(
                "stale",
                shown,
                _before(name, latest - timedelta(days=STALE_DAYS)),
                "{rows} were not touched for two years.",
                "Ask these people whether what is known still holds.",
                note_below=OFTEN_MISSING,
                among=there,
            )


def _amounts(subject: Subject) -> Iterator[Condition]:
    for each in ("unit_price", "unit_cost"):
        if subject.has(each):
            yield _contradiction(
                subject,
                each,
                query(":c < 0", c=column(each)),
                f"{{rows}} have a negative {each.replace('_', ' ')}.",
                "Write a refund as a negative quantity.",
            )
    if subject.has("amount", "quantity"):
        yield _contradiction(
            subject,
            "amount",
            query("amount < 0 AND quantity > 0"),
            "{rows} cost a negative amount for a positive quantity.",
            "If these are refunds, tell them apart by a column.",
        )
        yield _contradiction(
            subject,
            "quantity",
            query("quantity = 0 AND amount <> 0"),
            "{rows} have an amount but a quantity of nothing.",
            "See what the quantity of these means.",
        )
    if subject.has("amount", "quantity", "unit_price"):
        yield _line_totals(subject)
    if subject.has("amount", "discount"):
        yield _discounts(subject)


def _line_totals(subject: Subject) -> Condition:
    gross = query("quantity * unit_price")
    totals = [gross]
    if subject.has("discount"):
        totals += [
            query("quantity * unit_price - abs(discount)"),
            query("quantity * unit_price * (1 - abs(discount))"),
        ]
    if subject.has("discount_percent"):
        totals.append(query("quantity * unit_price * (1 - abs(discount_percent) / 100)"))
    if subject.has("discount_rate"):
        totals.append(query("quantity * unit_price * (1 - abs(discount_rate))"))
    differs = query("true")
    for total in totals:
        differs = query("(:before) AND (:this)", before=differs, this=apart(query("amount"), total))
    return _contradiction(
        subject,
        "amount",
        differs,
        "{rows} have an amount that is not quantity times unit price.",
        "See which of the three is right, and what tax is in it.",
    )


def _discounts(subject: Subject) -> Condition:
    if subject.has("quantity", "unit_price"):
        return _contradiction(
            subject,
            "discount",
            query("abs(discount) > abs(quantity * unit_price) + 0.01"),
            "{rows} have a discount above the full price.",
            "See whether the discount is a share, or of the whole order.",
        )
    return Condition(
        "contradictory",
        subject.said("discount"),
        query("amount > 0 AND abs(discount) > amount"),
        "{rows} have a discount above what was paid.",
        "Right where the amount is what is left after it; else see why.",
        severity="note",
    )


def _dead(subject: Subject) -> Iterator[Condition]:
    """Addresses that take no messages any more."""
    if subject.permits:
        yield Condition(
            "undeliverable",
            "",
            query("undeliverable"),
            "{rows} say that an address takes no mail any more: nobody is written to there.",
            "Ask these people for another address by another channel.",
        )


def _contracts(subject: Subject) -> Iterator[Condition]:
    if subject.table != "staged_contracts":
        return
    for each in ("ended_at", "trial_ends_at", "renews_at", "paused_at", "cancelled_at"):
        if subject.has(each):
            yield _contradiction(
                subject,
                each,
                query(":c < started_at", c=column(each)),
                f"{{rows}} have a {each.replace('_', ' ')} before the start.",
                "See whether the two dates are exchanged.",
            )
    yield _contradiction(
        subject,
        "amount",
        query("amount < 0"),
        "{rows} cost a negative amount.",
        "See what these stand for.",
    )


def _contradiction(
    subject: Subject, name: str, wrong: Tree, message: str, proposal: str
) -> Condition:
    return Condition("contradictory", subject.said(name), wrong, message, proposal)


def apart(one: Tree, other: Tree) -> Tree:
    """Two amounts differ by more than a cent and more than the slack."""
    return query(
        "abs((:one) - (:other)) > greatest(0.011, :slack * abs(:other))",
        one=one,
        other=other,
        slack=SLACK,
    )


def _after(name: str, moment: datetime) -> Tree:
    return query(":c > :moment", c=column(name), moment=moment)


def _before(name: str, moment: date | datetime) -> Tree:
    return query(":c < :moment", c=column(name), moment=moment)
