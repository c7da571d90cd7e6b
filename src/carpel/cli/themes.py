"""The command `carpel themes`: what people write about."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from carpel.cli.options import HERE, Folder, Json, opened, print_json

if TYPE_CHECKING:
    from carpel.verbs.themes import Themed


def add_to(app: typer.Typer) -> None:
    """Give the app this command."""
    app.command()(themes)


def themes(
    of: Annotated[str, typer.Argument(help="EVENT.PROPERTY, or a trait that people wrote.")],
    where: Annotated[
        list[str] | None, typer.Option("--where", help="PROPERTY=VALUE: such events only.")
    ] = None,
    by: Annotated[
        str | None, typer.Option("--by", help="A segment, to stand beside everybody else.")
    ] = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """What people write about, with counts and quotes that name nobody."""
    kept = dict(each.partition("=")[::2] for each in where or ())
    found = opened(folder).themes(of, where=kept, by=by)
    print_json(asdict(found)) if as_json else _page(found)


def _page(found: "Themed") -> None:
    from carpel.cli.screen import say, share, show_table

    if found.reason:
        say(f"No themes: {found.reason}.")
    if found.themes:
        say(
            f"{found.texts:,} texts of {found.people:,} people; {found.other:,} of no theme. "
            "A text is of a theme that has one of its words.\n"
        )
    show_table(
        [
            {
                "theme": row["theme"],
                "people": row["people"],
                "share": f"{share(row['share'])} ({share(row['low'])} to {share(row['high'])})",
                **({"inside": _few(row["inside"]), "outside": _few(row["outside"])} if found.by
                   else {}),
                "words": ", ".join(row["words"][3:]),
            }
            for row in found.themes
        ],
        headings={
            "theme": "theme",
            "people": "people",
            "share": "of all who wrote (likely)",
            **({"inside": found.by, "outside": "everybody else"} if found.by else {}),
            "words": "other words",
        },
        empty="",
    )  # fmt: skip
    for row in found.themes:
        if row["quotes"]:
            say(f"\n{row['theme']}:")
        for quote in row["quotes"]:
            say(f"  “{quote}”")
    if not found.themes and found.common:
        told = ", ".join(f"{row['word']} ({row['people']:,})" for row in found.common)
        say(f"Words of most people: {told}")


def _few(value: float | None) -> str:
    from carpel.cli.screen import share

    return "fewer than 5 people" if value is None else share(value)
