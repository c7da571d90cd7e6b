"""A brief for one team as a page of its own, to print: one HTML file, nothing outside."""

from datetime import datetime
from typing import Any

from carpel.reports.figures import Figures
from carpel.reports.page import environment_of


def page(brief: Any, figures: Figures, as_of: datetime) -> str:
    """The whole page as text."""
    template = environment_of(figures).get_template("brief_page.html.j2")
    return template.render(brief=brief, as_of=as_of)
