"""What changed between snapshots, and between rows of changes, whichever run reads them."""

from pathlib import Path
from typing import Any

import pytest

from carpel.stages.base import Line
from carpel.testing.line import read

from .nights import sourced

HEAD = "id,mail,name,city,plan\n"


class Crm:
    """One source of people, read once a day."""

    def __init__(self, folder: Path, **source: object) -> None:
        self.folder, self.lines = folder, list[Line]()
        self.spec: dict[str, Any] = {
            "name": "crm",
            "mode": "snapshot",
            "read": "crm*.csv",
            "identifiers": {"crm_id": "id", "email": "mail"},
            "traits": {"city": "city", "plan": "plan", "first_name": "name"},
            **source,
        }

    def run(self, **files: str) -> Line:
        for name, text in files.items():
            (self.folder / f"{name}.csv").write_text(text)
        self.lines.append(
            sourced(
                self.folder,
                self.spec,
                {"timezone": "Europe/Berlin"},
                before=self.lines[-1] if self.lines else None,
                night=len(self.lines),
            )
        )
        return self.lines[-1]


def told(line: Line) -> list[tuple[object, ...]]:
    rows = read(line, "staged_event_trait_changed")
    assert len({row["event_key"] for row in rows}) == len(rows)
    return sorted((r["trait"], r["was"], r["now"], r["at"].isoformat()) for r in rows)


@pytest.mark.slow
def test_snapshots_beside_each_other_change_on_the_day_in_their_names(tmp_path: Path) -> None:
    crm = Crm(tmp_path)
    files = {f"crm-2026-02-0{n}": HEAD + f"1,a@x.example,Ann,{city},\n"
             for n, city in enumerate(["Rome", "Bern", "Rome"], start=1)}  # fmt: skip
    line = crm.run(**files)
    first, second = "2026-02-01T23:00:00", "2026-02-02T23:00:00"
    assert told(line) == [("city", "Bern", "Rome", second), ("city", "Rome", "Bern", first)]
    (tmp_path / "crm-2026-02-02.csv").unlink()
    (tmp_path / "crm-2026-02-03.csv").unlink()
    last = crm.run(**{"crm-2026-02-09": HEAD + "1,a@x.example,Ann,Oslo,\n"})
    assert ("city", "Rome", "Oslo", "2026-02-08T23:00:00") in told(last)


def test_rows_of_changes_follow_each_other_by_their_own_time(tmp_path: Path) -> None:
    crm = Crm(tmp_path, mode="changes", key=["id"], seen_at="mail",
              identifiers={"crm_id": "id"})  # fmt: skip
    line = crm.run(
        crm=HEAD + "1,2026-01-09 10:00,Ann,Rome,gold\n1,2026-01-05 10:00,Ann,Bern,gold\n"
    )
    assert told(line) == [("city", "Bern", "Rome", "2026-01-09T09:00:00")]


def test_several_rows_of_one_person_in_a_snapshot_are_no_change(tmp_path: Path) -> None:
    crm = Crm(tmp_path)
    both = HEAD + "1,a@x.example,Ann,Rome,basic\n1,a@x.example,Ann,Bern,basic\n"
    assert told(crm.run(crm=both)) == []
    assert told(crm.run(crm=HEAD + "1,a@x.example,Ann,Oslo,basic\n")) == []


def test_a_trait_that_is_new_in_the_source_is_no_change(tmp_path: Path) -> None:
    crm = Crm(tmp_path, traits={"city": "city"})
    crm.run(crm=HEAD + "1,a@x.example,Ann,Rome,basic\n")
    crm.spec["traits"] = {"city": "city", "plan": "plan"}
    line = crm.run(crm=HEAD + "1,a@x.example,Ann,Oslo,gold\n")
    assert [change[:3] for change in told(line)] == [("city", "Rome", "Oslo")]
