"""A prediction on the screen."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from carpel.cli.apart import contrasts_table
from carpel.cli.screen import say, share, show_table

if TYPE_CHECKING:
    from carpel.verbs.cards import Model, PredictionPage


def prediction_page(page: "PredictionPage") -> None:
    """Print the traits of a prediction, and for each of its models what it stands on."""
    say(f"{page.label}\n")
    show_table(
        [
            {
                "what": row["label"],
                "known": f"{row['known']:,} of {row['of']:,}",
                "meaning": row["meaning"],
            }
            for row in page.traits
        ],
        headings={"what": "attribute", "known": "people known of", "meaning": "meaning"},
    )
    for model in page.models:
        say(f"\n{'Used' if model.used else 'Not used'}: {model.reason}.")
        _model(model)


def _model(model: "Model") -> None:
    if model.happened is not None and model.foreseen is not None:
        unseen = "In time" if model.held_out_days else "Of people"
        say(
            f"{unseen} it had not seen {model.happened:,.0f} came true; it had foreseen "
            f"{model.foreseen:,.0f}."
        )
    if model.moments:
        say()
        show_table(
            model.moments,
            title="People as they were known",
            headings={"at": "on", "people": "people", "came_true": "came true after"},
        )
    if model.said:
        say()
        show_table(
            [
                {
                    "people": row["people"],
                    "chance": share(row["chance"]),
                    "happened": share(row["happened"]),
                }
                for row in model.said
            ],
            title="What it says and what happened",
            headings={"people": "people", "chance": "chance given", "happened": "came true"},
        )
    if model.best:
        _ideal(model)
    if model.arms:
        _uplift(model)
    if model.matters:
        say(f"\nWhat counts most: {'; '.join(model.matters)}.")
    if model.undated:
        say(f"\nLeft out, since nothing says when it was known: {'; '.join(model.undated)}.")
    for name, why in model.left_out.items():
        say(f"Left out, {name}: {why}")


def _ideal(model: "Model") -> None:
    """The best customers: who they are, what sets them apart, and who else is like that."""
    say(f"\nThe best: {model.best}.\n")
    contrasts_table(
        model.profile,
        here="the best",
        others="other customers",
        empty="nothing that was there before they bought",
    )
    if model.fits:
        say()
        show_table(
            [
                {
                    "top": f"{share(row['above'])} to {share(row['top'])} from the top",
                    "customers": row["customers"],
                    "best": f"{share(row['best'])} ({_span(row)})",
                    "others": row["others"],
                }
                for row in model.fits
            ],
            title="Who else is like that",
            headings={
                "top": "looks like",
                "customers": "customers",
                "best": "of them among the best, likely",
                "others": "have not bought",
            },
        )


def _uplift(model: "Model") -> None:
    """The test it is told by, and what was foreseen to be added beside what was."""
    both = f"; {model.arms['both']:,} in both groups are left out" if model.arms["both"] else ""
    say(
        f"\nTold by {model.arms['treated']:,} people who got it and {model.arms['control']:,} of "
        f"the comparison group{both}."
    )
    if model.bands:
        say()
        show_table(
            [
                {
                    "people": row["people"],
                    "foreseen": share(row["foreseen"]),
                    "added": f"{share(row['effect'])} ({_span(row)})",
                }
                for row in model.bands
            ],
            title="What it was to add, and what it added",
            headings={"people": "people", "foreseen": "to add", "added": "added, likely"},
        )


def _span(row: Mapping[str, Any]) -> str:
    return f"{share(row['low'])} to {share(row['high'])}"
