"""One browser for all tests here."""

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("no chromium on this machine")
    with sync_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def opened(browser: Any) -> Iterator[Callable[[str, int], Any]]:
    """Opens an address at a width; a page keeps what it said on the console and asked for."""
    pages = []

    def at(address: str, width: int) -> Any:
        page = browser.new_page(viewport={"width": width, "height": 900})
        pages.append(page)
        page.said, page.asked = [], []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.on("request", lambda asked: page.asked.append(asked.url))
        page.goto(address)
        return page

    yield at
    for page in pages:
        page.close()


@pytest.fixture
def violations() -> Callable[[Any], Any]:
    """What axe finds on a page with everything unfolded."""
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
    )

    def found(page: Any) -> Any:
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
        return axe.Axe().run(page)

    return found
