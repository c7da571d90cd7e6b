"""Coupon codes in the ledger: each is given to one person, and stays theirs."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from carpel.store.deliveries import SLICE, Claim
from carpel.store.ledger import Ledger
from carpel.store.points import reach

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True)
class Given:
    """A code that somebody has: by which campaign, in which arm, since when."""

    code: str
    customer: int | None
    arm: str
    at: datetime | None


def keep(ledger: Ledger, coupon: str, codes: Iterator[str], at_most: int | None = None) -> int:
    """Add codes of a coupon that are not there yet, `at_most` so many; gives how many that were.

    Shops do not tell upper from lower case, so neither does this.
    """
    from sqlalchemy import func, insert, select

    from carpel.store.schema import coupons as c

    added = 0
    while at_most is None or added < at_most:
        part = list(islice(codes, SLICE if at_most is None else min(SLICE, at_most - added)))
        if not part:
            break
        by_fold = {each.upper(): each for each in reversed(part)}  # the first spelling stays
        with ledger.write() as connection:
            held = select(c.c.folded).where(c.c.coupon == coupon, c.c.folded.in_(by_fold))
            here = set(connection.execute(held).scalars())
            last = connection.execute(select(func.max(c.c.number)).where(c.c.coupon == coupon))
            fresh = [each for each in reversed(by_fold) if each not in here]
            start = (last.scalar() or 0) + 1
            rows = [
                {"coupon": coupon, "folded": each, "code": by_fold[each], "number": start + at}
                for at, each in enumerate(fresh)
            ]
            if rows:
                connection.execute(insert(c), rows)
        added += len(rows)
    return added


def assign(
    ledger: Ledger, coupon: str, campaign: str, people: Sequence[Claim], at: datetime
) -> dict[str, str]:
    """Codes by hash of the address: those people have by this campaign, else the next free ones.

    Durable before it comes back, so that a code which may have left is nobody else's. Where there
    are too few, some people are without.
    """
    from sqlalchemy import bindparam, select, update

    from carpel.store.schema import coupons as c

    wanted = {each.address: each for each in people}
    mine = [c.c.coupon == coupon, c.c.campaign == campaign, c.c.address.in_(list(wanted))]
    free = (c.c.coupon == coupon, c.c.address.is_(None))
    with ledger.write() as connection:
        asked = select(c.c.address, c.c.occasion, c.c.code).where(*mine)
        held = connection.execute(asked).all()
        same = (row for row in held if row.occasion == wanted[row.address].occasion)
        found = {row.address: row.code for row in same}
        lacking = [each for address, each in wanted.items() if address not in found]
        next_ones = select(c.c.folded, c.c.code).where(*free).order_by(c.c.number)
        codes = connection.execute(next_ones.limit(len(lacking))).all()
        rows = []
        for each, row in zip(lacking, codes, strict=False):
            found[each.address] = row.code
            rows.append({"which": row.folded, **vars(each), "campaign": campaign, "given_at": at})
        if rows:
            this = (c.c.coupon == coupon, c.c.folded == bindparam("which"))
            connection.execute(update(c).where(*this), rows)
    reach("send.coupons_given")
    return found


def standing(ledger: Ledger) -> dict[str, dict[str, int]]:
    """By coupon: how many codes there are, and how many of them are given."""
    from sqlalchemy import func, select

    from carpel.store.schema import coupons as c

    asked = select(c.c.coupon, func.count().label("codes"), func.count(c.c.address).label("given"))
    rows = ledger.rows(asked.group_by(c.c.coupon).order_by(c.c.coupon))
    return {row.coupon: {"codes": row.codes, "given": row.given} for row in rows}


def codes_of(ledger: Ledger, coupon: str) -> list[str]:
    """Every code of a coupon, in the order they came in."""
    from sqlalchemy import select

    from carpel.store.schema import coupons as c

    return [r.code for r in ledger.rows(select(c).where(c.c.coupon == coupon).order_by(c.c.number))]


def given(ledger: Ledger, campaign: str) -> list[Given]:
    """The codes that people have by a campaign."""
    from sqlalchemy import select

    from carpel.store.schema import coupons as c

    asked = select(c.c.code, c.c.customer, c.c.arm, c.c.given_at).where(c.c.campaign == campaign)
    return [
        Given(r.code, r.customer, r.arm, r.given_at)
        for r in ledger.rows(asked.order_by(c.c.number))
    ]


def without(ledger: Ledger, coupon: str, campaign: str) -> Mapping[str, int]:
    """How many codes are `free`, and how many people have one by this campaign."""
    from sqlalchemy import func, select

    from carpel.store.schema import coupons as c

    free = select(func.count()).where(c.c.coupon == coupon, c.c.address.is_(None))
    mine = select(func.count()).where(c.c.coupon == coupon, c.c.campaign == campaign)
    return {"free": ledger.rows(free)[0][0], "given": ledger.rows(mine)[0][0]}


def forget(connection: "Connection", customers: Collection[int], hashes: Collection[str]) -> None:
    """Leave nothing by which codes lead to these people; that they were given stays."""
    from sqlalchemy import or_, select, update

    from carpel.store.schema import coupons as c

    theirs = or_(c.c.customer.in_(list(customers)), c.c.address.in_(list(hashes)))
    for row in connection.execute(select(c.c.coupon, c.c.folded).where(theirs)).all():
        this = (c.c.coupon == row.coupon, c.c.folded == row.folded)
        gone: dict[str, Any] = {"customer": None, "address": f"erased:{uuid4().hex}"}
        connection.execute(update(c).where(*this).values(gone))
