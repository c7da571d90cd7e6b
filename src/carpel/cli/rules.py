"""Commands that ask a rule before it goes live, and of one person: preview, decide."""

from dataclasses import asdict
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from carpel.cli.options import HERE, Folder, Json, Who, opened, print_json

if TYPE_CHECKING:
    from carpel.verbs.asked import Unit
    from carpel.verbs.preview import Previewed

OVERLAPS_SHOWN = 10


def add_to(app: typer.Typer) -> None:
    """Give the app these commands."""
    app.command()(preview)
    group = typer.Typer(help="Decide about one person.", no_args_is_help=True)
    app.add_typer(group, name="decide")
    group.command("customer")(decide)


def preview(
    rule: Annotated[str, typer.Argument(help="A rule: text, YAML, or a file that holds it.")],
    of_accounts: Annotated[
        bool, typer.Option("--accounts", help="The rule is about companies or households.")
    ] = False,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Count a rule that is not saved: people, who can be reached, what it overlaps."""
    unit: Unit = "account" if of_accounts else "customer"
    found = opened(folder).preview(Path(rule) if _is_file(rule) else rule, unit)
    print_json(asdict(found)) if as_json else _page(found)


def decide(
    who: Who,
    segments: Annotated[
        str, typer.Option("--segments", help="Only these, with commas between.")
    ] = "",
    event: Annotated[
        list[str] | None,
        typer.Option("--event", help="What they did since the build, as JSON; may come often."),
    ] = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """The segments one person is in, with what they did since the build."""
    from carpel.cli.screen import local, say

    project = opened(folder)
    wanted = [each.strip() for each in segments.split(",") if each.strip()]
    found = project.decide(who, [_event(each) for each in event or ()], wanted)
    if as_json:
        print_json(asdict(found))
        return
    zone = project.settings.timezone
    say(f"Person {found.customer}, as of {local(found.moment.replace(tzinfo=UTC), zone)} ({zone})")
    for name in found.segments:
        say(f"  {name}{' (looked at anew)' if name in found.anew else ''}")
    if not found.segments:
        say("  in none of the segments asked for")


def _event(text: str) -> dict[str, Any]:
    import json

    try:
        found = json.loads(text)
    except ValueError as error:
        raise typer.BadParameter(f"an event is not JSON: {error}") from None
    if not isinstance(found, dict):
        raise typer.BadParameter("an event is a mapping with `event`, `at` and `properties`")
    return found


def _is_file(rule: str) -> bool:
    try:
        return Path(rule).is_file()
    except OSError:  # longer than a name can be
        return False


def _page(found: "Previewed") -> None:
    from carpel.cli.reasons import clauses_table, estimated
    from carpel.cli.screen import say, share, show_table

    say(f"{found.plain}\n")
    unknown = f"; not known of {found.unknown:,}" if found.unknown else ""
    accounts = found.unit == "account"
    counted = found.people if found.accounts is None else found.accounts
    with_people = f", with {found.people:,} people" if accounts else ""
    matching = f"{counted:,} of {found.of:,} {found.called}, {share(found.share)}"
    say(f"{matching}{with_people}{unknown}.\n")
    for each in found.findings:
        say(f"! {each}")
    clauses_table(found.clauses)
    say(f"\nEvaluating it would read {estimated(found.cost)}.\n")
    show_table(found.reach, title="Reach", empty="no permission or address is known")
    say()
    show_table(
        [
            {
                **row,
                "people": row.get("accounts", row.get("people")),
                "share": share(row["share"]),
                "of_segment": share(row["of_segment"]),
            }
            for row in found.overlaps[:OVERLAPS_SHOWN]
        ],
        title="In common with segments",
        headings={
            "segment": "segment",
            "people": found.called,
            "share": "of these",
            "of_segment": "of the segment",
        },
        empty="nobody",
    )
    if len(found.overlaps) > OVERLAPS_SHOWN:
        say(f"… and {len(found.overlaps) - OVERLAPS_SHOWN} more: --json lists all")
