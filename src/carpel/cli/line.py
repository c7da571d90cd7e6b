"""Commands along the line: init, run, report, check, schema."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from carpel.cli.options import HERE, Folder, FolderArgument, Json, opened, print_json

AsOf = Annotated[
    datetime | None,
    typer.Option(
        "--as-of",
        help="Compute for this moment.",
        formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    ),
]
Goals = Annotated[
    list[str] | None,
    typer.Option("--goal", help='Such as "repeat purchase rate 25% by 2027-06-30".'),
]

DEAREST = 5
"""Segments whose estimated cost `carpel check` tells."""


def add_to(app: typer.Typer) -> None:
    """Give the app these commands."""
    app.command()(init)
    app.command()(run)
    app.command()(report)
    app.command()(check)
    app.command()(schema)


def init(
    folder: Annotated[Path, typer.Argument(help="The folder to make.")],
    files: Annotated[
        list[Path] | None, typer.Argument(help="More files, after --from FILE.")
    ] = None,
    first: Annotated[list[Path] | None, typer.Option("--from", help="Data files.")] = None,
    goal: Goals = None,
    why: Annotated[
        bool, typer.Option("--why", help="Say why each column is read as it is.")
    ] = False,
) -> None:
    """Read files never seen before and write a project that runs as it stands."""
    from carpel.cli.screen import say
    from carpel.project import Project
    from carpel.specs.words import counted

    _, started = Project.init(folder, [*(first or ()), *(files or ())], goals=goal or ())
    for source in started.proposal.sources:
        say(
            f"\n{source.file.name}: {source.kind.replace('_', ' ')} "
            f"({source.confidence:.0%} sure) – {source.reason}"
        )
        _show_readings(source.table(), why=why)
        for note in source.notes:
            say(f"! {note}")
    for note in (*started.proposal.notes, *started.doubts):
        say(f"! {note}")
    written = counted(len(started.files), "file")
    say(f"\n{written} written to {folder}. Have a look, then: carpel run {folder}")
    if not why:
        say("The files under sources/ say why each column was read so.")


def _show_readings(table: list[tuple[str, str, str, float, str]], *, why: bool) -> None:
    """A row a column; the reasons only when asked for."""
    from carpel.cli.screen import show_table

    rows = [
        {
            "column": column,
            "role": role,
            "sure": f"{confidence:.0%}" if confidence else "–",
            "use": use,
            "reason": reason,
        }
        for column, role, use, confidence, reason in table
    ]
    headings = {"column": "column", "role": "read as", "sure": "sure", "use": "goes to"}
    show_table(rows, headings={**headings, "reason": "because"} if why else headings)


def run(
    argument: FolderArgument = None,
    folder: Folder = HERE,
    as_of: AsOf = None,
    accept: Annotated[
        bool, typer.Option("--accept", help="Publish even though a guard refuses.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Take the line once: read, join, profile, segment, publish. Never sends anything."""
    from carpel.cli.screen import progress
    from carpel.cli.summary import summary

    project = opened(folder, argument)
    with progress() as report_to:
        done = project.run(as_of=as_of, accept=accept, progress=report_to)
    if as_json:
        print_json(
            {
                "build": done.build.build,
                "as_of": done.build.as_of,
                "changed": done.changed,
                "seconds": done.seconds,
                **done.build.about,
            }
        )
    else:
        summary(project, done)


def report(
    argument: FolderArgument = None,
    folder: Folder = HERE,
    to: Annotated[
        Path | None, typer.Option("--to", help="Where to write it, if not in the project's folder.")
    ] = None,
) -> None:
    """Write one HTML file to look at and to send on; it needs nothing else and no network."""
    from carpel.cli.screen import say

    say(f"Report: {opened(folder, argument).report(to)}")


def check(argument: FolderArgument = None, folder: Folder = HERE) -> None:
    """Find every mistake in what people wrote; runs nothing."""
    from carpel.cli.reasons import estimated
    from carpel.cli.screen import say
    from carpel.errors import ProjectError, listed

    project = opened(folder, argument)
    problems = project.check()
    if any(each.severity == "error" for each in problems):
        raise ProjectError(problems)
    for each in listed(problems):
        say(each)
    say("No mistakes found.")
    for links in project.marked_links():
        told = "&".join(f"{name}={said}" for name, said in links.tags.items())
        say(f"Links of {links.campaign} to {' and '.join(links.sites)} say {told}")
    if not project.builds():
        say(
            "Nothing was run yet: rules were held against the types that files state. "
            "Columns without one are looked at by carpel run, and checked from then on."
        )
        return
    dear = [each for each in project.estimates() if each.cost.rows][:DEAREST]
    if dear:
        say("\nWhat evaluating segments reads, by the last build, the dearest first:")
    for estimate in dear:
        say(f"  {estimate.segment}: {estimated(estimate.cost)}")


def schema(
    to: Annotated[Path | None, typer.Argument(help="A folder to write one file a kind to.")] = None,
) -> None:
    """JSON Schema of the project files, for editors."""
    from json import dumps

    from carpel.project import Project

    schemas = Project.schemas()
    if to is None:
        print_json(schemas)
        return
    to.mkdir(parents=True, exist_ok=True)
    for kind, each in schemas.items():
        (to / f"{kind}.schema.json").write_text(dumps(each, indent=1), encoding="utf-8")
