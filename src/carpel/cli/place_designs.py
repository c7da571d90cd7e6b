"""Commands about tests of places that are still to come: places."""

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from carpel.cli.options import HERE, Folder, Json, opened, print_json

if TYPE_CHECKING:
    from carpel.verbs.place_designed import PlaceDesign

HEADINGS = {
    "with_it": "gets it",
    "without": "doesn't",
    "people": "people",
    "people_without": "people without",
}


def add_to(app: typer.Typer) -> None:
    """Give the app these commands."""
    app.command()(places)


def places(
    trait: Annotated[
        str, typer.Argument(help="The attribute that says the place: postcode, city.")
    ],
    metric: Annotated[
        str, typer.Option("--metric", help="What it is measured by: order_rate, does_EVENT, …")
    ],
    within: Annotated[
        str, typer.Option("--within", help="For how long what people do would count.")
    ] = "28 days",
    keep_out: Annotated[
        list[str] | None, typer.Option("--keep-out", help="A place that is in no pair; again.")
    ] = None,
    started: Annotated[
        datetime | None,
        typer.Option("--started", formats=["%Y-%m-%d"], help="The first day of the test."),
    ] = None,
    write: Annotated[
        str | None, typer.Option("--write", help="Write experiments/NAME.yml.", metavar="NAME")
    ] = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Pairs of places for a flyer, one of each drawn by lot, and what the test could show."""
    found = opened(folder).design_places(
        trait,
        metric,
        within=within,
        keep_out=keep_out or (),
        started=started.date() if started else None,
        write=write,
    )
    print_json(asdict(found)) if as_json else _told(found)


def _told(found: "PlaceDesign") -> None:
    from carpel.cli.screen import say, show_table

    for each in found.said:
        say(each)
    say()
    show_table([asdict(each) for each in found.pairs], headings=HEADINGS)
    if found.file:
        say(f"\nWritten: {found.file}")
