"""How many people over time, as a small line of steps that needs no axis: its ends are written."""

from collections.abc import Sequence
from datetime import datetime
from xml.sax.saxutils import quoteattr

WIDTH, HEIGHT, EDGE = 180, 34, 3
DRAWN = 'fill="none" stroke="#c8501e" stroke-width="2"'


def spark(sizes: Sequence[tuple[datetime, float]], title: str) -> str:
    """Draw sizes from moment to moment, from nothing up; a flat line when nothing changed."""
    if len(sizes) < 2:
        return ""
    start, end = sizes[0][0], sizes[-1][0]
    span = (end - start).total_seconds() or 1.0
    most = max(people for _, people in sizes) or 1
    across = [EDGE + (WIDTH - 2 * EDGE) * (at - start).total_seconds() / span for at, _ in sizes]
    up = [HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * people / most for _, people in sizes]
    steps = "".join(f"H{x:.1f}V{y:.1f}" for x, y in zip(across[1:], up[1:], strict=True))
    return (
        f'<svg class="spark" role="img" aria-label={quoteattr(title)} '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
        f'<path {DRAWN} d="M{across[0]:.1f} {up[0]:.1f}{steps}"/>'
        f'<circle cx="{across[-1]:.1f}" cy="{up[-1]:.1f}" r="3" fill="#c8501e"/></svg>'
    )
