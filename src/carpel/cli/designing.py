"""Commands about tests that are still to come: design."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from carpel.cli.options import HERE, Folder, Json, opened, print_json

if TYPE_CHECKING:
    from carpel.verbs.designed import Design
    from carpel.verbs.segmenting import Segmenting


def add_to(app: typer.Typer) -> None:
    """Give the app these commands."""
    app.command()(design)


def design(
    segment: Annotated[str, typer.Option("--segment", help="Who would be written to.")],
    metric: Annotated[
        str, typer.Option("--metric", help="What it is measured by: order_rate, does_EVENT, …")
    ],
    within: Annotated[
        str, typer.Option("--within", help="For how long what they do would count.")
    ] = "14 days",
    holdout: Annotated[float, typer.Option("--holdout", help="The share kept aside.")] = 0.1,
    change: Annotated[
        float | None,
        typer.Option("--change", help="A change to be seen: 0.02 is two points."),
    ] = None,
    versions: Annotated[int, typer.Option("--versions", help="Versions beside each other.")] = 1,
    people_a_day: Annotated[
        float | None,
        typer.Option("--people-a-day", help="How many come a day, where they come one by one."),
    ] = None,
    does_segmenting_pay: Annotated[
        str | None,
        typer.Option(
            "--does-segmenting-pay",
            help="A set of segments: write a campaign: one message for all, one a segment, none.",
        ),
    ] = None,
    campaign: Annotated[
        str | None, typer.Option("--campaign", help="What that campaign is called.")
    ] = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """What a test could show before there is a campaign: smallest change, people, days."""
    said: dict[str, Any] = {
        "within": within,
        "holdout": holdout,
        "change": change,
        "people_a_day": people_a_day,
    }
    if (does_segmenting_pay is None) != (campaign is None):
        raise typer.BadParameter("--does-segmenting-pay and --campaign go together")
    if does_segmenting_pay and campaign:
        names = {"segmentation": does_segmenting_pay, "campaign": campaign}
        made = opened(folder).design_segmenting(segment, metric, **names, **said)
        print_json(asdict(made)) if as_json else _written(made)
        return
    found = opened(folder).design(segment, metric, versions=versions, **said)
    print_json(asdict(found)) if as_json else _told(found)


def _written(made: "Segmenting") -> None:
    from carpel.cli.screen import say

    _told(made.design)
    say("\nWritten, to be filled in:")
    for file in made.files:
        say(f"  {file}")


def _told(found: "Design") -> None:
    from carpel.cli.screen import say, show_table

    say(f"{found.label}: a test by {found.called}, {found.people:,} people\n")
    for each in found.said:
        say(each)
    for each in found.warnings:
        say(f"Warning: {each}.")
    headings = {
        "share": "kept aside",
        "aside": "people kept aside",
        "contacted": "people who get it",
        "told": "smallest change that would show",
        "seen": "times out of 100 your change would show",
    }
    if found.change is None:
        headings.pop("seen")
    say()
    show_table(found.holdouts, headings=headings)
