"""`carpel results`: what campaigns came to, by the current update and the activity log."""

from zoneinfo import ZoneInfo

from carpel.campaigns.desk import Desk
from carpel.measuring import results as measuring
from carpel.measuring.results import Result
from carpel.reports.figures import Figures
from carpel.verbs.campaign_desk import desk
from carpel.verbs.session import Session


def results(session: Session, campaign: str | None, by: str | None) -> list[Result]:
    """Of one campaign, or of each that has begun: everybody first, then the segments.

    Raises NotFound for a campaign or segment that is not there, and CarpelError for a campaign of
    which nothing has left.
    """
    with desk(session) as at:
        names = [campaign] if campaign else []
        return list(measuring.results(at, figures_of(at), names, by))


def figures_of(at: Desk) -> Figures:
    """How the project writes figures."""
    project = at.definitions.project
    return Figures(project.currency, ZoneInfo(project.timezone))
