"""Sending a campaign that people go through one by one: each step to whoever is due."""

from collections.abc import Mapping
from datetime import datetime

from pyroaring import BitMap

from carpel.campaigns.approval import within_budget
from carpel.campaigns.desk import Desk
from carpel.campaigns.limits import left_out
from carpel.campaigns.past import reached
from carpel.campaigns.sending import Going, Sent, hand_over
from carpel.campaigns.sequence import Due, advanced, catch_up, due, notice
from carpel.campaigns.threads import Carriers
from carpel.campaigns.waterfall import STEPS, Waterfall, waterfall
from carpel.specs import Campaign, Step
from carpel.store.campaigns import Approved
from carpel.store.deliveries import claimed
from carpel.store.occasions import move

FOR_GOOD = ("do_not_contact", "all_campaigns", "same_address")
"""Steps of the audience that take somebody out; of the others the reason may pass."""


def follow(
    desk: Desk,
    campaign: Campaign,
    approved: Approved,
    carriers: Carriers,
    *,
    actor: str,
    limit: int | None = None,
) -> Sent:
    """Notice for whom it has begun, and take everybody as far as they are due, `limit` messages.

    Whoever else does so at the same time meets other people; killed, the next one goes on.
    """
    notice(desk, campaign, approved)
    total = Sent()
    for step in range(len(campaign.waits)):
        catch_up(desk, campaign)
        ready = ready_for(desk, campaign, step)
        move(desk.ledger, campaign.name, ready.moved)
        room = None if limit is None else limit - total.tried
        people = ready.people if room is None else ready.people[:room]
        if people:
            arms: dict[str, BitMap] = {}
            for key in people:
                arms.setdefault(ready.rows[key].arm, BitMap()).add(key)
            within_budget(campaign, claimed(desk.ledger, campaign.name) + len(people))
            occasions = {key: ready.rows[key].occasion for key in people}
            going = Going(people, arms, step, occasions)
            total += hand_over(desk, campaign, going, carriers, actor=actor)
        if total.stopped:
            break
    catch_up(desk, campaign)
    return total


def ready_for(desk: Desk, campaign: Campaign, step: int) -> Due:
    """Who takes a step now; who does not is moved on, out, or waits with a reason."""
    found = due(desk, campaign, step)
    if not found.rows:
        return found
    said = campaign.steps[step] if campaign.steps else None
    if said is None or not said.even_after_goal:
        _done_already(desk, campaign, found, step)
    if said is not None:
        _passed_over(desk, campaign, found, said)
    due_at = {key: row.due_at for key, row in found.rows.items()}
    decision = decided(desk, campaign, found.people, due_at)
    for why, gone in decision.gone.items():
        (found.stop if why in FOR_GOOD else found.wait)(gone, STEPS[why])
    return found


def decided(
    desk: Desk, campaign: Campaign, people: BitMap, due_at: Mapping[int, datetime] | None = None
) -> Waterfall:
    """The decision about those who are due; who is kept aside is none of them."""
    return waterfall(people, left_out(desk, campaign, people, BitMap(), due_at))


def _done_already(desk: Desk, campaign: Campaign, found: Due, step: int) -> None:
    """Whoever has done what it is for gets no more, or only what is meant for them."""
    since = {key: row.at for key, row in found.rows.items()}
    done = reached(desk, campaign.goal, since)
    if any(each.even_after_goal for each in campaign.steps[step + 1 :]):
        _over(desk, campaign, found, done)
    else:
        found.stop(done, "did what it is for")


def _passed_over(desk: Desk, campaign: Campaign, found: Due, step: Step) -> None:
    """Whoever is not in the segment that a step asks for goes on without it."""
    out = BitMap()
    if step.only_if:
        out |= found.people - desk.segment(step.only_if)
    if step.unless:
        out |= found.people & desk.segment(step.unless)
    _over(desk, campaign, found, out)


def _over(desk: Desk, campaign: Campaign, found: Due, people: BitMap) -> None:
    found.move(people, lambda row: advanced(desk, campaign, row, row.due_at))
