"""Commands about people and rows: erase, unmerge, set-aside."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from carpel.cli.options import HERE, Folder, Json, Who, opened, print_json


def add_to(app: typer.Typer) -> None:
    """Give the app these commands."""
    group = typer.Typer(help="Forget a person.", no_args_is_help=True)
    app.add_typer(group, name="erase")
    group.command("customer")(erase)
    app.command()(unmerge)
    rows = typer.Typer(help="Rows that could not be used.", no_args_is_help=True)
    app.add_typer(rows, name="set-aside")
    rows.command("ls")(listed)
    rows.command("load")(load)


def erase(
    who: Who,
    folder: Folder = HERE,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Forget one person in every build, the ledger and the logs. This cannot be undone."""
    from carpel.cli.screen import say, show_table
    from carpel.specs.words import counted

    project = opened(folder)
    key = project.key(who, sure=True)
    if not yes:
        typer.confirm(f"Erase person {key} for good?", abort=True)
    erased = project.erase(f"key:{key}")
    say(
        f"Person {key} is erased: {counted(erased.records, 'entry', 'entries')} gone, "
        f"{counted(erased.files, 'file')} in {counted(erased.builds, 'update')} written anew."
    )
    say("Scores that compare people with one another (RFM) may move for others at the next run.")
    if erased.rows:
        say("\nYour own files still speak of this person; read again, their rows are set aside:")
        show_table(_where_stated(erased.rows))
    if erased.left:
        say("\nThese have left and may hold this person; they are yours to delete:")
        show_table(
            [
                {
                    "at": each.at,
                    "what": each.verb,
                    "segment": each.arguments.get("segment", ""),
                    "file": each.arguments.get("to", ""),
                }
                for each in erased.left
            ]
        )


def _where_stated(rows: Iterable[tuple[str, str, int]]) -> list[dict[str, object]]:
    """A line a file, with the first row that speaks of the person: there may be more behind it,
    as Carpel keeps one row for all that say the same of somebody."""
    first: dict[tuple[str, str], int] = {}
    for source, file, row in rows:
        first[source, file] = min(row, first.get((source, file), row))
    return [
        {"source": source, "file": file, "first_row": row} for (source, file), row in first.items()
    ]


def unmerge(
    who: Who,
    record: Annotated[
        str,
        typer.Argument(
            help="The record that is somebody else, as `carpel explain customer` names it."
        ),
    ],
    folder: Folder = HERE,
) -> None:
    """Say that a record is somebody else, with all that only it holds; the next run takes them
    apart, and so it stays."""
    from carpel.cli.screen import say

    opened(folder).unmerge(who, record)
    say("Noted. The next `carpel run` takes them apart.")


def listed(
    folder: Folder = HERE,
    as_json: Json = False,
    to: Annotated[
        Path | None,
        typer.Option("--to", help=("Write the rows whole to this CSV, to correct them.")),
    ] = None,
) -> None:
    """Rows that could not be used, by source and reason."""
    from carpel.cli.lists import aside
    from carpel.cli.screen import say, show_table

    rows = opened(folder).set_aside(to)
    print_json(rows) if as_json else show_table(
        [aside(row) for row in rows], empty="no row was set aside"
    )
    if to is not None:
        say(f"Written to {to}. Correct them there, then: carpel set-aside load {to}")


def load(
    file: Annotated[Path, typer.Argument(help="The corrected CSV.")], folder: Folder = HERE
) -> None:
    """Take corrected rows in at the next run."""
    from carpel.cli.screen import say
    from carpel.specs.words import counted

    rows = opened(folder).load_corrected(file)
    say(f"{counted(rows, 'row')} to come in at the next `carpel run`.")
