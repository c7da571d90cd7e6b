"""A file that cannot be written where somebody asked for it: their path, and what to do."""

import errno
from pathlib import Path

import pytest

from carpel.errors import CarpelError, StoreError
from carpel.store.files import replace
from carpel.verbs.leaving import leaving


def test_a_full_disk_names_the_path_that_was_asked_for(tmp_path: Path) -> None:
    asked = tmp_path / "list.csv"
    with pytest.raises(CarpelError) as caught, leaving(asked) as fresh:
        fresh.write_text("half")
        raise OSError(errno.ENOSPC, "No space left on device", str(fresh))
    said = str(caught.value)
    assert f"{asked} cannot be written: No space left on device." in said and ".part" not in said
    assert "→" in said and list(tmp_path.iterdir()) == []


def test_what_was_written_is_there_whole_under_its_name(tmp_path: Path) -> None:
    with leaving(tmp_path / "list.csv") as fresh:
        fresh.write_text("all")
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("list.csv", "all")]


def test_a_place_that_takes_nothing_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="or name another place") as caught:
        replace(tmp_path / "gone" / "archive.zip", b"")
    assert str(tmp_path / "gone") in str(caught.value)
