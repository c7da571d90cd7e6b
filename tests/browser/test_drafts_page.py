"""The page of drafts in a browser: it fits a phone, asks for nothing, and everybody can read it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from carpel.project import Project

from ..project.tea import NOW, shop

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = shop(tmp_path_factory.mktemp("pages"))
    project = Project(folder, clock=lambda: NOW)
    project.run()
    link = f"https://tea.example/{'long' * 30}?a=1"
    found = project.draft("club", link=link, offer="Ten per cent off")
    return Path(found.written.folder) / "drafts.html"


@pytest.fixture(params=(390, 1200))
def shown(opened: Callable[[str, int], Any], page: Path, request: pytest.FixtureRequest) -> Any:
    return opened(page.as_uri(), request.param)


def test_it_fits_and_asks_for_nothing(shown: Any, page: Path) -> None:
    assert shown.evaluate("document.documentElement.scrollWidth") <= shown.viewport_size["width"]
    assert shown.said == []
    assert shown.asked == [page.as_uri()]


def test_axe_finds_no_violation(shown: Any, violations: Callable[[Any], Any]) -> None:
    found = violations(shown)
    assert found.violations_count == 0, found.generate_report()
