"""What a sales tool exports: companies by number, contacts of several, deals of both."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from carpel import Project
from carpel.engine.query import query
from carpel.verbs.reader import reading

pytestmark = pytest.mark.slow

NOW = datetime(2026, 3, 1, tzinfo=UTC)
WON = [n for n in range(60) if n % 3]


def files(folder: Path) -> list[Path]:
    companies = ["Record ID,Company name,Company Domain Name,Industry,Number of Employees"]
    companies += [f"{900 + n},Firm {n} Ltd,firm{n}.example,Retail,{10 + n}" for n in range(12)]
    contacts = ["Record ID,First Name,Last Name,Email,Associated Company IDs"]
    contacts += [
        f"{5000 + n},Ada,Number{n},a{n}@firm{n % 12}.example,"
        f"{900 + n % 12}{';' + str(900 + (n + 1) % 12) if n % 5 == 0 else ''}"
        for n in range(40)
    ]
    deals = ["Record ID,Deal Name,Deal Stage,Amount,Close Date,Create Date,Associated Contact IDs"]
    deals += [
        f"{70000 + n},Deal {n},{'closedwon' if n in WON else 'closedlost'},{100 + n},"
        f"2026-02-{1 + n % 27:02d} 10:00,2025-12-{1 + n % 27:02d} 10:00,"
        f"{5000 + n % 40}{';' + str(5000 + (n + 7) % 40) if n % 4 == 0 else ''}"
        for n in range(60)
    ]
    paths = []
    for name, lines in (("companies", companies), ("contacts", contacts), ("deals", deals)):
        paths.append(folder / f"{name}.csv")
        paths[-1].write_text("\n".join(lines) + "\n", encoding="utf-8")
    return paths


def test_people_belong_to_each_of_their_companies_and_deals_to_people(tmp_path: Path) -> None:
    Project.init(tmp_path / "firm", files(tmp_path), clock=lambda: NOW)
    project = Project(tmp_path / "firm", clock=lambda: NOW)
    project.run()
    with reading(project.session) as reader:
        engine = reader.engine
        rows = engine.rows(
            query("SELECT account_key, name, t_industry, t_employees FROM accounts ORDER BY 1")
        )
        assert rows == [(f"{900 + n}", f"Firm {n} Ltd", "Retail", 10 + n) for n in range(12)]
        people, belongings = (
            engine.value(query(f"SELECT count(*) FROM {name}"))
            for name in ("customers", "belongings")
        )
        assert (people, belongings) == (40, 40 + 8)
        deals = engine.rows(
            query("SELECT count(*), sum(amount), CAST(min(at) AS DATE) FROM event_order_completed")
        )
        assert deals == [(40, sum(100 + n for n in WON), date(2026, 2, 2))]
    assert not [row for row in project.ls("findings") if "no name" in row["message"]]
