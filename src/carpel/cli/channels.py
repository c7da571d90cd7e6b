"""Commands of channels: what came back."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from carpel.cli.options import HERE, Folder, Json, opened, print_json


def add_to(app: typer.Typer) -> None:
    """Give the app these commands."""
    app.command()(bounces)
    app.command()(engagement)
    group = typer.Typer(help="Look at one channel.", no_args_is_help=True)
    app.add_typer(group, name="channel")
    group.command("check")(check)


def check(
    channel: Annotated[str, typer.Argument(help="The channel's name.")],
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Say whether it answers, and what the DNS says about who may send; sends nothing."""
    from carpel.cli.screen import say

    found = opened(folder).check_channel(channel)
    if as_json:
        print_json({**asdict(found), "sound": found.sound})
    else:
        for problem in found.problems:
            say(f"! {problem}")
        for each in found.records:
            say(f"{'ok' if each.sound else '! '} {each.record} {each.name}: {each.told}")
        if found.sound:
            say(f"{channel} is ready.")
    if not found.sound:
        raise typer.Exit(1)


def bounces(
    source: Annotated[
        Path | None,
        typer.Option(
            "--from",
            help="A maildir, an mbox, a folder of .eml files or one of them.",
            show_default="the mailboxes of channels",
        ),
    ] = None,
    channel: Annotated[
        str | None,
        typer.Option("--channel", help="The channel whose mailbox is read.", show_default="all"),
    ] = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Read what could not be delivered and who complained; their addresses are left alone."""
    from carpel.cli.screen import say
    from carpel.specs.words import counted

    found = opened(folder).bounces(source, channel=channel)
    if as_json:
        print_json(asdict(found))
        return
    gone = found.undeliverable + found.complaints
    say(f"Undeliverable: {found.undeliverable:,}, complaints: {found.complaints:,}.")
    say(f"Refused: {found.blocked:,}, tried again: {found.soft:,}, late: {found.delayed:,}.")
    if gone:
        say("Those addresses are on the do-not-contact list.")
    for why, messages in found.aside.items():
        say(f"Left alone, {counted(messages, 'message')}: {why}.")


def engagement(
    campaign: Annotated[str, typer.Argument(help="The campaign that the tool sent.")],
    file: Annotated[Path, typer.Option("--from", help="The tool's export: CSV, Excel or JSON.")],
    kind: Annotated[
        str | None,
        typer.Option(
            "--kind",
            help="What all of it is about: opened, clicked, bounced, unsubscribed, complained.",
            show_default="by its columns",
        ),
    ] = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Read what people did with a campaign that another tool sent: opened, clicked, bounced."""
    from carpel.cli.screen import say
    from carpel.specs.words import counted

    found = opened(folder).engagement(campaign, file, kind=kind)
    if as_json:
        print_json(asdict(found))
        return
    say(f"Opened by {found.opened:,}, clicked by {found.clicked:,}.")
    gone = (f"Bounced: {found.bounced:,}", f"unsubscribed: {found.unsubscribed:,}")
    say(f"{', '.join(gone)}, complained: {found.complained:,}.")
    for n, what in ((found.machines, "by machines"), (found.known, "read before")):
        if n:
            say(f"{counted(n, 'row')} {what}.")
    for why, rows in found.aside.items():
        say(f"Left alone, {counted(rows, 'row')}: {why}.")
