"""Commands that ask a rule before it goes live: preview."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from carpel.cli.options import HERE, Folder, Json, opened, print_json

if TYPE_CHECKING:
    from carpel.verbs.preview import Previewed

OVERLAPS_SHOWN = 10


def add_to(app: typer.Typer) -> None:
    """Give the app these commands."""
    app.command()(preview)


def preview(
    rule: Annotated[str, typer.Argument(help="A rule: text, YAML, or a file that holds it.")],
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Count a rule that is not saved: people, who can be reached, what it overlaps."""
    found = opened(folder).preview(Path(rule) if _is_file(rule) else rule)
    print_json(asdict(found)) if as_json else _page(found)


def _is_file(rule: str) -> bool:
    try:
        return Path(rule).is_file()
    except OSError:  # longer than a name can be
        return False


def _page(found: "Previewed") -> None:
    from carpel.cli.pages import clauses_table
    from carpel.cli.screen import say, share, show_table

    say(f"{found.plain}\n")
    unknown = f"; not known of {found.unknown:,}" if found.unknown else ""
    say(f"{found.people:,} of {found.of:,} people, {share(found.share)}{unknown}.\n")
    clauses_table(found.clauses)
    say()
    show_table(found.reach, title="Reach", empty="no permission or address is known")
    say()
    show_table(
        [
            {**row, "share": share(row["share"]), "of_segment": share(row["of_segment"])}
            for row in found.overlaps[:OVERLAPS_SHOWN]
        ],
        title="In common with segments",
        headings={
            "segment": "segment",
            "people": "people",
            "share": "of these",
            "of_segment": "of the segment",
        },
        empty="nobody",
    )
    if len(found.overlaps) > OVERLAPS_SHOWN:
        say(f"… and {len(found.overlaps) - OVERLAPS_SHOWN} more: --json lists all")
