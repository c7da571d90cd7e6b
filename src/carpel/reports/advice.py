"""Ways to part people beside each other: how much each foresees, drawn and as a table."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from carpel.reports.figures import percent
from carpel.reports.flow import STYLE

ROW, LEFT, RIGHT, TOP = 44, 24, 24, 30
"""Pixels: a way's height, and the room around."""
INK, QUIET, BAR, TAKEN = "#1f2421", "#565d58", "#8b918d", "#8f3710"
HEADINGS = {
    "label": "Way",
    "foresees": "Foresees",
    "likely": "likely",
    "groups": "Groups",
    "sizes": "Sizes",
    "top": "Top fifth",
    "stays": "Stay put",
    "reached": "Least reached",
}


@dataclass(frozen=True)
class Drawn:
    """What a page says: the verdict in words, and ways as rows of `written`."""

    title: str
    why: str
    how: str
    ways: Sequence[Mapping[str, Any]]
    taken: str | None
    left_out: Mapping[str, str]


def written(way: Mapping[str, Any]) -> dict[str, Any]:
    """A way with its figures as they are read on screen."""
    return {
        "label": way["label"],
        "foresees": _share(way["explained"]),
        "likely": f"{_share(way['low'])} to {_share(way['high'])}",
        "groups": way["groups"],
        "sizes": f"{percent(way['smallest'])} to {percent(way['largest'])}",
        "top": f"{way['lift']:.1f} times the average",
        "stays": percent(way["stays"]),
        "reached": percent(way["reached"]),
    }


def _share(value: float) -> str:
    """A share that may be below nothing; next to nothing is nothing."""
    return percent(0.0 if abs(value) < 0.0005 else value).replace("-", "−")


def svg(drawn: Drawn, width: int = 760) -> str:
    """A bar a way from nothing to what it foresees, and its interval as a line across the end."""
    ends = [edge for way in drawn.ways for edge in (way["low"], way["high"], way["explained"])]
    low, high = min(0.0, *ends), max(0.05, *ends)
    inner = width - LEFT - RIGHT

    def at(share: float) -> float:
        return float(LEFT + inner * (share - low) / (high - low))

    tall = TOP + ROW * len(drawn.ways) + 8
    body = [_axis(at(0.0), width, tall)]
    body += [
        _row(way, at, TOP + ROW * place, taken=way["way"] == drawn.taken)
        for place, way in enumerate(drawn.ways)
    ]
    told = "; ".join(
        f"{each['label']} {each['foresees']} (likely {each['likely']})"
        for each in map(written, drawn.ways)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width} {tall}" '
        f'width="{width}" height="{tall}" aria-labelledby="advice-t advice-d">'
        f'<title id="advice-t">{escape(drawn.title)}</title>'
        f'<desc id="advice-d">{escape(told)}</desc>'
        "<style>text{font:13px system-ui,-apple-system,'Segoe UI',sans-serif;"
        f"fill:{INK}}}.q{{fill:{QUIET}}}</style>{''.join(body)}</svg>"
    )


def _axis(zero: float, width: int, tall: int) -> str:
    """The line at nothing, which is treating all alike."""
    side = "start" if zero < width / 2 else "end"
    return (
        f'<line x1="{zero:.1f}" y1="{TOP - 8}" x2="{zero:.1f}" y2="{tall - 4}" stroke="{INK}"/>'
        f'<text class="q" x="{zero:.1f}" y="{TOP - 14}" text-anchor="{side}">all alike</text>'
    )


def _row(way: Mapping[str, Any], at: Callable[[float], float], top: float, *, taken: bool) -> str:
    zero, end = at(0.0), at(way["explained"])
    left, right, middle = at(way["low"]), at(way["high"]), top + 28
    name = f"{way['label']}{', taken' if taken else ''}"
    weight = ' style="font-weight:600"' if taken else ""
    return (
        f'<text x="{at(0.0) + 6:.1f}" y="{top + 14}"{weight}>{escape(name)} '
        f'<tspan class="q">{written(way)["foresees"]}</tspan></text>'
        f'<rect x="{min(zero, end):.1f}" y="{middle - 6}" width="{abs(end - zero):.1f}" '
        f'height="12" fill="{TAKEN if taken else BAR}"/>'
        f'<line x1="{left:.1f}" y1="{middle}" x2="{right:.1f}" y2="{middle}" stroke="{INK}"/>'
        + "".join(
            f'<line x1="{x:.1f}" y1="{middle - 4}" x2="{x:.1f}" y2="{middle + 4}" stroke="{INK}"/>'
            for x in (left, right)
        )
    )


def html(drawn: Drawn) -> str:
    """One page with the verdict, the drawing and its table; nothing from outside."""
    head = "".join(f'<th scope="col">{each}</th>' for each in HEADINGS.values())
    body = "".join(_cells(written(way)) for way in drawn.ways)
    out = "".join(f"<li>{escape(name)}: {escape(why)}</li>" for name, why in drawn.left_out.items())
    more = f"<h2>Not tried</h2><ul>{out}</ul>" if out else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(drawn.title)}</title><style>{STYLE}"
        "th,td{white-space:nowrap}.wide{display:block}.narrow{display:none}"
        "@media(max-width:640px){.wide{display:none}.narrow{display:block}}"
        f"</style></head><body><h1>{escape(drawn.title)}</h1>"
        f"<p><strong>{escape(drawn.why)}</strong></p><p>{escape(drawn.how)}</p>"
        f'<div class="wide">{svg(drawn)}</div><div class="narrow">'
        f"{svg(drawn, 340).replace('advice-', 'advice-n-')}</div>"
        '<div class="scroll" tabindex="0" role="region" aria-label="the same as a table">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{more}"
        "</body></html>"
    )


def _cells(row: Mapping[str, Any]) -> str:
    name, *rest = (escape(str(row[each])) for each in HEADINGS)
    return f'<tr><th scope="row">{name}</th>{"".join(f"<td>{each}</td>" for each in rest)}</tr>'
