"""Since when people are known: by whatever tells of them first, not by what they did last."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import carpel
from carpel.specs import Definitions, Project, Segment, Source

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATELY = Segment(name="lately", where={"trait": "known_days", "less_than": 30})
ORDERS = {
    "name": "orders",
    "read": "orders.csv",
    "identifiers": {"email": "mail"},
    "track": [{"event": "order_completed", "at": "at", "properties": {"amount": "amount"}}],
}
BOUGHT = (
    "mail,at,amount\n"
    "loyal@x.example,2024-03-05,10\nloyal@x.example,2025-01-05,10\nloyal@x.example,2026-02-27,10\n"
    "new@x.example,2026-02-25,10\nnew@x.example,2026-02-20,10\n"
    "member@x.example,2026-02-26,10\n"
)
PEOPLE = {
    "name": "crm",
    "mode": "changes",
    "read": "crm*.csv",
    "identifiers": {"email": "mail"},
    "traits": {"city": "city"},
    "seen_at": "updated",
    "known_since": "signed_up",
}
SIGNED_UP = (
    "mail,city,signed_up,updated\n"
    "member@x.example,Rome,2019-05-01,2026-02-28\n"
    "moved@x.example,Oslo,,2025-06-01\nmoved@x.example,Bern,,2026-02-28\n"
    "slip@x.example,Lima,1900-01-01,2026-02-27\n"
)


def run(folder: Path, *sources: dict[str, Any], now: datetime = NOW) -> carpel.Project:
    definitions = Definitions(
        Project(name="trial"),
        sources={each["name"]: Source.model_validate(each) for each in sources},
        segments={"lately": LATELY},
    )
    project = carpel.Project(folder, clock=lambda: now, definitions=definitions)
    project.run(accept=True)
    return project


def known(project: carpel.Project, *names: str) -> dict[str, tuple[str, bool]]:
    """The day since when each is known, and whether they count as known lately."""
    since = {row["customer"]: row["known_since"] for row in project.ls("customers")}
    lately = set(project.members("lately")["customer"].to_pylist())
    keys = {name: project.key(f"{name}@x.example") for name in names}
    return {name: (f"{since[key]:%Y-%m-%d}", key in lately) for name, key in keys.items()}


def test_who_bought_for_two_years_is_not_new(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(BOUGHT)
    assert known(run(tmp_path, ORDERS), "loyal", "new", "member") == {
        "loyal": ("2024-03-05", False),
        "new": ("2026-02-20", True),
        "member": ("2026-02-26", True),
    }


@pytest.mark.slow
def test_a_stated_day_counts_and_what_a_later_row_took_the_place_of(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(BOUGHT)
    (tmp_path / "crm.csv").write_text(SIGNED_UP)
    project = run(tmp_path, ORDERS, PEOPLE)
    expected = {
        "loyal": ("2024-03-05", False),
        "new": ("2026-02-20", True),
        "member": ("2019-05-01", False),
        "moved": ("2025-06-01", False),
        "slip": ("2026-02-27", True),  # 1900 stands for nothing
    }
    assert known(project, *expected) == expected
    # Older orders fall out of the file, nobody becomes new by it.
    (tmp_path / "orders.csv").write_text(
        "mail,at,amount\nloyal@x.example,2026-02-27,10\nnew@x.example,2026-02-25,10\n"
    )
    again = run(tmp_path, ORDERS, PEOPLE, now=NOW.replace(day=2))
    assert known(again, *expected) == expected


@pytest.mark.slow
def test_the_newest_saying_survives_however_long_a_person_is_known(tmp_path: Path) -> None:
    old = {**PEOPLE, "name": "web", "read": "web.csv", "mode": "append"}
    (tmp_path / "web.csv").write_text(
        "mail,city,signed_up,updated\nmember@x.example,Kyiv,2010-01-01,2020-01-01\n"
    )
    (tmp_path / "crm.csv").write_text(SIGNED_UP)
    project = run(tmp_path, PEOPLE, old)
    assert known(project, "member") == {"member": ("2010-01-01", False)}
    page = project.show_customer("member@x.example")
    assert {each["trait"]: each["value"] for each in page.traits}["city"] == "Rome"
