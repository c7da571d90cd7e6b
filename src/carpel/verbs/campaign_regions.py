"""Deeds on a campaign with regions: done to each region, told as one."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from carpel.errors import CarpelError, Refused
from carpel.store.campaigns import State
from carpel.verbs import campaign_deeds, campaign_pages, campaign_previews
from carpel.verbs.campaign_deeds import Approval, Sending
from carpel.verbs.campaign_pages import CampaignPage, CampaignReasons
from carpel.verbs.campaign_previews import Previews
from carpel.verbs.session import Session

Done = TypeVar("Done")
Rows = list[dict[str, Any]]


def parts(session: Session, name: str) -> list[str]:
    """The campaigns of a campaign's regions; itself where it has none."""
    campaign = session.understood.campaigns.get(name)
    if campaign is None or campaign.regions is None:
        return [name]
    return [f"{name}.{each}" for each in campaign.regions.places]


def approve(session: Session, name: str) -> Approval:
    """Approve every region; raises Refused for those that cannot be, the others are."""
    done = _each(session, name, lambda part: campaign_deeds.approve(session, part))
    arms = Counter[str]()
    for each in done:
        arms.update(each.arms)
    return replace(done[0], campaign=name, arms=dict(arms))


def leave(session: Session, name: str, to: Path | None, limit: int | None) -> Sending:
    """Send every region as far as it is due, so many messages at most together."""
    left = limit

    def one(part: str) -> Sending:
        nonlocal left
        sent = campaign_deeds.leave(session, part, to, left)
        left = None if left is None else max(0, left - sent.sent - sent.failed - sent.uncertain)
        return sent

    return _sent(name, _each(session, name, one))


def test(session: Session, name: str) -> Sending:
    """Send every version of every region to the seeds."""
    return _sent(name, _each(session, name, lambda part: campaign_deeds.test(session, part)))


def change(session: Session, name: str, state: State) -> None:
    """Pause, resume or cancel every region."""
    _each(session, name, lambda part: campaign_deeds.change(session, part, state))


def settle(session: Session, name: str, *, sent: bool) -> int:
    """Say what became of the uncertain messages of every region."""
    return sum(_each(session, name, lambda p: campaign_deeds.settle(session, p, sent=sent)))


def previews(session: Session, name: str, people: int, *, everybody: bool) -> Previews:
    """Messages of every region as people would read them."""

    def one(part: str) -> Previews:
        return campaign_previews.previews(session, part, people, everybody=everybody)

    done = _each(session, name, one)
    problems = Counter[str]()
    for each in done:
        problems.update(each.problems)
    shown = [row for each in done for row in each.shown]
    weak = list(dict.fromkeys(said for each in done for said in each.weak))
    return Previews(name, shown, sum(each.rendered for each in done), dict(problems), weak)


def show(session: Session, name: str) -> CampaignPage:
    """A campaign; one with regions as the sum of them, with a row each."""
    pages = [campaign_pages.show(session, part) for part in parts(session, name)]
    whole = session.understood.campaigns.get(name)
    return pages[0] if whole is None or whole.regions is None else _sum(session, name, pages)


def explain(session: Session, customer: int, name: str) -> CampaignReasons:
    """Why somebody gets a campaign or not; with regions, by the one that knows of them."""
    found = [campaign_pages.explain(session, customer, part) for part in parts(session, name)]
    known = (each for each in found if each.deliveries or each.occasions)
    return next(known, None) or next((each for each in found if each.in_segment), found[0])


def _each(session: Session, name: str, do: Callable[[str], Done]) -> list[Done]:
    """What was done to each region; where one refuses, the others are done all the same."""
    named, done, refused = parts(session, name), list[Done](), list[str]()
    if named == [name]:
        return [do(name)]
    for part in named:
        try:
            done.append(do(part))
        except CarpelError as error:
            refused.append(error.message)
    if refused:
        raise Refused(f"{len(done)} of {len(named)} regions were done. {' '.join(refused)}")
    return done


def _sent(name: str, done: Sequence[Sending]) -> Sending:
    return Sending(
        campaign=name,
        sent=sum(each.sent for each in done),
        failed=sum(each.failed for each in done),
        uncertain=sum(each.uncertain for each in done),
        left=sum(each.left for each in done),
        files=[file for each in done for file in each.files],
        unknown=sum(each.unknown for each in done),
    )


def _sum(session: Session, name: str, pages: Sequence[CampaignPage]) -> CampaignPage:
    whole = session.understood.campaigns[name]
    states = list(dict.fromkeys(each.state for each in pages))
    said = {each.approved_by for each in pages}
    summed: dict[str, Any] = {
        **{key: _rows([getattr(each, key) for each in pages], by) for key, by in _ROWS.items()},
        **{key: _counts([getattr(each, key) for each in pages]) for key in _COUNTS},
    }
    return replace(
        pages[0],
        campaign=name,
        label=whole.label or name,
        state=", ".join(states),
        goal=whole.goal.told(session.understood.project.currency),
        owner=whole.owner,
        approved_by=said.pop() if len(said) == 1 else None,
        approved_at=max((e.approved_at for e in pages if e.approved_at), default=None),
        because="",
        uncertain=sum(each.uncertain for each in pages),
        waits_until=min((e.waits_until for e in pages if e.waits_until), default=None),
        in_two_arms=sum(each.in_two_arms for each in pages),
        **summed,
        regions=[
            {"region": each.campaign.partition(".")[2], "state": each.state, "owner": each.owner}
            | {key: sum(row[key] for row in each.arms) for key in _SHOWN}
            for each in pages
        ],
    )


_ROWS: Mapping[str, tuple[str, ...]] = {
    "waterfall": ("step", "why"),
    "arms": ("arm",),
    "failures": ("reason", "again"),
    "coupons": ("arm",),
    "coupon_segments": ("segment", "arm"),
    "course": ("step",),
    "ended": ("ended",),
}
"""Tables of a campaign's page, and by which columns their rows are the same."""
_COUNTS = ("came_back", "followed", "reacted")
_SHOWN = ("people", "sent", "failed", "uncertain", "to_go")


def _rows(tables: Iterable[Rows], by: tuple[str, ...]) -> Rows:
    """Rows of the same kind added up, in the order in which they came first."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in (row for table in tables for row in table):
        same = found.setdefault(tuple(row[key] for key in by), {key: row[key] for key in by})
        for key in row.keys() - set(by):
            same[key] = same.get(key, 0) + (row[key] or 0)
    return list(found.values())


def _counts(told: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total = Counter[str]()
    for each in told:
        total.update(each)
    return dict(total)
