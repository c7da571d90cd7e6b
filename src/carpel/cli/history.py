"""Commands about builds: builds, diff, rollback, backup, restore."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from carpel.cli.options import HERE, Folder, Json, opened, print_json


def add_to(app: typer.Typer) -> None:
    """Give the app these commands."""
    for command in (builds, diff, rollback, backup, restore):
        app.command()(command)


def builds(folder: Folder = HERE, as_json: Json = False) -> None:
    """All builds, oldest first."""
    from carpel.cli.screen import show_table

    rows = [asdict(each) for each in opened(folder).builds()]
    print_json(rows) if as_json else show_table(rows, empty="no build yet: carpel run")


def diff(
    former: Annotated[str, typer.Argument(help="A build.")],
    later: Annotated[
        str | None, typer.Argument(help="Another.", show_default="the current one")
    ] = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """What changed between two builds: sizes, and who joined and left."""
    from carpel.cli.screen import show_table

    found = opened(folder).diff(former, later)
    if as_json:
        print_json(asdict(found))
        return
    show_table(
        [asdict(each) for each in found.segments],
        title="Segments",
        empty="no difference",
        headings={
            "segment": "segment",
            "before": "before",
            "after": "after",
            "entered": "joined",
            "left": "left",
        },
    )
    show_table([asdict(each) for each in found.tables], title="Tables, rows", empty="the same")


def rollback(
    build: Annotated[
        str | None, typer.Argument(help="The build to go back to.", show_default="the one before")
    ] = None,
    folder: Folder = HERE,
) -> None:
    """Make a former build current again."""
    from carpel.cli.screen import say

    say(f"Build {opened(folder).rollback(build)} is current.")


def backup(
    to: Annotated[Path, typer.Argument(help="The archive to write.")], folder: Folder = HERE
) -> None:
    """Write builds, activity log and definitions to one archive."""
    from carpel.cli.screen import say

    say(f"Written: {opened(folder).backup(to)}")


def restore(
    archive: Annotated[Path, typer.Argument(help="An archive of `carpel backup`.")],
    folder: Folder = HERE,
) -> None:
    """Bring an archive's state back; people erased since then are erased again."""
    from carpel.cli.screen import say

    restored = opened(folder).restore(archive)
    say(f"{len(restored.builds)} builds are back; {restored.current or 'none'} is current.")
    for each in restored.differing:
        say(f"! {each} differs from the backup and stayed as it is.")
