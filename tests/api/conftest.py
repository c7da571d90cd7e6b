"""A project without a build, its pages served, and links into it; and a shop that has run."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import carpel
from carpel.campaigns.tokens import Way, token
from carpel.store.addresses import address_hash

from ..channels.mailbox import mail_server
from ..project.post import NOW, shop
from ..project.written import write
from .served import Served, served
from .world import World

FILES = {
    "carpel.yml": "name: post\nlabel: The Post\n",
    "pages/choose.yml": "kind: preferences\ntitle: What may we send you?\nby: [email, sms]\n"
    "permissions: {marketing: Offers and news, monthly_letter: The monthly letter}\n"
    "asks:\n  - {name: interests, ask: What do you like?, answer: several,\n"
    "     options: {tea: Tea, coffee: Coffee, cake: Cake & <more>}}\n"
    "  - {name: often, ask: How often?, options: {weekly: Every week, monthly: Every month}}\n",
    "pages/nps.yml": "kind: survey\ntitle: One question\nthanks: You are kind.\nasks:\n"
    "  - {name: recommend, ask: How likely are you to recommend us?, answer: nps}\n"
    "  - {name: why, ask: Why?, answer: text}\n",
    "pages/visit.yml": "kind: survey\ntitle: Your visit\nasks:\n"
    "  - {name: happy, ask: How was it?, answer: satisfaction}\n"
    "  - {name: with_whom, ask: With whom?, options: {alone: Alone, family: My family}}\n",
}


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


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = shop(tmp_path_factory.mktemp("post"))
    carpel.Project(folder, clock=lambda: NOW).run()
    return folder


@pytest.fixture
def world(made: Path, tmp_path: Path) -> Iterator[World]:
    folder = tmp_path / "post"
    shutil.copytree(made, folder)
    with mail_server() as mailbox:
        yield World(folder, mailbox)


@pytest.fixture
def pages(world: World) -> Iterator[Served]:
    with served(carpel.Project(world.folder, clock=lambda: world.now, actor="visitor")) as found:
        world.edit("carpel.yml", "name: post\n", f"name: post\npublic_url: {found.url}\n")
        yield found
