"""`carpel run`, killed: 200 times at a random moment and once at each named point."""

import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow.parquet as pq
import pytest

from carpel.store.points import POINTS
from carpel.store.store import open_store

from ..store.conftest import Ticking
from ..store.killing import KILLED, Forks, assert_tidy, assert_whole

pytestmark = pytest.mark.prove

KILLS = 200
PROJECT = {
    "carpel.yml": """
version: 1
name: shop
as_of: 2026-03-01T00:00:00Z
builds: {keep: 2, most_segment_change: 1}
""",
    "sources/crm.yml": """
version: 1
read: crm.csv
identifiers: {email: email, phone: phone, crm_id: id}
traits: {first_name: first, last_name: last, city: city}
permit:
  - {channel: {constant: email}, granted: newsletter}
""",
    "sources/orders.yml": """
version: 1
read: orders*.csv
identifiers: {email: email}
track:
  - event: product_purchased
    at: date
    key: [order, product]
    cluster_by: product
    properties: {order_id: order, product_id: product, quantity: quantity, amount: amount}
""",
    "segmentations/rfm.yml": "version: 1\nkind: rfm\n",
    "segments/busy.yml": """
version: 1
label: Busy
where: {did: product_purchased, at_least: 3, within: 180 days}
""",
}


def write_project(folder: Path) -> None:
    for name, text in PROJECT.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    chance = random.Random(11)
    rows = ["id,email,phone,first,last,city,newsletter"]
    for number in range(200):
        first, last = chance.choice(["Ada", "Bob", "Eva", "Gus"]), chance.choice(["Stone", "Reed"])
        rows.append(
            f"C{number},p{number}@home.example,+44207946{number:04},{first},"
            f"{last}{number // 3},Leeds,{chance.choice(['yes', 'no'])}"
        )
    (folder / "crm.csv").write_text("\n".join(rows) + "\n")
    write_orders(folder / "orders.csv", chance, 0, 800)


def write_orders(path: Path, chance: random.Random, first: int, last: int) -> None:
    rows = ["order,email,date,product,quantity,amount"]
    for number in range(first, last):
        buyer, day = int(200 * chance.random() ** 2), f"2025-{chance.randint(3, 12):02}-15"
        rows.append(
            f"O{number},p{buyer}@home.example,{day},P{chance.randint(1, 9)},1,"
            f"{chance.randint(1, 99)}.50"
        )
    path.write_text("\n".join(rows) + "\n")


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    forks = Forks()
    yield forks
    forks.process.communicate()


class Trial:
    """A project with two builds whose sources changed since, to be run again and again.

    It keeps two, so that the next run prunes the first.
    """

    def __init__(self, forks: Forks, folder: Path) -> None:
        self.forks, self.folder = forks, folder
        self.project = folder / "original"
        write_project(self.project)
        assert self.run(self.project)[0] == 0
        write_orders(self.project / "orders1.csv", random.Random(13), 2000, 2100)
        assert self.run(self.project)[0] == 0
        self.former = content(self.project)
        write_orders(self.project / "orders2.csv", random.Random(12), 800, 1000)
        undisturbed = self.copied()
        status, self.seconds = self.run(undisturbed)
        assert status == 0
        self.expected = content(undisturbed)
        assert self.expected != self.former

    def copied(self) -> Path:
        target = self.folder / "shop"
        shutil.rmtree(target, ignore_errors=True)
        return Path(shutil.copytree(self.project, target))

    def run(self, folder: Path, **how: Any) -> tuple[int, float]:
        return self.forks("carpel", folder, "run", folder, **how)

    def killed(self, **how: Any) -> bool:
        """Kill a run, look at what is left, run again; whether the kill came in time.

        The run that follows says how long one takes now: a machine is not always as busy.
        """
        folder = self.copied()
        status, _ = self.run(folder, **how)
        assert_whole(folder)
        assert content(folder) in (self.former, self.expected)
        again, self.seconds = self.run(folder)
        assert again == 0
        assert content(folder) == self.expected
        assert_whole(folder)
        assert_tidy(open_store(folder, Ticking()))
        return status == KILLED


@pytest.fixture(scope="module")
def trial(forks: Forks) -> Iterator[Trial]:
    shared = Path("/dev/shm")
    with TemporaryDirectory(dir=shared if shared.is_dir() else None) as folder:
        yield Trial(forks, Path(folder))


def content(project: Path) -> dict[str, list[str]]:
    """The current build's rows by table, in any order; when a row was loaded is the run's own."""
    builds = open_store(project, Ticking()).builds
    current = builds.current()
    assert current
    return {
        table: sorted(
            repr({key: value for key, value in row.items() if key != "loaded_at"})
            for name in names
            for row in pq.read_table(builds.files.path(name)).to_pylist()
        )
        for table, names in current.tables().items()
    }


def test_two_hundred_kills_at_random_moments(trial: Trial, fresh_seed: int) -> None:
    print(f"an undisturbed run takes {trial.seconds:.2f} s")
    chance = random.Random(fresh_seed)
    done = sum(trial.killed(kill_after=chance.uniform(0, trial.seconds)) for _ in range(KILLS))
    print(f"{done} of {KILLS} kills came before the run was over")
    assert done > KILLS / 2


REACHED_BY_A_RUN = [
    point
    for point in POINTS
    if not point.startswith(("erase", "backup", "restore", "send")) and point != "ledger.made"
]


@pytest.mark.parametrize(
    "crash_at",
    [
        *REACHED_BY_A_RUN,
        "file.named:9",
        "file.synced:20",
        "small.replaced:2",
        "small.synced:2",
        "ledger.before_commit:3",
        "ledger.after_commit:3",
        "ledger.before_commit:5",
    ],
)
def test_a_run_killed_there(trial: Trial, crash_at: str) -> None:
    assert trial.killed(crash_at=crash_at), "the run gets there"
