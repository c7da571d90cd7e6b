"""The report in a browser: it fits, it asks for nothing, everybody can use it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from carpel.project import Project

from ..reports.corner import NOW, shop

pytestmark = pytest.mark.slow
WIDTHS = (390, 1200)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = shop(tmp_path_factory.mktemp("browsed"))
    written: Path = Project(folder, clock=lambda: NOW).report()
    return written.as_uri()


@pytest.fixture(params=WIDTHS)
def shown(opened: Callable[[str, int], Any], address: str, request: pytest.FixtureRequest) -> Any:
    """The report opened at a width."""
    return opened(address, request.param)


def test_fits_the_width(shown: Any) -> None:
    wide = shown.evaluate("document.documentElement.scrollWidth")
    assert wide <= shown.viewport_size["width"]


def test_asks_for_nothing_and_has_nothing_to_complain_of(shown: Any, address: str) -> None:
    assert shown.said == []
    assert shown.asked == [address]


def test_no_text_of_a_chart_is_cut_off(shown: Any) -> None:
    cut = shown.evaluate("""[...document.querySelectorAll('svg')]
        .filter(svg => svg.getClientRects().length)
        .flatMap(svg => { const box = svg.getBoundingClientRect();
            return [...svg.querySelectorAll('text')].filter(text => {
                const own = text.getBoundingClientRect();
                return own.width && (own.left < box.left - 1 || own.right > box.right + 1
                    || own.top < box.top - 1 || own.bottom > box.bottom + 1); })
            .map(text => text.textContent); })""")
    assert cut == []


def test_axe_finds_no_violation(shown: Any, violations: Callable[[Any], Any]) -> None:
    found = violations(shown)
    assert found.violations_count == 0, found.generate_report()


def test_the_keyboard_gets_everywhere_and_is_seen(shown: Any) -> None:
    shown.keyboard.press("Tab")
    assert shown.evaluate("document.activeElement.className") == "skip"
    shown.keyboard.press("Tab")
    assert shown.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_every_segment_begins_a_page_in_print(shown: Any) -> None:
    shown.emulate_media(media="print")
    breaks = shown.evaluate("""[...document.querySelectorAll('article.page')]
        .map(each => getComputedStyle(each).breakBefore)""")
    assert breaks == ["page"] * 4
