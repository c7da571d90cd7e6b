"""From a campaign that has left to what it caused, over files that answer in a known way."""

import csv
import json
import random
import re
import shutil
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import ttest_ind
from typer.testing import CliRunner

import carpel
from carpel.cli.main import app
from carpel.engine.query import query
from carpel.errors import CarpelError, NotFound
from carpel.verbs.reader import reading

from ..reports.statistical import STATISTICAL
from .post import FILES, NOW, Shop, write

pytestmark = pytest.mark.slow

PEOPLE, FIRST = 3_000, 1_000
CITIES = ("Utrecht", "Breda", "Zwolle")
ANSWERS = {"Utrecht": (0.10, 0.30), "Breda": (0.25, 0.05), "Zwolle": (0.10, 0.20)}
"""By city: the share who order without the campaign, and with it; in Breda it does harm."""
LATER = NOW + timedelta(days=20)


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """Three thousand people, a campaign to half of them, and what they ordered since."""
    folder = tmp_path_factory.mktemp("caused")
    shop = Shop(folder)
    for name, text in FILES.items():
        if name.startswith(("carpel", "sources", "channels/tool", "campaigns/list")):
            shop.write(name, text)
    shop.write("segments/members.yml", "where: {trait: city, in: [Utrecht, Breda, Zwolle]}\n")
    for city in CITIES:
        name = city.lower()
        shop.write(
            f"segments/{name}.yml", f"label: From {city}\nwhere: {{trait: city, is: {city}}}"
        )
    shop.edit(
        "campaigns/list.yml",
        "metric: revenue_per_person, target: 40",
        "metric: order_rate, target: 0.3",
    )
    shop.edit("campaigns/list.yml", "holdout: 0.2", "holdout: 0.5\ncosts: {per_message: 0.5}")
    people = [
        [FIRST + n, f"p{n}@mail.example", f"First{n}", CITIES[n % 3], "nl", "yes"]
        for n in range(PEOPLE)
    ]
    write(folder / "book.csv", "no mail first city lang may", people)
    draw = random.Random(20260301)
    habit = [draw.random() for _ in range(PEOPLE)]
    before = [
        [FIRST + n, (NOW - timedelta(days=draw.uniform(1, 80))).isoformat(), 20]
        for n in range(PEOPLE)
        for _ in range(3)
        if draw.random() < habit[n]
    ]
    write(folder / "till.csv", "no at amount", before)
    shop.project.run()
    shop.project.approve("list")
    (folder / "out").mkdir()
    shop.project.send("list", to=folder / "out")
    answers = [
        [FIRST + n, (NOW + timedelta(days=draw.uniform(0.1, 13.9))).isoformat(), 30]
        for n in range(PEOPLE)
        if draw.random() < ANSWERS[CITIES[n % 3]][n in contacted(shop)]
    ]
    late = [[FIRST + n, (NOW + timedelta(days=16)).isoformat(), 500] for n in range(0, PEOPLE, 7)]
    write(folder / "till.csv", "no at amount", [*before, *answers, *late])
    shop.now = LATER
    shop.project.run()
    return shop


def contacted(shop: Shop, arm: str = "*") -> set[int]:
    """Whom the tool's files name, by their numbers."""
    files = (shop.folder / "out").glob(f"list-{arm}-mailchimp.csv")
    return {int(n) for file in files for n in re.findall(r"\bp(\d+)@", file.read_text())}


def ordered(shop: Shop) -> tuple[np.ndarray, np.ndarray]:
    """By person: whether they ordered in the 14 days after, and in the 90 days before."""
    after, before = np.zeros(PEOPLE), np.zeros(PEOPLE)
    with (shop.folder / "till.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            days = (datetime.fromisoformat(row["at"]) - NOW) / timedelta(days=1)
            if 0 < days <= 14:
                after[int(row["no"]) - FIRST] = 1
            if -90 < days <= 0:
                before[int(row["no"]) - FIRST] = 1
    return after, before


def mask(people: set[int]) -> np.ndarray:
    return np.isin(np.arange(PEOPLE), list(people))


@pytest.mark.parametrize("arm", ["a", "b"])
@pytest.mark.parametrize("city", [None, *CITIES])
def test_what_was_caused_is_what_the_files_say(sent: Shop, arm: str, city: str | None):
    got, without = mask(contacted(sent, arm)), ~mask(contacted(sent))
    if city:
        there = np.arange(PEOPLE) % 3 == CITIES.index(city)
        got, without = got & there, without & there
    y, x = ordered(sent)
    row = estimate(sent, "order_rate", arm, city.lower() if city else "*")
    assert (row["n"], row["m"]) == (got.sum(), without.sum())
    assert row["figure"] == pytest.approx(y[got].mean())
    assert row["base"] == pytest.approx(y[without].mean())
    both = got | without
    slope = np.cov(x[both], y[both])[0, 1] / x[both].var(ddof=1)
    one, two = (y[each] - slope * x[each] for each in (got, without))
    found = ttest_ind(one, two, equal_var=False)
    low, high = found.confidence_interval()
    assert row["value"] == pytest.approx(one.mean() - two.mean())
    assert (row["low"], row["high"]) == pytest.approx((low, high))
    assert row["chance"] == pytest.approx(found.pvalue, rel=1e-4, abs=1e-12)


def estimate(shop: Shop, metric: str, arm: str, segment: str = "*") -> dict[str, Any]:
    with reading(shop.project.session) as reader:
        rows = reader.engine.fetch(query("SELECT * FROM estimates")).to_pylist()
    wanted = (metric, arm, "comparison", segment)
    return next(r for r in rows if (r["metric"], r["arm"], r["against"], r["segment"]) == wanted)


def test_money_is_of_the_window_alone_and_an_order_is_a_ratio(sent: Shop):
    y, _ = ordered(sent)
    got = mask(contacted(sent, "a"))
    revenue = estimate(sent, "revenue_per_person", "a")
    assert revenue["figure"] == pytest.approx(30 * y[got].mean())  # nothing of the 500 after it
    assert estimate(sent, "average_order", "a")["figure"] == pytest.approx(30)
    told = sent.project.verdict("list").versions[0].money
    whole = f"{revenue['value'] * revenue['n']:,.0f}"
    assert f"+€{whole} from {got.sum()}\xa0people" in told
    assert f"It cost €{got.sum() * 0.5:,.0f}" in told


def test_the_segment_where_it_did_harm_is_called_out_and_opens_the_report(sent: Shop):
    found = sent.project.verdict("list")
    assert [row["segment"] for row in found.versions[0].harmed] == ["breda"]
    assert {row["segment"] for row in found.versions[0].helped} == {"utrecht", "zwolle"}
    page = sent.project.report().read_text(encoding="utf-8")
    heading = unescape(re.search(r"<h1>(.*?)</h1>", page, flags=re.DOTALL)[1])
    assert heading.replace("\u2060", "") == found.opening
    assert "did harm among “From Breda”" in heading


def test_groups_add_up_and_each_sentence_has_its_people(sent: Shop):
    found = sent.project.verdict("list")
    assert [each["people"] for each in found.groups] == [
        PEOPLE - len(contacted(sent)),
        len(contacted(sent, "a")),
        len(contacted(sent, "b")),
    ]
    assert found.groups[0]["sent"] == 0
    for version in found.versions:
        assert len(re.findall(r"\(([\d,]+)\xa0people\)", version.sentence)) == 2
        assert re.search(r"[\d,]+\xa0people", version.money)


def test_before_it_is_over_nothing_is_certain_that_a_later_look_could_undo(
    sent: Shop, tmp_path: Path
):
    folder = tmp_path / "early"
    shutil.copytree(sent.folder, folder)
    early = Shop(folder)
    early.now = NOW + timedelta(days=21)
    early.project.run(as_of=NOW + timedelta(days=2))
    found = early.project.verdict("list")
    assert "still running" in found.measured
    row = estimate(early, "order_rate", "b")
    assert row["always_low"] < row["low"] < row["high"] < row["always_high"]
    assert found.versions[1].word == "cannot_tell"
    assert "It runs for 12 more days." in found.versions[1].settle


def test_the_same_again_and_without_somebody(sent: Shop, tmp_path: Path):
    folder = tmp_path / "again"
    shutil.copytree(sent.folder, folder)
    again = Shop(folder)
    again.now = LATER
    assert not again.project.run().changed
    gone = min(contacted(again, "a"))
    again.project.erase(f"p{gone}@mail.example")
    again.project.run()
    assert again.project.verdict("list").groups[1]["people"] == len(contacted(sent, "a")) - 1


def test_the_page_keeps_to_plain_words_and_comes_from_here_alone(sent: Shop, tmp_path: Path):
    to = tmp_path / "list.html"
    sent.project.verdict("list", to=to)
    page = to.read_text(encoding="utf-8")
    assert not re.search(r"(?:src|href)=.?https?:", page)
    body = re.sub(r"<style>.*?</style>", " ", page, flags=re.DOTALL)
    plain = re.sub(r'<details class="statistics">.*?</details>', " ", body, flags=re.DOTALL)
    text = " ".join(unescape(re.sub(r"<[^>]*>", " ", plain)).split())
    for term in STATISTICAL:
        assert not re.search(rf"(?i)\b{term}\b", text), term
    assert "Intention-to-treat" in page


def test_on_the_command_line(sent: Shop, tmp_path: Path):
    def said(*words: str) -> str:
        return CliRunner().invoke(app, [*words, "--project", str(sent.folder)]).output

    assert "did harm among “From Breda”" in said("verdict")
    told = said("verdict", "list")
    assert "version a: ▲ worked" in told
    assert "did harm" in told
    assert json.loads(said("verdict", "list", "--json"))["name"] == "list"
    with pytest.raises(NotFound, match="no experiment 'lost'"):
        sent.project.verdict("lost")
    with pytest.raises(CarpelError, match=r"\.html, \.pdf, \.png"):
        sent.project.verdict("list", to=tmp_path / "list.docx")


def test_a_campaign_that_has_not_begun_has_no_verdict(made: Path, tmp_path: Path):
    folder = tmp_path / "post"
    shutil.copytree(made, folder)
    with pytest.raises(CarpelError, match="spring has not begun"):
        carpel.Project(folder, clock=lambda: NOW).verdict("spring")
