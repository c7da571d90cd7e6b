"""A person on the screen."""

from typing import TYPE_CHECKING, Any

from carpel.cli.screen import exact, figure, say, share, show_table, worded

if TYPE_CHECKING:
    from carpel.verbs.look import CustomerPage

UNWRITTEN = (None, "share", "ratio")
"""Units that a figure is read without."""


def customer_page(page: "CustomerPage") -> None:
    """Print what is known of a person."""
    say(f"Person {page.customer}\n")
    origins = {row["field"]: row["source"] for row in page.provenance}
    labels = {row["trait"]: row["label"] for row in page.traits if row["label"]}
    show_table(
        [
            {
                "what": labels.get(key) or worded(key),
                "value": exact(value),
                "from": origins.get(key, ""),
            }
            for key, value in page.contact.items()
            if value is not None
        ],
        title="Stated",
        empty="nothing",
    )
    say()
    foretold = any(row["likely"] for row in page.traits)
    show_table(
        [
            {
                "what": row["label"] or row["trait"],
                "value": _valued(row),
                **({"likely": " to ".join(map(figure, row["likely"] or ()))} if foretold else {}),
                "unit": "" if row["unit"] in UNWRITTEN else row["unit"],
            }
            for row in sorted(page.traits, key=lambda each: each["label"] or each["trait"])
        ],
        title="Attributes",
    )
    for row in (each for each in page.traits if each.get("why")):
        say(f"\n{row['label']}, why: {'; '.join(row['why'])}")
    say(f"\nSegments: {', '.join(page.segments) or 'none'}")
    show_table(page.consents, title="Permissions", empty="none on record")
    say()
    show_table(
        [
            {
                **row,
                "event": worded(row["event"]),
                "properties": ", ".join(
                    f"{worded(key)} {exact(value)}" for key, value in row["properties"].items()
                ),
            }
            for row in page.last_events
        ],
        title="Last did",
    )


def _valued(row: dict[str, Any]) -> str:
    """A share as per cent, anything else as it is."""
    told = row["unit"] == "share" and isinstance(row["value"], float)
    return share(row["value"]) if told else figure(row["value"])
