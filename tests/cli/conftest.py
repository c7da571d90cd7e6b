"""A small shop on disk, run once, and the command line as a function."""

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PEOPLE = """version: 1
read: people.csv
identifiers: {customer_id: customer_id, email: email}
traits: {name: name, city: city}
permit:
  - {channel: {constant: email}, granted: newsletter}
  - {channel: {constant: email}, granted: {column: blocked, values: {"x": "no"}}, suppress: true}
"""
ORDERS = """version: 1
read: orders.csv
identifiers: {customer_id: customer_id}
track:
  - event: order_completed
    at: ordered_on
    properties: {order_id: order_id, amount: {column: amount, type: number}, category: category}
"""
SEGMENT = """version: 1
label: Tea drinkers
where: {did: order_completed, where: {category: tea}}
"""
FILES = {
    "carpel.yml": "version: 1\nname: shop\ntimezone: Europe/Berlin\ncurrency: EUR\n",
    "sources/people.yml": PEOPLE,
    "sources/orders.yml": ORDERS,
    "segments/tea_drinkers.yml": SEGMENT,
}
HEADER = "customer_id,email,name,city,newsletter,blocked\n"


def person(number: int, name: str = "Ada Stone", city: str = "Berlin") -> str:
    """One line of people.csv; the first person is on the do-not-contact list."""
    blocked = "x" if number == 1 else ""
    return f"{number:03d},p{number}@shop.example,{name},{city},yes,{blocked}\n"


def order(number: int, amount: object = "9.50", at: object = "2026-03-14") -> str:
    """One line of orders.csv."""
    category = "tea" if number % 2 else "cups"
    return f"{number},{number % 20 + 1:03d},{at},{amount},{category}\n"


ORDER_HEADER = "order_id,customer_id,ordered_on,amount,category\n"


@dataclass(frozen=True)
class Said:
    """What a command came to."""

    code: int
    out: str
    err: str


Carpel = Callable[..., Said]


@pytest.fixture
def carpel(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Carpel:
    """`carpel ARGUMENTS`, through the same door as the shell's."""
    return lambda *arguments: call(capsys, monkeypatch, arguments)


def call(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[object, ...],
) -> Said:
    """Run `carpel.cli.main.main` with these arguments."""
    from carpel.cli.main import main

    monkeypatch.setattr(sys, "argv", ["carpel", *map(str, arguments)])
    capsys.readouterr()
    try:
        main()
        code = 0
    except SystemExit as ended:
        code = int(ended.code or 0)
    said = capsys.readouterr()
    return Said(code, said.out, said.err)


def write_shop(folder: Path) -> Path:
    """Twenty people, one hundred orders, one segment, as a project nobody has run."""
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    cities = ["=1+1", "@home", "Berlin", "Bonn"]
    (folder / "people.csv").write_text(
        HEADER + "".join(person(n, city=cities[n % 4]) for n in range(1, 21))
    )
    (folder / "orders.csv").write_text(
        ORDER_HEADER + "".join(order(n, f"{n}.50") for n in range(1, 101))
    )
    return folder


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop with one build; never changed, only copied."""
    from carpel.project import Project

    folder = write_shop(tmp_path_factory.mktemp("built") / "shop")
    Project(folder).run()
    return folder


@pytest.fixture
def shop(built: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of the shop that a test may spoil."""
    folder = tmp_path / "shop"
    shutil.copytree(built, folder)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
