"""Drawings of groups that were sought: criteria by their number, and where each group lies."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

Rows = Sequence[Mapping[str, Any]]
INK, QUIET, GREY, ACCENT = "#1f2421", "#565d58", "#8b918d", "#8f3710"
FONT = "13px system-ui,-apple-system,'Segoe UI',sans-serif"
CRITERIA = (
    ("parted", "How clearly they part"),
    ("told", "How much they tell of people"),
    ("again", "How alike they come again"),
)
PANEL, ROOM = 170, 34
"""Height of a panel, and the room around what is drawn in it; pixels."""
LINE, WIDEST, RADIUS = 46, 2.0, 10


def criteria(rows: Rows, *, width: int, mark: str) -> str:
    """A panel a criterion: how each number of groups does, higher is better, the taken one dark."""
    known = [(key, title) for key, title in CRITERIA if any(_has(row, key) for row in rows)]
    across = len(known) if width > 500 else 1
    wide = width / max(across, 1)
    body = [
        _panel(rows, key, title, (at % across) * wide, (at // across) * PANEL, wide)
        for at, (key, title) in enumerate(known)
    ]
    told = "; ".join(_said(row) for row in rows)
    tall = PANEL * -(-len(known) // max(across, 1))
    return _svg(width, tall, "How each number of groups does", told, "".join(body), mark)


def _has(row: Mapping[str, Any], key: str) -> bool:
    return row[key] is not None


def _said(row: Mapping[str, Any]) -> str:
    return f"{row['groups']} groups: {row['why']}"


def _panel(rows: Rows, key: str, title: str, left: float, top: float, wide: float) -> str:
    points = [(row["groups"], row[key], row["taken"]) for row in rows if _has(row, key)]
    counts, values = [row["groups"] for row in rows], [value for _, value, _ in points]
    low, high = min(0.0, *values), max(values) or 1.0
    span = max(counts[-1] - counts[0], 1)

    def x(count: int) -> float:
        return float(left + ROOM + (wide - 2 * ROOM) * (count - counts[0]) / span)

    def y(value: float) -> float:
        share = (value - low) / ((high - low) or 1)
        return float(top + PANEL - ROOM - (PANEL - 2.4 * ROOM) * share)

    base = top + PANEL - ROOM + 10
    line = " ".join(f"{x(count):.1f},{y(value):.1f}" for count, value, _ in points)
    dots = "".join(
        f'<circle cx="{x(count):.1f}" cy="{y(value):.1f}" r="{6 if taken else 3.5}" '
        f'fill="{ACCENT if taken else GREY}"/>'
        for count, value, taken in points
    )
    ticks = "".join(
        f'<text x="{x(row["groups"]):.1f}" y="{base + 16:.1f}" text-anchor="middle" '
        f"""{'style="font-weight:700"' if row["taken"] else 'class="q"'}>{row["groups"]}</text>"""
        for row in rows
    )
    return (
        f'<text x="{left + ROOM - 8:.1f}" y="{top + 18:.1f}">{escape(title)}</text>'
        f'<line x1="{left + ROOM - 8:.1f}" y1="{base:.1f}" x2="{left + wide - ROOM + 8:.1f}" '
        f'y2="{base:.1f}" stroke="{GREY}"/>'
        f'<polyline points="{line}" fill="none" stroke="{GREY}"/>{dots}{ticks}'
    )


def profile(rows: Rows, *, width: int, mark: str) -> str:
    """A line an attribute, from low to high with everybody in the middle; a letter a group."""
    inner = width - 2 * ROOM
    middle = width / 2

    def x(at: float) -> float:
        return middle + inner / 2 * max(-WIDEST, min(WIDEST, at)) / WIDEST

    body = [
        f'<text class="q" x="{ROOM}" y="14">lower</text>'
        f'<text class="q" x="{middle}" y="14" text-anchor="middle">everybody</text>'
        f'<text class="q" x="{width - ROOM}" y="14" text-anchor="end">higher</text>'
    ]
    tall = 24.0
    for row in rows:
        levels = _levels({mark_: x(at) for mark_, at in row["at"].items()})
        height = LINE + (max(levels.values(), default=0)) * 2 * RADIUS
        line = tall + height - RADIUS - 4
        body.append(
            f'<text x="{ROOM}" y="{tall + 14:.1f}">{escape(row["label"])}</text>'
            f'<line x1="{ROOM}" y1="{line:.1f}" x2="{width - ROOM}" y2="{line:.1f}" '
            f'stroke="{GREY}"/><line x1="{middle}" y1="{line - 6:.1f}" x2="{middle}" '
            f'y2="{line + 6:.1f}" stroke="{INK}"/>'
        )
        body += [
            _dot(mark_, x(row["at"][mark_]), line - level * 2 * RADIUS)
            for mark_, level in levels.items()
        ]
        tall += height + 6
    told = "; ".join(
        f"{row['label']}: "
        + ", ".join(f"{name} {_where(at)}" for name, at in sorted(row["at"].items()))
        for row in rows
    )
    return _svg(width, tall + 4, "Where each group lies", told, "".join(body), mark)


def _levels(places: Mapping[str, float]) -> dict[str, int]:
    """Letters that would cover each other stand on each other."""
    levels: dict[str, int] = {}
    for name in sorted(places, key=lambda each: places[each]):
        taken = {
            levels[other] for other in levels if abs(places[other] - places[name]) < 2 * RADIUS
        }
        levels[name] = next(level for level in range(len(places)) if level not in taken)
    return levels


def _dot(name: str, x: float, y: float) -> str:
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{RADIUS}" fill="{ACCENT}"/>'
        f'<text x="{x:.1f}" y="{y + 4.5:.1f}" text-anchor="middle" style="fill:#fff">{name}</text>'
    )


def _where(at: float) -> str:
    if abs(at) < 0.2:
        return "like everybody"
    return f"{'much ' if abs(at) >= 0.8 else ''}{'higher' if at > 0 else 'lower'}"


def _svg(width: int, tall: float, title: str, told: str, body: str, mark: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width} {tall:.0f}" '
        f'width="{width}" height="{tall:.0f}" aria-labelledby="{mark}-t {mark}-d">'
        f'<title id="{mark}-t">{escape(title)}</title><desc id="{mark}-d">{escape(told)}</desc>'
        f"<style>#{mark}-g text{{font:{FONT};fill:{INK}}}#{mark}-g .q{{fill:{QUIET}}}</style>"
        f'<g id="{mark}-g">{body}</g></svg>'
    )
