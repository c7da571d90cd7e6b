"""What would have to be otherwise: the very change, by known answers over one person's data."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from carpel.engine.duckdb import DuckDB
from carpel.evaluation import Evaluator, moves
from carpel.language import parse_text

pytestmark = pytest.mark.slow

NOON = datetime.fromisoformat("2026-03-31T12:00")
DAY = timedelta(days=1)
ADA, BEN = 1, 2
"""Ada has done much; of Ben nothing is known."""
BOUGHT = [
    # days ago, amount, items, category, product
    (20, 10.0, 1, "tea", "p1"),
    (10, 20.0, 2, "coffee", "p2"),
    (5, 30.0, 3, "tea", "p1"),
    (1, 40.0, None, None, None),
]
TRAITS: dict[str, tuple[str, Any]] = {
    "age": ("integer", 30),
    "spend": ("number", 99.5),
    "city": ("text", "Bonn"),
    "vip": ("boolean", True),
    "born": ("date", date(1996, 3, 1)),
    "seen": ("instant", NOON - 3 * DAY),
    "likes": ("list", ["tea", "jazz"]),
}
TYPES = {
    "integer": pa.int64(),
    "number": pa.float64(),
    "text": pa.string(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "instant": pa.timestamp("us"),
    "list": pa.list_(pa.string()),
}


@pytest.fixture(scope="module")
def evaluator() -> Evaluator:
    engine = DuckDB()
    bought = {
        "customer": pa.array([ADA] * 4, pa.int64()),
        "event_key": pa.array([1, 2, 3, 4], pa.uint64()),
        "at": pa.array([NOON - DAY * each[0] for each in BOUGHT], pa.timestamp("us")),
        "amount": pa.array([each[1] for each in BOUGHT], pa.float64()),
        "items": pa.array([each[2] for each in BOUGHT], pa.int64()),
        "category": pa.array([each[3] for each in BOUGHT], pa.string()),
        "product": pa.array([each[4] for each in BOUGHT], pa.string()),
        "local_date": pa.array([(NOON - DAY * each[0]).date() for each in BOUGHT], pa.date32()),
        "local_hour": pa.array([12] * 4, pa.int8()),
    }
    tables = {
        "customers": pa.table({"customer": [ADA, BEN]}),
        "aliases": pa.table({"customer": pa.array([], pa.int64()), "survivor": []}),
        "event_bought": pa.table(bought),
        "activity_bought": pa.table(bought),
        "profiles": pa.table(
            {
                "customer": [ADA, 9, 10],
                **{
                    name: pa.array([value, None, "Rome" if name == "city" else None], TYPES[kind])
                    for name, (kind, value) in TRAITS.items()
                },
            }
        ),
        "traits": pa.table(
            {
                "trait": list(TRAITS),
                "type": [kind for kind, _ in TRAITS.values()],
                "table": ["profiles"] * len(TRAITS),
                "expression": list(TRAITS),
            }
        ),
    }
    for name, table in tables.items():
        engine.register(name, table)
    return Evaluator(engine, as_of=NOON.replace(tzinfo=UTC), zone=ZoneInfo("UTC"))


def told(evaluator: Evaluator, text: str, who: int) -> list[str]:
    """Each change in a line: the value, or the events with what was set of them."""
    lines = []
    for change in evaluator.changes(parse_text(text), who):
        said = f"{change.before} -> {change.after}"
        rows = [
            f"+ {row['at']:%m-%dT%H:%M:%S} "
            + " ".join(f"{k}={v}" for k, v in sorted(row.items()) if k in PROPERTIES)
            for row in change.add
        ]
        gone = f"- {' '.join(map(str, change.remove))}" if change.remove else ""
        lines.append("; ".join(filter(None, [said, gone, *map(str.strip, rows)])))
    return lines


PROPERTIES = ("amount", "items", "category", "product", "local_hour")


LINES = (Path(__file__).parent / "known_changes.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("text", LINES[::3])
def test_the_change_that_is_known(evaluator: Evaluator, text: str) -> None:
    at = LINES.index(text)
    found = [told(evaluator, text, who) for who in (ADA, BEN)]
    expected = [each.strip() for each in LINES[at + 1 : at + 3]]
    assert [" | ".join(each).strip() or "nothing" for each in found] == expected


def test_more_events_than_are_advice_are_not_advised(
    evaluator: Evaluator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moves, "MOST_ADDED", 3)
    assert len(told(evaluator, "did bought >= 7 times", ADA)) == 1
    assert told(evaluator, "did bought >= 8 times", ADA) == []
