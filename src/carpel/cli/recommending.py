"""The command `recommend`: what to recommend to each person of a segment."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from carpel.cli.options import HERE, Folder, Json, opened, print_json


def add_to(app: typer.Typer) -> None:
    """Give the app this command."""
    app.command()(recommend)


def recommend(
    segment: Annotated[str, typer.Argument(help="The segment, or a group such as rfm.champions.")],
    event: Annotated[
        str, typer.Option("--event", help="What people do with the things.")
    ] = "product_purchased",
    of: Annotated[
        str, typer.Option("--of", help="The property that tells the things apart.")
    ] = "product_id",
    show: Annotated[
        str | None, typer.Option("--show", help="The property that names them.", show_default="of")
    ] = None,
    count: Annotated[int, typer.Option("--count", min=1, max=20, help="So many a person.")] = 3,
    to: Annotated[
        Path | None, typer.Option("--to", help="Write a CSV, a row a person.", show_default="no")
    ] = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Say what goes with what people had and is liked lately, never what they had."""
    from carpel.cli.screen import say, show_table
    from carpel.specs.words import counted

    found = opened(folder).recommend(segment, to=to, event=event, of=of, show=show, count=count)
    if as_json:
        print_json(asdict(found))
        return
    say(f"{found.with_any:,} of {counted(found.people, 'person', 'people')} of {segment}\n")
    show_table(found.most, title="Recommended most often")
    if to is not None:
        say(f"\nWritten to {to}.")
