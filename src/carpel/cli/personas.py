"""The command `persona`: a segment described in sentences that stand on figures."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from carpel.cli.options import HERE, Folder, Json, opened, print_json

if TYPE_CHECKING:
    from carpel.reports.persona import PersonaCard, Section


def add_to(app: typer.Typer) -> None:
    """Give the app this command."""
    app.command()(persona)


def persona(
    segment: Annotated[str, typer.Argument(help="The segment, or a group such as rfm.champions.")],
    to: Annotated[
        Path | None, typer.Option("--to", help="Write a card to print: .html, .pdf or .png.")
    ] = None,
    details: Annotated[
        bool, typer.Option("--details", help="Show every figure behind the sentences.")
    ] = False,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Describe the people of a segment; every sentence says of how many it is known."""
    from carpel.cli.screen import say, show_table

    found = opened(folder).persona(segment, to=to)
    if as_json:
        print_json(asdict(found))
        return
    _said(found)
    if details:
        say()
        show_table(found.details, title="Details")
    if to is not None:
        say(f"\nWritten to {to}.")


def _said(card: "PersonaCard") -> None:
    from carpel.cli.screen import say, share
    from carpel.specs.words import counted

    face = f"{card.title} ({card.label})" if card.title != card.label else card.title
    say(f"{face}: {counted(card.people, 'person', 'people')}, {share(card.share)} of all")
    say(f"{card.plain}")
    for section in card.sections:
        if section.told or section.own or section.months:
            _section(section, card.by)
    if card.worded or card.refused:
        worded = counted(card.worded, "sentence")
        say(f"\n{worded} worded by a language model; {card.refused:,} wordings refused.")
    if card.changes:
        say("\nSince the update before")
    for change in card.changes:
        was = f" Before: {change.was}" if change.was else ""
        people = counted(change.people, "person", "people")
        say(f"  {change.what} {change.text} ({people}){was}")
    _asked(card)


def _asked(card: "PersonaCard") -> None:
    """What data does not show; a reason that holds for all of it is said once."""
    from carpel.cli.screen import say

    asked = {each.title: each.question for each in card.sections if each.question}
    if not asked:
        return
    reasons = {str(each["reason"]) for each in asked.values()}
    alike = reasons.pop() if len(reasons) == 1 and len(asked) > 1 else ""
    say("\nWhat data does not show, and how to ask")
    if alike:
        say(f"  {alike}")
    for title, question in asked.items():
        reason = "" if alike else f" {question['reason']}"
        say(f"  {title}: {question['asks']}{reason}")
        say(f"    Ask: “{question['wording']}” ({question['answers'] or 'in their own words'})")


def _section(section: "Section", by: str) -> None:
    from carpel.cli.screen import say
    from carpel.specs.words import counted

    say(f"\n{section.title}")
    for each in section.told:
        say(f"  {each.text} ({counted(each.people, 'person', 'people')})")
    if section.months:
        people = counted(section.months[0]["people"], "person", "people")
        said = ", ".join(f"{each['month']} {each['here']}" for each in section.months)
        say(f"  Order in the month: {said} ({people})")
    for own in section.own:
        say(f"  “{own}” – in the words of {by}, not counted")
