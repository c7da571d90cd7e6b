"""What sets some apart from all others, as a table."""

from collections.abc import Callable, Sequence
from typing import Any

from carpel.cli.screen import figure, share, show_table
from carpel.specs.segment import COMPARED

TITLE = "What sets them apart"


def contrasts_table(rows: Sequence[dict[str, Any]], *, here: str, others: str, empty: str) -> None:
    """Print `stats.contrasts.Contrast` with labels: means, or shares of a value, and the gap."""
    show_table(
        [_contrast(row, share if row["value"] else figure) for row in rows],
        title=TITLE,
        headings={
            "what": "attribute",
            "inside": here,
            "outside": others,
            "gap": "apart by, likely",
            "known": "known of",
        },
        empty=empty,
    )


def _contrast(row: dict[str, Any], written: Callable[[Any], str]) -> dict[str, str]:
    return {
        "what": f"{row['label']}{': ' + row['value'] if row['value'] else ''}",
        "inside": written(row["inside"]),
        "outside": written(row["outside"]),
        "gap": f"{written(row['low'])} to {written(row['high'])}",
        "known": f"{row['n']:,} and {row['others']:,}",
    }


def differences_table(differences: list[dict[str, Any]], people: int) -> None:
    """Print what sets people apart: shares as per cent, figures with their unit."""
    show_table(
        [
            {
                "what": (row["label"] or row["trait"].replace("_", " "))
                + (f": {row['value']}" if row["value"] is not None else ""),
                **{side: _measured(row, row[side]) for side in ("inside", "outside")},
                "n": row["n"],
            }
            for row in differences
        ],
        title=TITLE,
        empty=f"nothing is known of at least {COMPARED} people here and {COMPARED} others"
        + (f"; {people:,} are in it" if people < COMPARED else ""),
        headings={
            "what": "attribute",
            "inside": "here",
            "outside": "everybody else",
            "n": "known of",
        },
    )


def _measured(row: dict[str, Any], value: float) -> str:
    if row["value"] is not None or row["unit"] == "share":
        return share(value)
    unit = "" if row["unit"] in (None, "ratio") else f" {row['unit']}"
    return f"{figure(value)}{unit}"
