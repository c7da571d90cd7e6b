"""Who may do what to campaigns: actors and their roles, as carpel.yml names them."""

from collections.abc import Mapping
from typing import Literal

from carpel.errors import Refused
from carpel.specs import Access, Campaign
from carpel.specs.access import Role

Deed = Literal["approve", "send"]
NEEDS: Mapping[Deed, frozenset[Role]] = {
    "approve": frozenset({"approver", "admin"}),
    "send": frozenset({"marketer", "admin"}),
}
"""The roles of which one is needed; `send` covers tests, pausing and cancelling too."""


def allow(access: Access, actor: str, deed: Deed, campaign: Campaign) -> None:
    """Raise Refused, saying who could, unless this actor may do this to this campaign."""
    roles = access.actors.get(actor, ()) if access.actors else ("admin",)
    if not NEEDS[deed] & set(roles):
        could = sorted(who for who, has in access.actors.items() if NEEDS[deed] & set(has))
        raise Refused(
            f"{actor} may not {deed} campaigns here.",
            action=f"May: {', '.join(could) or 'nobody yet, see `access` in carpel.yml'}.",
        )
    if deed == "approve":
        _allow_approval(access, actor, campaign)


def _allow_approval(access: Access, actor: str, campaign: Campaign) -> None:
    if campaign.approver is not None and campaign.approver != actor:
        raise Refused(
            f"{campaign.name} is to be approved by {campaign.approver}, not by {actor}.",
            action="Change `approver` in the campaign's file, or let them approve it.",
        )
    if campaign.owner == actor and not access.approve_own:
        raise Refused(
            f"{actor} owns {campaign.name}, and nobody approves what is their own.",
            action="Let somebody else approve it (CARPEL_ACTOR names who acts), or say "
            "`access: {approve_own: true}` in carpel.yml.",
        )
