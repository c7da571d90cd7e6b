"""The command `carpel price`: how people respond to prices and discounts."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from carpel.cli.options import HERE, Folder, Json, opened, print_json

if TYPE_CHECKING:
    from carpel.verbs.price import Priced, Sensitivity


def add_to(app: typer.Typer) -> None:
    """Give the app this command."""
    app.command()(price)


def price(
    segments: Annotated[
        list[str] | None, typer.Argument(help="Segments.", show_default="all")
    ] = None,
    by: Annotated[str, typer.Option("--by", help="What products are told apart by.")] = "category",
    product: Annotated[
        str, typer.Option("--product", help="The property of a purchase that names the product.")
    ] = "product_id",
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """How people respond to prices and discounts: everybody, kinds of products, segments."""
    found = opened(folder).price(segments or (), by=by, product=product)
    print_json(asdict(found)) if as_json else _page(found)


def _page(found: "Priced") -> None:
    from carpel.cli.screen import say, share, show_table

    if found.everybody.reason:
        say(f"{found.everybody.reason}.")
        return
    say(
        f"Prices varied in {found.varied:,} of {found.offered:,} products that were sold in most "
        f"weeks; {found.products:,} of them in {found.weeks} weeks are looked at.\n"
    )
    say(f"Where a price is 10 % lower, {_less(found.everybody)}.")
    if found.discount is not None:
        off = found.discount
        told = f"nothing can be told: {off.reason}" if off.reason else _less(off)
        say(f"Of that, where it is a discount of 10 %: {told}.")
    say()
    show_table(
        [
            {
                "price": f"{_against(row['from'])} to {_against(row['to'])}",
                "sold": share(row["sold"]),
                "cells": row["cells"],
            }
            for row in found.curve
        ],
        title="What is sold at a price",
        headings={"price": "against the usual price", "sold": "of what is usual", "cells": "weeks"},
    )
    for title, rows in ((f"By {found.by}", found.kinds), ("By segment", found.segments)):
        say()
        _list(title, rows)


def _list(title: str, rows: "tuple[Sensitivity, ...]") -> None:
    from carpel.cli.screen import say, show_table

    told = [each for each in rows if not each.reason]
    show_table(
        [
            {
                "name": each.label,
                "more": _percent(each.value),
                "likely": f"{_percent(each.high)} to {_percent(each.low)}",
                "alone": _percent(each.alone),
                "products": each.products,
                **({} if each.people is None else {"people": each.people}),
            }
            for each in told
        ],
        title=title,
        headings={
            "name": "",
            "more": "bought more at 10 % less",
            "likely": "likely",
            "alone": "by their own purchases alone",
            "products": "products",
            **({"people": "people"} if any(each.people for each in told) else {}),
        },
        empty="nothing can be told",
    )
    for each in rows:
        if each.reason:
            say(f"{each.label}: {each.reason}")


def _less(found: "Sensitivity") -> str:
    more = 0.9 ** (found.value or 0.0) - 1
    word = "more" if more >= 0 else "less"
    return (
        f"{abs(more):.0%} {word} is bought (likely {_percent(found.high)} to "
        f"{_percent(found.low)}; {found.products:,} products)"
    )


def _percent(elasticity: float | None) -> str:
    """How much more is bought at a tenth less."""
    return "" if elasticity is None else f"{0.9**elasticity - 1:+.0%}".replace("%", " %")


def _against(end: Any) -> str:
    if end is None:
        return "more"
    return "less" if end <= -1 else f"{end:+.0%}".replace("%", " %")
