"""A campaign's messages as people would read them, before anybody gets one."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from carpel.campaigns.composing import Composer
from carpel.campaigns.desk import Desk
from carpel.campaigns.lately import meant
from carpel.errors import CarpelError
from carpel.messages import TemplateError
from carpel.messages.lint import lint
from carpel.specs import Campaign
from carpel.specs.campaign import HOLDOUT
from carpel.verbs.campaign_desk import desk
from carpel.verbs.session import Session

Rows = list[dict[str, Any]]
WAY_OUT = "https://unsubscribe.invalid/"
"""Stands in previews for the link that unsubscribes."""


@dataclass(frozen=True)
class Previews:
    """Messages as people would read them; `problems` counts why some could not be written."""

    campaign: str
    shown: Rows
    rendered: int
    problems: dict[str, int] = field(default_factory=dict)
    weak: Sequence[str] = ()
    """What is likely to go wrong in people's hands."""


def previews(session: Session, name: str, people: int = 3, *, everybody: bool = False) -> Previews:
    """Messages of the first few people of every version; or everybody's, rendered and counted."""
    with desk(session) as at:
        campaign = at.campaign(name)
        if not campaign.messages:
            said = f"{name} goes out by the tool of {campaign.channel}, with that tool's own words."
            raise CarpelError(said, action="Preview it there.")
        shown, problems = [], Counter[str]()
        rendered, weak = 0, dict[str, None]()
        for composer, number, arm, row in _readers(at, campaign, None if everybody else people):
            try:
                message = composer.rendered(row, arm, WAY_OUT)
            except TemplateError as error:
                problems[error.message] += 1
                continue
            rendered += 1
            if number < people:
                weak |= dict.fromkeys(lint(message, WAY_OUT))
                which = composer.chosen(row, arm)
                whose = {"customer": row["customer"], "arm": arm, "message": which}
                shown.append({**whose, **vars(message)})
        return Previews(name, shown, rendered, dict(problems), list(weak))


def _readers(
    at: Desk, campaign: Campaign, most: int | None
) -> Iterator[tuple[Composer, int, str, dict[str, Any]]]:
    """By step the first people of every version, so many at most: the number in it, arm, row."""
    arms = {arm: keys for arm, keys in meant(at, campaign)[1].items() if arm != HOLDOUT}
    for step in range(len(campaign.waits)):
        composer = Composer(at, campaign, step=step)
        for arm, keys in arms.items():
            rows = composer.recipients(keys)
            for number, row in enumerate(islice(rows, most)):
                yield composer, number, arm, row
