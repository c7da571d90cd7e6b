"""From files to groups and back to the screen."""

import re
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from carpel.cli.main import app
from carpel.errors import CarpelError, NotFound
from carpel.project import Project

from .written import run

pytestmark = pytest.mark.slow

pytest.importorskip("sklearn")
CLOCK = datetime(2026, 3, 1, 12, tzinfo=UTC)
SPEC = """label: Shopping styles
kind: clusters
traits: [orders_365d, average_order_value]
method: k_means
serve: 4
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, rng_of_module: np.random.Generator) -> Path:
    """Rare small, frequent small and rare large buyers; the parent build is of the same data."""
    folder = tmp_path_factory.mktemp("shop")
    rows = ["order,email,at,amount"]
    for person in range(150):
        way = person % 3
        for _ in range(int(rng_of_module.integers(*((2, 5), (20, 30), (2, 5))[way]))):
            day = f"2025-{rng_of_module.integers(4, 13):02d}-{rng_of_module.integers(1, 28):02d}"
            amount = (20, 20, 300)[way] + rng_of_module.normal()
            rows.append(f"o{len(rows)},p{person}@post.example,{day},{amount:.2f}")
    (folder / "orders.csv").write_text("\n".join(rows))
    files = {
        "carpel.yml": "name: shop\ncurrency: EUR\ntimezone: UTC\nas_of: 2026-01-15\n",
        "sources/orders.yml": (
            "read: orders.csv\nidentifiers: {email: email}\ntrack:\n"
            "  - event: order_completed\n    at: at\n    key: [order]\n"
            "    properties: {order_id: order, amount: amount}\n"
        ),
        "segmentations/styles.yml": SPEC,
    }
    run(folder, files, CLOCK)
    return folder


def test_groups_are_shown_with_why_not_more_or_fewer(shop: Path) -> None:
    page = Project(shop, clock=lambda: CLOCK).show_segmentation("styles")
    assert [row["people"] for row in page.places] == [50, 50, 50, 0]
    assert [row["groups"] for row in page.tried if row["taken"]] == [3]
    assert all(row["agreement"] > 0.9 for row in page.groups)
    shown = CliRunner().invoke(app, ["show", "segmentation", "styles", "--project", str(shop)])
    assert shown.exit_code == 0, shown.output
    assert "3 groups; why not 2 or 4" in shown.output
    assert "High " in shown.output


def test_groups_and_why_so_many_are_drawn(shop: Path, tmp_path: Path) -> None:
    project, to = Project(shop, clock=lambda: CLOCK), tmp_path / "styles.html"
    project.show_segmentation("styles", to=to)
    project.report(tmp_path / "report.html")
    for page in (to.read_text(), (tmp_path / "report.html").read_text()):
        (article,) = re.findall(r"<article(?: id=\"set-styles\")?>(.*?)</article>", page, re.DOTALL)
        read = re.sub(r"<style>.*?</style>|<[^>]+>", " ", article, flags=re.DOTALL)
        taken = int(re.search(r"(\d) groups; why not", read)[1])
        assert f"why not {taken - 1}" in read and "How clearly they part" in read
        assert sorted(set(re.findall(r">([A-H])</text>", article))) == list("ABCDEFGH"[:taken])
        assert read.count("Orders, 365 days") >= 2  # wide, narrow
        for word in ("silhouette", "BIC", "stability", "trait", "segmentation", "segment group_"):
            assert word not in read, word
        assert "Group 4 (" not in read


def test_numbers_stay_when_the_data_grows(shop: Path) -> None:
    project = Project(shop, clock=lambda: CLOCK)
    before = {row["segment"]: row["label"] for row in project.show_segmentation("styles").places}
    with (shop / "orders.csv").open("a") as file:
        file.write("\nx1,p1@post.example,2026-01-02,21.00\nx2,p2@post.example,2026-01-03,310.00")
    project.run()
    after = {row["segment"]: row["label"] for row in project.show_segmentation("styles").places}
    assert after == before


def test_none_are_refused_with_the_reason(shop: Path) -> None:
    (shop / "segmentations" / "styles.yml").write_text(SPEC + "smallest: 100\n")
    project = Project(shop, clock=lambda: CLOCK)
    project.run()
    page = project.show_segmentation("styles")
    assert "fewer than 100" in page.refused
    assert [(row["segment"], row["people"]) for row in page.places] == [("styles.in_none", 150)]
    shown = CliRunner().invoke(app, ["show", "segmentation", "styles", "--project", str(shop)])
    assert "No number of groups will do" in shown.output


def test_only_groups_in_the_data_are_drawn(shop: Path, tmp_path: Path) -> None:
    project = Project(shop, clock=lambda: CLOCK)
    with pytest.raises(CarpelError, match=r"drawn as \.html"):
        project.show_segmentation("styles", to=tmp_path / "styles.png")
    with pytest.raises(NotFound):
        project.show_segmentation("stiles", to=tmp_path / "styles.html")
