"""Segments beside each other: a line from what is likely to what is likely, a dot at the figure."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

Rows = Sequence[Mapping[str, Any]]
Place = Callable[[float | None, float], float]
INK, QUIET, GREY, ACCENT = "#1f2421", "#565d58", "#8b918d", "#8f3710"
FONT = "13px system-ui,-apple-system,'Segoe UI',sans-serif"
MOST = 12
"""Segments that are drawn at most."""
WIDE = 500
"""From this width a segment's words are on one line."""
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

    tall = LINE if width > WIDE else LINE + 16
    body = [_line(row, at * tall + ROOM, x, low, high, width) for at, row in enumerate(rows)]
    body += _legend(x(0.0, 0.0), len(rows) * tall + ROOM, width)
    told = "; ".join(
        f"{row['label']}: {row['change']}, likely {row['likely']}, {row['verdict']}" for row in rows
    )
    whole = tall * len(rows) + 2 * ROOM
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width} {whole}" '
        f'width="{width}" height="{whole}" aria-labelledby="{mark}-t {mark}-d">'
        f'<title id="{mark}-t">{escape(title)}</title><desc id="{mark}-d">{escape(told)}</desc>'
        f"<style>#{mark}-g text{{font:{FONT};fill:{INK}}}#{mark}-g .q{{fill:{QUIET}}}</style>"
        f'<g id="{mark}-g">{"".join(body)}</g></svg>'
    )


def _legend(zero: float, top: float, width: int) -> list[str]:
    told = []
    if zero > 140:
        told.append(_said(zero - 8, top + 16, "less than without", anchor="end"))
    if width - zero > 140:
        told.append(_said(zero + 8, top + 16, "more than without"))
    return told


def _line(row: Mapping[str, Any], top: float, x: Place, low: float, high: float, width: int) -> str:
    """A segment's words and, below them, its interval; a mark where nothing is changed."""
    y = top + (26 if width > WIDE else 42)
    fill = {"worked": ACCENT, "harm": "#fff"}.get(row["word"], GREY)
    ring = INK if row["word"] == "harm" else fill
    left, middle, right = x(row["low"], low), x(row["value"], 0.0), x(row["high"], high)
    return (
        f"{_words(row, top, width)}"
        f'<line x1="{x(0.0, 0.0):.1f}" y1="{y - 9}" x2="{x(0.0, 0.0):.1f}" y2="{y + 9}" '
        f'stroke="{INK}"/><line x1="{left:.1f}" y1="{y}" x2="{right:.1f}" y2="{y}" '
        f'stroke="{ring}" stroke-width="3"/><circle cx="{middle:.1f}" cy="{y}" r="6" '
        f'fill="{fill}" stroke="{ring}" stroke-width="2"/>'
    )


def _words(row: Mapping[str, Any], top: float, width: int) -> str:
    label, people = escape(row["label"]), f"{row['n'] + row['m']:,} people"
    found = f"{row['sign']} {escape(row['verdict'])}, {people}"
    if width > WIDE:
        return f'<text x="{ROOM}" y="{top + 10}">{label} <tspan class="q">{found}</tspan></text>'
    return f'<text x="{ROOM}" y="{top + 10}">{label}</text>' + _said(ROOM, top + 27, found)


def _said(x: float, y: float, text: str, anchor: str = "start") -> str:
    return f'<text class="q" x="{x:.1f}" y="{y}" text-anchor="{anchor}">{text}</text>'
