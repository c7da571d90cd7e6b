"""The moment figures are for when nobody says: now, or the last thing the data tells of."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

import carpel
from carpel.specs import Definitions, Project, Source

PLANS = {
    "name": "plans",
    "read": "plans.csv",
    "identifiers": {"email": "mail"},
    "hold": [
        {"plan": "plan", "started_at": "since", "ended_at": "until", "cancelled_at": "cancelled"}
    ],
}
ROWS = """mail,plan,since,until,cancelled
a@x.example,basic,2024-03-01,2025-03-01,
b@x.example,basic,2024-05-01,2025-05-01,2024-11-20
c@x.example,basic,2024-11-02,2025-11-02,2027-01-01
"""


@pytest.mark.parametrize(
    ("now", "as_of"), [("2026-03-01", "2024-11-20"), ("2024-12-01", "2024-12-01")]
)
def test_old_contracts_are_looked_at_as_of_the_last_start_or_cancellation(
    tmp_path: Path, now: str, as_of: str
) -> None:
    (tmp_path / "plans.csv").write_text(ROWS)
    project = carpel.Project(
        tmp_path,
        clock=lambda: datetime.fromisoformat(now).replace(tzinfo=UTC),
        definitions=Definitions(
            Project(name="trial"), sources={"plans": Source.model_validate(PLANS)}
        ),
    )
    assert project.run().build.as_of == datetime.fromisoformat(as_of).replace(tzinfo=UTC)
