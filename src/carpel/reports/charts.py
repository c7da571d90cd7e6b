"""Charts as SVG: one hue, a text alternative, a wide form and a narrow one for phones.

Without the extra `charts` there are none, and the tables beside them say the same.
"""

import json
import re
from collections.abc import Mapping, Sequence
from html import escape
from itertools import count
from typing import Any

INK, ACCENT, GREY = "#1f2421", "#c8501e", "#8b918d"
FONT = "Helvetica, Arial, 'Liberation Sans', sans-serif"
"""Fonts of one width, so that a label measured here fits where it is read."""
_ids = count(1)

Rows = Sequence[Mapping[str, Any]]


def available() -> bool:
    """Whether charts can be drawn here."""
    from importlib.util import find_spec

    return find_spec("altair") is not None and find_spec("vl_convert") is not None


def months(rows: Rows, title: str, *, width: int, every: int) -> str:
    """Revenue by month as bars; rows have `month` (ISO date), `revenue`, `shown`.

    Every so many months are named below; figures stand above bars where they fit.
    """
    import altair as alt

    named = [row["month"] for row in rows][::every]
    base = alt.Chart(alt.Data(values=list(rows))).encode(
        x=alt.X(
            "month:O",
            title=None,
            axis=alt.Axis(
                values=named,
                labelExpr="utcFormat(toDate(datum.value), '%b %y')",
                labelAngle=0,
                labelOverlap=False,
                ticks=False,
            ),
        ),
        y=alt.Y("revenue:Q", axis=None),
    )
    bars = base.mark_bar(color=ACCENT)
    texts = base.mark_text(dy=-4, baseline="bottom", color=INK, fontSize=12).encode(text="shown:N")
    drawn = bars + texts if width / max(len(rows), 1) >= 38 else bars
    return _svg(drawn.properties(width=width, height=170), title)


CONFIG = {
    "background": "transparent",
    "view": {"stroke": None},
    "text": {"font": FONT},
    "padding": {"left": 16, "right": 16, "top": 8, "bottom": 8},
    "axis": {"labelFont": FONT, "labelFontSize": 12, "labelColor": INK, "domainColor": GREY},
}


def _svg(chart: Any, title: str) -> str:
    """A chart as SVG that a page can hold beside others: ids unique, a name to be read aloud."""
    import vl_convert

    svg = vl_convert.vegalite_to_svg(
        json.dumps(chart.to_dict()), config=CONFIG, allowed_base_urls=[]
    )
    mark = f"c{next(_ids)}"
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{mark}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{mark}-\1)", svg)
    return str(svg).replace("<svg ", f'<svg role="img" aria-label="{escape(title)}" ', 1)
