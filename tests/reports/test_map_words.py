"""The RFM map speaks of what people did; money stands only where money was paid."""

import re
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest

from carpel.project import Project

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FILES = {
    "carpel.yml": "version: 1\nname: hall\ncurrency: EUR\nas_of: now\n"
    "identity: {probabilistic: false}\n",
    "sources/door.yml": "version: 1\nread: door.csv\nidentifiers: {crm_id: no}\n"
    "track:\n  - {event: checked_in, at: at}\n",
    "segmentations/rfm.yml": "version: 1\nkind: rfm\nlabel: RFM\nevent: checked_in\n"
    "property: null\n",
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the set of the map says, of a hall that 40 people visited 1 to 5 times."""
    folder: Path = tmp_path_factory.mktemp("hall")
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    rows = [
        f"K{person:03},2026-0{1 + person % 2}-{1 + time:02} 09:00"
        for person in range(40)
        for time in range(1 + person % 5)
    ]
    (folder / "door.csv").write_text("\n".join(["no,at", *rows]))
    project = Project(folder, clock=lambda: NOW)
    project.run()
    page = project.report().read_text(encoding="utf-8")
    found = re.search(r'<article id="set-rfm">.*?</article>', page, re.DOTALL)
    assert found
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", found[0])).split())


def test_visits_are_no_money(told: str) -> None:
    assert "how often (upwards) they did “checked in”" in told
    assert "below, how many times, all together" in told
    assert not re.search(r"€|EUR|spen[dt]|bought|purchase|how much", told)


def test_cells_add_up_to_the_visits(told: str) -> None:
    grid = told.split("How recently: 5 ")[1].split(" often ↑")[0]
    cells = re.findall(r"\d+", re.sub(r"How often: \d", "", grid))
    filled = [int(each) for each in cells if each != "0"]
    assert sum(filled[1::2]) == 8 * (1 + 2 + 3 + 4 + 5)
    assert sum(filled[0::2]) == 40
