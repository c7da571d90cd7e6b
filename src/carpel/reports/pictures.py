"""The report's charts, drawn from its content; None where there is nothing to draw or draw with."""

from collections.abc import Sequence
from typing import Any

from carpel.reports import charts
from carpel.reports.content import Content
from carpel.reports.figures import by_unit, people, percent
from carpel.reports.headline import name

CONTRASTS = 7
BARS = 14


def months(content: Content) -> str | None:
    """Revenue by month."""
    if len(content.months) < 2 or not charts.available():
        return None
    first, last = content.months[0], content.months[-1]
    return charts.months(content.months, f"Revenue by month from {first['month'][:7]} to "
                         f"{last['month'][:7]}", content.definitions.project.currency)


def places(content: Content, segmentation: str) -> str | None:
    """How many people are in each place of a set of segments."""
    rows = [row for row in content.places.get(segmentation, ()) if row["people"]][:BARS]
    if not rows or not charts.available():
        return None
    rows.sort(key=lambda row: -row["people"])
    shown = [{"label": name(row), "people": row["people"],
              "shown": f"{row['people']:,} ({percent(row['share'])})"} for row in rows]
    return charts.bars(shown, "People by place: " + ", ".join(
        f"{each['label']} {each['shown']}" for each in shown),
        label="label", value="people", shown="shown")


def grid(content: Content, segmentation: str) -> str | None:
    """The RFM map."""
    rows = [{**row, "shown": f"{row['people']:,}"} for row in content.grids[segmentation]]
    if not rows or not charts.available():
        return None
    return charts.grid([{key: row[key] for key in ("r", "f", "people", "shown")} for row in rows],
                       "People by how recently and how often they bought, 5 is best")


def contrasts(content: Content, segment: str) -> str | None:
    """What sets a segment apart."""
    rows = contrast_rows(content, segment)
    if not rows or not charts.available():
        return None
    drawn = [{"label": row["label"], **_positions(row["inside"], row["outside"])} for row in rows]
    return charts.contrasts(drawn, "; ".join(
        f"{row['label']}: {row['inside_shown']} here, {row['outside_shown']} elsewhere"
        for row in rows))


def contrast_rows(content: Content, segment: str) -> Sequence[dict[str, Any]]:
    """The largest differences, with their figures written out."""
    rows = []
    for row in content.differences.get(segment, [])[:CONTRASTS]:
        write = percent if row["value"] is not None else by_unit(content.figures, row["unit"] or "")
        label = row["label"] or row["trait"].replace("_", " ")
        rows.append({**row, "label": f"{label}: {row['value']}" if row["value"] is not None
                     else label, "inside_shown": write(row["inside"]),
                     "outside_shown": write(row["outside"]), "people": people(row["n"])})
    return rows


def _positions(inside: float, outside: float) -> dict[str, float]:
    """Both figures on one scale from nothing (or the lower, when negative) to the higher."""
    low, high = min(0.0, inside, outside), max(0.0, inside, outside)
    span = (high - low) or 1.0
    return {"inside_at": (inside - low) / span, "outside_at": (outside - low) / span}
