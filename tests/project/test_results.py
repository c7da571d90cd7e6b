"""What campaigns came to, beside the same counted by hand out of the files."""

import csv
import json
import random
import re
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import ttest_ind
from typer.testing import CliRunner

from carpel.cli.main import app
from carpel.errors import CarpelError, NotFound
from carpel.measuring.results import Result

from ..reports.statistical import STATISTICAL
from .post import FILES, NOW, Shop, write

pytestmark = pytest.mark.slow

PEOPLE, FIRST, DAYS = 1_200, 1_000, 7
CITIES = ("Utrecht", "Breda")
AGAIN = NOW + timedelta(days=2)
BILL = 400.0
BERLIN = timedelta(hours=1)
CAMPAIGNS = ("list", "again")


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """Twelve hundred people, two campaigns two days apart, an export of the first, and orders."""
    folder = tmp_path_factory.mktemp("results")
    shop = Shop(folder)
    for name, text in FILES.items():
        if name.startswith(("carpel", "sources", "channels/tool", "campaigns/list")):
            shop.write(name, text)
    shop.write("segments/members.yml", "where: {trait: city, in: [Utrecht, Breda]}\n")
    shop.write("segments/breda.yml", "label: From Breda\nwhere: {trait: city, is: Breda}\n")
    shop.write(
        "sources/bills.yml",
        "read: bills.csv\ncosts: [{amount: paid, at: day, campaign: what}]\n",
    )
    shop.edit("campaigns/list.yml", "by: 2026", f"within_days: {DAYS}, by: 2026")
    shop.edit("campaigns/list.yml", "holdout: 0.2", "holdout: 0.5")
    goal = "{metric: order_rate, target: 0.3, within_days: 7, by: 2026-12-31}"
    shop.write(
        "campaigns/again.yml",
        f"goal: {goal}\naudience: members\nchannel: tool\nholdout: 0.5\n"
        "costs: {per_message: 0.5, fixed: 10}\n",
    )
    people = [
        [FIRST + n, f"p{n}@mail.example", f"First{n}", CITIES[n % 2], "nl", "yes"]
        for n in range(PEOPLE)
    ]
    write(folder / "book.csv", "no mail first city lang may", people)
    bills = [["2026-03-01", BILL - 100, "List"], ["2026-03-02", 100, "list"]]
    write(folder / "bills.csv", "day paid what", [*bills, ["2026-03-02", 9_999, "another"]])
    draw = random.Random(20261123)
    before = [
        [FIRST + n, (NOW - timedelta(days=draw.uniform(1, 80))).isoformat(), 20]
        for n in range(0, PEOPLE, 3)
    ]
    write(folder / "till.csv", "no at amount", before)
    shop.project.run()
    leave(shop, "list")
    shop.project.engagement("list", export(shop, draw))
    shop.now = AGAIN
    leave(shop, "again")
    orders = [
        [FIRST + n, (NOW + timedelta(days=draw.uniform(0.01, 11))).isoformat(), 10 + n % 40]
        for n in range(PEOPLE)
        for _ in range(2)
        if draw.random() < (0.35 if n in contacted(shop, "list") else 0.2)
    ]
    write(folder / "till.csv", "no at amount", [*before, *orders])
    shop.now = NOW + timedelta(days=20)
    shop.project.run()
    return shop


def leave(shop: Shop, campaign: str) -> None:
    (shop.folder / campaign).mkdir()
    shop.project.approve(campaign)
    shop.project.send(campaign, to=shop.folder / campaign)


def contacted(shop: Shop, campaign: str) -> set[int]:
    files = (shop.folder / campaign).glob("*-mailchimp.csv")
    return {int(n) for file in files for n in re.findall(r"\bp(\d+)@", file.read_text())}


def export(shop: Shop, draw: random.Random) -> Path:
    """What the tool says of the first campaign; machines open and click too."""
    rows = []
    for n in sorted(contacted(shop, "list")):
        at = NOW + timedelta(hours=draw.uniform(1, 60)) + BERLIN
        said = f"p{n}@mail.example,{{}},{at:%Y-%m-%d %H:%M:%S},{{}},{{}}"
        rows += [said.format("Opened", "", "true")] * (n % 2)
        rows += [said.format("Opened", "", "")] * (n % 3 == 0)
        rows += [said.format("Clicked", "", "")] * (n % 5 == 0)
        rows += [said.format("Unsubscribed", "", "")] * (n % 50 == 1)
        rows += [said.format("Marked as spam", "", "")] * (n % 100 == 2)
        rows += [said.format("Bounced", "Hard", "")] * (n % 40 == 7)
    file = shop.folder / "export.csv"
    file.write_text("Email,Event,Timestamp,Bounce type,Apple privacy\n" + "\n".join(rows) + "\n")
    return file


@pytest.fixture(scope="module")
def found(sent: Shop) -> dict[tuple[str, str], Result]:
    return {(each.campaign, each.segment): each for each in sent.project.results(by="breda")}


def of(segment: str, people: set[int]) -> set[int]:
    return {n for n in people if segment == "*" or CITIES[n % 2] == "Breda"}


def orders(shop: Shop) -> list[tuple[int, datetime, float]]:
    with (shop.folder / "till.csv").open(newline="") as file:
        return [
            (int(row["no"]) - FIRST, datetime.fromisoformat(row["at"]), float(row["amount"]))
            for row in csv.DictReader(file)
        ]


@pytest.mark.parametrize("segment", ["*", "breda"])
def test_rates_are_counts_of_people_contacted(sent: Shop, found, segment: str):
    got = of(segment, contacted(sent, "list"))
    there = {n for n in got if n % 40 != 7}
    clicked = {n for n in there if n % 5 == 0}
    opened = {n for n in there if n % 3 == 0} | clicked
    ordered = {
        n for n, at, _ in orders(sent) if n in there and NOW < at <= NOW + timedelta(days=DAYS)
    }
    rows = {row["rate"]: (row["count"], row["n"]) for row in found["list", segment].rates}
    assert rows == {
        "arrived": (len(there), len(got)),
        "response": (len(clicked | ordered), len(there)),
        "click-through": (len(clicked), len(there)),
        "click-to-open": (len(clicked), len(opened)),
        "open": (len(opened), len(there)),
        "unsubscribed": (len({n for n in there if n % 50 == 1}), len(there)),
        "complained": (len({n for n in there if n % 100 == 2}), len(there)),
    }
    notes = {row["rate"]: row["note"] for row in found["list", segment].rates}
    assert "unreliable" in notes["open"]


def test_what_a_tool_has_not_told_is_not_known(found):
    rows = {row["rate"]: row for row in found["again", "*"].rates}
    assert {name for name, row in rows.items() if row["value"] is None} == {
        *("arrived", "click-through", "click-to-open", "open", "unsubscribed", "complained")
    }
    assert rows["response"]["n"] == found["again", "*"].sent
    assert "not known" in rows["open"]["note"]


@pytest.mark.parametrize("campaign", CAMPAIGNS)
@pytest.mark.parametrize("segment", ["*", "breda"])
def test_figures_are_of_those_contacted_in_their_days(sent: Shop, found, campaign, segment):
    got, began = of(segment, contacted(sent, campaign)), {"list": NOW, "again": AGAIN}[campaign]
    paid = [
        (n, amount)
        for n, at, amount in orders(sent)
        if n in got and began < at <= began + timedelta(days=DAYS)
    ]
    rows = {row["metric"]: (row["value"], row["n"]) for row in found[campaign, segment].figures}
    revenue = sum(amount for _, amount in paid)
    assert rows["order_rate"] == (pytest.approx(len({n for n, _ in paid}) / len(got)), len(got))
    assert rows["revenue_per_person"] == (pytest.approx(revenue / len(got)), len(got))
    assert rows["average_order"] == (pytest.approx(revenue / len(paid)), len(paid))


def touches(shop: Shop) -> dict[int, list[tuple[datetime, str]]]:
    """By person: what may have led them to buy, in its order."""
    found = defaultdict(list)
    for n in contacted(shop, "list") - {n for n in range(PEOPLE) if n % 40 == 7}:
        found[n].append((NOW, "list"))
    for n in contacted(shop, "again"):
        found[n].append((AGAIN, "again"))
    with (shop.folder / "export.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            n = int(re.findall(r"\d+", row["Email"])[0])
            if row["Event"] == "Clicked":
                at = datetime.fromisoformat(row["Timestamp"]) - BERLIN
                found[n].append((at.replace(tzinfo=NOW.tzinfo), "list"))
    return {n: sorted(each) for n, each in found.items()}


@pytest.mark.parametrize("segment", ["*", "breda"])
def test_credit_is_what_a_loop_over_orders_gives(sent: Shop, found, segment: str):
    led, credit = touches(sent), defaultdict(float)
    for n, at, amount in orders(sent):
        before = [
            name
            for when, name in led.get(n, [])
            if when < at <= when + timedelta(days=DAYS) and (segment == "*" or n % 2)
        ]
        if before:
            for model, name in (("last", before[-1]), ("first", before[0])):
                credit[name, model, "revenue"] += amount
                credit[name, model, "orders"] += 1
            for name in before:
                credit[name, "linear", "revenue"] += amount / len(before)
                credit[name, "linear", "orders"] += 1 / len(before)
    assert len(credit) == 12
    for campaign in CAMPAIGNS:
        for row in found[campaign, segment].credited:
            for what in ("revenue", "orders"):
                assert row[what] == pytest.approx(credit[campaign, row["model"], what])


def adjusted(shop: Shop, segment: str) -> tuple[np.ndarray, np.ndarray]:
    """Of the first campaign: revenue a person, contacted and kept aside, less what was foretold."""
    after, before = np.zeros(PEOPLE), np.zeros(PEOPLE)
    for n, at, amount in orders(shop):
        after[n] += amount * (NOW < at <= NOW + timedelta(days=DAYS))
        before[n] += amount * (NOW - timedelta(days=90) < at <= NOW)
    all_ = np.array(sorted(of(segment, set(range(PEOPLE)))))
    y, x = after[all_], before[all_]
    slope = np.cov(x, y)[0, 1] / x.var(ddof=1)
    got = np.isin(all_, list(contacted(shop, "list")))
    less = y - slope * x
    return less[got], less[~got]


@pytest.mark.parametrize("segment", ["*", "breda"])
def test_what_both_versions_caused_is_welch_on_both_together(sent: Shop, found, segment: str):
    one, two = adjusted(sent, segment)
    low, high = ttest_ind(one, two, equal_var=False).confidence_interval()
    each, n = found["list", segment], len(one)
    assert (each.caused.n, each.caused.m) == (n, len(two))
    value = n * (one.mean() - two.mean())
    ends = (each.caused.value, each.caused.low, each.caused.high)
    assert ends == pytest.approx((value, n * low, n * high))
    assert each.cost == pytest.approx(BILL * n / len(contacted(sent, "list")))
    assert each.roas == pytest.approx([end / each.cost for end in ends])
    assert each.roi == pytest.approx([end / each.cost - 1 for end in ends])


def test_bills_come_before_what_the_campaign_says(found, sent: Shop):
    assert (found["list", "*"].cost, found["list", "*"].cost_by) == (BILL, "by its bills")
    assert found["again", "*"].cost == 10 + 0.5 * len(contacted(sent, "again"))


def test_the_difference_is_said_in_words(found):
    each = found["list", "*"]
    last = next(row for row in each.credited if row["model"] == "last")
    assert f"credits it with €{last['revenue']:,.0f} of {last['orders']:.0f}" in each.difference
    assert f"it caused €{each.caused.value:,.0f} (likely €" in each.difference
    assert last["revenue"] > each.caused.high
    apart = f"€{last['revenue'] - each.caused.value:,.0f} of what is credited would have come"
    assert apart in each.difference
    assert f"from {each.caused.n}\xa0people" in each.told[0]


def test_a_margin_makes_it_of_what_is_earned(sent: Shop, found):
    text = (sent.folder / "carpel.yml").read_text()
    sent.write("carpel.yml", f"{text}revenue: {{margin: 0.25}}\n")
    try:
        (each,) = sent.project.results("list")
    finally:
        sent.write("carpel.yml", text)
    assert each.roas == found["list", "*"].roas
    assert each.roi == pytest.approx([0.25 * end - 1 for end in each.roas])
    assert "of margin" in each.told[1]


def test_on_the_command_line(sent: Shop):
    def said(*words: str) -> str:
        done = CliRunner().invoke(app, [*words, "--project", str(sent.folder)])
        assert done.exit_code == 0, done.output
        return done.output

    assert "would have come anyway" in said("results")
    told = said("results", "list", "--by", "breda")
    assert "unreliable" in told and "list, From Breda" in told
    rows = json.loads(said("results", "list", "--by", "breda", "--json"))
    assert [row["segment"] for row in rows] == ["*", "breda"]
    with pytest.raises(NotFound, match="no campaign 'lost'"):
        sent.project.results("lost")
    with pytest.raises(NotFound, match="no segment or set"):
        sent.project.results("list", by="bread")


def test_a_campaign_of_which_nothing_left_says_so(made: Path, tmp_path: Path):
    with pytest.raises(CarpelError, match="Nothing of spring has left yet"):
        Shop(made).project.results("spring")


def test_the_next_money_goes_where_it_surely_pays(sent: Shop, found):
    budget = sent.project.budget()
    assert budget.of == "revenue" and not budget.left_out
    told = {(line.campaign, line.segment): line for line in budget.lines}
    assert set(told) >= set(found)
    for (campaign, segment), line in told.items():
        if (campaign, segment) in found:
            each = found[campaign, segment]
            assert (line.value, line.low, line.high) == pytest.approx(each.roas)
            assert (line.n, line.m, line.cost) == (each.caused.n, each.caused.m, each.cost)
        word = "pays" if line.low > 1 else "does not pay" if line.high < 1 else "cannot tell"
        assert line.word == word
    lows = [(line.word == "cannot tell", -line.low) for line in budget.lines]
    assert lows == sorted(lows)


def test_what_would_settle_the_first_place_is_said(sent: Shop):
    budget = sent.project.budget()
    first = budget.lines[0]
    rivals = [line for line in budget.lines if line.campaign != first.campaign]
    second = max(rivals, key=lambda line: line.high)
    halves = [(line.high - line.low) / 2 for line in (first, second)]
    times = (halves[0] ** 2 + halves[1] ** 2) / (first.value - second.value) ** 2
    if times > 1:
        more = (first.n + first.m) * (times - 1)
        said = re.search(r"about ([\d,]+) more people in each", budget.settles)
        assert float(said[1].replace(",", "")) == pytest.approx(more, rel=0.1)
    else:
        assert "is settled" in budget.settles
    assert f"“{first.label}” among {first.segment_label}" in budget.settles


def test_the_report_has_the_budget_with_everybody_behind_each_figure(sent: Shop):
    page = sent.project.report().read_text(encoding="utf-8")
    section = re.search(r'<section aria-labelledby="budget">.*?</section>', page, re.DOTALL)[0]
    line = sent.project.budget().lines[0]
    row = next(each for each in section.split("<tr>") if f"<td>{line.segment_label}</td>" in each)
    assert f"{line.n + line.m:,}</td>" in row
    assert "would have come anyway" in section and "unreliable" in section
    for term in STATISTICAL:
        assert not re.search(rf"(?i)\b{term}\b", re.sub(r"<[^>]*>", " ", section)), term


def test_the_budget_on_the_command_line(sent: Shop):
    def said(*words: str) -> str:
        done = CliRunner().invoke(app, [*words, "--project", str(sent.folder)])
        assert done.exit_code == 0, done.output
        return done.output

    assert "Revenue for each €1.00" in said("budget")
    assert len(json.loads(said("budget", "--json"))["lines"]) == len(sent.project.budget().lines)
