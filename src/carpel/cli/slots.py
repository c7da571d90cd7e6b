"""Commands about slots of web sites: what was shown in one, and who visits."""

from dataclasses import asdict
from typing import Annotated

import typer

from carpel.cli.options import HERE, Folder, Json, opened, print_json


def add_to(app: typer.Typer) -> None:
    """Give the app these commands."""
    app.command()(visitor)


def show_slot(
    name: Annotated[str, typer.Argument(help="The slot's name.")],
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """A slot of a web site: how many saw which of its contents how often."""
    from carpel.cli.screen import say, show_table
    from carpel.specs.campaign import called

    page = opened(folder).show_slot(name)
    if as_json:
        print_json([asdict(each) for each in page.seen])
        return
    say(page.slot.label or page.slot.name)
    rows = [
        {
            "who": each.segment or "everybody else",
            "what": "the fallback" if not each.segment else called(each.arm),
            "visitors": each.visitors,
            "shown": each.views,
            "from": each.first,
            "to": each.last,
        }
        for each in page.seen
    ]
    show_table(rows, empty="nobody saw it yet")


def visitor(
    address: Annotated[str, typer.Argument(help="An e-mail address or number of theirs.")],
    folder: Folder = HERE,
) -> None:
    """The token by which a site says who visits it; it names nobody."""
    typer.echo(opened(folder).visitor(address))
