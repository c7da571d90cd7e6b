"""Who may: by role, never one's own, and who could instead is named."""

from datetime import date

import pytest

from carpel.access import allow
from carpel.errors import Refused
from carpel.specs import Access, Campaign, CampaignGoal

GOAL = CampaignGoal(metric="order_rate", target=0.1, by=date(2026, 12, 31))
ROLES = Access.model_validate({"actors": {"ada": "approver", "bo": ["marketer"], "cy": "admin"}})


def campaign(**said: object) -> Campaign:
    whole = {"name": "x", "goal": GOAL, "audience": "all", "channel": "news", "owner": "bo"}
    return Campaign.model_validate({**whole, **said})


@pytest.mark.parametrize(
    ("actor", "deed", "may"),
    [
        ("ada", "approve", True),
        ("ada", "send", False),
        ("bo", "approve", False),
        ("bo", "send", True),
        ("cy", "approve", True),
        ("cy", "send", True),
        ("nobody", "send", False),
    ],
)
def test_a_role_may_what_it_may(actor, deed, may):
    if may:
        allow(ROLES, actor, deed, campaign())
        return
    with pytest.raises(Refused, match="May: "):
        allow(ROLES, actor, deed, campaign())


def test_nobody_approves_what_is_their_own_unless_the_project_says_so():
    with pytest.raises(Refused, match="approve_own"):
        allow(Access(), "bo", "approve", campaign())
    allow(Access(approve_own=True), "bo", "approve", campaign())
    allow(Access(), "bo", "send", campaign())


def test_a_campaign_may_name_its_approver():
    with pytest.raises(Refused, match="by ada, not by cy"):
        allow(ROLES, "cy", "approve", campaign(approver="ada"))
    with pytest.raises(Refused, match="bo may not approve"):
        allow(ROLES, "bo", "approve", campaign(approver="bo"))
