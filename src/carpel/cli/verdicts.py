"""Commands about what was caused: verdict."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from carpel.cli.options import HERE, Folder, Json, opened, print_json

if TYPE_CHECKING:
    from carpel.reports.caused import Caused, Version

MEASURED = {
    "label": "What",
    "here": "With it",
    "there": "Without",
    "change": "Difference",
    "likely": "Likely",
}

PRICES = {
    "price": "Price",
    "bought": "Ordered",
    "earns": "Earns a person who saw it",
    "likely": "Likely",
    "people": "People",
}


def add_to(app: typer.Typer) -> None:
    """Give the app these commands."""
    app.command()(verdict)


def verdict(
    name: Annotated[
        str | None, typer.Argument(help="A campaign or experiment.", show_default="all, in brief")
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--to", help="Write a page: .html, .pdf or .png.")
    ] = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """What campaigns and other experiments caused, for whom, and how surely."""
    if name is None:
        if to is not None:
            raise typer.BadParameter("say which experiment the page is about")
        found = opened(folder).verdicts()
        print_json([asdict(each) for each in found]) if as_json else _brief(found)
        return
    one = opened(folder).verdict(name, to=to)
    print_json(asdict(one)) if as_json else _told(one)
    if to is not None and not as_json:
        from carpel.cli.screen import say

        say(f"\nWritten: {to}")


def _brief(found: "list[Caused]") -> None:
    from carpel.cli.screen import say

    if not found:
        say("No campaign has begun, and experiments/ says of no test made elsewhere.")
    for each in found:
        say(f"{each.name}\n  {each.opening}\n")


def _told(found: "Caused") -> None:
    from carpel.cli.screen import say, show_table

    say(f"{found.opening}\n\n{found.measured}")
    if found.uneven:
        say(f"\n! {found.uneven}")
    if found.segmented:
        say(f"\n{found.segmented}")
    for version in found.versions:
        say(f"\n{version.called}: {version.sign} {version.verdict}")
        say(" ".join(filter(None, (version.sentence, version.settle, version.money))) + "\n")
        rows = [{key: row[key] for key in MEASURED} for row in version.measures]
        show_table(rows, headings=MEASURED)
        _segments(version)
    for call in found.calls:
        say(f"\n{call.called}: “{call.label}”. {call.sentence}")
    if found.prices:
        say(f"\n{found.priced}")
        show_table(found.prices, headings=PRICES)
    for told in (*found.between, *found.giants):
        say(f"\n{told}")


def _segments(version: "Version") -> None:
    from carpel.cli.screen import say, show_table

    if not version.segments:
        return
    headings = {"label": "Segment", "verdict": "Verdict", **MEASURED, "people": "People"}
    headings["label"] = "Segment"
    say("\nBy segment:")
    show_table(
        [
            {**{key: row.get(key) for key in headings}, "people": row["n"] + row["m"]}
            for row in version.segments
        ],
        headings=headings,
    )
