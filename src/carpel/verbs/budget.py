"""`carpel budget`: where the next money goes, by what each unit of it brought."""

from collections.abc import Mapping
from typing import Any

from carpel.measuring import budget as measuring
from carpel.measuring.budget import Budget
from carpel.measuring.results import results
from carpel.verbs.campaign_desk import desk
from carpel.verbs.results import figures_of
from carpel.verbs.session import Session


def budget(session: Session) -> Budget:
    """Every campaign and segment, the surest to pay first."""
    with desk(session) as at:
        return measuring.budget(at, figures_of(at))


def reported(session: Session) -> Mapping[str, Any]:
    """What a report says of it: the `budget`, and the `results` of each campaign."""
    if not session.understood.campaigns:
        return {}
    with desk(session) as at:
        figures = figures_of(at)
        found = list(results(at, figures))
        return {"budget": measuring.budget(at, figures), "results": found} if found else {}
