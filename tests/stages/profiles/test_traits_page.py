"""The page of traits says what the catalogue says, and the catalogue speaks properly."""

import re
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

from carpel.engine.kinds import STORED
from carpel.stages.profiles.catalogue import CATALOGUE, EVENTS
from carpel.stages.profiles.entry import Criterion, Entry, Kind
from carpel.stages.profiles.page import page
from carpel.stages.profiles.prepared import PREPARED

PAGE = Path(__file__).parents[3] / "docs" / "traits.md"


def test_the_page_is_what_the_catalogue_says() -> None:
    assert PAGE.read_text() == page(), "python -m carpel.stages.profiles.page > docs/traits.md"


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.name)
def test_an_entry_is_complete(entry: Entry) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]*", entry.name)
    assert entry.label and entry.label[0].isupper()
    assert entry.meaning.endswith(".") and len(entry.meaning) < 120
    assert entry.criterion in get_args(Criterion) and entry.type in get_args(Kind)
    assert {*get_args(Kind)} == {*STORED}
    assert entry.rows in {*PREPARED, *EVENTS, "orders", "profiles", "contacts"}
    suffix = {"_days": "days", "_share": "share", "_hours": "hours", "_km": "km"}
    for end, unit in suffix.items():
        if entry.name.endswith(end):
            assert entry.unit == unit


def test_a_name_means_one_thing() -> None:
    said = {(entry.name, entry.label, entry.criterion) for entry in CATALOGUE}
    assert [name for name, n in Counter(name for name, *_ in said).items() if n > 1] == []
