"""Commands that look and change nothing: ls, show, sql, export; and with them explain."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from carpel.cli import explaining
from carpel.cli.options import HERE, Folder, Json, Name, Who, opened, print_json
from carpel.cli.slots import show_slot

Kind = Annotated[
    str,
    typer.Argument(
        help=(
            "segments, campaigns, fitness, segmentations, traits, events, sources, goals, "
            "findings, checks, customers, costs, log"
        )
    ),
]
CUSTOMERS_SHOWN = 100
SHOWN_BY_DEFAULT = f"all; {CUSTOMERS_SHOWN} customers in a table"


def add_to(app: typer.Typer) -> None:
    """Give the app these commands."""
    show = _group("Look at one segment, set of segments, person or trait.")
    app.command()(ls)
    app.add_typer(show, name="show")
    show.command("segment")(show_segment)
    show.command("segmentation")(show_segmentation)
    show.command("customer")(show_customer)
    show.command("prediction")(show_prediction)
    show.command("trait")(show_trait)
    show.command("campaign")(show_campaign)
    show.command("slot")(show_slot)
    explaining.add_to(app)
    for name, command in (("sql", sql), ("export", export)):
        group = _group(command.__doc__ or "")
        app.add_typer(group, name=name)
        group.command("segment")(command)


def _group(about: str) -> typer.Typer:
    return typer.Typer(help=about, no_args_is_help=True)


def ls(
    kind: Kind = "segments",
    limit: Annotated[
        int | None,
        typer.Option("--limit", min=1, help="The first so many.", show_default=SHOWN_BY_DEFAULT),
    ] = None,
    build: Annotated[
        str | None,
        typer.Option("--build", help="Of this build, one kept aside too.", show_default="current"),
    ] = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """List what there is."""
    from carpel.cli.lists import worded
    from carpel.cli.screen import ZONE, say, show_table

    project = opened(folder)
    shown = limit if limit or as_json or kind != "customers" else CUSTOMERS_SHOWN
    rows = project.ls(kind, shown and shown + 1, build)
    ZONE.set(project.settings.timezone)
    if as_json:
        print_json(rows[:shown])
        return
    written = worded(kind, rows[:shown], project.settings.currency)
    show_table(written, empty=f"no {kind}")
    if shown and len(rows) > shown:
        say(f"… and more; see them with --limit {10 * shown}, or all with --json")


def show_segment(name: Name, folder: Folder = HERE, as_json: Json = False) -> None:
    """A segment in plain English, in SQL and in numbers."""
    from carpel.cli.segments import segment_page

    page = opened(folder).show_segment(name)
    print_json(asdict(page)) if as_json else segment_page(page)


def show_segmentation(
    name: Annotated[str, typer.Argument(help="The segmentation's name.")],
    to_file: Annotated[
        Path | None, typer.Option("--to-file", help="Draw groups in the data as .html as well.")
    ] = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """A set of segments; of groups in the data, why they are so many and what each is."""
    from carpel.cli.screen import say
    from carpel.cli.sets import segmentation_page

    page = opened(folder).show_segmentation(name, to=to_file)
    print_json(asdict(page)) if as_json else segmentation_page(page)
    if to_file is not None and not as_json:
        say(f"\nWritten: {to_file}")


def show_prediction(
    name: Annotated[str, typer.Argument(help="The prediction's name.")],
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """What a prediction stands on: whether it is used, how it did, what it was told by."""
    from carpel.cli.predictions import prediction_page

    page = opened(folder).show_prediction(name)
    print_json(asdict(page)) if as_json else prediction_page(page)


def show_trait(
    name: Annotated[str, typer.Argument(help="The trait's name, or its file's.")],
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """What a trait means; of a survey's answers, which items it is made of and how well."""
    from carpel.cli.traits import trait_page

    page = opened(folder).show_trait(name)
    print_json(asdict(page)) if as_json else trait_page(page)


def show_customer(who: Who, folder: Folder = HERE, as_json: Json = False) -> None:
    """What is known about one person, and where it is from."""
    from carpel.cli.customers import customer_page
    from carpel.cli.screen import ZONE

    project = opened(folder)
    page = project.show_customer(who)
    ZONE.set(project.settings.timezone)
    print_json(asdict(page)) if as_json else customer_page(page)


def show_campaign(
    name: Annotated[str, typer.Argument(help="The campaign's name.")],
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Who gets a campaign, who does not and why, and what became of the messages."""
    from carpel.cli.campaign_pages import campaign_page
    from carpel.cli.screen import ZONE

    project = opened(folder)
    page = project.show_campaign(name)
    ZONE.set(project.settings.timezone)
    print_json(asdict(page)) if as_json else campaign_page(page)


def sql(name: Name, folder: Folder = HERE) -> None:
    """Print SQL that gives the members."""
    typer.echo(opened(folder).sql(name))


def export(
    name: Name,
    to: Annotated[Path, typer.Option("--to", help="The CSV to write.")],
    folder: Folder = HERE,
    include_suppressed: Annotated[
        bool, typer.Option("--include-suppressed", help="People on the do-not-contact list too.")
    ] = False,
) -> None:
    """Write a segment's people to a CSV, those on the do-not-contact list left out."""
    from carpel.cli.screen import say

    project = opened(folder)
    counts = project.export(name, to, include_suppressed=include_suppressed)
    called = project.account_words[1] if "accounts" in counts else "people"
    left_out = (
        f", {counts['suppressed']:,} on the do-not-contact list left out"
        if counts["suppressed"] and not include_suppressed
        else ""
    )
    say(f"{counts['written']:,} {called} written to {to}{left_out}.")
