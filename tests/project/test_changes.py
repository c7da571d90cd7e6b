"""Differences between what a source said before and says now become events."""

from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import carpel
from carpel.specs import Definitions, Project, Segment, Source
from carpel.store.builds import Builds

DAYS = [datetime(2026, 3, day, 12, tzinfo=UTC) for day in (1, 2, 3, 4)]


class Crm:
    """A project with one source of people, run once a day."""

    def __init__(self, folder: Path, **source: object) -> None:
        self.folder, self.days = folder, iter(DAYS)
        spec = Source.model_validate(
            {
                "name": "crm",
                "mode": "snapshot",
                "read": "crm*.csv",
                "identifiers": {"crm_id": "id", "email": "mail"},
                "traits": {"city": "city", "plan": "plan", "first_name": "name"},
                **source,
            }
        )
        moved = Segment(name="moved", where={"did": "trait_changed", "where": {"trait": "city"}})
        self.definitions = Definitions(
            Project(name="trial", timezone="Europe/Berlin"),
            sources={"crm": spec},
            segments={"moved": moved},
        )

    def run(self, **files: str) -> carpel.Project:
        for name, text in files.items():
            (self.folder / f"{name}.csv").write_text(text)
        now = next(self.days)
        project = carpel.Project(self.folder, clock=lambda: now, definitions=self.definitions)
        project.run(accept=True)
        return project


def told(project: carpel.Project) -> list[tuple[object, ...]]:
    builds = Builds(project.session.hidden)
    files = builds.current().tables()["event_trait_changed"]
    data = [row for name in files for row in pq.read_table(builds.files.path(name)).to_pylist()]
    return sorted((r["trait"], r["was"], r["now"], r["at"].isoformat()) for r in data)


HEAD = "id,mail,name,city,plan\n"
FIRST = HEAD + "1,ann@x.example,Ann,Rome,basic\n2,bob@x.example,Bob,Oslo,basic\n"


@pytest.mark.slow
def test_a_file_replaced_by_another_snapshot(tmp_path: Path) -> None:
    crm = Crm(tmp_path)
    assert crm.run(crm=FIRST).members("moved").num_rows == 0
    project = crm.run(crm=HEAD + "2,bob@y.example,Rob,Oslo,\n1,ann@x.example,Ann,Bern,basic\n")
    noon = "2026-03-02T12:00:00"
    changes = [
        ("city", "Rome", "Bern", noon),
        ("email", None, None, noon),
        ("first_name", None, None, noon),
        ("plan", "basic", None, noon),
    ]
    assert told(project) == changes
    assert project.members("moved").num_rows == 1
    assert told(crm.run()) == changes
    back = crm.run(crm=FIRST.replace("2,bob@x.example,Bob,Oslo,basic\n", ""))
    assert told(back) == sorted([*changes, ("city", "Bern", "Rome", "2026-03-04T12:00:00")])


@pytest.mark.slow
def test_noticing_a_change_does_not_make_old_events_new(tmp_path: Path) -> None:
    crm = Crm(tmp_path)
    seen = {"event": "logged_in", "at": {"constant": "2020-05-05 10:00"}}
    crm.definitions.sources["crm"] = Source.model_validate(
        {**crm.definitions.sources["crm"].model_dump(), "track": [seen]}
    )
    crm.run(crm=FIRST)
    project = crm.run(crm=FIRST.replace("Rome", "Bern"))
    assert len(told(project)) == 1
    assert project.builds()[-1].as_of == datetime(2020, 5, 5, 10, tzinfo=UTC)
