"""What can be read in two ways is said when the project is started, with the setting."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from carpel import Project


@pytest.mark.parametrize(
    ("days", "amounts", "said"),
    [
        ((3, 4, 5), ("1.234", "2.500", "9.750"), {"date_order", "decimal"}),
        ((3, 4, 25), ("1.234", "2.50", "9.750"), set()),
    ],
)
def test_ambiguities_are_said_at_the_start(
    days: tuple[int, ...], amounts: tuple[str, ...], said: set[str], tmp_path: Path
) -> None:
    rows = [f"o{n},c{n % 9},{days[n % 3]:02d}/04/2024,{amounts[n % 3]}" for n in range(60)]
    (tmp_path / "orders.csv").write_text(
        "\n".join(["order_id,customer_id,order_date,total", *rows]), encoding="utf-8"
    )
    _, started = Project.init(
        tmp_path / "shop",
        [tmp_path / "orders.csv"],
        clock=lambda: datetime(2026, 4, 1, tzinfo=UTC),
    )
    assert all(each.startswith("sources/orders.yml: ") for each in started.doubts)
    settings = {
        word for word in ("date_order", "decimal: ") for each in started.doubts if word in each
    }
    assert {each.strip(": ") for each in settings} == said
    assert len(started.doubts) == len(said)
