"""Killing children at their work, and looking at what they leave behind."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from carpel.store.files import file_digest
from carpel.store.store import Store, open_store

from .conftest import Ticking

KILLED = -9


class Forks:
    """Asks `forks.py` to do something in a child; gives how it ended and what it said."""

    def __init__(self) -> None:
        script = Path(__file__).with_name("forks.py")
        self.process = subprocess.Popen(
            [sys.executable, str(script)], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def __call__(
        self,
        do: str,
        folder: Path,
        *words: object,
        crash_at: str = "",
        kill_after: float | None = None,
    ) -> tuple[int, float]:
        order = {
            "do": do,
            "folder": str(folder),
            "with": list(map(str, words)),
            "env": {"CARPEL_CRASH_AT": crash_at},
            "kill_after": kill_after,
            "log": str(folder.with_suffix(".log")),
        }
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        status, seconds = json.loads(self.process.stdout.readline())
        if status not in (0, KILLED):
            raise AssertionError(folder.with_suffix(".log").read_text())
        return status, seconds


def assert_whole(folder: Path) -> str | None:
    """Every build that is there is whole, and so is the ledger; gives the current one's name."""
    store = open_store(folder, Ticking())
    for build in store.builds.all():
        for name in build.files():
            assert f"{file_digest(store.builds.files.path(name))}.parquet" == name
    current = store.builds.current()
    with sqlite3.connect(store.folder / "ledger.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    return current.build if current else None


def assert_tidy(store: Store) -> None:
    """Nothing is left of those that were killed."""
    named = {name for build in store.builds.all() for name in build.files()}
    assert store.builds.files.names() == named
    hidden = [path for path in store.folder.rglob(".*") if path.is_file()]
    assert hidden == [] and not store.builds.journal.exists()


def content(store: Store) -> dict[str, dict[str, Any]]:
    """All tables of all builds, decoded."""
    return {
        f"{build.build}/{table}/{number}": pq.read_table(store.builds.files.path(name)).to_pydict()
        for build in store.builds.all()
        for table, names in build.tables().items()
        for number, name in enumerate(names)
    }
