"""The report as one HTML file: no script, no outside address, fit to print and to send on."""

from collections.abc import Mapping, Sequence
from datetime import UTC
from functools import partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from carpel.reports import charts, dots, over_time, pictures
from carpel.reports.content import Content
from carpel.reports.figures import LOCALE, Figures, counted, number, people, percent
from carpel.reports.headline import called, name
from carpel.reports.sankey import sankey
from carpel.reports.sought import Sought
from carpel.reports.spark import spark
from carpel.specs.goal import unmeasured
from carpel.version import __version__

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

CHANNELS = {
    "email": "e-mail",
    "sms": "text message",
    "phone": "phone",
    "post": "post",
    "push": "app message",
}


def render(
    content: Content,
    campaigns: Sequence[Mapping[str, Any]] = (),
    came_to: Mapping[str, Any] | None = None,
) -> str:
    """Give the whole page as text; campaigns, and what they came to (`budget` and `results`), are
    told by the activity log, not by the build alone."""
    from markupsafe import Markup

    from carpel.reports.caused.page import drawn_of

    environment = environment_of(content.figures)
    environment.globals.update(
        content=content,
        campaigns=campaigns,
        came_to=came_to,
        project=content.definitions.project,
        charts_available=charts.available(),
        title=_title(content),
        called=called,
        contrasts=partial(pictures.contrasts, content),
        grid=partial(pictures.grid, content),
        drawings=lambda name: drawings(content.sought[name]),
        drawn_of=drawn_of,
        way_of=partial(over_time.way_of, content.figures),
        path_of=lambda goal: Markup(over_time.path_of(content.goal_paths.get(goal["goal"], []))),
        latest=partial(over_time.latest, content.figures),
        shown_as=partial(over_time.shown_as, content.figures),
        line_of=lambda series: Markup(over_time.line_of(content.figures, series)),
        months=[Markup(each) for each in _months(content)],
        flows=[Markup(each) for each in _flows(content)],
        spark=lambda segment: Markup(_spark(content, segment)),
    )
    return environment.get_template("report.html.j2").render()


def one_set(found: Sought, title: str, figures: Figures) -> str:
    """A page about one search for groups alone."""
    template = environment_of(figures).get_template("set.html.j2")
    return template.render(found=found, drawn=drawings(found), title=title)


def drawings(found: Sought) -> "dict[str, list[Markup]]":
    """Pictures of a search for groups, each for a wide page and for a phone."""
    from markupsafe import Markup

    drawn: dict[str, list[Markup]] = {}
    for what, draw, rows in (
        ("criteria", dots.criteria, found.tried),
        ("profile", dots.profile, found.profile),
    ):
        drawn[what] = [
            Markup(draw(rows, width=width, mark=f"{found.name}-{what}-{width}"))
            for width in ((900, 320) if rows else ())
        ]
    return drawn


def environment_of(figures: Figures) -> "Environment":
    """What templates are filled in by: figures written as the project writes them."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=PackageLoader("carpel.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        money=figures.money,
        whole=figures.whole,
        cents=figures.cents,
        brief=figures.brief,
        day=figures.day,
        moment=figures.moment,
        number=number,
        percent=percent,
        people=people,
        counted=counted,
        unbroken=lambda text: text.replace("−", "−\u2060").replace("+", "+\u2060"),
        channel=lambda each: CHANNELS.get(each, each.replace("_", " ")),
    )
    environment.globals.update(
        name=name,
        locale=LOCALE,
        unmeasured=unmeasured,
        version=__version__,
        style=Markup((files("carpel.reports") / "templates/report.css").read_text("utf-8")),
    )
    return environment


def _title(content: Content) -> str:
    project = content.definitions.project
    return project.label or project.name.replace("_", " ").capitalize()


def _flows(content: Content) -> list[str]:
    """Who moved between the places of the lifecycle, drawn for a wide page and for a phone."""
    told = content.lately
    if told is None or told.flow is None:
        return []
    title = f"Who moved since {content.figures.day(told.since)}"
    return [
        sankey(told.flow, told.labels, title, width=width, mark=f"flow{width}")
        for width in (900, 358)
    ]


def _spark(content: Content, segment: str) -> str:
    """A segment's size over time with its ends written out; nothing where it never changed."""
    sizes = content.lately.sizes.get(segment, []) if content.lately else []
    if len({count for _, count in sizes}) < 2:
        return ""
    (first, before), (_, now) = sizes[0], sizes[-1]
    day = content.figures.day(first.replace(tzinfo=UTC))
    drawn = spark(sizes, f"{people(before)} on {day}, {number(now)} now")
    return f'{drawn}<span class="what">{number(before)} then, {number(now)} now.</span>'


def _months(content: Content) -> list[str]:
    """Revenue by month, drawn for a wide page and for a phone."""
    rows: list[dict[str, Any]] = [
        {**row, "shown": content.figures.brief(row["revenue"])} for row in content.months
    ]
    if len(rows) < 2 or not charts.available():
        return []
    title = "Revenue by month: " + ", ".join(f"{row['month'][:7]} {row['shown']}" for row in rows)
    step = -(-len(rows) // 5)
    return [
        charts.months(rows, title, width=900, every=1 if len(rows) <= 13 else 2),
        charts.months(rows, title, width=300, every=step),
    ]
