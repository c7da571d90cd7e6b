"""Segments beside each other: a line from what is likely to what is likely, a dot at the figure."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

Rows = Sequence[Mapping[str, Any]]
INK, QUIET, GREY, ACCENT = "#1f2421", "#565d58", "#8b918d", "#8f3710"
FONT = "13px system-ui,-apple-system,'Segoe UI',sans-serif"
MOST = 12
"""Segments that are drawn at most."""
LINE, ROOM = 44, 24
"""Pixels: a segment's height, and the room around."""


def intervals(rows: Rows, *, width: int, mark: str, title: str) -> str:
    """One line a row, nothing changed in the middle or where it falls; harm hollow, gain filled.

    Rows have `label`, `verdict`, `change`, `likely`, `n`, `m`, and the numbers `value`, `low`
    and `high`; an end that is not known is cut off at the picture's edge.
    """
    ends = [each for row in rows for each in (row["low"], row["high"]) if each is not None]
    low, high = min(0.0, *ends), max(0.0, *ends)
    span = (high - low) or 1.0

    def x(value: float | None, otherwise: float) -> float:
        at = otherwise if value is None else value
        return float(ROOM + (width - 2 * ROOM) * (at - low) / span)

    body = [_scale(x(0.0, 0.0), len(rows), width)]
    for at, row in enumerate(rows):
        body.append(_line(row, at * LINE + ROOM, x(row["low"], low), x(row["high"], high), x))
    told = "; ".join(
        f"{row['label']}: {row['change']}, likely {row['likely']}, {row['verdict']}" for row in rows
    )
    tall = LINE * len(rows) + 2 * ROOM
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width} {tall}" '
        f'width="{width}" height="{tall}" aria-labelledby="{mark}-t {mark}-d">'
        f'<title id="{mark}-t">{escape(title)}</title><desc id="{mark}-d">{escape(told)}</desc>'
        f"<style>#{mark}-g text{{font:{FONT};fill:{INK}}}#{mark}-g .q{{fill:{QUIET}}}</style>"
        f'<g id="{mark}-g">{"".join(body)}</g></svg>'
    )


def _scale(zero: float, rows: int, width: int) -> str:
    tall = rows * LINE + ROOM
    left = _said(zero - 8, tall, "end", "less than without") if zero > 140 else ""
    right = _said(zero + 8, tall, "start", "more than without") if width - zero > 140 else ""
    return (
        f'<line x1="{zero:.1f}" y1="8" x2="{zero:.1f}" y2="{tall}" stroke="{INK}" '
        f'stroke-dasharray="2 3"/>{left}{right}'
    )


def _line(row: Mapping[str, Any], top: float, left: float, right: float, x: Any) -> str:
    middle, y = x(row["value"], 0.0), top + 26
    fill = {"worked": ACCENT, "harm": "#fff"}.get(row["word"], GREY)
    ring = INK if row["word"] == "harm" else fill
    people = f"{row['n'] + row['m']:,} people"
    return (
        f'<text x="{ROOM}" y="{top + 10}">{escape(row["label"])} '
        f'<tspan class="q">{row["sign"]} {escape(row["verdict"])}, {people}</tspan></text>'
        f'<line x1="{left:.1f}" y1="{y}" x2="{right:.1f}" y2="{y}" stroke="{ring}" '
        f'stroke-width="3"/><circle cx="{middle:.1f}" cy="{y}" r="6" fill="{fill}" '
        f'stroke="{ring}" stroke-width="2"/>'
    )


def _said(x: float, tall: int, anchor: str, text: str) -> str:
    return f'<text class="q" x="{x:.1f}" y="{tall + 16}" text-anchor="{anchor}">{text}</text>'
