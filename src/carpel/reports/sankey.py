"""A Sankey diagram as inline SVG of our own: who went from where to where.

Bands are told apart without colour: those who stayed are light and dotted at the edge, those who
moved are dark, and every place has its name and number written beside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from carpel.evaluation.migration import Migration

BAR, GAP, LINE = 12, 10, 15
"""Width of a place, room between two places, and height of a line of text; in pixels."""
STYLE = (
    "text{font:13px system-ui,-apple-system,'Segoe UI',sans-serif;fill:#1f2421}"
    ".n{fill:#565d58}.stay{fill:#d9d4cb;stroke:#8b918d;stroke-width:.5;stroke-dasharray:1 3}"
    ".move{fill:#8f3710;fill-opacity:.62;stroke:#5e210a;stroke-width:.5}.place{fill:#1f2421}"
)


@dataclass
class _Place:
    """Where one place stands on a side, and how much of it is used by bands so far."""

    name: str
    people: int
    top: float
    used: float = 0.0


def sankey(
    found: Migration,
    labels: Mapping[str, str],
    title: str,
    *,
    width: int = 760,
    mark: str = "flow",
) -> str:
    """Draw a migration; nothing when nobody is in it. `mark` keeps ids on one page apart."""
    if not found.people:
        return ""
    origins = [sum(row) for row in found.counts]
    arrivals = [sum(row[i] for row in found.counts) for i in range(len(found.destinations))]
    shown = max(sum(each > 0 for each in side) for side in (origins, arrivals))
    height = max(260, shown * (2 * LINE + GAP))
    scale = (height - shown * (LINE + GAP)) / found.people
    left = _side(found.origins, origins, scale)
    right = _side(found.destinations, arrivals, scale)
    inner = (_margin(width), width - _margin(width))
    body = [*_bands(found, left, right, scale, inner)]
    body += [_named(each, labels, scale, inner[0], -1) for each in left.values() if each.people]
    body += [_named(each, labels, scale, inner[1], 1) for each in right.values() if each.people]
    tall = max(
        each.top + max(each.people * scale, LINE) for each in (*left.values(), *right.values())
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width} {tall + 8:.0f}" '
        f'width="{width}" height="{tall + 8:.0f}" aria-labelledby="{mark}-t {mark}-d">'
        f'<title id="{mark}-t">{escape(title)}</title>'
        f'<desc id="{mark}-d">{escape(_told(found, labels))}</desc>'
        f"<style>{STYLE}</style>{''.join(body)}</svg>"
    )


def _margin(width: int) -> int:
    """Room for the names at either side."""
    return 150 if width >= 600 else 126


def _side(names: Sequence[str], people: Sequence[int], scale: float) -> dict[str, _Place]:
    places, top = {}, 4.0
    for name, count in zip(names, people, strict=True):
        places[name] = _Place(name, count, top)
        if count:
            top += max(count * scale, LINE) + GAP
    return places


def _bands(
    found: Migration,
    left: Mapping[str, _Place],
    right: Mapping[str, _Place],
    scale: float,
    inner: tuple[int, int],
) -> list[str]:
    """One band a pair, those who stayed first, so that those who moved lie above."""
    drawn = []
    for row in found.rows():
        origin, destination = left[str(row["origin"])], right[str(row["destination"])]
        size = int(row["people"]) * scale
        stayed = origin.name == destination.name
        path = _path(inner, origin.top + origin.used, destination.top + destination.used, size)
        origin.used, destination.used = origin.used + size, destination.used + size
        drawn.append((not stayed, f'<path class="{"stay" if stayed else "move"}" d="{path}"/>'))
    return [path for _, path in sorted(drawn, key=lambda each: each[0])]


def _path(inner: tuple[int, int], start: float, end: float, size: float) -> str:
    x1, x2 = inner[0] + BAR, inner[1] - BAR
    half = (x1 + x2) / 2
    below = (start + size, end + size)
    return (
        f"M{x1} {start:.1f}C{half} {start:.1f} {half} {end:.1f} {x2} {end:.1f}"
        f"V{below[1]:.1f}C{half} {below[1]:.1f} {half} {below[0]:.1f} {x1} {below[0]:.1f}Z"
    )


def _named(place: _Place, labels: Mapping[str, str], scale: float, at: int, side: int) -> str:
    """The bar of a place with its name and number on the outer side."""
    size = max(place.people * scale, 1.0)
    bar, text = (at, at - 8) if side < 0 else (at - BAR, at + 8)
    anchor = "end" if side < 0 else "start"
    middle = place.top + max(size, LINE) / 2 + 4
    name = escape(labels.get(place.name, place.name))
    return (
        f'<rect class="place" x="{bar}" y="{place.top:.1f}" width="{BAR}" height="{size:.1f}"/>'
        f'<text x="{text}" y="{middle:.1f}" text-anchor="{anchor}">{name} '
        f'<tspan class="n">{place.people:,}</tspan></text>'
    )


def _told(found: Migration, labels: Mapping[str, str]) -> str:
    """The same in words, the largest moves first."""
    moved = [row for row in found.rows() if row["origin"] != row["destination"]]
    moved.sort(key=lambda row: -int(row["people"]))
    said = [
        f"{row['people']:,} from {labels.get(str(row['origin']), row['origin'])} "
        f"to {labels.get(str(row['destination']), row['destination'])}"
        for row in moved
    ]
    return f"{found.stayed:,} stayed where they were. " + "; ".join(said) + ("." if said else "")
