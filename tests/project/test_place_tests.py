"""A flyer to some places: how much more they changed than the others, from files that are known."""

import itertools
import random
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from carpel.engine.query import query
from carpel.errors import ProjectError
from carpel.verbs.reader import reading

from ..reports.statistical import STATISTICAL
from .post import Shop, write

pytestmark = pytest.mark.slow

BEGAN = datetime(2026, 2, 1, tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)
DAYS, EACH, PAIRS, FIRST = 28, 40, 8, 1_000
PLACES = [f"01{n:02}" for n in range(10, 10 + 2 * PAIRS)]
GOT_IT = PLACES[::2]
FILES = {
    "carpel.yml": "version: 1\nname: flyers\ntimezone: Europe/Berlin\nas_of: now\n"
    "identity: {probabilistic: false}\n",
    "sources/book.yml": "read: book.csv\nkey: [no]\nidentifiers: {crm_id: no}\n"
    "traits: {postcode: at}\n",
    "sources/till.yml": "read: till.csv\nidentifiers: {crm_id: no}\n"
    "track:\n  - {event: order_completed, at: at, properties: {amount: amount}}\n",
}
HEAD = "label: Autumn flyer\nmetrics: [order_rate, revenue_per_person, average_order]\n"
TIME = f"started: 2026-02-01\nwithin_days: {DAYS}\ncost: 100\n"
PAIRED = (
    "places:\n  trait: postcode\n  pairs:\n"
    + "".join(f'    - ["{PLACES[n]}", "{PLACES[n + 1]}"]\n' for n in range(0, 2 * PAIRS, 2))
    + HEAD
    + TIME
)
NAMED = ", ".join(f'"{each}"' for each in GOT_IT)
UNPAIRED = f"places: {{trait: postcode, treated: [{NAMED}]}}\n" + HEAD + TIME


def orders(draw: random.Random) -> list[list[Any]]:
    """From five stretches before to one after; the flyer doubles who orders."""
    found = [[FIRST, (BEGAN - timedelta(days=200)).isoformat(), 20]]
    for no, period in itertools.product(range(len(PLACES) * EACH), range(-4, 1)):
        place = no // EACH
        share = 0.1 + 0.02 * (place // 2) + (0.25 if period == 0 and place % 2 == 0 else 0)
        if draw.random() < share:
            at = BEGAN + timedelta(days=DAYS * (period + draw.uniform(0.01, 0.99)))
            found.append([FIRST + no, at.isoformat(), draw.choice([20, 30, 45])])
    return found


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """Sixteen postcodes of forty people, of which every other one got a flyer."""
    folder = tmp_path_factory.mktemp("flyers")
    shop = Shop(folder)
    for name, text in FILES.items():
        shop.write(name, text)
    shop.write("experiments/flyer.yml", PAIRED)
    shop.write("experiments/lone.yml", UNPAIRED)
    people = [[FIRST + no, PLACES[no // EACH]] for no in range(len(PLACES) * EACH)]
    write(folder / "book.csv", "no at", people)
    write(folder / "till.csv", "no at amount", orders(random.Random(7)))
    shop.project.run()
    return shop


def rows(shop: Shop, name: str) -> list[dict[str, Any]]:
    with reading(shop.project.session) as reader:
        found: list[dict[str, Any]] = reader.engine.fetch(
            query("SELECT * FROM :t ORDER BY ALL", t=query(name))
        ).to_pylist()
    return found


def figures(shop: Shop) -> np.ndarray:
    """By place and stretch (four before, one after): revenue a person, from the files alone."""
    found = np.zeros((len(PLACES), 5))
    for line in (shop.folder / "till.csv").read_text().splitlines()[1:]:
        no, at, amount = line.split(",")
        period = (datetime.fromisoformat(at) - BEGAN) // timedelta(days=DAYS)
        if -4 <= period <= 0:
            found[(int(no) - FIRST) // EACH, period + 4] += float(amount) / EACH
    return found


def estimate(shop: Shop, experiment: str, metric: str) -> dict[str, Any]:
    return next(
        row
        for row in rows(shop, "estimates")
        if (row["experiment"], row["metric"]) == (experiment, metric)
    )


def test_the_change_is_that_of_the_files(ran: Shop):
    known = figures(ran)
    change = known[:, 4] - known[:, :4].mean(axis=1)
    apart = change[::2] - change[1::2]
    row = estimate(ran, "flyer", "revenue_per_person")
    assert row["value"] == pytest.approx(apart.mean())
    assert (row["figure"], row["base"]) == pytest.approx(
        (known[::2, 4].mean(), known[1::2, 4].mean())
    )
    assert (row["n"], row["m"]) == (PAIRS * EACH, PAIRS * EACH)
    signs = np.array(list(itertools.product([1, -1], repeat=PAIRS)))

    def chance(effect: float) -> float:
        """Of all ways the lots could have fallen, those that look as large either way."""
        drawn = (signs * (apart - effect)).mean(axis=1)
        seen = (apart - effect).mean()
        return min(1.0, 2 * min((drawn >= seen - 1e-9).mean(), (drawn <= seen + 1e-9).mean()))

    assert row["chance"] == pytest.approx(chance(0))
    inside, tiny = (row["high"] - row["low"]) / 1000, 1e-6
    assert chance(row["low"] + inside) > 0.05 >= chance(row["low"] - tiny)
    assert chance(row["high"] - inside) > 0.05 >= chance(row["high"] + tiny)


def test_without_pairs_it_is_the_difference_of_both_sides(ran: Shop):
    known = figures(ran)
    change = known[:, 4] - known[:, :4].mean(axis=1)
    row = estimate(ran, "lone", "revenue_per_person")
    assert row["value"] == pytest.approx(change[::2].mean() - change[1::2].mean())
    assert row["low"] < row["value"] < row["high"]


def test_sums_by_place_before_and_after_are_kept(ran: Shop):
    known = figures(ran)
    kept = [row for row in rows(ran, "place_outcomes") if row["experiment"] == "flyer"]
    assert {row["period"] for row in kept} == {-4, -3, -2, -1, 0}
    for row in kept:
        place = PLACES.index(row["place"])
        assert (row["n"], row["treated"], row["pair"]) == (EACH, place % 2 == 0, place // 2)
        if row["metric"] == "revenue_per_person":
            assert row["y"] / row["n"] == pytest.approx(known[place, row["period"] + 4])


def test_the_verdict_says_places_people_and_money(ran: Shop):
    told = ran.project.verdict("flyer")
    version = told.versions[0]
    assert (version.called, version.verdict) == ("places with it", "worked")
    plain = version.sentence.replace("\xa0", " ")
    assert "There are 8 pairs of places; 640 people belong to them" in plain
    assert "in the places with it (320 people)" in plain
    row = estimate(ran, "flyer", "revenue_per_person")
    money = version.money.replace("\xa0", " ")
    assert f"+€{row['value'] * row['n']:,.0f} from 320 people" in money
    assert "It cost €100" in money
    assert "“Autumn flyer” worked: share who order" in told.opening
    assert "by place, from" in told.measured
    assert "8 places with it and 8 others" in ran.project.verdict("lone").versions[0].sentence


def test_the_page_keeps_to_plain_words(ran: Shop, tmp_path: Path):
    to = tmp_path / "flyer.html"
    ran.project.verdict("flyer", to=to)
    page = to.read_text(encoding="utf-8")
    body = re.sub(r"<style>.*?</style>", " ", page, flags=re.DOTALL)
    plain = re.sub(r'<details class="statistics">.*?</details>', " ", body, flags=re.DOTALL)
    text = " ".join(re.sub(r"<[^>]*>", " ", plain).split())
    assert not [term for term in STATISTICAL if re.search(rf"(?i)\b{term}\b", text)]
    assert "difference in differences" in page
    assert "Autumn flyer" in ran.project.report().read_text(encoding="utf-8")


def again(ran: Shop, folder: Path, text: str) -> Shop:
    """The same shop with another test in it, alone."""
    shop = Shop(folder)
    for name, told in FILES.items():
        shop.write(name, told)
    for name in ("book.csv", "till.csv"):
        (folder / name).write_bytes((ran.folder / name).read_bytes())
    shop.write("experiments/flyer.yml", text)
    return shop


def test_while_it_runs_nothing_is_told(ran: Shop, tmp_path: Path):
    shop = again(ran, tmp_path, PAIRED)
    shop.now = BEGAN + timedelta(days=DAYS - 3)
    shop.project.run()
    told = shop.project.verdict("flyer")
    assert told.versions[0].word == "cannot_tell"
    assert told.versions[0].settle == "It runs for 3 more days."
    assert "still running" in told.measured
    assert told.versions[0].money == ""
    assert shop.project.report().exists()


def test_places_that_drifted_apart_before_are_not_trusted(ran: Shop, tmp_path: Path):
    shop = again(ran, tmp_path, PAIRED)
    early = [
        [FIRST + no, (BEGAN - timedelta(days=10 + period)).isoformat(), 30]
        for no in range(len(PLACES) * EACH)
        if (no // EACH) % 2 == 0 and no % 2
        for period in (0, DAYS)
    ]
    with (tmp_path / "till.csv").open("a") as file:
        file.writelines(f"{no},{at},{amount}\n" for no, at, amount in early)
    shop.project.run()
    told = shop.project.verdict("flyer")
    assert told.versions[0].word == "uneven"
    assert "had drifted apart before it already" in told.versions[0].sentence
    assert "cannot be judged" in told.opening


def test_five_pairs_leave_everything_possible(ran: Shop, tmp_path: Path):
    few = re.sub(r"(( {4}- .*\n){5})( {4}- .*\n)+", r"\1", PAIRED)
    shop = again(ran, tmp_path, few)
    shop.project.run()
    told = shop.project.verdict("flyer").versions[0]
    assert told.word == "cannot_tell"
    assert "There are 5 pairs" in told.sentence.replace("\xa0", " ")
    assert "too few places" in told.sentence


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"0110", "0111"', '"0110", "111"', "nobody belongs to the place '111'"),
        ('"0110", "0111"', '"0110", "0112"', "the place '0112' is named twice"),
        ('"0110", "0111"', '0110, "0111"', "write a place in quotes"),
        ("trait: postcode", "trait: postcde", "there is no trait 'postcde'"),
        ("started: 2026-02-01\n", "", "a test of places says on which day it `started`"),
        ("metrics: [", "comparison: none\nmetrics: [", "`arms` and `comparison` go together"),
        ("metrics: [", "metrics: [plan, ", "plan is an attribute"),
    ],
)
def test_what_cannot_be_is_a_mistake_with_its_file(
    ran: Shop, tmp_path: Path, old: str, new: str, said: str
):
    shop = again(ran, tmp_path, PAIRED.replace(old, new, 1))
    shop.write("metrics/plan.yml", "kind: trait\ntrait: postcode\nunit: number\n")
    with pytest.raises(ProjectError, match=re.escape(said)) as caught:
        shop.project.run()
    assert "experiments/flyer.yml" in str(caught.value)


def test_every_place_cannot_have_got_it(ran: Shop, tmp_path: Path):
    named = ", ".join(f'"{each}"' for each in PLACES)
    shop = again(ran, tmp_path, UNPAIRED.replace(NAMED, named))
    with pytest.raises(ProjectError, match="every place there is got it"):
        shop.project.run()
