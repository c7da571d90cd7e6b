"""Pages for the people who are written to, in a browser: on a phone, by keyboard, by ear."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import carpel
from carpel.campaigns.tokens import Way, token
from carpel.store.answers import answers
from carpel.store.permissions import words

from ..api.conftest import FILES
from ..api.served import Served, served
from ..project.written import write

pytestmark = pytest.mark.slow
PATHS = ("unsubscribe/{t}", "p/choose/{t}", "p/nps/{t}/9", "p/visit/{t}", "p/nps/{t}?thanks", "x")


FURTHER = [pytest.param(each, marks=pytest.mark.prove) for each in ("de", "nl")]
"""The same pages in other words: long evidence."""


@pytest.fixture(scope="module", params=("en", *FURTHER))
def site(tmp_path_factory: pytest.TempPathFactory, request: Any) -> Iterator[tuple[Path, Served]]:
    folder = write(tmp_path_factory.mktemp("browsed"), FILES)
    with (folder / "carpel.yml").open("a") as file:
        file.write(f"language: {request.param}\n")
    with served(carpel.Project(folder)) as found:
        yield folder, found


@pytest.fixture
def link(site: tuple[Path, Served]) -> str:
    key = carpel.Project(site[0]).session.store.key
    return token(key, Way("0" * 40, "email", "spring", "monthly_letter"))


@pytest.mark.parametrize("path", PATHS)
def test_everybody_can_read_it_and_it_asks_for_nothing(
    opened: Callable[[str, int], Any], violations: Callable[[Any], Any], site, link: str, path: str
):
    address = f"{site[1].url}/{path.format(t=link)}"
    for width in (390, 1280):
        page = opened(address, width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.asked == [address]
        assert [each for each in page.said if "404" not in each] == []
        assert page.evaluate("document.documentElement.lang") in ("en", "de", "nl")
        found = violations(page)
        assert found.violations_count == 0, found.generate_report()


def test_by_keyboard_alone(opened: Callable[[str, int], Any], site, link: str):
    folder, served_ = site
    ledger = carpel.Project(folder).session.store.ledger
    page = opened(f"{served_.url}/p/nps/{link}/8", 390)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.value") == "8"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.type("Fine")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**?thanks")
    assert {each.field: each.value for each in answers(ledger)} == {"recommend": "9", "why": "Fine"}
    page.goto(f"{served_.url}/unsubscribe/{link}")
    page.get_by_role("button").click()
    page.wait_for_load_state()
    assert page.get_by_role("status").is_visible()
    assert [each.granted for each in words(ledger)] == [False]
    page.get_by_role("button").click()
    page.wait_for_load_state()
    assert [each.granted for each in words(ledger)] == [False, True]
