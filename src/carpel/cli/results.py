"""Commands about what campaigns came to: results, budget."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from carpel.cli.options import HERE, Folder, Json, opened, print_json

if TYPE_CHECKING:
    from carpel.measuring.budget import Budget
    from carpel.measuring.results import Result
    from carpel.reports.figures import Figures


def add_to(app: typer.Typer) -> None:
    """Give the app these commands."""
    app.command()(results)
    app.command()(budget)


def results(
    campaign: Annotated[
        str | None, typer.Argument(help="A campaign.", show_default="all that have begun")
    ] = None,
    by: Annotated[str | None, typer.Option("--by", help="A set of segments, or a segment.")] = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """What campaigns came to: rates, money, what is credited beside what was caused."""
    project = opened(folder)
    found = project.results(campaign, by=by)
    if as_json:
        print_json([asdict(each) for each in found])
        return
    figures = _figures(project.settings.currency, project.settings.timezone)
    if campaign is None:
        _brief(found, figures)
    for each in found if campaign else ():
        _told(each, figures)


def _figures(currency: str, timezone: str) -> "Figures":
    from zoneinfo import ZoneInfo

    from carpel.reports.figures import Figures

    return Figures(currency, ZoneInfo(timezone))


def _brief(found: "list[Result]", figures: "Figures") -> None:
    from carpel.cli.screen import say, show_table

    headings = {
        "campaign": "Campaign",
        "among": "Among",
        "sent": "Sent",
        "response": "Response",
        "click-through": "Click-through",
        "unsubscribed": "Unsubscribed",
        "brought": "Brought",
        "likely": "Likely",
        "roas": "For each paid",
    }
    show_table(
        [_line(each, figures) for each in found], headings=headings, empty="No campaign has begun."
    )
    for each in found:
        say(f"\n{each.campaign}, {each.segment_label}: {each.difference}")


def _line(found: "Result", figures: "Figures") -> dict[str, Any]:
    rates = {row["rate"]: _rate(row) for row in found.rates}
    caused = found.caused
    return {
        "campaign": found.campaign,
        "among": found.segment_label,
        "sent": found.sent,
        **{each: rates[each] for each in ("response", "click-through", "unsubscribed")},
        "brought": figures.money(caused.value) if caused else "cannot be said",
        "likely": f"{figures.money(caused.low)} to {figures.money(caused.high)}" if caused else "",
        "roas": figures.money(found.roas[0]) if found.roas else "",
    }


def _told(found: "Result", figures: "Figures") -> None:
    from carpel.cli.screen import say, show_table

    say(f"\n{found.label}, {found.segment_label}: {found.sent:,} people were sent something.\n")
    say("Of those who were contacted; these need no comparison group:")
    rates = {"rate": "Rate", "value": "Share", "count": "Did", "n": "Of", "note": "Note"}
    show_table([{**row, "value": _rate(row)} for row in found.rates], headings=rates)
    measures = {"label": "Since then", "value": "Figure", "n": "Of"}
    show_table([_measure(row, figures) for row in found.figures], headings=measures)
    say("\n" + " ".join(found.told))
    credit = {"label": "Credited by", "revenue": "Revenue", "orders": "Orders"}
    say("\nWhat is credited to it, whether or not it would have come anyway:")
    show_table(
        [
            {
                **row,
                "revenue": figures.money(row["revenue"]),
                "orders": round(row["orders"], 1),
            }
            for row in found.credited
        ],
        headings=credit,
    )
    say(f"\n{found.difference}")


def _rate(row: Mapping[str, Any]) -> str:
    from carpel.reports.figures import percent

    return percent(row["value"])


def _measure(row: Mapping[str, Any], figures: "Figures") -> dict[str, Any]:
    from carpel.reports.caused.words import Wording

    wording: Wording = Wording(figures, row["shown"], row["label"])
    return {**row, "value": wording.figure(row["value"])}


def budget(folder: Folder = HERE, as_json: Json = False) -> None:
    """Where the next money goes: what each unit of it brought, by campaign and segment."""
    project = opened(folder)
    found = project.budget()
    if as_json:
        print_json(asdict(found))
        return
    figures = _figures(project.settings.currency, project.settings.timezone)
    _lines(found, figures)


def _lines(found: "Budget", figures: "Figures") -> None:
    from carpel.cli.screen import say, show_table

    headings = {
        "label": "Campaign",
        "segment_label": "Among",
        "value": f"{found.of.capitalize()} for each {figures.money(1)}",
        "likely": "Likely",
        "word": "It",
        "cost": "Cost",
        "people": "People",
    }
    rows = [
        {
            **vars(each),
            "value": figures.cents(each.value),
            "likely": f"{figures.cents(each.low)} to {figures.cents(each.high)}",
            "cost": figures.money(each.cost),
            "people": each.n + each.m,
        }
        for each in found.lines
    ]
    show_table(rows, headings=headings, empty="No campaign has a cost and a comparison group yet.")
    for told in filter(None, (found.settles, *found.left_out)):
        say(f"\n{told}")
