"""Commands about builds: builds, diff, rollback, backup, restore."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from carpel.cli.options import HERE, Folder, Json, opened, print_json

if TYPE_CHECKING:
    from carpel.store.diff import Difference
    from carpel.verbs.whatif import Draft

KEYS_SHOWN = 5


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
    former: Annotated[
        str | None,
        typer.Argument(help="A build.", show_default="the one before the current one"),
    ] = None,
    later: Annotated[
        str | None, typer.Argument(help="Another.", show_default="the current one")
    ] = None,
    definitions: Annotated[
        bool,
        typer.Option("--definitions", help="Segments as written now against the current build."),
    ] = False,
    people: Annotated[
        bool, typer.Option("--people", help="With --definitions: some people by key, too.")
    ] = False,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """What changed between two builds, or would by changed definitions: who joined and left.

    With --json also the tables that differ, and their rows.
    """
    if definitions and former is not None:
        raise typer.BadParameter("name a build, or say --definitions")
    if definitions:
        drafts = opened(folder).diff_definitions(KEYS_SHOWN if people else 0)
        print_json([asdict(each) for each in drafts]) if as_json else _drafts(drafts)
        return
    project = opened(folder)
    found = project.diff(former, later)
    print_json(asdict(found)) if as_json else _differences(found, project.account_words[1])


def _differences(found: "Difference", accounts: str) -> None:
    from carpel.cli.screen import show_table

    show_table(
        [_joined(asdict(each), accounts) for each in found.segments],
        title="Segments",
        empty="no one joined or left any",
        headings={
            "segment": "segment",
            "before": "before",
            "after": "after",
            "entered": "joined",
            "left": "left",
        },
    )


def _joined(row: dict[str, Any], accounts: str) -> dict[str, Any]:
    """A row of the list; a segment that only one of the builds has says which, and one of accounts
    what it counts."""
    said = {key: word for key, word in (("before", "new"), ("after", "gone")) if row[key] is None}
    if row["unit"] == "account":
        said["segment"] = f"{row['segment']} ({accounts})"
    return {**row, **said}


def _drafts(drafts: "list[Draft]") -> None:
    from carpel.cli.screen import say, show_table

    show_table(
        [
            {**asdict(each), "reachable": ", ".join(f"{n:,} {c}" for c, n in each.reach.items())}
            for each in drafts
        ],
        title="Segments as written now",
        empty="every definition says what the current build's did",
        headings={
            "segment": "segment",
            "what": "definition",
            "before": "people now",
            "after": "would be",
            "entered": "would join",
            "left": "would leave",
            "reachable": "reachable then",
        },
    )
    for each in drafts:
        for word, keys in (("join", each.entered_people), ("leave", each.left_people)):
            if keys:
                say(f"{each.segment}, would {word}: {', '.join(map(str, keys))}")
        if each.not_known:
            say(f"! {each.segment}: {each.not_known}")


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
    from carpel.specs.words import counted

    restored = opened(folder).restore(archive)
    say(f"Back: {counted(len(restored.builds), 'build')}; {restored.current or 'none'} is current.")
    for each in restored.differing:
        say(f"! {each} differs from the backup and stayed as it is.")
