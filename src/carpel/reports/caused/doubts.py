"""What speaks against a test: groups that came out uneven, single people who outweigh the rest."""

from collections.abc import Mapping
from typing import Any

from carpel.reports.caused.words import Wording, first_upper
from carpel.reports.tables import Rows
from carpel.specs.campaign import called

Row = Mapping[str, Any]
MANY, GIANT = 1000, 0.02
"""Of so many people nobody should have so large a part of all."""


def uneven(verdicts: Rows, groups: Rows) -> str:
    """Why nothing of a test can be trusted; empty where its groups are as they were meant."""
    if not any(row["word"] == "uneven" for row in verdicts):
        return ""
    counted = ", ".join(
        f"{row['people']:,} in {called(row['arm']) if row['sent'] is not None else row['arm']}"
        for row in groups
    )
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
        wording, group = metrics[row["metric"]], _group(about, row["arm"])
        what = first_upper(wording.label)
        if row["drawn_in"]:
            told.append(
                f"{what}: {row['drawn_in']:,} of {row['n']:,} people in {group} have more than "
                f"{wording.figure(row['giant'])} and count as if they had so much."
            )
        elif wording.shown != "share" and row["y"] > 0 and row["largest"] > GIANT * row["y"]:
            told.append(
                f"{what}: one person in {group} has {wording.figure(row['largest'])}, "
                f"{100 * row['largest'] / row['y']:.1f} % of what all {row['n']:,} people there "
                "have together."
            )
    return told


def _group(about: Row, arm: str) -> str:
    return called(arm) if about["kind"] == "campaign" else arm
