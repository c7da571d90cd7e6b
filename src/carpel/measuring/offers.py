"""Which offer earns most, among everybody or a segment: by the tests that were made of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt

from carpel.specs import Definitions
from carpel.specs.metric import AVERAGE_ORDER
from carpel.specs.offer import Offer
from carpel.stages.estimates.tested import Tested
from carpel.stats.experiments.sums import Sums
from carpel.stats.uplift import Advice, Tried, next_best

FEWEST = 30
"""People of a version, or of its comparison group, below which nothing is told of it."""


@dataclass(frozen=True)
class NextOffer:
    """What to offer next to a segment (`*` is everybody), by past tests.

    `advice` has what each offer earns a person above no offer, its cost taken off, in the project's
    currency; None where no test can tell. `said` in words; `people` were in those tests, `tests`
    names them, and `left_out` has those that cannot be used, with the reason.
    """

    segment: str
    label: str
    advice: Advice | None
    tests: Sequence[str]
    people: int
    left_out: Mapping[str, str]
    said: str = ""
    rows: Sequence[Mapping[str, str]] = field(default=())


def offers_of(definitions: Definitions, name: str) -> dict[str, Offer]:
    """What an experiment's arms offer, by arm."""
    if name in definitions.experiments:
        return dict(definitions.experiments[name].offers)
    campaign = definitions.campaigns.get(name)
    if campaign is None or campaign.family != campaign.name:  # a region is in its whole
        return {}
    return {each.name: each.offer for each in campaign.variants if each.offer is not None}


def advised(
    tests: Iterable[Tested], definitions: Definitions, segment: str
) -> tuple[Advice | None, list[str], int, dict[str, str]]:
    """The advice, the tests it rests on, how many people were in them, and tests not used."""
    tried: list[Tried] = []
    people, left_out = 0, {}
    margin = definitions.project.revenue.margin or 1.0
    for test in tests:
        offers = offers_of(definitions, test.name)
        if not offers:
            continue
        if why := _unusable(test, segment):
            left_out[test.name] = why
            continue
        found = list(_tried(test, offers, segment, margin))
        if not found:
            left_out[test.name] = f"fewer than {FEWEST} people in a group, or nobody ordered"
            continue
        tried += found
        people += sum(each.people for each in found)
        people += round(test.of(segment, AVERAGE_ORDER, test.comparison).n)
    used = list(dict.fromkeys(each.test for each in tried))
    return next_best(tried) if tried else None, used, people, left_out


def _unusable(test: Tested, segment: str) -> str:
    """Why nothing can be told of a test; empty where it can."""
    if not test.over:
        return "it is still running"
    if AVERAGE_ORDER not in test.metrics:
        return "no amounts of orders are known"
    if segment not in test.segments:
        return "too few of them were in it"
    if test.draw().uneven or test.draw(segment).uneven:
        return "the groups came out uneven"
    return ""


def _tried(
    test: Tested, offers: Mapping[str, Offer], segment: str, margin: float
) -> Iterator[Tried]:
    control = _earned(test.of(segment, AVERAGE_ORDER, test.comparison), margin, 0.0)
    arms = {str(each["arm"]): each for each in test.arms}
    for arm, offer in offers.items():
        sums = test.of(segment, AVERAGE_ORDER, arm)
        treated = _earned(sums, margin, offer.per_order)
        if min(treated.n, control.n) < FEWEST or not (treated.variance and control.variance):
            continue
        sent = arms[arm]["sent"]
        messages = 1.0 if sent is None else sent / max(arms[arm]["people"], 1)
        spent = offer.per_person + test.about["cost"] * messages
        yield Tried(
            offer.name,
            treated.figure - control.figure - spent,
            sqrt(treated.variance / treated.n),
            round(treated.n),
            test.name,
            sqrt(control.variance / control.n),
        )


def _earned(sums: Sums, margin: float, per_order: float) -> Sums:
    """Of revenue over orders: the margin a person, with what an offer costs an order taken off."""
    y = margin * sums.y - per_order * sums.d
    cross = 2 * margin * per_order * sums.yd
    return Sums(sums.n, y, margin**2 * sums.yy - cross + per_order**2 * sums.dd)
