"""A campaign's messages as people would read them, before anybody gets one."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from carpel.campaigns.audience import frozen
from carpel.campaigns.composing import Composer
from carpel.campaigns.desk import Desk
from carpel.campaigns.recipients import recipients
from carpel.errors import CarpelError
from carpel.messages import TemplateError
from carpel.messages.lint import lint
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
        composer, shown, problems = Composer(at, campaign), [], Counter[str]()
        rendered, weak = 0, dict[str, None]()
        for number, arm, row in _readers(at, composer, None if everybody else people):
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
    at: Desk, composer: Composer, most: int | None
) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """The first people of every version, so many at most: the number in it, the arm, the row."""
    medium = at.channel(composer.campaign).medium
    for arm, keys in frozen(at, composer.campaign)[1].items():
        if arm != HOLDOUT:
            rows = recipients(at, keys, medium, composer.needs)
            yield from ((number, arm, row) for number, row in enumerate(islice(rows, most)))
