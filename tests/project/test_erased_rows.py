"""Somebody erased stays away when the same source is read again."""

from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import carpel
from carpel.specs import Definitions, Project, Source

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PEOPLE = """id,mail,first,last,city
1,both@x.example,Annabel,Ashworth,Rome
2,both@x.example,Bertram,Ashworth,Rome
3,cyd@x.example,Cydonia,Coltrane,Oslo
"""


@pytest.mark.slow
def test_rows_of_an_erased_person_are_set_aside_and_a_relative_stays(tmp_path: Path) -> None:
    crm = Source.model_validate(
        {
            "name": "crm",
            "read": "crm.csv",
            "mode": "snapshot",
            "key": ["id"],
            "identifiers": {"crm_id": "id", "email": "mail"},
            "traits": {"first_name": "first", "last_name": "last", "city": "city"},
        }
    )
    (tmp_path / "crm.csv").write_text(PEOPLE)
    days = iter(NOW.replace(day=day) for day in range(1, 9))

    def project() -> carpel.Project:
        now = next(days)
        return carpel.Project(
            tmp_path,
            clock=lambda: now,
            definitions=Definitions(Project(name="trial"), sources={"crm": crm}),
        )

    assert project().run().build.about["people"] == 3
    (tmp_path / "crm.csv").write_text(PEOPLE.replace("Rome", "Ulan Bator"))
    project().run()
    project().erase("1")
    again = project()
    assert again.run(accept=True).build.about["people"] == 2
    aside = again.set_aside()
    assert [(row["first_row"], row["reason"], row["rows"]) for row in aside] == [(1, "erased", 1)]
    again.set_aside(to=tmp_path / "aside.csv")
    assert len((tmp_path / "aside.csv").read_text("utf-8-sig").splitlines()) == 1, "a header only"
    assert again.key("2") and again.key("cyd@x.example")
    builds = again.session.store.builds
    build = builds.current()
    assert build is not None
    tables = {
        name: [row for file in files for row in pq.read_table(builds.files.path(file)).to_pylist()]
        for name, files in build.tables().items()
    }
    assert "Annabel" not in str(tables)
    changed = [(row["customer"], row["now"]) for row in tables["event_trait_changed"]]
    assert changed == [(again.key("2"), "Ulan Bator")]
