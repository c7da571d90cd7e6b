"""Commands about how people come, go on and leave: funnel, figures."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from carpel.cli.options import HERE, Folder, Json, opened, print_json

if TYPE_CHECKING:
    from carpel.evaluation.over_time import Point, Series
    from carpel.reports.caused.words import Wording


def add_to(app: typer.Typer) -> None:
    """Give the app these commands."""
    app.command()(funnel)
    app.command()(figures)


def funnel(
    events: Annotated[list[str], typer.Argument(help="What is done, step by step.")],
    within: Annotated[
        str | None, typer.Option("--within", help='All steps in so long, as "7 days".')
    ] = None,
    by: Annotated[str | None, typer.Option("--by", help="A set of segments, or a segment.")] = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """How many people did one thing, then strictly later the next."""
    from carpel.cli.screen import show_table
    from carpel.reports.figures import percent

    found = opened(folder).funnel(*events, within=within, by=by)
    if as_json:
        print_json([asdict(each) for each in found])
        return
    headings = {
        "segment_label": "Among",
        "event": "Step",
        "people": "People",
        "of_first": "Of those who began",
        "of_before": "Of the step before",
    }
    shares = ("of_first", "of_before")
    rows = [{**vars(e), **{each: percent(getattr(e, each)) for each in shares}} for e in found]
    show_table(rows, headings=headings)


def figures(
    name: Annotated[
        str | None, typer.Argument(help="One figure, by every month.", show_default="all")
    ] = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Figures over time: who came, bought, paid, left and answered, a month at a time."""
    from zoneinfo import ZoneInfo

    from carpel.cli.screen import say, show_table
    from carpel.errors import NotFound
    from carpel.reports.caused.words import Wording
    from carpel.reports.figures import Figures

    project = opened(folder)
    found = {each.name: each for each in project.figures()}
    if name is not None and name not in found:
        raise NotFound("figure that the data has", name, found)
    told = [found[name]] if name else list(found.values())
    if as_json:
        print_json([asdict(each) for each in told])
        return
    settings = project.settings
    written = Figures(settings.currency, ZoneInfo(settings.timezone))
    wording = {each.name: Wording(written, each.shown, each.label) for each in told}
    if name is None:
        headings = {"name": "Figure", "what": "What", "month": "Month", **VALUE}
        show_table([_latest(each, wording[each.name]) for each in told], headings=headings)
        return
    say(f"{told[0].label}: {told[0].definition} `Of` counts {told[0].of}.\n")
    headings = {"month": "Month", "by": "From", **VALUE}
    if not any(each.by for each in told[0].points):
        del headings["by"]
    show_table([_point(each, wording[name]) for each in told[0].points], headings=headings)


VALUE = {"value": "Value", "likely": "Likely", "n": "Of"}


def _latest(series: "Series", wording: "Wording") -> dict[str, Any]:
    """The last month; where it is told by parts, all of them together."""
    last = series.points[-1]
    n = sum(each.n for each in series.points if each.month == last.month)
    row = {**_point(last, wording), "n": n}
    if last.by:
        row["value"] = wording.figure(float(n))
    return {**row, "name": series.name, "what": series.label}


def _point(point: "Point", wording: "Wording") -> dict[str, Any]:
    likely = ""
    if point.low is not None and point.high is not None:
        likely = f"{wording.figure(point.low)} to {wording.figure(point.high)}"
    return {
        "month": f"{point.month:%Y-%m}",
        "by": point.by,
        "value": wording.figure(point.value),
        "likely": likely,
        "n": point.n,
    }
