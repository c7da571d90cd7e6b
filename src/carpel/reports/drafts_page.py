"""Drafts for a segment as a page to look at: one HTML file, nothing outside."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from carpel.drafts.angles import ANGLES
from carpel.reports.figures import Figures
from carpel.reports.page import environment_of


def page(drafts: Any, messages: Sequence[str], figures: Figures, at: datetime) -> str:
    """The whole page as text; `messages` are the names that mails were written under."""
    template = environment_of(figures).get_template("drafts_page.html.j2")
    weeks: dict[str, list[Any]] = {}
    for each in sorted(drafts.posts, key=lambda each: each.at):
        weeks.setdefault(f"{each.at:%A}, {each.at.day} {each.at:%B %Y, %H:%M}", []).append(each)
    return template.render(
        drafts=drafts, mails=list(zip(drafts.mails, messages, strict=True)), weeks=weeks,
        angles=ANGLES, at=at,
    )  # fmt: skip
