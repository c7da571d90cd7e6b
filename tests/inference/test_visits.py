"""Visits that were booked: only who came was there."""

from collections import Counter
from pathlib import Path

import pytest

from carpel.inference import write
from carpel.manifest.load import load
from carpel.stages.sources import Sources
from carpel.testing.line import line_with, read, take

from .proposing import lines, proposed


def told(folder: Path, states: tuple[str, ...], head: str = "Client ID,Date,Status") -> Counter:
    text = lines(head, lambda n: f"C{n % 9},2026-01-{1 + n % 28:02},{states[n % len(states)]}", 60)
    write(proposed(folder, bookings=text), folder / "project")
    definitions = load(folder / "project").sound()
    line = take(line_with(folder / "project", definitions=definitions), [Sources()])
    events = [each for each in line.tables() if each.startswith("staged_event_")]
    return Counter({each.removeprefix("staged_event_"): len(read(line, each)) for each in events})


@pytest.mark.parametrize("head", ["Client ID,Date,Status", "Member ID,Visit date,Visit status"])
def test_who_did_not_come_has_not_been_there(tmp_path: Path, head: str) -> None:
    found = told(tmp_path, ("Signed in", "No Show", "Late Cancel", "Signed in", "Booked"), head)
    assert found == {
        "checked_in": 24,
        "visit_missed": 12,
        "visit_cancelled": 12,
        "visit_booked": 12,
    }


def test_where_only_those_are_marked_who_stayed_away_the_others_came(tmp_path: Path) -> None:
    assert told(tmp_path, ("", "No Show", "")) == {"checked_in": 40, "visit_missed": 20}
