"""What a campaign cost: by the bills that a data source brings, else by what the campaign says."""

from collections.abc import Mapping
from dataclasses import dataclass

from carpel.campaigns.desk import Desk
from carpel.engine.query import literal, query
from carpel.specs import Campaign

BILLED = "by its bills"
SAID = "by what the campaign says"


@dataclass(frozen=True)
class Spent:
    """The whole cost in the project's currency; every message has the same share of it."""

    total: float
    messages: int
    by: str

    def on(self, messages: int) -> float:
        """What so many of its messages cost."""
        return self.total * messages / self.messages if self.messages else 0.0


def spent(at: Desk, campaign: Campaign, messages: Mapping[str, int]) -> Spent:
    """Bills that name the campaign, a region or its label, in the project's currency; else its
    own `costs`: so much a message, and what is paid once. `messages` has those of each region, or
    of the campaign itself."""
    known, whole = [*messages, campaign.name, campaign.label], sum(messages.values())
    billed = at.engine.rows(
        query(
            """SELECT sum(amount) FROM costs WHERE lower(campaign) IN (:names) AND at <= :until
               AND coalesce(currency, :ours) = :ours""",
            names=[literal(each.lower()) for each in dict.fromkeys(filter(None, known))],
            until=at.as_of.replace(tzinfo=None),
            ours=at.definitions.project.currency,
        )
    )[0][0]
    if billed is not None:
        return Spent(float(billed), whole, BILLED)
    once = campaign.costs.fixed if campaign.regions else 0.0
    said = (at.definitions.campaigns[name].costs.of(n) for name, n in messages.items())
    return Spent(once + sum(said), whole, SAID)
