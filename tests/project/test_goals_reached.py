"""A goal that is met already is said so when the line has run."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from carpel import Project

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("goal", "said"),
    [
        ("repeat purchase rate 25% by 2027-06-30", "already reached: 100 % against 25 %"),
        ("revenue 900000 by 2027-06-30", ""),
    ],
)
def test_a_reached_goal_is_noted(goal: str, said: str, tmp_path: Path) -> None:
    rows = [f"o{n},c{n % 9},2026-03-{1 + n % 28:02d},{20 + n}.00" for n in range(60)]
    (tmp_path / "orders.csv").write_text(
        "\n".join(["order_id,customer_id,order_date,total", *rows])
    )
    clock = datetime(2026, 4, 1, tzinfo=UTC)
    project, _ = Project.init(
        tmp_path / "shop", [tmp_path / "orders.csv"], goals=[goal], clock=lambda: clock
    )
    project.run()
    notes = [each for each in project.summary()["notes"] if "already reached" in each]
    assert len(notes) == bool(said)
    assert all(said in each for each in notes)
