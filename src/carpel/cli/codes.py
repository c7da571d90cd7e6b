"""Codes to print, and what they brought: qr, placements."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from carpel.cli.options import HERE, Folder, Json, opened, print_json

Words = list[str] | None


def add_to(app: typer.Typer) -> None:
    """Give the app these commands."""
    app.command()(qr)
    app.command()(placements)


def qr(
    name: Annotated[str, typer.Argument(help="What the codes are called; their short links too.")],
    url: Annotated[str, typer.Argument(help="Where they lead.")],
    to: Annotated[Path, typer.Option("--to", help="The folder for the files.")],
    place: Annotated[
        Words, typer.Option("--place", help="Where they are put: flyer, till, package.")
    ] = None,
    branch: Annotated[Words, typer.Option("--branch", help="In which branch.")] = None,
    segment: Annotated[
        str | None,
        typer.Option("--segment", help="One a person, for addressed mail.", show_default="no"),
    ] = None,
    folder: Folder = HERE,
) -> None:
    """Make QR codes with links that never end: SVG files and a sheet, or a list for letters."""
    from carpel.cli.screen import say
    from carpel.specs.words import counted

    made = opened(folder).codes(
        name, url, to, places=place or (), branches=branch or (), segment=segment
    )
    say(f"{counted(made.codes, 'code')} in {to}.")
    for why, people in made.left_out.items():
        if people:
            say(f"  {why.replace('_', ' ')}: {counted(people, 'person', 'people')}")


def placements(
    event: Annotated[str, typer.Option("--event", help="What signing up is.")] = "signed_up",
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """What printed codes brought, by placement and branch: scans, sign-ups, what one cost."""
    from carpel.cli.screen import show_table
    from carpel.evidence.written import money

    project = opened(folder)
    found = project.placements(event)
    if as_json:
        print_json([asdict(each) for each in found])
        return
    currency = project.settings.currency
    headings = {
        "name": "Code",
        "place": "Placement",
        "branch": "Branch",
        "scans": "Scans",
        "sign_ups": "Sign-ups",
        "cost": "Cost",
        "per_sign_up": "For one sign-up",
        "cost_by": "Cost by",
    }
    rows = [
        {
            **vars(each),
            **{name: money(getattr(each, name), currency) for name in ("cost", "per_sign_up")},
        }
        for each in found
    ]
    show_table(rows, headings=headings, empty="No codes were made yet: carpel qr")
