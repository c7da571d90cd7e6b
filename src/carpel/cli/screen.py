"""How things look in a terminal: tables, figures, problems."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

from rich.cells import cell_len
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)
ZONE = ContextVar("ZONE", default="UTC")
"""The zone of the project that is looked at: moments are shown on its clocks."""
SHARES = frozenset({"share", "revenue_share", "score"})
"""Columns of lists that are told in per cent."""
HEADINGS: Mapping[str, str] = {
    "at": "when",
    "counted": "people counted",
    "criterion": "kind",
    "customer": "person",
    "event": "what they did",
    "fixed": "put right",
    "granted": "allowed",
    "known": "people known of",
    "metric": "measured by",
    "proposal": "what to do",
    "read": "rows read",
    "record": "entry",
    "records": "entries",
    "recurring_revenue": "recurring revenue of a year",
    "revenue_365d": "revenue, last 365 days",
    "revenue_share": "of revenue",
    "seconds": "seconds to work out",
    "segmentation": "set of segments",
    "share": "of people",
    "source": "data source",
    "suppressed": "on the do-not-contact list",
    "trait": "attribute",
    "why": "because of",
}
"""What columns are called on screen whose own name is no word of it."""
ENDLESS = 100_000
"""Columns that no table is wider than."""
EXACT = 1e9
"""Numbers from here on have no digits after the point that anybody stated."""
HUGE = 1e14
"""Numbers of fifteen digits and more are told by how large they are: nobody reads the digits."""


def say(text: str = "") -> None:
    """Print text as it is, a line a line; square brackets in names are not markup."""
    out.print(text, markup=False, soft_wrap=True)


def show_table(
    rows: Sequence[Mapping[str, Any]],
    *,
    title: str = "",
    headings: Mapping[str, str] | None = None,
    empty: str = "nothing",
) -> None:
    """Print rows as a table; numbers to the right, the columns in the order of the headings.

    Each row is one whole line, however long, when it goes to a pipe or a file; a terminal folds
    what does not fit, the first column last.
    """
    if not rows:
        say(f"{title}: {empty}" if title else empty)
        return
    headings = headings or {key: worded(key) for key in rows[0]}
    table = _table(rows, headings, title)
    if not out.is_terminal:
        say(_unbounded(table))
        return
    if Measurement.get(out, out.options.update_width(ENDLESS), table).maximum > out.width:
        _hold(table, out.width)
    out.print(table)


def worded(name: str) -> str:
    """What a name in code is called on screen."""
    return HEADINGS.get(name, name.replace("_", " "))


def _table(rows: Sequence[Mapping[str, Any]], headings: Mapping[str, str], title: str) -> Table:
    table = Table(title=title or None, title_justify="left", box=None, pad_edge=False)
    for key, heading in headings.items():
        number = all(isinstance(row.get(key), int | float | None) for row in rows)
        table.add_column(heading, justify="right" if number else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_cell(row.get(key), key) for key in headings))
    return table


def _unbounded(table: Table) -> str:
    """The table at its full width, without the blanks that fill up its last column."""
    kept = Console(file=StringIO(), width=ENDLESS, highlight=False)
    with kept.capture() as text:
        kept.print(table)
    return "\n".join(line.rstrip() for line in text.get().splitlines())


def _hold(table: Table, width: int) -> None:
    """Let what comes first and numbers keep their width while the other columns fold."""
    for number, column in enumerate(table.columns):
        if number == 0 or column.justify == "right":
            words = [*map(str, column.cells), *str(column.header).split()]
            column.width = min(max(map(cell_len, words)), width // 2)


def _cell(value: Any, key: str) -> str:
    from rich.markup import escape

    told = share(value) if key in SHARES and isinstance(value, float) else figure(value)
    return escape(" ".join(told.split("\n")))


def figure(value: Any) -> str:
    """A value as a person reads it."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        if abs(value) >= HUGE:
            return _short(value)
        return f"{value:,.0f}" if abs(value) >= 1000 or value == int(value) else f"{value:,.3g}"
    if isinstance(value, datetime):
        moment = local(value if value.tzinfo else value.replace(tzinfo=UTC), ZONE.get())
        return moment.removesuffix(" 00:00")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return ", ".join(figure(each) for each in value)
    return str(value)


def exact(value: Any) -> str:
    """A value as it was stated: an amount of 19.95 is not rounded to 19.9."""
    if isinstance(value, float) and abs(value) < EXACT:
        return f"{value:,.6f}".rstrip("0").rstrip(".")
    return figure(value)


def money(value: float | None, currency: str) -> str:
    """An amount with its currency, whole units."""
    if value is None:
        return "–"
    return f"{_short(value) if abs(value) >= HUGE else f'{round(value):,}'} {currency}"


def _short(value: float) -> str:
    """`1e+308`: three digits and how many follow."""
    return f"{value:.3g}"


def share(value: float | None) -> str:
    """A share of 0 to 1 as per cent; what is not nothing is not rounded to it."""
    if value is not None and 0 < abs(value) < 0.0005:
        return "<0.1 %" if value > 0 else ">-0.1 %"
    return "–" if value is None else f"{value:.1%}".replace("%", " %")


def local(moment: datetime, zone: str) -> str:
    """A moment in the project's own time."""
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


@contextmanager
def progress() -> Iterator[Any]:
    """A bar over the stages of a run; gives what a run reports to. Silent when not a terminal."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (BarColumn(bar_width=30), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bars:
        task = bars.add_task("opening", total=1.0)
        yield lambda what, done: bars.update(task, description=what, completed=done)
