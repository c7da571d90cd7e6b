"""Commands about what to offer next: offers."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from carpel.cli.options import HERE, Folder, Json, opened, print_json

if TYPE_CHECKING:
    from carpel.measuring.offers import NextOffer

HEADINGS = {
    "offer": "Offer",
    "earns": "Earns a person",
    "likely": "Likely",
    "best": "Times out of 100 the best",
    "people": "People",
}


def add_to(app: typer.Typer) -> None:
    """Give the app these commands."""
    app.command()(offers)


def offers(
    segment: Annotated[
        str | None,
        typer.Option("--segment", help="For whom.", show_default="everybody, and each segment"),
    ] = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Which offer earns most a person above no offer, by past tests, for whom."""
    found = opened(folder).offers(segment)
    print_json([asdict(each) for each in found]) if as_json else _told(found)


def _told(found: "list[NextOffer]") -> None:
    from carpel.cli.screen import say, show_table

    for each in found:
        say(f"{each.label}: {each.said}\n")
        if each.rows:
            show_table([dict(row) for row in each.rows], headings=HEADINGS)
            say()
