"""A segmentation on the screen."""

from typing import TYPE_CHECKING, Any

from carpel.cli.screen import say, share, show_table

if TYPE_CHECKING:
    from carpel.verbs.sets import SegmentationPage


def segmentation_page(page: "SegmentationPage") -> None:
    """Print how many groups there are and why not more or fewer, their rules, and all places."""
    say(f"{page.label}\n")
    if page.refused:
        say(f"{page.refused}\n")
    taken = next((row for row in page.tried if row["taken"]), None)
    if taken:
        near = [each for each in (taken["groups"] - 1, taken["groups"] + 1) if each > 1]
        say(f"{taken['groups']} groups; why not {' or '.join(map(str, near))}: see what was tried.")
    show_table(
        [{**row, "share": share(row["share"])} for row in page.places],
        headings={"segment": "place", "label": "called", "people": "people", "share": "of all"},
    )
    if page.groups:
        say()
        show_table(
            [{**row, "agreement": share(row["agreement"])} for row in page.groups],
            title="As a rule",
            headings={"label": "group", "plain": "rule", "agreement": "agrees"},
        )
    if page.tried:
        say()
        show_table(
            [_tried(row) for row in page.tried],
            title="What was tried",
            headings={each: each for each in ("groups", "method", "smallest", "why")},
        )
    if page.traits:
        say()
        show_table(
            [row for row in page.traits if row["trait"]],
            title="Traits",
            headings={"trait": "trait", "said": "prepared"},
        )
        for row in page.traits:
            if not row["trait"]:
                say(str(row["said"]))


def _tried(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "method": str(row["method"]).replace("_", "-"), "why": row["reason"]}
