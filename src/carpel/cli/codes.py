"""The command `qr`: codes to print."""

from pathlib import Path
from typing import Annotated

import typer

from carpel.cli.options import HERE, Folder, opened

Words = list[str] | None


def add_to(app: typer.Typer) -> None:
    """Give the app this command."""
    app.command()(qr)


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
