"""A process that dies at any named point: the former build stays whole, the next try succeeds."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.parquet as pq
import pytest

import carpel
from carpel.engine.duckdb import DuckDB
from carpel.store.archive import backup
from carpel.store.erasure import erase
from carpel.store.points import POINTS
from carpel.store.store import Store, open_store
from carpel.store.tombstones import tombstones

from .conftest import Ticking, people, people_in, write_build
from .killing import KILLED, Forks, assert_tidy, assert_whole, content

FEW = ("records", "identities", "customers", "memberships")
Copy = Callable[[Path], Path]


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
def built(forks: Forks, memory: Path) -> Path:
    """A project of two small builds."""
    for name in ("b1", "b2"):
        forks("build", memory / "built", name)
    return memory / "built"


@pytest.fixture(scope="module")
def peopled(memory: Path) -> Path:
    """A project with people."""
    people_in(memory / "people", *FEW)
    return memory / "people"


@pytest.fixture(scope="module")
def erased(memory: Path) -> Path:
    """The same, after a backup (`shop.zip`, beside it), an erasure and another build."""
    store = people_in(memory / "erased", *FEW)
    backup(store, memory / "shop.zip")
    erase(store, DuckDB(), 1)
    write_build(store, "b3", {"customers": people()["customers"].slice(1)}, "b2")
    return memory / "erased"


@pytest.fixture
def copy(memory: Path) -> Iterator[Copy]:
    """Copies a project, for one test to break."""
    with TemporaryDirectory(dir=memory) as folder:
        yield lambda project: Path(shutil.copytree(project, Path(folder) / "shop"))


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
def test_a_build_killed_there(forks: Forks, built: Path, copy: Copy, crash_at: str) -> None:
    folder = copy(built)
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


@pytest.mark.slow
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
def test_an_erasure_killed_there(forks: Forks, peopled: Path, copy: Copy, crash_at: str) -> None:
    folder = copy(peopled)
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


def test_a_backup_killed_there(forks: Forks, built: Path, copy: Copy, tmp_path: Path) -> None:
    folder = copy(built)
    archive = tmp_path / "kept" / "shop.zip"
    archive.parent.mkdir()
    archive.write_bytes(b"the former backup")
    status, _ = forks("backup", folder, archive, crash_at="backup.before_replace")
    assert status == KILLED and archive.read_bytes() == b"the former backup"
    assert forks("backup", folder, archive)[0] == 0
    assert [path.name for path in archive.parent.iterdir()] == ["shop.zip"]


@pytest.mark.slow
@pytest.mark.parametrize("crash_at", [*points("restore"), "file.named:4", "build.before_publish"])
def test_a_restore_killed_there(forks: Forks, erased: Path, copy: Copy, crash_at: str) -> None:
    """Whoever was erased is never seen again, at no moment of a restore."""
    folder = copy(erased)
    shop, archive = open_store(folder, Ticking()), erased.with_name("shop.zip")
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
