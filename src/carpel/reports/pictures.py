"""What the page draws: widths, places on a line and shades, as numbers beside their figures."""

from collections.abc import Mapping, Sequence
from typing import Any

from carpel.reports.content import Content
from carpel.reports.figures import by_unit, number, percent

CONTRASTS = 7
SHADES = 4
SCORES = range(1, 6)


def grid(content: Content, segmentation: str) -> list[list[dict[str, Any]]]:
    """The RFM map, the highest frequency first: `people`, `monetary`, `shade` 0 to 4 a cell."""
    cells = {(row["r"], row["f"]): row for row in content.grids[segmentation]}
    most = max((row["people"] for row in cells.values()), default=1)
    empty: Mapping[str, Any] = {"people": 0, "monetary": None}
    return [[_shaded(cells.get((r, f), empty), most) for r in SCORES] for f in reversed(SCORES)]


def _shaded(cell: Mapping[str, Any], most: int) -> dict[str, Any]:
    return {
        **cell,
        "shade": min(SHADES, round(SHADES * cell["people"] / most + 0.3)) if cell["people"] else 0,
    }


def contrasts(content: Content, segment: str) -> Sequence[dict[str, Any]]:
    """The largest differences, figures written out; `inside_at` and `outside_at` are 0 to 1."""
    rows = []
    for row in content.differences.get(segment, [])[:CONTRASTS]:
        write = percent if row["value"] is not None else by_unit(content.figures, row["unit"] or "")
        label = row["label"] or row["trait"].replace("_", " ")
        if row["value"] is not None:
            label = f"{label}: {row['value']}"
        rows.append(
            {
                "label": label,
                "inside": write(row["inside"]),
                "outside": write(row["outside"]),
                "n": number(row["n"]),
                **_positions(row["inside"], row["outside"]),
            }
        )
    return rows


def _positions(inside: float, outside: float) -> dict[str, float]:
    """Both figures on one scale from nothing (or the lower, when negative) to the higher."""
    low, high = min(0.0, inside, outside), max(0.0, inside, outside)
    span = (high - low) or 1.0
    return {"inside_at": (inside - low) / span, "outside_at": (outside - low) / span}
