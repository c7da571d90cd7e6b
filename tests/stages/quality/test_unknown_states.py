"""A status that nobody understands is told with its words and rows, and only then."""

from pathlib import Path

import pyarrow as pa
import pytest

from carpel.specs import Definitions, Project, Source
from carpel.stages.quality import Quality
from carpel.testing.line import CLOCK, line_with, read, take

AT = CLOCK.replace(tzinfo=None)


def found(tmp_path: Path, states: list[str], **when: object) -> list[dict[str, object]]:
    track = {"event": "order_completed", "at": "day", "properties": {"order_status": "State"}}
    source = Source(name="till", read="till.csv", track=[{**track, "when": when}])
    n = len(states)
    rows = pa.table(
        {
            "ref": pa.array(range(n), pa.uint64()),
            "source": ["till"] * n,
            "event_key": pa.array(range(n), pa.uint64()),
            "at": pa.array([AT] * n, pa.timestamp("us")),
            "order_status": states,
        }
    )
    accounting = pa.table({"source": ["till"], "file": ["till.csv"], "fate": ["loaded"],
                           "reason": [""], "rows": [n]})  # fmt: skip
    given = {"staged_event_order_completed": rows, "accounting": accounting}
    said = Definitions(Project(name="shop"), sources={"till": source})
    line = take(line_with(tmp_path, given, definitions=said), [Quality()])
    return [row for row in read(line, "findings") if row["check"] == "unknown_status"]


def test_words_and_rows_of_what_is_not_understood(tmp_path: Path) -> None:
    (one,) = found(tmp_path, ["paid"] * 5 + ["Lagerfach"] * 2 + ["Blorp", "", "pending"])
    assert (one["rows"], one["of"], one["severity"]) == (3, 10, "warning")
    assert "“Lagerfach” (2), “Blorp” (1)" in str(one["message"])
    assert "paid" not in str(one["message"]) and "values" in str(one["proposal"])


@pytest.mark.parametrize(
    ("states", "when"),
    [
        (["paid", "shipped", "not cancelled", ""], {}),
        (["Gewinn!"] * 4, {"State": {"in": ["Gewinn!"]}}),
        ([f"note {n}" for n in range(40)], {}),
    ],
)
def test_nothing_is_told_of_what_is_understood_asked_for_or_no_status(
    states: list[str], when: dict[str, object], tmp_path: Path
) -> None:
    assert found(tmp_path, states, **when) == []
