"""Results of campaigns, for everybody and by segment."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from pyroaring import BitMap

from carpel.campaigns.desk import Desk
from carpel.errors import CarpelError, NotFound
from carpel.evaluation.history import History
from carpel.evaluation.movements import EVERYBODY
from carpel.measuring.brought import Brought, brought
from carpel.measuring.contacts import Contacts, Ledgers
from carpel.measuring.doings import Doings, doings
from carpel.measuring.rates import rates
from carpel.measuring.said import beside, money_of
from carpel.measuring.spent import Spent, spent
from carpel.measuring.touches import MODELS, Credit, Credits, credited
from carpel.reports.figures import Figures
from carpel.specs import Campaign
from carpel.stages.estimates.tested import Tested, tested
from carpel.store.campaigns import approvals

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Result:
    """What a campaign came to among some people (`segment` is `*` for everybody).

    `rates` and `figures` are of people contacted and need no comparison group: `rates` has a row a
    rate with `count` of `n`, `value` 0 to 1, `low`, `high`, `note`; `figures` a row a metric with
    `value` and `n`. `caused` is what would not have come otherwise; None where that cannot be said,
    with `why`. `credited` has a row a model: `revenue`, `orders`. Amounts are in the project's
    currency; ROAS is caused revenue over cost, ROI what is left of it (or of the margin, where the
    project says one) over cost, each with its ends, None without a cost.
    """

    campaign: str
    label: str
    segment: str
    segment_label: str
    sent: int
    delivered: int | None
    rates: Rows
    figures: Rows
    cost: float
    cost_by: str
    caused: Brought | None
    why: str
    roas: tuple[float, float, float] | None
    roi: tuple[float, float, float] | None
    credited: Rows
    difference: str
    told: Sequence[str]
    """What it caused and what it cost, in sentences."""


class Measured:
    """Every campaign that has begun, with all that is asked of several of them read once."""

    def __init__(self, at: Desk, figures: Figures) -> None:
        self.at, self.figures = at, figures
        self.ledgers = Ledgers(at)
        self.tested = {each.name: each for each in tested(at.engine, at.as_of.replace(tzinfo=None))}
        self._history = History(at.engine)
        self._approved = approvals(at.ledger)

    def campaigns(self) -> list[str]:
        """Those of which something has left, and the wholes of regions, as they are written."""
        begun, known = set(self.ledgers.campaigns), self.at.definitions.campaigns
        return [name for name, each in known.items() if begun & set(self.names(each))]

    def names(self, campaign: Campaign) -> list[str]:
        """Its regions, or itself: under what the activity log knows it."""
        if not campaign.regions:
            return [campaign.name]
        return [each.name for each in self.at.regions(campaign)]

    def credits(self) -> Credits:
        """Orders credited to all campaigns, each within its own days."""
        campaigns = self.at.definitions.campaigns.items()
        windows = {name: each.goal.within_days for name, each in campaigns}
        return credited(self.at, self.ledgers.touches(), windows)

    def one(self, name: str) -> "Begun":
        """One campaign; raises NotFound, and CarpelError for one of which nothing has left."""
        if name not in self.at.definitions.campaigns:
            raise NotFound("campaign", name, self.at.definitions.campaigns)
        if name not in self.campaigns():
            raise CarpelError(
                f"Nothing of {name} has left yet.", action=f"carpel send {name}, then carpel run"
            )
        return Begun(self, self.at.definitions.campaigns[name])

    def members(self, segment: str, campaign: Campaign) -> BitMap:
        """Who was in a segment when the campaign was approved; today, where that is not known."""
        now = self.at.segment(segment)
        held = (self._approved.get(each) for each in self.names(campaign))
        moments = [each.as_of for each in held if each is not None and each.as_of is not None]
        if not moments:
            return now
        return self.at.today(self._history.members_then(segment, max(moments).astimezone(UTC), now))


class Begun:
    """One campaign with everything that is the same for all segments."""

    def __init__(self, of: Measured, campaign: Campaign) -> None:
        self.of, self.campaign, self.at = of, campaign, of.at
        self.names = of.names(campaign)
        self.contacts: Contacts = of.ledgers.contacts(campaign, self.names)
        self.doings: Doings = doings(self.at, campaign, self.contacts)
        self.spent: Spent = spent(self.at, campaign, self.contacts.messages)
        self.tested: Tested | None = of.tested.get(campaign.name)

    @property
    def label(self) -> str:
        """What it is called on screen."""
        return self.campaign.title

    def messages(self, people: BitMap) -> int:
        """How many messages these people got."""
        return sum(self.contacts.of[each] for each in people & self.contacts.did["sent"])

    def cost(self, segment: str, people: BitMap) -> float:
        """What was spent on a segment: its share of all messages."""
        if segment == EVERYBODY:
            return self.spent.total
        return self.spent.on(self.messages(people))

    def result(self, segment: str, people: BitMap, due: Credits) -> Result:
        """Among the people of one segment, or everybody."""
        of, contacts = self.of, self.contacts
        mine = contacts.did["sent"] & people
        whole = None if segment == EVERYBODY else mine
        cost = self.cost(segment, mine)
        found = brought(self.tested, segment)
        caused, why = (found, "") if isinstance(found, Brought) else (None, found)
        credit = {each: due.of(self.names, each, whole) for each in MODELS}
        margin = self.at.definitions.project.revenue.margin
        return Result(
            campaign=self.campaign.name,
            label=self.label,
            segment=segment,
            segment_label="everybody" if segment == EVERYBODY else self.at.label(segment),
            sent=len(mine),
            delivered=len(contacts.did["delivered"] & mine)
            if "delivered" in contacts.known
            else None,
            rates=list(rates(contacts, self.doings.answered(self.campaign.goal.measured_by), mine)),
            figures=list(self.doings.rows(self.at, mine)),
            cost=cost,
            cost_by=self.spent.by,
            caused=caused,
            why=why,
            roas=_over(caused, cost, 1.0, 0.0),
            roi=_over(caused, cost, margin or 1.0, 1.0),
            credited=[_row(each, credit[each]) for each in MODELS],
            difference=beside(of.figures, credit["last"], caused, why),
            told=money_of(of.figures, caused, why, cost, margin),
        )


def results(
    at: Desk, figures: Figures, names: Collection[str] = (), by: str | None = None
) -> Iterator[Result]:
    """Of these campaigns or all: everybody, then each place of a set of segments, or a segment."""
    measured = Measured(at, figures)
    places = _places(at, by) if by else []
    due = measured.credits()
    for name in names or measured.campaigns():
        one = measured.one(name)
        yield one.result(EVERYBODY, at.everybody, due)
        for place in places:
            yield one.result(place, measured.members(place, one.campaign), due)


def _places(at: Desk, by: str) -> list[str]:
    places = [each for each in at.sets if each.partition(".")[0] == by]
    if not places:
        named = {each.partition(".")[0] for each in at.sets}
        raise NotFound("segment or set of segments", by, named)
    return places


def _row(model: str, credit: Credit) -> dict[str, Any]:
    return {
        "model": model,
        "label": MODELS[model],
        "revenue": credit.revenue,
        "orders": credit.orders,
    }


def _over(
    caused: Brought | None, cost: float, margin: float, less: float
) -> tuple[float, float, float] | None:
    """Figure and ends of what was caused over what it cost, less a part of the cost."""
    if caused is None or cost <= 0:
        return None
    value, low, high = (
        each * margin / cost - less for each in (caused.value, caused.low, caused.high)
    )
    return value, low, high
