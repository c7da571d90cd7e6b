"""Commands that say why: explain segment, customer and account."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from carpel.cli.options import HERE, Folder, Json, Name, Who, opened, print_json

if TYPE_CHECKING:
    from carpel.verbs.decided import Decided
    from carpel.verbs.explain import Reasons

On = Annotated[
    datetime | None,
    typer.Option("--on", formats=["%Y-%m-%d"], help="What was decided by the end of this day."),
]


def add_to(app: typer.Typer) -> None:
    """Give the app these commands."""
    group = typer.Typer(help="Say why.", no_args_is_help=True)
    app.add_typer(group, name="explain")
    group.command("segment")(explain_segment)
    group.command("customer")(explain_customer)
    group.command("account")(explain_account)


def explain_segment(name: Name, folder: Folder = HERE, as_json: Json = False) -> None:
    """How many people each clause lets in, and what sets the segment apart."""
    from carpel.cli.reasons import segment_reasons

    reasons = opened(folder).explain_segment(name)
    print_json(asdict(reasons)) if as_json else segment_reasons(reasons)


def explain_customer(
    who: Who,
    segment: Annotated[
        str | None,
        typer.Argument(help="A segment: why they are in it, or not; or the word campaign."),
    ] = None,
    name: Annotated[
        str | None, typer.Argument(help="After the word campaign: why they get it, or not.")
    ] = None,
    on: On = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Why records were joined; with a segment, which clause decides and what would change it."""
    if name is not None:
        _campaign(folder, who, str(segment), name, as_json)
        return
    if on is not None and segment is None:
        raise typer.BadParameter("--on goes with a segment: carpel explain customer WHO SEGMENT")
    if on is not None and segment is not None:
        _past(opened(folder).explain_decision(who, segment, on.date()), as_json)
        return
    _reasons(opened(folder).explain_customer(who, segment), as_json)


def _campaign(folder: Path, who: str, word: str, name: str, as_json: bool) -> None:
    from carpel.cli.campaign_pages import campaign_reasons
    from carpel.cli.screen import ZONE

    if word != "campaign":
        raise typer.BadParameter("carpel explain customer WHO campaign NAME")
    project = opened(folder)
    found = project.explain_campaign(who, name)
    ZONE.set(project.settings.timezone)
    print_json(asdict(found)) if as_json else campaign_reasons(found)


def explain_account(
    who: Annotated[str, typer.Argument(help="A company or household: its name or key.")],
    segment: Annotated[str, typer.Argument(help="A segment of accounts.")],
    on: On = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Which clause decides about a company or household, and what would change it."""
    if on is not None:
        _past(opened(folder).explain_account_decision(who, segment, on.date()), as_json)
        return
    _reasons(opened(folder).explain_account(who, segment), as_json)


def _past(decided: "Decided", as_json: bool) -> None:
    from carpel.cli.reasons import past_decision

    print_json(asdict(decided)) if as_json else past_decision(decided)


def _reasons(reasons: "Reasons", as_json: bool) -> None:
    from carpel.cli.reasons import customer_reasons

    print_json(asdict(reasons)) if as_json else customer_reasons(reasons)
