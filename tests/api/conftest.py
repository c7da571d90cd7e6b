"""A project without a build, its pages served, and links into it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import carpel
from carpel.campaigns.tokens import Way, token
from carpel.store.addresses import address_hash

from ..project.written import write
from .served import Served, served

FILES = {"carpel.yml": "name: post\nlabel: The Post\n"}


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("served"), FILES)


@pytest.fixture(scope="session")
def site(folder: Path) -> Iterator[Served]:
    with served(carpel.Project(folder, actor="visitor")) as found:
        yield found


@pytest.fixture(scope="session")
def link_of(folder: Path) -> Callable[..., str]:
    """The token that somebody was sent."""
    key = carpel.Project(folder).session.store.key

    def made(address: str, medium: str = "email") -> str:
        return token(key, Way(address_hash(key, address), medium, "spring", "monthly_letter"))

    return made
