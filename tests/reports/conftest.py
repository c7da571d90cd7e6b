"""One report for all tests here."""

import re
from html import unescape
from pathlib import Path

import pytest

from carpel.project import Project

from .corner import NOW, shop


@pytest.fixture(scope="session")
def corner(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the corner shop."""
    return shop(tmp_path_factory.mktemp("corner"))


@pytest.fixture(scope="session")
def page(corner: Path) -> str:
    """The report of the corner shop, as HTML."""
    written: Path = Project(corner, clock=lambda: NOW).report()
    return written.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def text(page: str) -> str:
    """What is to be read in it, or heard."""
    body = re.sub(r"<style>.*?</style>", " ", page, flags=re.DOTALL)
    heard = " ".join(re.findall(r'aria-label="([^"]*)"', body))
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body) + heard).split())
