"""Commands of coupons: make, load and export codes."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from carpel.cli.options import HERE, Folder, Json, opened, print_json

Coupon = Annotated[str, typer.Argument(help="The coupon's name.")]


def add_to(app: typer.Typer) -> None:
    """Give the app these commands."""
    group = typer.Typer(help="Codes of coupons.", no_args_is_help=True)
    app.add_typer(group, name="coupons")
    for command in (make, load, export):
        group.command()(command)


def make(
    coupon: Coupon,
    number: Annotated[int, typer.Option("--number", min=1, help="So many new ones.")],
    folder: Folder = HERE,
) -> None:
    """Make codes that are easy to read and to type; they are given when messages are sent."""
    from carpel.cli.screen import say

    codes = opened(folder).make_coupons(coupon, number)
    say(f"{coupon}: {codes:,} codes.")


def load(
    coupon: Coupon,
    file: Annotated[Path, typer.Argument(help="A CSV, or a text file with a code a line.")],
    column: Annotated[
        str | None, typer.Option("--column", help="Its heading.", show_default="the first")
    ] = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Take in codes that a shop has made."""
    from carpel.cli.screen import say

    found = opened(folder).load_coupons(coupon, file, column=column)
    if as_json:
        print_json(asdict(found))
        return
    say(f"{coupon}: {found.added:,} codes, {found.known:,} known already.")
    if found.unusable:
        say(f"No code and left out: {found.unusable:,}. Letters, digits, - and _, 60 at most.")


def export(
    coupon: Coupon,
    to: Annotated[Path, typer.Option("--to", help="The CSV to write.")],
    shop: Annotated[str, typer.Option("--for", help="shopify, woocommerce or plain.")] = "plain",
    folder: Folder = HERE,
) -> None:
    """Write all codes in the form that a shop imports."""
    from carpel.cli.screen import say

    say(str(opened(folder).export_coupons(coupon, to, shop=shop)))
