"""Figures over time and funnels, from files to the command line and the report."""

import json
import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from carpel.cli.main import app
from carpel.errors import CarpelError, NotFound

from ..reports.statistical import STATISTICAL
from .post import NOW, PEOPLE, Shop, write

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def shop(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """The shop with visits to its pages, plans and costs."""
    folder = tmp_path_factory.mktemp("over_time") / "post"
    shutil.copytree(made, folder)
    shop = Shop(folder)
    shop.write(
        "sources/site.yml",
        "read: site.csv\nidentifiers: {crm_id: no}\ntrack: [{event: page_viewed, at: at}]\n",
    )
    shop.write(
        "sources/plans.yml",
        "read: plans.csv\nidentifiers: {crm_id: no}\nhold:\n  - {plan: plan, amount: fee, "
        "interval: {constant: month}, started_at: begun, ended_at: over}\n",
    )
    shop.write("segments/utrecht.yml", "label: From Utrecht\nwhere: {trait: city, is: Utrecht}\n")
    shop.write("sources/bills.yml", "read: bills.csv\ncosts: [{amount: paid, at: day}]\n")
    write(folder / "bills.csv", "day paid", [["2026-01-15", 100]])
    # a fifth of all look a day before their order, a fifth a day after it
    order = {n: NOW - timedelta(days=3 + n) for n in range(0, PEOPLE, 3)}
    views = [
        [n, (order[n] - timedelta(days=(1, -1)[n % 2])).isoformat()] for n in list(order)[1:11]
    ]
    write(folder / "site.csv", "no at", views)
    plans = [[n, "basic", 10, "2025-11-10", "2026-01-20" if n < 4 else ""] for n in range(1, 13)]
    write(folder / "plans.csv", "no plan fee begun over", plans)
    shop.project.run()
    return shop


def said(shop: Shop, *words: str) -> str:
    done = CliRunner().invoke(app, [*words, "--project", str(shop.folder)])
    assert done.exit_code == 0, done.output
    return done.output


def test_figures_come_from_the_files(shop: Shop):
    found = {each.name: {p.month.month: p for p in each.points} for each in shop.project.figures()}
    assert (found["logo_churn"][1].value, found["logo_churn"][1].n) == (3 / 12, 12)
    assert found["nrr"][2].value == 1 and found["nrr"][2].n == 9
    january = [n for n in range(0, PEOPLE, 3) if (NOW - timedelta(days=3 + n)).month == 1]
    assert found["new_buyers"][1].n == len(january)
    assert found["cac"][1].value == pytest.approx(100 / len(january))


def test_a_funnel_by_segment(shop: Shop):
    steps = shop.project.funnel("page_viewed", "order_completed", within="2 days", by="utrecht")
    assert [(each.segment, each.event, each.people) for each in steps] == [
        ("*", "page_viewed", 10),
        ("*", "order_completed", 5),
        ("utrecht", "page_viewed", 10),
        ("utrecht", "order_completed", 5),
    ]
    assert (steps[1].of_first, steps[1].of_before) == (0.5, 0.5)
    hours = shop.project.funnel("page_viewed", "order_completed", within="23 hours")
    assert hours[1].people == 0
    assert shop.project.funnel("order_completed", "page_viewed")[1].people == 5


def test_what_is_no_funnel_says_so(shop: Shop):
    with pytest.raises(CarpelError, match="at least two steps"):
        shop.project.funnel("page_viewed")
    with pytest.raises(CarpelError, match="no time to go through it"):
        shop.project.funnel("page_viewed", "order_completed", within="2 months")
    with pytest.raises(NotFound, match="page_seen"):
        shop.project.funnel("page_seen", "order_completed")
    with pytest.raises(NotFound, match="no segment or set"):
        shop.project.funnel("page_viewed", "order_completed", by="utrect")


def test_on_the_command_line(shop: Shop):
    told = said(shop, "figures")
    assert "logo_churn" in told and "2026-02" in told
    assert "25" in said(shop, "figures", "logo_churn")
    rows = json.loads(said(shop, "figures", "nrr", "--json"))
    assert rows[0]["name"] == "nrr" and rows[0]["points"][-1]["n"] == 9
    steps = ("funnel", "page_viewed", "order_completed")
    assert "50" in said(shop, *steps, "--within", "2 days", "--by", "utrecht")
    assert len(json.loads(said(shop, *steps, "--json"))) == 2
    assert CliRunner().invoke(app, ["figures", "nps", "--project", str(shop.folder)]).exit_code


def test_the_report_tells_the_same_in_plain_words(shop: Shop):
    page = shop.project.report().read_text(encoding="utf-8")
    section = re.search(r'<section aria-labelledby="over_time">.*?</section>', page, re.DOTALL)[0]
    assert "<b>Left</b>: 0\xa0% in February 2026, of 9\xa0people who paid when it began" in section
    for term in STATISTICAL:
        assert not re.search(rf"(?i)\b{term}\b", re.sub(r"<[^>]*>", " ", section)), term
