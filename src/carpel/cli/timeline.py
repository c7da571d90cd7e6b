"""Commands about time: history of a segment or person, migration, replay."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from carpel.cli.options import HERE, Folder, Json, Who, opened, print_json

if TYPE_CHECKING:
    from carpel.verbs.timeline import CustomerHistory

DAY = ["%Y-%m-%d"]
MOMENT = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
Name = Annotated[str, typer.Argument(help="The segment's name; a place is rfm.champions.")]


def add_to(app: typer.Typer) -> None:
    """Give the app these commands."""
    history = typer.Typer(help="Who was in when, and why they moved.", no_args_is_help=True)
    app.add_typer(history, name="history")
    history.command("segment")(segment)
    history.command("customer")(customer)
    history.command("account")(account)
    app.command()(migration)
    app.command()(replay)


def segment(
    name: Name,
    since: Annotated[
        datetime | None, typer.Option("--since", formats=DAY, help="Only from this day on.")
    ] = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """How large a segment was when, who joined and left, and why."""
    from carpel.cli.screen import say, show_table

    told = opened(folder).history_segment(name, since=since.date() if since else None)
    if as_json:
        print_json(asdict(told))
        return
    say(f"{told.label or told.segment}, known since {told.began:%Y-%m-%d %H:%M}\n")
    headings = {"at": "from", "people": told.called}
    show_table(told.sizes, title=told.called.capitalize(), headings=headings)
    say()
    show_table(told.moves, title="Who moved", empty="nobody")


def customer(
    who: Who,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """What one person was in when, and why they joined and left."""
    _spells(opened(folder).history_customer(who), as_json)


def account(
    who: Annotated[str, typer.Argument(help="A company or household: its name or key.")],
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """What one company or household was in when, and why it joined and left."""
    _spells(opened(folder).history_account(who), as_json)


def _spells(told: "CustomerHistory", as_json: bool) -> None:
    from carpel.cli.screen import say, show_table

    if as_json:
        print_json(asdict(told))
        return
    say(f"{told.called.capitalize()} {told.customer}\n")
    rows = [
        {
            **row,
            "joined_at": row["joined_at"] or "when history began",
            "left_at": row["left_at"] or "still in",
        }
        for row in told.spells
    ]
    headings = {"segment": "segment", "joined_at": "joined", "because": "because of"}
    show_table(rows, headings={**headings, "left_at": "left", "why_left": "because of"})


def migration(
    name: Annotated[str, typer.Argument(help="A set of segments, such as lifecycle.")],
    start: Annotated[datetime, typer.Option("--from", formats=DAY, help="From this day …")],
    end: Annotated[datetime, typer.Option("--to", formats=DAY, help="… to this one.")],
    to_file: Annotated[
        Path | None, typer.Option("--to-file", help="Write .html, .svg or .csv instead.")
    ] = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Who went from where to where between two days."""
    from carpel.cli.screen import say, show_table

    told = opened(folder).migration(name, start.date(), end.date(), to=to_file)
    if to_file is not None:
        say(f"Written: {to_file}")
    elif as_json:
        print_json({**asdict(told), "moves": told.found.rows()})
    else:
        labels = dict(told.labels)
        rows = [
            {
                "from": labels.get(origin, origin),
                **dict(zip(told.found.destinations, counts, strict=True)),
            }
            for origin, counts in zip(told.found.origins, told.found.counts, strict=True)
        ]
        headings = {each: labels.get(each, each) for each in told.found.destinations}
        show_table(rows, title="From the row to the column", headings={"from": "", **headings})


def replay(
    start: Annotated[datetime, typer.Option("--from", formats=MOMENT, help="The first moment.")],
    end: Annotated[datetime, typer.Option("--to", formats=MOMENT, help="The last moment.")],
    segments: Annotated[
        list[str] | None, typer.Argument(help="Segments or sets of segments; all without any.")
    ] = None,
    every: Annotated[str, typer.Option("--every", help="From one moment to the next.")] = "1 day",
    as_known_now: Annotated[
        bool,
        typer.Option("--as-known-now", help="With all that is known now, not what was known then."),
    ] = False,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Work history out anew, moment by moment, and publish it; who is in now stays as it is."""
    from carpel.cli.screen import progress, say
    from carpel.specs.words import counted

    project = opened(folder)
    with progress() as report_to:
        done = project.replay(
            segments or (),
            start=start,
            end=end,
            every=every,
            as_known_now=as_known_now,
            progress=report_to,
        )
    if as_json:
        print_json(asdict(done))
        return
    say(
        f"Build {done.build}: {counted(len(done.segments), 'segment')} at "
        f"{counted(len(done.moments), 'moment')}, "
        f"{done.seconds:.1f} s. Look: carpel history segment NAME"
    )
