"""How far people are in a campaign that they go through one by one."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

from pyroaring import BitMap

from carpel.campaigns.desk import Desk
from carpel.campaigns.following import decided
from carpel.campaigns.waterfall import Waterfall
from carpel.specs import Campaign
from carpel.store.deliveries import by_step
from carpel.store.occasions import OnTheWay, noted

Rows = list[dict[str, Any]]
ENDS = {"done": "through all steps", "aside": "comparison group"}


def on_the_way(at: Desk, campaign: Campaign) -> tuple[Waterfall, dict[str, BitMap]]:
    """Who of those on their way could be contacted now; and everybody it began for, by arm."""
    rows = noted(at.ledger, campaign.name)
    arms: dict[str, BitMap] = {}
    for each in rows:
        arms.setdefault(each.arm, BitMap()).add(at.key_today(each.customer))
    waiting = at.today(each.customer for each in rows if each.state == "waiting")
    return decided(at, campaign, waiting), arms


def course(at: Desk, campaign: Campaign) -> Rows:
    """A row a step: how many wait for it, and what became of it."""
    rows = noted(at.ledger, campaign.name)
    waiting = Counter(each.step for each in rows if each.state == "waiting")
    became = Counter[tuple[int, str]]()
    for row in by_step(at.ledger, campaign.name):
        became[row["step"], row["state"]] += row["people"]
    names = [each.name for each in campaign.steps] or ["the message"]
    return [
        {
            "step": name,
            "waiting": waiting[step],
            **{state: became[step, state] for state in ("sent", "failed", "uncertain")},
        }
        for step, name in enumerate(names)
    ]


def ended(at: Desk, campaign: Campaign) -> Rows:
    """A row an ending: why people are not on their way any more."""
    rows = noted(at.ledger, campaign.name)
    ends = Counter(ENDS.get(each.state, each.reason) for each in rows if each.state != "waiting")
    return [{"ended": why, "people": people} for why, people in ends.most_common()]


def occasions_of(at: Desk, campaign: Campaign, keys: Collection[int]) -> Rows:
    """What began it for one person, and how far they are."""
    return [_told(campaign, e) for e in noted(at.ledger, campaign.name) if e.customer in keys]


def said_of(rows: Sequence[dict[str, Any]]) -> str:
    """How it stands with the last of a person's occasions, in words."""
    if not rows:
        return "nothing has begun it for them"
    last = rows[-1]
    if last["state"] == "waiting":
        why = f" ({last['reason']})" if last["reason"] else ""
        return f"on their way: {last['step']} is next{why}"
    return str(ENDS.get(last["state"], last["reason"]))


def _told(campaign: Campaign, row: OnTheWay) -> dict[str, Any]:
    names = [each.name for each in campaign.steps] or ["the message"]
    return {
        "began_at": row.at,
        "arm": row.arm,
        "step": names[row.step] if row.step < len(names) else None,
        "due_at": row.due_at if row.state == "waiting" else None,
        "state": row.state,
        "reason": row.reason,
    }
