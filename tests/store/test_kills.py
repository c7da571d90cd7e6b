"""A process that dies at any named point: the former build stays whole, the next try succeeds."""

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow.parquet as pq
import pytest

import carpel
from carpel.engine.duckdb import DuckDB
from carpel.store.archive import backup
from carpel.store.erasure import erase
from carpel.store.files import file_digest
from carpel.store.points import POINTS
from carpel.store.store import Store, open_store
from carpel.store.tombstones import tombstones

from .conftest import Ticking, people, people_in, write_build

KILLED = -9
FEW = ("records", "identities", "customers", "memberships")
Copy = Callable[[str], Path]


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


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    forks = Forks()
    yield forks
    forks.process.communicate()


@pytest.fixture(scope="module")
def memory() -> Iterator[Path]:
    """A folder in memory where there is one: a kill does not ask for a real disk."""
    shared = Path("/dev/shm")
    with TemporaryDirectory(dir=shared if shared.is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def originals(forks: Forks, memory: Path) -> Path:
    """Projects to copy: two small builds; people; people of whom one was erased since a backup."""
    for name in ("b1", "b2"):
        forks("build", memory / "built", name)
    people_in(memory / "people", *FEW)
    store = people_in(memory / "erased", *FEW)
    backup(store, memory / "shop.zip")
    erase(store, DuckDB(), 1)
    write_build(store, "b3", {"customers": people()["customers"].slice(1)}, "b2")
    return memory


@pytest.fixture
def copy(originals: Path) -> Iterator[Callable[[str], Path]]:
    with TemporaryDirectory(dir=originals) as folder:
        yield lambda name: Path(shutil.copytree(originals / name, Path(folder) / name))


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


def points(*starts: str) -> list[str]:
    return [point for point in POINTS if point.startswith(starts)]


def test_every_point_is_in_the_code_and_listed() -> None:
    sources = Path(carpel.__file__).parent.rglob("*.py")
    reached = re.findall(r'reach\("([\w.]+)"\)', "".join(each.read_text() for each in sources))
    assert sorted(set(reached)) == sorted(POINTS)


RUN = points("file", "small", "ledger.b", "ledger.a", "lease", "build", "prune")


@pytest.mark.parametrize(
    "crash_at",
    [*RUN, "file.named:2", "small.replaced:2", "ledger.after_commit:2", "ledger.before_commit:4"],
)
def test_a_build_killed_there(forks: Forks, copy: Copy, crash_at: str) -> None:
    folder = copy("built")
    assert forks("build", folder, "b3", crash_at=crash_at)[0] == KILLED
    assert assert_whole(folder) in ("b2", "b3")
    forks("build", folder, "b3")
    store = open_store(folder, Ticking())
    assert assert_whole(folder) == "b3" and store.builds.names() == ["b2", "b3"]
    assert_tidy(store)
    assert [len(each["name"]) for each in content(store).values()] == [100, 200] * 2
    assert store.ledger.next_customer() == 201


def test_a_new_ledger_killed_while_it_is_made(forks: Forks, tmp_path: Path) -> None:
    for crash_at in ("ledger.made", "ledger.before_commit", "small.synced"):
        folder = tmp_path / crash_at / "shop"
        folder.parent.mkdir()
        assert forks("build", folder, "b1", crash_at=crash_at)[0] == KILLED
        forks("build", folder, "b1")
        assert assert_whole(folder) == "b1"


@pytest.mark.parametrize(
    "crash_at",
    [
        *points("erase"),
        "file.named:3",
        "ledger.after_commit:3",
        "build.before_manifest:2",
        "prune.file_deleted:2",
    ],
)
def test_an_erasure_killed_there(forks: Forks, copy: Copy, crash_at: str) -> None:
    folder = copy("people")
    shop = open_store(folder, Ticking())
    assert forks("erase", folder, 1, crash_at=crash_at)[0] == KILLED
    assert assert_whole(folder) == "b2"
    with shop.lease("run"):
        pass
    current = shop.builds.current()
    assert current
    kept = pq.read_table(shop.builds.files.path(current.tables()["customers"][0])).to_pydict()
    if 1 in kept["customer"]:
        assert forks("erase", folder, 1)[0] == 0
    assert_tidy(shop)
    told = [
        str(cell) for table in content(shop).values() for cells in table.values() for cell in cells
    ]
    assert not [cell for cell in told if "Ada" in cell or "9460001" in cell]
    engine = DuckDB()
    engine.register("again", people()["records"])
    assert tombstones(shop.ledger, shop.key).refs_in(engine, "again") == [11, 12]


def test_a_backup_killed_there(forks: Forks, copy: Copy, tmp_path: Path) -> None:
    folder = copy("built")
    archive = tmp_path / "kept" / "shop.zip"
    archive.parent.mkdir()
    archive.write_bytes(b"the former backup")
    status, _ = forks("backup", folder, archive, crash_at="backup.before_replace")
    assert status == KILLED and archive.read_bytes() == b"the former backup"
    assert forks("backup", folder, archive)[0] == 0
    assert [path.name for path in archive.parent.iterdir() if path.suffix == ".zip"] == ["shop.zip"]


@pytest.mark.parametrize("crash_at", [*points("restore"), "file.named:4", "build.before_publish"])
def test_a_restore_killed_there(forks: Forks, originals: Path, copy: Copy, crash_at: str) -> None:
    """Whoever was erased is never seen again, at no moment of a restore."""
    folder = copy("erased")
    shop, archive = open_store(folder, Ticking()), originals / "shop.zip"
    before = content(shop)
    assert forks("restore", folder, archive, crash_at=crash_at)[0] == KILLED
    assert assert_whole(folder) == "b3"
    assert not erased_seen(shop)
    assert forks("restore", folder, archive)[0] == 0
    assert shop.builds.current_name() == "b2" and not erased_seen(shop)
    assert content(shop) == before
    assert_tidy(shop)


def erased_seen(store: Store) -> bool:
    return any(1 in table.get("customer", ()) for table in content(store).values())
