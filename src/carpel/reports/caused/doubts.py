"""What speaks against a test: groups that came out uneven, single people who outweigh the rest."""

from collections.abc import Mapping
from typing import Any

from carpel.reports.caused.words import Wording, first_upper, group
from carpel.reports.tables import Rows

Row = Mapping[str, Any]
MANY, GIANT = 1000, 0.02
"""Of so many people nobody should have so large a part of all."""


def uneven(about: Row, verdicts: Rows, groups: Rows) -> str:
    """Why nothing of a test can be trusted; empty where its groups are as they were meant."""
    of_places = about["kind"] == "places"  # told of by how they drifted apart
    if of_places or not any(row["word"] == "uneven" for row in verdicts):
        return ""
    counted = ", ".join(f"{row['people']:,} in {group(about, row['arm'])}" for row in groups)
    chance = verdicts[0]["uneven"]
    rare = f"about once in {1 / chance:,.0f} tests" if chance > 1e-6 else "practically never"
    return (
        f"The groups came out uneven: {counted}. Chance alone does that {rare}, so something else "
        "decided who is in which group, and the figures below cannot be trusted. Look at how "
        "people were put into groups, and at what was lost on the way."
    )


def giants(about: Row, outcomes: Rows, metrics: Mapping[str, Wording]) -> list[str]:
    """Single people whose figure is a large part of all of their group's; and who counts less."""
    whole = [row for row in outcomes if row["largest"] is not None and row["n"] >= MANY]
    told = []
    for row in whole:
        wording, theirs = metrics[row["metric"]], group(about, row["arm"])
        what = first_upper(wording.label)
        if row["drawn_in"]:
            told.append(
                f"{what}: {row['drawn_in']:,} of {row['n']:,} people in {theirs} have more than "
                f"{wording.figure(row['giant'])} and count as if they had so much."
            )
        elif wording.shown != "share" and row["y"] > 0 and row["largest"] > GIANT * row["y"]:
            told.append(
                f"{what}: one person in {theirs} has {wording.figure(row['largest'])}, "
                f"{100 * row['largest'] / row['y']:.1f} % of what all {row['n']:,} people there "
                "have together."
            )
    return told
