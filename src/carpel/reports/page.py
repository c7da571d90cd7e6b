"""The report as one HTML file: no script, no outside address, fit to print and to send on."""

from functools import partial
from importlib.resources import files
from typing import Any

from carpel.reports import charts, pictures
from carpel.reports.content import Content
from carpel.reports.figures import LOCALE, number, people, percent
from carpel.reports.headline import name
from carpel.version import __version__


def render(content: Content) -> str:
    """Give the whole page as text."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    folder = files("carpel.reports") / "templates"
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True,
                              lstrip_blocks=True)
    environment.filters.update(money=content.figures.money, day=content.figures.day,
                               number=number, percent=percent, people=people)
    template = environment.from_string((folder / "report.html.j2").read_text(encoding="utf-8"))
    return template.render(
        content=content, project=content.definitions.project, name=name, locale=LOCALE,
        version=__version__, charts_available=charts.available(),
        style=Markup((folder / "report.css").read_text(encoding="utf-8")),
        contrast_rows=partial(pictures.contrast_rows, content),
        months=_markup(pictures.months(content)),
        grid=lambda segmentation: _markup(pictures.grid(content, segmentation)),
        places=lambda segmentation: _markup(pictures.places(content, segmentation)),
        contrasts=lambda segment: _markup(pictures.contrasts(content, segment)))


def _markup(svg: str | None) -> Any:
    """Our own drawing goes in as it is; everything else in the page is escaped."""
    from markupsafe import Markup

    return Markup(svg) if svg else None
