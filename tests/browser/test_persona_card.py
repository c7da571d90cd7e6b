"""The card of a persona in a browser: it fits, asks for nothing, and everybody can read it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from carpel.project import Project

from ..project.tea import NOW, shop

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = shop(tmp_path_factory.mktemp("cards"))
    (folder / "personas").mkdir()
    (folder / "personas" / "club.yml").write_text(
        "called: Golden Greta\nby: Ana\nwords: {tone: Warm.}\n", encoding="utf-8"
    )
    project = Project(folder, clock=lambda: NOW)
    project.run()
    project.persona("club", to=folder / "card.html")
    return folder / "card.html"


@pytest.fixture(params=(390, 1200))
def shown(opened: Callable[[str, int], Any], card: Path, request: pytest.FixtureRequest) -> Any:
    return opened(card.as_uri(), request.param)


def test_it_fits_and_asks_for_nothing(shown: Any, card: Path) -> None:
    assert shown.evaluate("document.documentElement.scrollWidth") <= shown.viewport_size["width"]
    assert shown.said == []
    assert shown.asked == [card.as_uri()]


def test_axe_finds_no_violation(shown: Any, violations: Callable[[Any], Any]) -> None:
    found = violations(shown)
    assert found.violations_count == 0, found.generate_report()


def test_in_print_questions_have_their_heading(shown: Any) -> None:
    shown.emulate_media(media="print")
    assert shown.get_by_role("heading", name="What data does not show").is_visible()
