"""A campaign that people go through one by one: what began it for whom, and who is due when.

Everything that decides stands in the ledger, so that a sending that was killed is taken up by the
next one: a step is over when its delivery says so.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from pyroaring import BitMap

from carpel.campaigns.audience import assigned
from carpel.campaigns.beginning import begun
from carpel.campaigns.desk import Desk
from carpel.campaigns.schedule import later, leaves_at
from carpel.language import Period
from carpel.specs import Campaign, Trigger
from carpel.specs.campaign import HOLDOUT
from carpel.store.campaigns import Approved
from carpel.store.deliveries import MOST_ATTEMPTS, taken
from carpel.store.occasions import Occasion, OnTheWay, Rows, move, note, stopped, waiting


def notice(desk: Desk, campaign: Campaign, approved: Approved) -> int:
    """Note everybody for whom the campaign has begun since; gives how many there are.

    Who is on their way already, or had it too lately, does not begin again; who is in the
    comparison group is noted, and gets nothing.
    """
    if campaign.trigger is None:
        return note(desk.ledger, campaign.name, lambda rows: _all_at_once(desk, approved, rows))
    trigger, now = campaign.trigger, desk.clock()
    after = approved.as_of or approved.approved_at
    late = _later(desk, now, campaign.too_late, back=True)
    found = begun(desk, trigger, max(after, _first(desk, campaign, late)), now)
    meant = desk.meant(campaign) - desk.kept_from(campaign.purpose)
    wanted = [each for each in found if each.customer in meant]
    return note(desk.ledger, campaign.name, lambda rows: _fresh(desk, campaign, wanted, rows))


def catch_up(desk: Desk, campaign: Campaign) -> None:
    """Take everybody as far as their deliveries say that they are."""
    waits = waiting(desk.ledger, campaign.name)
    for step in sorted({each.step for each in waits}):
        became = {
            (desk.key_today(row.customer), row.occasion): row
            for row in taken(desk.ledger, campaign.name, step)
        }
        moved = []
        for each in (each for each in waits if each.step == step):
            row = became.get((desk.key_today(each.customer), each.occasion))
            if row is None:
                continue
            if row.state in ("sent", "uncertain"):
                on = row.settled_at or row.claimed_at
                moved.append((each, advanced(desk, campaign, each, on)))
            elif row.state == "failed" and not (row.passing and row.attempts < MOST_ATTEMPTS):
                moved.append((each, stopped(each, f"failed: {row.reason}")))
        move(desk.ledger, campaign.name, moved)


@dataclass
class Due:
    """Who is to take a step now, by today's keys, and who is moved without taking it."""

    rows: dict[int, OnTheWay] = field(default_factory=dict)
    moved: list[tuple[OnTheWay, OnTheWay]] = field(default_factory=list)

    @property
    def people(self) -> BitMap:
        """Those who are to take it."""
        return BitMap(self.rows)

    def stop(self, customers: Iterable[int], why: str) -> None:
        """Take people out."""
        self.move(customers, lambda row: stopped(row, why))

    def wait(self, customers: Iterable[int], why: str) -> None:
        """Leave people where they are, and note what for."""
        self.move(customers, lambda row: replace(row, reason=why))

    def move(self, customers: Iterable[int], to: Callable[[OnTheWay], OnTheWay]) -> None:
        """Let those of these people who were to take the step not take it."""
        for each in customers:
            if each in self.rows:
                row = self.rows.pop(each)
                self.moved.append((row, to(row)))


def due(desk: Desk, campaign: Campaign, step: int) -> Due:
    """Everybody whose time for a step has come; once, also who was two people before."""
    now, found = desk.clock(), Due()
    first: dict[int, OnTheWay] = {}
    for each in waiting(desk.ledger, campaign.name):
        key = desk.key_today(each.customer)
        if key not in desk.everybody:
            found.moved.append((each, stopped(each, "not there any more")))
        elif key in first:
            found.moved.append((each, stopped(each, "is the same person as another entry")))
        else:
            first[key] = each
    found.rows = {k: each for k, each in first.items() if each.step == step and each.due_at <= now}
    late = _later(desk, now, campaign.too_late, back=True)
    for key, each in list(found.rows.items()):
        if each.due_at < late:
            found.stop([key], f"too late{f': {each.reason}' if each.reason else ''}")
    return found


def advanced(desk: Desk, campaign: Campaign, row: OnTheWay, on: datetime) -> OnTheWay:
    """Past a step that was taken, or passed over, at a moment."""
    following = row.step + 1
    if following == len(campaign.waits):
        return replace(row, step=following, state="done", reason="")
    wait = campaign.waits[following]
    return replace(row, step=following, due_at=_later(desk, on, wait), reason="")


def _all_at_once(desk: Desk, approved: Approved, rows: Rows) -> Iterator[OnTheWay]:
    """The frozen audience, the first time."""
    if rows:
        return
    campaign = desk.campaign(approved.campaign)
    at = max(approved.approved_at, leaves_at(desk, campaign) or approved.approved_at)
    for arm, members in approved.arms.items():
        for customer in members:
            yield _begins(desk, campaign, Occasion(customer, "", at), arm)


def _fresh(
    desk: Desk, campaign: Campaign, found: Iterable[Occasion], rows: Rows
) -> Iterator[OnTheWay]:
    """Of these occasions the ones that begin something, given all that began before."""
    assert campaign.trigger is not None
    known = {(each.customer, each.occasion) for each in rows}
    last: dict[int, OnTheWay | Occasion] = {}
    for each in rows:
        last[desk.key_today(each.customer)] = each
    for occasion in found:
        former = last.get(occasion.customer)
        same = (occasion.customer, occasion.occasion) in known
        if same or not (former is None or _again(desk, campaign.trigger, former, occasion)):
            continue
        last[occasion.customer] = occasion
        yield _begins(desk, campaign, occasion, _arm(campaign, occasion.customer))


def _again(desk: Desk, trigger: Trigger, former: OnTheWay | Occasion, occasion: Occasion) -> bool:
    """Whether it may begin for somebody for whom it began before."""
    if not isinstance(former, OnTheWay) or former.state == "waiting":
        return False
    if trigger.again_after is not None:
        return occasion.at >= _later(desk, former.at, trigger.again_after)
    return trigger.returns and occasion.occasion > former.occasion


def _arm(campaign: Campaign, customer: int) -> str:
    arms = assigned(campaign, BitMap([customer]))
    return next(arm for arm, members in arms.items() if members)


def _begins(desk: Desk, campaign: Campaign, occasion: Occasion, arm: str) -> OnTheWay:
    aside = arm == HOLDOUT
    return OnTheWay(
        customer=occasion.customer,
        occasion=occasion.occasion,
        at=occasion.at,
        arm=arm,
        step=0,
        due_at=_later(desk, occasion.at, campaign.waits[0]),
        state="aside" if aside else "waiting",
        reason="",
        noticed_at=desk.clock(),
    )


def _first(desk: Desk, campaign: Campaign, late: datetime) -> datetime:
    """What began before this moment would be too late for the first step."""
    return _later(desk, late, campaign.waits[0], back=True)


def _later(desk: Desk, moment: datetime, wait: Period | None, *, back: bool = False) -> datetime:
    return later(moment, wait, ZoneInfo(desk.definitions.project.timezone), back=back)
