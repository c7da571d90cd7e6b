"""The shop that writes to its people, run once for all who take a copy of it."""

from pathlib import Path

import pytest

import carpel

from .post import NOW, shop


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = shop(tmp_path_factory.mktemp("post"))
    carpel.Project(folder, clock=lambda: NOW).run()
    return folder
