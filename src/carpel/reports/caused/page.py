"""One experiment as a page of its own: one HTML file, nothing from outside."""

from datetime import datetime
from typing import TYPE_CHECKING

from carpel.reports.caused.caused import Caused, Version
from carpel.reports.caused.intervals import MOST, intervals
from carpel.reports.figures import Figures
from carpel.reports.page import environment_of

if TYPE_CHECKING:
    from markupsafe import Markup


def page(found: Caused, figures: Figures, as_of: datetime) -> str:
    """The whole page as text."""
    environment = environment_of(figures)
    template = environment.get_template("verdict_page.html.j2")
    return template.render(each=found, as_of=as_of, drawn_of=drawn_of)


def drawn_of(found: Caused, version: Version) -> "list[Markup]":
    """Segments beside each other, for a wide page and for a phone; those that matter most."""
    from markupsafe import Markup

    sure = [row for row in version.segments if row["word"] != "uneven"]
    rows = sorted(sure, key=lambda row: (row["word"] == "cannot_tell", -row["n"]))[:MOST]
    if len(rows) < 2:
        return []
    title, at = f"{found.label}, {version.called}: by segment", found.versions.index(version)
    return [
        Markup(intervals(rows, width=width, mark=f"{found.name}-{at}-{width}", title=title))
        for width in (900, 330)
    ]
