"""Commands of campaigns: plan, approve, preview-message, send, settle and what stops them."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from carpel.cli.options import HERE, Folder, Json, opened, print_json

if TYPE_CHECKING:
    from carpel.verbs.campaign_deeds import Sending

Campaign = Annotated[str, typer.Argument(help="The campaign's name.")]


def add_to(app: typer.Typer) -> None:
    """Give the app these commands."""
    for command in (plan, brief, approve, preview_message, send, settle, pause, resume, cancel):
        app.command()(command)
    app.command()(suppress)
    app.command()(unsubscribe)


def plan(campaign: Campaign, folder: Folder = HERE, as_json: Json = False) -> None:
    """Say whom a campaign reaches, what it could show and what it costs; nothing leaves."""
    from carpel.cli.campaign_pages import plan_page

    page = opened(folder).plan(campaign)
    print_json(asdict(page)) if as_json else plan_page(page)


def approve(campaign: Campaign, folder: Folder = HERE, as_json: Json = False) -> None:
    """Freeze who gets a campaign and who is kept aside; from here on it may leave."""
    from carpel.cli.screen import say
    from carpel.specs.campaign import called
    from carpel.specs.words import counted

    done = opened(folder).approve(campaign)
    if as_json:
        print_json(asdict(done))
        return
    said = (f"{called(arm)} {counted(n, 'person', 'people')}" for arm, n in done.arms.items())
    say(f"{campaign} approved by {done.approved_by}: {', '.join(said)}.")


def brief(
    campaign: Campaign,
    team: Annotated[str, typer.Option("--for", help="service, sales or product.")],
    to: Annotated[
        Path | None, typer.Option("--to", help="Write a page to print: .html, .pdf or .png.")
    ] = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Say on one page what a team has to know: who gets what, until when, likely questions."""
    from carpel.cli.campaign_pages import brief_page
    from carpel.cli.screen import say

    page = opened(folder).brief(campaign, team, to=to)  # type: ignore[arg-type]
    print_json(asdict(page)) if as_json else brief_page(page)
    if to is not None and not as_json:
        say(f"\nWritten to {to}.")


def preview_message(
    campaign: Campaign,
    people: Annotated[
        int, typer.Option("--people", min=1, help="So many people of each version.")
    ] = 3,
    everybody: Annotated[
        bool, typer.Option("--all", help="A dry run: write everybody's message, and count.")
    ] = False,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Show what people would read; nothing leaves."""
    from carpel.cli.campaign_pages import preview_page

    page = opened(folder).preview_message(campaign, people, everybody=everybody)
    print_json(asdict(page)) if as_json else preview_page(page)


def send(
    campaign: Campaign,
    to: Annotated[
        Path | None,
        typer.Option("--to", help="The folder for files.", show_default="exports in the project"),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option("--limit", min=1, help="So many people at most.", show_default="all"),
    ] = None,
    test: Annotated[
        bool, typer.Option("--test", help="To the channel's own test addresses, to nobody else.")
    ] = False,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Contact everybody who is still to be contacted now, nobody twice."""
    project = opened(folder)
    done = project.test_send(campaign) if test else project.send(campaign, to=to, limit=limit)
    print_json(asdict(done)) if as_json else _said(done)


def settle(
    campaign: Campaign,
    sent: Annotated[
        bool, typer.Option("--sent/--not-sent", help="Whether they were sent after all.")
    ],
    folder: Folder = HERE,
) -> None:
    """Say what became of messages of which nobody knows whether they left."""
    from carpel.cli.screen import say
    from carpel.specs.words import counted

    messages = counted(opened(folder).settle(campaign, sent=sent), "uncertain message")
    became = "count as sent" if sent else "are free to be sent again"
    say(f"{messages} of {campaign} {became}.")


def pause(campaign: Campaign, folder: Folder = HERE) -> None:
    """Let nothing leave until it is resumed."""
    opened(folder).pause(campaign)
    _changed(campaign, "paused; `carpel resume` lets it leave again")


def resume(campaign: Campaign, folder: Folder = HERE) -> None:
    """Let a paused campaign leave again."""
    opened(folder).resume(campaign)
    _changed(campaign, "free to leave again")


def cancel(campaign: Campaign, folder: Folder = HERE) -> None:
    """Let nothing leave any more, for good."""
    opened(folder).cancel(campaign)
    _changed(campaign, "cancelled")


def suppress(
    who: Annotated[str, typer.Argument(help="A person's key, address or number.")],
    folder: Folder = HERE,
) -> None:
    """Put a person on the do-not-contact list; no import takes them off it."""
    from carpel.cli.screen import say
    from carpel.specs.words import counted

    new = opened(folder).suppress(who)
    say(f"On the do-not-contact list: {counted(new, 'new address', 'new addresses')}.")


def unsubscribe(
    token: Annotated[str, typer.Argument(help="What stands for {token} in the link.")],
    folder: Folder = HERE,
) -> None:
    """Honour an unsubscribe link."""
    from carpel.cli.screen import say

    new = opened(folder).unsubscribe(token)
    say("On the do-not-contact list." if new else "It was on the do-not-contact list already.")


def _changed(campaign: str, became: str) -> None:
    from carpel.cli.screen import say

    say(f"{campaign} is {became}.")


def _said(done: "Sending") -> None:
    from carpel.cli.screen import say

    rest = {"failed": done.failed, "uncertain": done.uncertain, "not tried": done.left}
    told = "".join(f", {n:,} {what}" for what, n in rest.items() if n)
    say(f"{done.campaign}: {done.sent:,} sent{told}.")
    for file in done.files:
        say(f"  {file}")
    if done.unknown:
        say(
            f"{done.unknown:,} on the platform's list are not known here any more: put the whole "
            "list, the file that ends in -all, in its place."
        )
