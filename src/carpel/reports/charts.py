"""Charts as SVG: one hue from light to dark, values written beside marks, text alternatives.

They read in black and white and to a screen reader. Without the extra `charts` there are none,
and the tables beside them say the same.
"""

import json
import re
from collections.abc import Mapping, Sequence
from html import escape
from itertools import count
from typing import Any

INK, ACCENT, PALE, GREY = "#1f2421", "#c8501e", "#f3c9ad", "#8b918d"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif"
_ids = count(1)

Rows = Sequence[Mapping[str, Any]]


def available() -> bool:
    """Whether charts can be drawn here."""
    from importlib.util import find_spec

    return find_spec("altair") is not None and find_spec("vl_convert") is not None


def months(rows: Rows, title: str, money: str) -> str:
    """Revenue by month as bars; rows have `month` (ISO date), `revenue`, `buyers`."""
    import altair as alt

    base = alt.Chart(alt.Data(values=list(rows))).encode(
        x=alt.X("yearmonth(month):T", title=None, axis=alt.Axis(format="%b %Y", grid=False)))
    bars = base.mark_bar(color=ACCENT, size=22).encode(
        y=alt.Y("revenue:Q", title=f"revenue ({money})", axis=alt.Axis(format="~s", tickCount=5)))
    return _svg(bars.properties(width=680, height=190), title)


def bars(rows: Rows, title: str, *, label: str, value: str, shown: str) -> str:
    """Horizontal bars in the order given, each with its figure written at the end."""
    import altair as alt

    base = alt.Chart(alt.Data(values=list(rows))).encode(
        y=alt.Y(f"{label}:N", sort=None, title=None,
                axis=alt.Axis(labelLimit=240, ticks=False, domain=False)),
        x=alt.X(f"{value}:Q", axis=None))
    drawn = base.mark_bar(color=ACCENT, height=17) + base.mark_text(
        align="left", dx=5, color=INK, fontSize=12).encode(text=f"{shown}:N")
    return _svg(drawn.properties(width=430, height=max(40, 26 * len(rows))), title)


def grid(rows: Rows, title: str) -> str:
    """The RFM map: recency across, frequency upwards, darker where more people are."""
    import altair as alt

    base = alt.Chart(alt.Data(values=list(rows))).encode(
        x=alt.X("r:O", title="how recently →", axis=alt.Axis(labelAngle=0, ticks=False)),
        y=alt.Y("f:O", title="how often →", sort="descending", axis=alt.Axis(ticks=False)))
    drawn = base.mark_rect(stroke="white", strokeWidth=2).encode(color=alt.Color(
        "people:Q", scale=alt.Scale(range=["#fdf3ec", PALE, ACCENT, "#5e210a"]), legend=None))
    most = max((row["people"] for row in rows), default=0)
    text = base.mark_text(fontSize=12).encode(text="shown:N", color=alt.condition(
        alt.datum.people > most * 0.55, alt.value("white"), alt.value(INK)))
    return _svg((drawn + text).properties(width=430, height=300), title)


def contrasts(rows: Rows, title: str) -> str:
    """What sets a segment apart: a dark dot inside, a hollow one among everybody else."""
    import altair as alt

    base = alt.Chart(alt.Data(values=list(rows))).encode(y=alt.Y(
        "label:N", sort=None, title=None,
        axis=alt.Axis(labelLimit=260, ticks=False, domain=False, grid=False)))
    line = base.mark_rule(color=GREY, strokeWidth=2).encode(
        x=alt.X("inside_at:Q", axis=None, scale=alt.Scale(domain=[-0.05, 1.05])), x2="outside_at:Q")
    inside = base.mark_point(filled=True, size=110, color=ACCENT, opacity=1).encode(x="inside_at:Q")
    outside = base.mark_point(filled=True, size=80, color="white", stroke=INK, strokeWidth=1.5,
                              opacity=1).encode(x="outside_at:Q")
    drawn = line + outside + inside
    return _svg(drawn.properties(width=300, height=max(40, 28 * len(rows))), title)


_AXIS = {"labelFont": FONT, "titleFont": FONT, "labelFontSize": 12, "titleFontSize": 12,
         "labelColor": INK, "titleColor": INK, "titleFontWeight": "normal",
         "gridColor": "#e6e4df", "domainColor": GREY}
CONFIG = {"background": "transparent", "view": {"stroke": None}, "axis": _AXIS,
          "text": {"font": FONT}}


def _svg(chart: Any, title: str) -> str:
    """A chart as SVG that a page can hold beside others: ids unique, a name to be read aloud."""
    import vl_convert

    svg = vl_convert.vegalite_to_svg(json.dumps(chart.to_dict()), config=CONFIG,
                                     allowed_base_urls=[])
    mark = f"c{next(_ids)}"
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{mark}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{mark}-\1)", svg)
    return str(svg).replace("<svg ", f'<svg role="img" aria-label="{escape(title)}" ', 1)
