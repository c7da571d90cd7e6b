"""A test of prices: what each earns a person who saw it, worked out anew from the data."""

import re
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import t as student
from scipy.stats import ttest_ind
from typer.testing import CliRunner

from carpel.cli.main import app
from carpel.errors import ProjectError

from ..reports.statistical import STATISTICAL
from .post import NOW, Shop, write
from .test_place_tests import rows

pytestmark = pytest.mark.slow
PEOPLE, FIRST, COST = 6_000, 1_000, 4.0
PRICES = {"ten": 10.0, "twelve": 12.5, "fifteen": 15.0}
FILES = {
    "carpel.yml": "version: 1\nname: prices\ntimezone: UTC\nas_of: now\ncurrency: EUR\n"
    "identity: {probabilistic: false}\n",
    "sources/book.yml": "read: book.csv\nkey: [no]\nidentifiers: {crm_id: no}\n"
    "traits: {saw: saw}\n",
    "sources/till.yml": "read: till.csv\nidentifiers: {crm_id: no}\n"
    "track:\n  - {event: order_completed, at: at, properties: {amount: amount}}\n",
    "experiments/dearer.yml": "label: Dearer\narms: {trait: saw}\ncomparison: ten\n"
    "metrics: [order_rate]\nstarted: 2026-02-01\nwithin_days: 14\n"
    f"cost_per_order: {COST}\nprices: {{ten: 10, twelve: 12.5, fifteen: 15}}\n",
}


def made(
    folder: Path,
    shares: dict[str, float],
    people: int = PEOPLE,
    edit: tuple[str, str] = ("Dearer", "Dearer"),
) -> Shop:
    """People who saw one of three prices, and who of them ordered, some twice."""
    shop = Shop(folder)
    for name, text in FILES.items():
        shop.write(name, text)
    shop.edit("experiments/dearer.yml", *edit)
    draw, arms = np.random.default_rng(3), list(PRICES)
    write(folder / "book.csv", "no saw", [[FIRST + n, arms[n % 3]] for n in range(people)])
    orders = [
        [FIRST + n, (NOW - timedelta(days=float(draw.uniform(15, 27)))).isoformat(), PRICES[arm]]
        for n in range(people)
        for arm in [arms[n % 3]]
        if draw.random() < shares[arm]
        for _ in range(1 + (n % 7 == 0))
    ]
    write(folder / "till.csv", "no at amount", orders)
    shop.project.run()
    return shop


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """At 12.50 nearly as many order as at 10, at 15 hardly anybody."""
    folder = tmp_path_factory.mktemp("prices")
    return made(folder, {"ten": 0.30, "twelve": 0.28, "fifteen": 0.05})


def margins(shop: Shop) -> dict[str, np.ndarray]:
    """By arm: what is left of each person's orders, from the files alone."""
    people = [line.split(",") for line in (shop.folder / "book.csv").read_text().splitlines()[1:]]
    left = {no: 0.0 for no, _ in people}
    for line in (shop.folder / "till.csv").read_text().splitlines()[1:]:
        no, _, amount = line.split(",")
        left[no] += float(amount) - COST
    return {arm: np.array([left[no] for no, saw in people if saw == arm]) for arm in PRICES}


def test_margins_are_those_of_the_files(ran: Shop):
    known = margins(ran)
    found = {row["arm"]: row for row in rows(ran, "price_estimates")}
    assert {arm: row["price"] for arm, row in found.items()} == PRICES
    for arm, values in known.items():
        row, error = found[arm], values.std(ddof=1) / np.sqrt(len(values))
        assert (row["people"], row["buyers"]) == (len(values), (values > 0).sum())
        assert row["margin"] == pytest.approx(values.mean())
        reach = student.ppf(0.975, len(values) - 1) * error
        assert row["margin_high"] - row["margin"] == pytest.approx(reach, rel=1e-3)
    apart = ttest_ind(known["twelve"], known["ten"], equal_var=False).confidence_interval()
    row = found["twelve"]
    assert (row["more_low"], row["more_high"]) == pytest.approx(tuple(apart), rel=1e-3)


def test_the_page_says_which_price_earns_most(ran: Shop, tmp_path: Path):
    told = ran.project.verdict("dearer", to=tmp_path / "dearer.html")
    plain = told.priced.replace("\xa0", " ")
    assert plain.startswith("€12.50 earns most: +€")
    assert "6,000 people saw a price" in plain
    assert [row["price"] for row in told.prices] == ["€10.00", "€12.50", "€15.00"]
    page = (tmp_path / "dearer.html").read_text(encoding="utf-8")
    body = re.sub(r"<style>.*?</style>", " ", page, flags=re.DOTALL)
    body = re.sub(r'<details class="statistics">.*?</details>', " ", body, flags=re.DOTALL)
    text = " ".join(re.sub(r"<[^>]*>", " ", body).split())
    assert "€12.50 earns most" in text
    assert not [term for term in STATISTICAL if re.search(rf"(?i)\b{term}\b", text)]
    asked = ["verdict", "dearer", "--project", str(ran.folder)]
    assert "€12.50 earns most" in CliRunner().invoke(app, asked).output


def test_prices_that_are_alike_cannot_be_told_apart(tmp_path: Path):
    shares = {arm: 1.2 / (price - COST) for arm, price in PRICES.items()}  # one margin for all
    told = made(tmp_path, shares, people=1_500).project.verdict("dearer").priced
    assert told.startswith("Cannot tell which price earns most: €")
    assert "1,500 people saw a price" in told.replace("\xa0", " ")


def test_too_few_who_ordered_are_said(tmp_path: Path):
    told = made(tmp_path, {"ten": 0.5, "twelve": 0.5, "fifteen": 0.05}, people=600)
    assert "Too few ordered to say" in told.project.verdict("dearer").priced


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("fifteen: 15", "fiften: 15", "`prices`: nobody is in the arm 'fiften'"),
        ("{ten: 10, ", "{", "`prices` says nothing of the comparison"),
        ("fifteen: 15", "fifteen: 10", "two arms have the same price"),
    ],
)
def test_what_cannot_be_is_a_mistake_with_its_file(tmp_path: Path, old: str, new: str, said: str):
    with pytest.raises(ProjectError, match=re.escape(said)):
        made(tmp_path, dict.fromkeys(PRICES, 0.3), people=60, edit=(old, new))
