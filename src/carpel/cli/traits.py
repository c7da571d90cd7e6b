"""A trait on the screen."""

from typing import TYPE_CHECKING, Any

from carpel.cli.screen import say, show_table

if TYPE_CHECKING:
    from carpel.verbs.traits import TraitPage

HEADINGS = {
    "item": "item",
    "trait": "tells of",
    "way": "counted",
    "loading": "loading",
    "rest": "goes with the rest",
    "without": "alpha without it",
}


def trait_page(page: "TraitPage") -> None:
    """Print what a trait means and of how many it is known; of a survey's, its items as well."""
    say(f"{page.label}\n")
    show_table(
        [
            {
                "trait": row["trait"],
                "known": f"{row['known']:,} of {row['of']:,}",
                "unit": row["unit"],
                "meaning": row["meaning"],
            }
            for row in page.traits
        ],
        headings={
            "trait": "attribute",
            "known": "people known of",
            "unit": "unit",
            "meaning": "meaning",
        },
    )
    if page.scale is None:
        return
    say(f"\n{'Used' if page.scale['used'] else 'Not used'}: {page.scale['reason']}.\n")
    kept = [_item(row) for row in page.items if row["trait"] is not None]
    told = {name for row in kept for name, value in row.items() if value}
    headings = {name: called for name, called in HEADINGS.items() if name in told}
    show_table(kept, title="Items", headings=headings, empty="none")
    for row in page.items:
        if row["trait"] is None:
            say(f"\nLeft out, {row['label']}: {row['reason']}.")


def _item(row: dict[str, Any]) -> dict[str, str]:
    figures = {
        name: "" if row[name] is None else f"{row[name]:+.2f}" for name in ("loading", "rest")
    }
    return {
        "item": row["label"],
        "trait": row["trait"],
        "way": "backwards" if row["reversed"] else "forwards",
        **figures,
        "without": "" if row["without"] is None else f"{row['without']:.2f}",
    }
