"""What is taken apart takes along what hangs on it, keeps its keys, and stays apart."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import carpel
from carpel.errors import NotFound
from carpel.specs import Definitions, Identity, Project, Source, Track
from carpel.store.builds import Builds

CRM = "crm_id,email,first_name,last_name\n"
ANN = "1,ann@x.example,Ann,Gray\n"
ANNA = "2,anna@y.example,Ann,Gray\n"
BOTH = "1,ann@x.example,Ann,Gray\n2,ann@x.example,Ann,Gray\n"
TILL = "card,mail,at,amount\n"
SALES = (
    "1,,2026-02-01 10:00,10\n"
    "2,,2026-02-02 10:00,20\n"
    "2,,2026-02-03 10:00,25\n"
    ",anna@y.example,2026-02-04 10:00,40\n"
)


class Shop:
    """A CRM and a till, run once a day."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.now = folder, datetime(2026, 3, 1, 12, tzinfo=UTC)
        bought = Track.model_validate(
            {"event": "bought", "at": "at", "properties": {"amount": "amount"}}
        )
        crm = {"crm_id": "crm_id", "email": "email"}
        traits = {"first_name": "first_name", "last_name": "last_name"}
        self.definitions = Definitions(
            Project(name="shop", identity=Identity(probabilistic=False)),
            sources={
                "crm": Source.model_validate(
                    {"name": "crm", "mode": "snapshot", "read": "crm.csv", "key": ["crm_id"]}
                    | {"identifiers": crm, "traits": traits}
                ),
                "till": Source(
                    name="till",
                    read="till*.csv",
                    identifiers={"crm_id": "card", "email": "mail"},
                    track=(bought,),
                ),
            },
        )

    def run(self, **files: str) -> carpel.Project:
        for name, text in files.items():
            (self.folder / f"{name}.csv").write_text(text)
        self.now += timedelta(days=1)
        now = self.now
        project = carpel.Project(self.folder, clock=lambda: now, definitions=self.definitions)
        project.run(accept=True)
        return project

    def rows(self, *tables: str) -> list[dict[str, Any]]:
        builds = Builds(self.folder / ".carpel")
        files = builds.current().tables()
        names: Iterable[str] = (name for table in tables for name in files.get(table, ()))
        return [row for name in names for row in pq.read_table(builds.files.path(name)).to_pylist()]

    def spent(self) -> dict[int, list[float]]:
        """What everybody spent, sale by sale; a key that was merged lives on under another."""
        lives_on = {row["customer"]: row["survivor"] for row in self.rows("aliases")}
        spent: dict[int, list[float]] = {}
        for row in sorted(self.rows("event_bought"), key=lambda row: row["at"]):
            key = lives_on.get(row["customer"], row["customer"])
            spent.setdefault(key, []).append(row["amount"])
        return spent

    def record(self, source: str, **said: object) -> str:
        """The name of the record of a source that says this."""
        return next(
            f"{row['ref']:016x}"
            for row in self.rows("records")
            if row["source"] == source and said.items() <= row.items()
        )


pytestmark = pytest.mark.slow


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def test_events_go_with_the_record_that_their_identifier_names(shop: Shop) -> None:
    project = shop.run(crm=CRM + BOTH, till=TILL + SALES)
    assert sorted(shop.spent().values()) == [[10, 20, 25], [40]]
    assert shop.spent()[1] == [10, 20, 25]
    project.unmerge("1", shop.record("crm", id_crm_id="2"))
    shop.run()
    taken = shop.spent()
    assert taken[1] == [10]
    assert sorted(taken.values()) == [[10], [20, 25], [40]]
    other = next(key for key, sales in taken.items() if sales == [20, 25])
    assert other == 3
    more = "2,,2026-03-02 10:00,7\n1,,2026-03-02 11:00,5\n2,ann@x.example,2026-03-02 12:00,9\n"
    shop.run(till2=TILL + more)
    assert shop.spent() == {1: [10, 5], other: [20, 25, 7, 9], 2: [40]}
    shop.run(crm=CRM + BOTH.replace("Gray", "Grey"))
    assert shop.spent() == {1: [10, 5], other: [20, 25, 7, 9], 2: [40]}


def test_a_key_from_before_the_merge_lives_again(shop: Shop) -> None:
    shop.run(crm=CRM + ANN + ANNA, till=TILL + SALES)
    before = shop.spent()
    assert before == {1: [10], 2: [20, 25, 40]}
    project = shop.run(
        crm=CRM + ANN + ANNA + "3,ann@x.example,Ann,Gray\n",
        till2=TILL + ("3,anna@y.example,2026-02-05 10:00,50\n"),
    )
    assert shop.spent() == {1: [10, 20, 25, 40, 50]}
    project.unmerge("1", shop.record("crm", id_crm_id="2"))
    shop.run()
    assert shop.spent()[2] == [20, 25]
    assert not shop.rows("aliases")
    shop.run(till3=TILL + "2,,2026-03-04 10:00,1\n")
    assert shop.spent()[2] == [20, 25, 1]


def test_those_who_stay_keep_the_key_even_as_the_fewer(shop: Shop) -> None:
    mails = "".join(f"2,anna{n}@y.example,2026-02-0{n} 10:00,{n}\n" for n in range(1, 6))
    project = shop.run(crm=CRM + BOTH, till=TILL + mails + "1,,2026-02-07 10:00,10\n")
    assert shop.spent() == {1: [1, 2, 3, 4, 5, 10]}
    project.unmerge("1", shop.record("crm", id_crm_id="2"))
    shop.run()
    assert shop.spent() == {1: [10], 2: [1, 2, 3, 4, 5]}


def test_explain_names_records_as_unmerge_takes_them(shop: Shop) -> None:
    project = shop.run(crm=CRM + BOTH, till=TILL + SALES)
    why = json.loads(json.dumps(asdict(project.explain_customer("1"))))["joined"]
    met = next(each for each in why if each["kind"] == "email")
    assert met["right_ref"] == shop.record("crm", id_crm_id="2")
    with pytest.raises(NotFound, match="explain customer"):
        project.unmerge("1", str(int(met["right_ref"], 16)))
    project.unmerge("1", met["right_ref"])
    shop.run()
    assert shop.spent()[1] == [10]


def test_evidence_is_told_alike_after_every_run(shop: Shop) -> None:
    project = shop.run(crm=CRM + BOTH, till=TILL + SALES)
    told, links = project.explain_customer("1").joined, shop.rows("links")
    assert {(each.how, each.kind) for each in told} == {
        ("identifier", "crm_id"),
        ("identifier", "email"),
    }
    for day in range(2, 5):
        project = shop.run(**{f"till{day}": TILL + f"{day}0,,2026-03-0{day} 10:00,1\n"})
        assert project.explain_customer("1").joined == told
        assert shop.rows("links") == links
