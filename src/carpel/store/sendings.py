"""Sending: a message is claimed before it is handed over and settled after: nobody gets it twice.

A claim whose process died is uncertain: the message may have left. It is never tried again by
itself; a person says what became of it.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from carpel.store.deliveries import Claim, Receipt, Route, due
from carpel.store.ledger import Ledger
from carpel.store.points import reach
from carpel.store.process import Clock, Process, this_process
from carpel.store.suppressions import UNDELIVERABLE, suppress_in

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection


Claims = dict[str, Claim]
"""By hash of an address."""


class Sending:
    """One process at work on a campaign; safe to share between its threads."""

    def __init__(
        self,
        ledger: Ledger,
        clock: Clock,
        route: Route,
        holder: str,
        actor: str,
        others: Collection[str] = (),
        most: int | None = None,
    ) -> None:
        self._ledger, self._clock, self.route = ledger, clock, route
        self.holder, self.actor, self._others = holder, actor, others
        self._most = most
        self.full = False
        """Whether the channel's day had no room for a message that somebody wanted to claim."""

    def claim(self, wanted: Sequence[Claim]) -> list[Claim]:
        """Those of these messages that are ours to hand over now: durably, before that is done."""
        from sqlalchemy import bindparam, insert, select, update

        from carpel.store.schema import deliveries as d

        now, mine = self._clock(), self._mine(each.address for each in wanted)
        with self._ledger.write() as connection:
            rows = connection.execute(select(d).where(*mine)).all()
            wanted = self._free(connection, wanted)
            held = {(row.address, row.occasion): row for row in rows}
            fresh = {e.address: e for e in wanted if (e.address, e.occasion) not in held}
            again = {e.address: e for e in wanted if due(held.get((e.address, e.occasion)), now)}
            again, fresh = self._in_time(connection, again, fresh, now)
            if fresh:
                connection.execute(insert(d), [self._row(each, now) for each in fresh.values()])
            if again:
                taken = {"state": "claimed", "holder": self.holder, "claimed_at": now}
                tried = {**taken, "attempts": d.c.attempts + 1}
                which = (d.c.address == bindparam("whose"), d.c.occasion == bindparam("what"))
                rows_of = [{"whose": e.address, "what": e.occasion} for e in again.values()]
                connection.execute(
                    update(d).where(*self._mine(None), *which).values(**tried), rows_of
                )
            self._heard(connection, now)
        reach("send.claimed")
        return [*fresh.values(), *again.values()]

    def _in_time(
        self, connection: "Connection", again: Claims, fresh: Claims, now: datetime
    ) -> tuple[Claims, Claims]:
        """Those for which the channel's day has room: counted in the transaction that claims."""
        from sqlalchemy import func, select

        from carpel.store.schema import deliveries as d

        if self._most is None:
            return again, fresh
        day = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        today = (d.c.channel == self.route.channel, d.c.claimed_at >= day, d.c.state != "failed")
        done = connection.execute(select(func.count()).where(*today)).scalar() or 0
        room = max(0, self._most - int(done))
        self.full = self.full or len(again) + len(fresh) > room
        first = dict(islice(again.items(), room))
        return first, dict(islice(fresh.items(), room - len(first)))

    def _free(self, connection: "Connection", wanted: Sequence[Claim]) -> Sequence[Claim]:
        """Those of these messages that no other region of the campaign has claimed."""
        from sqlalchemy import select

        from carpel.store.schema import deliveries as d

        if not self._others:
            return wanted
        theirs = (d.c.campaign.in_(list(self._others)), d.c.step == self.route.step)
        whose = d.c.address.in_([each.address for each in wanted])
        rows = connection.execute(select(d.c.address, d.c.occasion).where(*theirs, whose))
        taken = {(row.address, row.occasion) for row in rows}
        return [each for each in wanted if (each.address, each.occasion) not in taken]

    def settle(self, receipts: Sequence[Receipt]) -> None:
        """Note what became of claims of this process."""
        from sqlalchemy import bindparam, update

        from carpel.store.schema import deliveries as d

        if not receipts:
            return
        now = self._clock()
        named = (*self._mine(None), d.c.address == bindparam("whose"), d.c.holder == self.holder)
        rows = [
            {"whose": r.address, "state": r.state, "reason": r.reason, "passing": r.passing}
            for r in receipts
        ]
        reach("send.handed_over")
        with self._ledger.write() as connection:
            connection.execute(update(d).where(*named).values(settled_at=now), rows)
            if dead := [each.address for each in receipts if each.undeliverable]:
                medium, why = self.route.medium, UNDELIVERABLE
                suppress_in(connection, dead, medium=medium, reason=why, at=now, by=self.actor)
            self._heard(connection, now)
        reach("send.settled")

    def release(self, addresses: Collection[str]) -> None:
        """Give back claims that were surely never handed over: as if they had not been made."""
        from sqlalchemy import delete, update

        from carpel.store.schema import deliveries as d

        if not addresses:
            return
        mine = (*self._mine(addresses), d.c.holder == self.holder, d.c.state == "claimed")
        with self._ledger.write() as connection:
            connection.execute(delete(d).where(*mine, d.c.attempts == 1))
            connection.execute(
                update(d).where(*mine).values(state="failed", attempts=d.c.attempts - 1)
            )

    def _row(self, claim: Claim, now: datetime) -> dict[str, Any]:
        whose = asdict(claim)
        new = {"state": "claimed", "passing": False, "reason": "", "attempts": 1}
        return {**vars(self.route), **whose, **new, "holder": self.holder, "claimed_at": now}

    def _mine(self, addresses: Iterable[str] | None) -> "list[ColumnElement[bool]]":
        from carpel.store.schema import deliveries as d

        route = self.route
        same: list[ColumnElement[bool]] = [
            d.c.campaign == route.campaign,
            d.c.step == route.step,
            d.c.channel == route.channel,
        ]
        return same if addresses is None else [*same, d.c.address.in_(list(addresses))]

    def _heard(self, connection: "Connection", now: datetime) -> None:
        from sqlalchemy import update

        from carpel.store.schema import sendings

        us = sendings.c.holder == self.holder
        connection.execute(update(sendings).where(us).values(heard_at=now))


@contextmanager
def sending(
    ledger: Ledger,
    clock: Clock,
    route: Route,
    actor: str,
    others: Collection[str] = (),
    most: int | None = None,
) -> Iterator[Sending]:
    """Be at work on a campaign while the block runs; what is still claimed then is uncertain.

    Nobody whom one of the `others` has claimed, or claims meanwhile, is claimed; nor are more
    than `most` messages a day, in UTC, by the route's channel, whoever else sends by it.
    """
    from sqlalchemy import insert, update

    from carpel.store.schema import sendings

    process, holder, now = this_process(), uuid4().hex, clock()
    row = {"holder": holder, "campaign": route.campaign, "actor": actor, **vars(process)}
    with ledger.write() as connection:
        connection.execute(insert(sendings).values(**row, began_at=now, heard_at=now))
    try:
        yield Sending(ledger, clock, route, holder, actor, others, most)
    finally:
        with ledger.write() as connection:
            ended = update(sendings).where(sendings.c.holder == holder)
            connection.execute(ended.values(ended_at=clock()))
            _abandon(connection, {holder}, clock())


def recover(ledger: Ledger, clock: Clock) -> None:
    """Claims of processes that are gone become uncertain."""
    from sqlalchemy import select

    from carpel.store.schema import deliveries, sendings

    now = clock()
    claimed = select(deliveries.c.holder).where(deliveries.c.state == "claimed").distinct()
    holders = {row.holder for row in ledger.rows(claimed)}
    if not holders:
        return
    with ledger.write() as connection:
        rows = connection.execute(select(sendings).where(sendings.c.holder.in_(holders))).all()
        alive = {
            row.holder
            for row in rows
            if row.ended_at is None
            and Process(row.host, row.pid, row.started).alive(row.heard_at, now)
        }
        _abandon(connection, holders - alive, now)


def _abandon(connection: "Connection", holders: Collection[str], now: datetime) -> None:
    from sqlalchemy import update

    from carpel.store.schema import deliveries as d

    reason = "the process ended before it heard what became of it"
    left = (d.c.state == "claimed", d.c.holder.in_(list(holders)))
    connection.execute(
        update(d).where(*left).values(state="uncertain", reason=reason, settled_at=now)
    )
