"""What a column of the tables is called on screen."""

import re
from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    "at": "time",
    "seen_at": "last update",
    "known_since": "first day known",
    "proof": "way of permission",
    "granted": "answer",
    "started_at": "start",
    "ended_at": "end",
    "trial_ends_at": "end of trial",
    "renews_at": "renewal",
    "paused_at": "pause",
    "cancelled_at": "cancellation",
    "contract_id": "plan number",
    "account_key": "company number",
}
"""Columns whose own name is no word of the screen."""

REVENUES: Mapping[str | None, str] = {
    None: "revenue of the last 365 days",
    "spent": "revenue of the last 365 days",
    "recurring": "recurring revenue of a year",
}
"""What stands as revenue in the sizes of segments, by its kind; older builds do not tell one."""


def counted(count: int, one: str, many: str = "") -> str:
    """A count and what it counts: `1 row`, `2,000 rows`; `many` where it takes more than an s."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def on_screen(column: str) -> str:
    """A column in words: `e-mail`, `time`, `delivery time`; the event it is of is left out."""
    name = column.rpartition(".")[2]
    words = WORDS.get(name) or re.sub(r"_at$", "_time", name)
    return words.replace("_", " ").replace("email", "e-mail")
