"""Events keep the night on which they first came, however often their file is read again."""

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carpel.testing.line import CLOCK, read

from .nights import sourced

Bought = tuple[str, str]
night = st.lists(
    st.tuples(st.sampled_from(["ann", "bob"]), st.sampled_from(["2026-01-05", "2025-06-01"])),
    max_size=4,
)
"""Rows of a night, some of them late: their own day says nothing of when they come."""


def loaded(folder: Path, nights: list[list[Bought]], **source: Any) -> Counter[tuple[Any, ...]]:
    """What is staged after the last night of those on which the file grew: row and `loaded_at`."""
    spec = {
        "name": "till",
        "read": "till.csv",
        "identifiers": {"card": "who"},
        "track": [{"event": "bought", "at": "at"}],
        **source,
    }
    line, written = None, ["who,at"]
    for nth, rows in enumerate(nights):
        written += [",".join(row) for row in rows]
        (folder / "till.csv").write_text("\n".join(written) + "\n")
        line = sourced(folder, spec, before=line, night=nth)
    assert line is not None
    told = read(line, "staged_event_bought")
    assert len({row["event_key"] for row in told}) == len(told)
    return Counter((row["at"].date().isoformat(), row["loaded_at"]) for row in told)


def on(nth: int) -> datetime:
    return (CLOCK + timedelta(days=nth)).replace(tzinfo=None)


def test_a_late_row_comes_when_it_comes_and_a_second_one_after_it(tmp_path: Path) -> None:
    late = ("ann", "2025-06-01")
    nights = [[late, ("bob", "2026-01-05")], [late]]
    assert loaded(tmp_path, nights) == {
        ("2025-06-01", on(0)): 1,
        ("2025-06-01", on(1)): 1,
        ("2026-01-05", on(0)): 1,
    }


@pytest.mark.slow
@settings(max_examples=5, deadline=None)
@given(st.tuples(night, night, night))
def test_an_event_is_loaded_on_the_night_it_first_came(nights: tuple[list[Bought], ...]) -> None:
    with TemporaryDirectory() as folder:
        assert loaded(Path(folder), list(nights)) == Counter(
            (at, on(nth)) for nth, rows in enumerate(nights) for _, at in rows
        )


@pytest.mark.slow
@settings(max_examples=5, deadline=None)
@given(st.tuples(night, night, night))
def test_said_again_under_its_key_it_came_on_the_first_of_the_nights(
    nights: tuple[list[Bought], ...],
) -> None:
    first: dict[Bought, int] = {}
    for nth, rows in enumerate(nights):
        for row in rows:
            first.setdefault(row, nth)
    with TemporaryDirectory() as folder:
        found = loaded(Path(folder), list(nights), key=["who", "at"])
    assert found == Counter((at, on(nth)) for (_, at), nth in first.items())
