"""A migration by itself: as a page, as a drawing, as rows."""

import csv as rows
from collections.abc import Mapping
from html import escape
from io import StringIO

from carpel.evaluation.migration import Migration
from carpel.reports.sankey import sankey

STYLE = (
    "body{font:16px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif;color:#1f2421;"
    "background:#fffdfa;max-width:1000px;margin:32px auto;padding:0 16px}"
    "svg{max-width:100%;height:auto}table{border-collapse:collapse;font-size:14px}"
    "th,td{text-align:right;padding:5px 10px;border-bottom:1px solid #dedad3}"
    "th:first-child{text-align:left}.scroll{overflow-x:auto}"
)


def svg(found: Migration, labels: Mapping[str, str], title: str) -> str:
    """The Sankey diagram as a file of its own."""
    return sankey(found, labels, title)


def html(found: Migration, labels: Mapping[str, str], title: str) -> str:
    """One page with the diagram and its table; no script and nothing from outside."""
    names = [escape(labels.get(each, each)) for each in found.destinations]
    head = "".join(f'<th scope="col">{each}</th>' for each in names)
    body = "".join(
        f'<tr><th scope="row">{escape(labels.get(origin, origin))}</th>'
        + "".join(f"<td>{count:,}</td>" for count in counts)
        + "</tr>"
        for origin, counts in zip(found.origins, found.counts, strict=True)
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>"
        f"<h1>{escape(title)}</h1>{sankey(found, labels, title)}"
        '<div class="scroll" tabindex="0" role="region" aria-label="the same as a table">'
        f'<table><thead><tr><th scope="col">from, to</th>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div></body></html>"
    )


def csv(found: Migration, labels: Mapping[str, str], title: str) -> str:  # noqa: ARG001
    """One row a pair of places: from, to, people."""
    text = StringIO()
    writer = rows.writer(text, lineterminator="\n")
    writer.writerow(["from", "to", "people"])
    for row in found.rows():
        ends = [labels.get(str(row[key]), row[key]) for key in ("origin", "destination")]
        writer.writerow([*ends, row["people"]])
    return text.getvalue()
