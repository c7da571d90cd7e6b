"""Files that are added to a source of events: reading only them is reading everything."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carpel.stages.base import Line
from carpel.testing.line import CLOCK, read

from .nights import sourced

TABLES = ("staged_event_bought", "staged_event_returned", "records", "accounting", "set_aside")
FRESH = ("loaded_at",)
KEPT = ("grown", "besides")
"""Notes that say how it was read, not what."""
TILL = {
    "name": "till",
    "read": "till-*.csv",
    "identifiers": {"card": "who", "email": "mail"},
    "track": [
        {"event": "bought", "at": "at", "when": {"kind": "buy"}, "properties": {"amount": "eur"}},
        {"event": "returned", "at": "at", "when": {"kind": "back"}},
    ],
}
DEAR = {
    "name": "dear",
    "source": "till",
    "rows": {"amount": {"more_than": 3.6}, "who": {"ne": "b"}},
}
HEADER = "id,who,mail,at,kind,eur"


def run(folder: Path, parent: Line | None = None, night: int = 0, **source: Any) -> Line:
    """The stage after so many nights, on top of the night before or from nothing."""
    return sourced(folder, {**TILL, **source}, before=parent, night=night, checks=[DEAR])


def write(folder: Path, name: str, rows: Sequence[str], header: str = HEADER) -> None:
    (folder / f"till-{name}.csv").write_text("\n".join([header, *rows]) + "\n")


def said(line: Line) -> dict[str, Any]:
    """Everything that the stage made, in no order."""
    found: dict[str, Any] = {}
    for name in TABLES:
        if line.table_files(name):
            rows = [_without(each, FRESH) for each in read(line, name)]
            found[name] = sorted(map(repr, rows))
    notes = line.parts["sources/till"].notes["till"]
    return {**found, "notes": _without(notes, KEPT)}


def _without(row: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {key: value for key, value in sorted(row.items()) if key not in names}


def times_grown(line: Line) -> int:
    """How many times files were put beside those of a parent."""
    found: int = line.parts["sources/till"].notes["till"]["grown"]
    return found


FIRST = ["1,a,,2026-01-05 10:00,buy,3.50", "2,b,b@x.example,2026-01-06 11:00,buy,4.00"]


def test_only_the_new_file_is_read(tmp_path: Path) -> None:
    write(tmp_path, "1", FIRST)
    before = run(tmp_path)
    write(tmp_path, "2", ["3,a,,2026-01-05 09:00,back,1.00", "4,c,,2025-12-01 09:00,buy,9.99"])
    (tmp_path / "till-1.csv").chmod(0)
    grown = run(tmp_path, before, night=1)
    assert times_grown(grown) == 1
    assert said(grown) == said(run(tmp_path))
    events = read(grown, "staged_event_bought")
    nights = {row["amount"]: row["loaded_at"] for row in events}
    assert nights[3.5] == CLOCK.replace(tzinfo=None)
    assert nights[9.99] == (CLOCK + timedelta(days=1)).replace(tzinfo=None)


@pytest.mark.parametrize(
    ("rows", "header"),
    [
        (["1,a,,2026-01-05 10:00,buy,3.50"], HEADER),
        (["9,c,,06/01/2026 10:00,buy,3.50"], HEADER),
        (['9,c,,2026-01-07 10:00,buy,"3,50"'], HEADER),
        (["9,c,,2026-01-07 10:00,buy,3.50,x"], f"{HEADER},more"),
        (["9,c,,2026-01-07 10:00,buy,3.50"], HEADER.replace("eur", "EUR")),
    ],
    ids=[
        "said again",
        "dates otherwise",
        "decimals otherwise",
        "a column more",
        "a name otherwise",
    ],
)
def test_else_everything_is_read(tmp_path: Path, rows: list[str], header: str) -> None:
    write(tmp_path, "1", FIRST)
    before = run(tmp_path)
    write(tmp_path, "2", rows, header)
    after = run(tmp_path, before, night=1)
    assert times_grown(after) == 0
    assert said(after) == said(run(tmp_path))


def test_a_file_that_changed_or_is_gone_is_no_growth(tmp_path: Path) -> None:
    write(tmp_path, "1", FIRST)
    write(tmp_path, "2", ["3,a,,2026-01-07 09:00,buy,1.00"])
    before = run(tmp_path)
    write(tmp_path, "2", ["3,a,,2026-01-07 09:00,buy,2.00"])
    write(tmp_path, "3", ["4,a,,2026-01-08 09:00,buy,1.00"])
    changed = run(tmp_path, before, night=1)
    (tmp_path / "till-2.csv").unlink()
    write(tmp_path, "4", ["5,a,,2026-01-09 09:00,buy,1.00"])
    gone = run(tmp_path, changed, night=2)
    assert times_grown(changed) == times_grown(gone) == 0
    assert said(gone) == said(run(tmp_path))


row = st.tuples(
    st.sampled_from(["a", "b", "", "c"]),
    st.sampled_from(["", "b@x.example", "no mail"]),
    st.sampled_from(["2026-01-05 10:00", "2025-06-01 09:30", "soon", "2031-01-01 00:00"]),
    st.sampled_from(["buy", "back", "look"]),
    st.sampled_from(["3.50", "4", "", "much"]),
)


@pytest.mark.slow
@settings(max_examples=4, deadline=None)
@given(nights=st.lists(st.lists(row, max_size=4), min_size=2, max_size=4), keyed=st.booleans())
def test_any_nights_give_what_reading_all_gives(
    nights: list[list[tuple[str, ...]]], keyed: bool
) -> None:
    with TemporaryDirectory() as name:
        folder, line, nth = Path(name), None, 0
        source = {"key": ["id"]} if keyed else {}
        tracks = [{**each, **source} for each in TILL["track"]]  # type: ignore[dict-item]
        for night, rows in enumerate([[("a", "", "2026-01-05 10:00", "buy", "1.50")], *nights]):
            listed = []
            for each in rows:
                nth += 1
                listed.append(",".join((str(nth), *each)))
            write(folder, str(night), listed)
            line = run(folder, line, night, track=tracks)
        assert line is not None
        assert said(line) == said(run(folder, night=len(nights), track=tracks))
