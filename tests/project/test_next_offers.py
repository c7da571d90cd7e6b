"""Which offer earns most by a test that a file describes, worked out anew from that file."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from carpel.cli.main import app
from carpel.errors import NotFound, ProjectError

from .post import NOW, Shop, write

pytestmark = pytest.mark.slow
PEOPLE, FIRST = 3_000, 1_000
ARMS = ("none", "coupon", "gift")
MARGIN, COUPON, GIFT, LETTER = 0.4, 2.0, 0.5, 0.1
FILES = {
    "carpel.yml": "version: 1\nname: offers\ntimezone: UTC\nas_of: now\ncurrency: EUR\n"
    f"identity: {{probabilistic: false}}\nrevenue: {{margin: {MARGIN}}}\n",
    "sources/book.yml": "read: book.csv\nkey: [no]\nidentifiers: {crm_id: no}\n"
    "traits: {arm: arm, city: city}\n",
    "sources/till.yml": "read: till.csv\nidentifiers: {crm_id: no}\n"
    "track:\n  - {event: order_completed, at: at, properties: {amount: amount}}\n",
    "segments/breda.yml": "label: From Breda\nwhere: {trait: city, is: Breda}\n",
    "segments/lonely.yml": "where: {trait: city, is: Nowhere}\n",
    "experiments/spring.yml": "arms: {trait: arm}\ncomparison: none\nmetrics: [order_rate]\n"
    f"started: 2026-02-01\nwithin_days: 14\ncost_per_person: {LETTER}\noffers:\n"
    f"  coupon: {{name: ten_off, per_order: {COUPON}}}\n"
    f"  gift: {{name: sample, per_person: {GIFT}}}\n",
}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """Three thousand people in three arms; in Breda the gift does nothing."""
    shop = Shop(tmp_path_factory.mktemp("offers"))
    for name, text in FILES.items():
        shop.write(name, text)
    draw = np.random.default_rng(11)
    rows, orders = [], []
    for no in range(PEOPLE):
        arm, city = ARMS[no % 3], ("Breda", "Utrecht")[no // 3 % 2]
        rows.append([FIRST + no, arm, city])
        share = {"none": 0.10, "coupon": 0.45, "gift": 0.10 if city == "Breda" else 0.3}[arm]
        for _ in range(int(draw.random() < share) + int(draw.random() < share / 4)):
            at = NOW - timedelta(days=float(draw.uniform(15, 27)))
            orders.append([FIRST + no, at.isoformat(), int(draw.choice([20, 30, 40]))])
    write(shop.folder / "book.csv", "no arm city", rows)
    write(shop.folder / "till.csv", "no at amount", orders)
    shop.project.run()
    return shop


def known(shop: Shop, arm: str, city: str | None = None) -> np.ndarray:
    """The margin of each person of an arm, its offer's cost taken off, from the files alone."""
    people = [line.split(",") for line in (shop.folder / "book.csv").read_text().splitlines()[1:]]
    earned = {no: 0.0 for no, its, at in people if its == arm and city in (None, at)}
    for line in (shop.folder / "till.csv").read_text().splitlines()[1:]:
        no, _, amount = line.split(",")
        if no in earned:
            earned[no] += MARGIN * float(amount) - (COUPON if arm == "coupon" else 0)
    spent = {"none": 0.0, "coupon": LETTER, "gift": LETTER + GIFT}[arm]
    return np.array(list(earned.values())) - spent


def one(shop: Shop, segment: str | None) -> Any:
    return next(each for each in shop.project.offers(segment))


@pytest.mark.parametrize(("segment", "city"), [(None, None), ("breda", "Breda")])
def test_what_an_offer_earns_is_what_the_files_say(
    ran: Shop, segment: str | None, city: str | None
):
    found = one(ran, segment)
    without = known(ran, "none", city)
    names = {"ten_off": "coupon", "sample": "gift"}
    for offer in found.advice.offers:
        mine = known(ran, names[offer.offer], city)
        assert offer.raw == pytest.approx(mine.mean() - without.mean())
        error = np.sqrt(mine.var(ddof=1) / len(mine) + without.var(ddof=1) / len(without))
        assert offer.raw_high - offer.raw == pytest.approx(1.959964 * error)
        assert offer.people == len(mine)
    assert found.people == sum(len(known(ran, each, city)) for each in ARMS)
    assert found.tests == ["spring"]
    assert found.advice.offers[0].offer == "ten_off"


def test_it_is_said_with_its_people_and_by_segment(ran: Shop):
    found = {each.segment: each for each in ran.project.offers()}
    assert set(found) == {"*", "breda"}
    said = found["*"].said.replace("\xa0", " ")
    assert said.startswith("ten_off earns most: +€")
    assert "3,000 people" in said
    earns = {row["offer"]: row["earns"] for row in found["breda"].rows}
    assert earns["sample"].startswith("−")


def test_offers_that_are_alike_cannot_be_told_apart(ran: Shop, tmp_path: Path):
    shop = again(ran, tmp_path)
    text = FILES["experiments/spring.yml"]
    text = text.replace("sample, per_person: 0.5", f"other, per_order: {COUPON}")
    shop.write("experiments/spring.yml", text.replace("gift: {", "none2: {"))
    people = (tmp_path / "book.csv").read_text().replace(",gift,", ",none2,")
    numbers = [line.split(",")[0] for line in people.splitlines() if ",none2," in line]
    (tmp_path / "book.csv").write_text(people)
    orders = (tmp_path / "till.csv").read_text().splitlines()
    kept = [line for line in orders if line.split(",")[0] not in numbers]
    twins = {str(int(no) - 1): no for no in numbers}  # each does what one with a coupon does
    kept += [
        line.replace(no, twins[no], 1) for line in orders if (no := line.split(",")[0]) in twins
    ]
    (tmp_path / "till.csv").write_text("\n".join(kept) + "\n")
    shop.project.run()
    said = one(shop, "*").said
    assert said.startswith("Cannot tell between")
    assert "ten_off" in said
    assert "other" in said


def again(ran: Shop, folder: Path) -> Shop:
    shop = Shop(folder)
    for name, text in FILES.items():
        shop.write(name, text)
    for name in ("book.csv", "till.csv"):
        (folder / name).write_bytes((ran.folder / name).read_bytes())
    return shop


def test_nothing_is_said_where_no_test_was_made(ran: Shop, tmp_path: Path):
    found = one(ran, "lonely")
    assert found.advice is None
    assert found.said == "No test of an offer can tell. spring: too few of them were in it."
    shop = again(ran, tmp_path)
    (tmp_path / "experiments/spring.yml").unlink()
    shop.project.run()
    assert [each.said for each in shop.project.offers()] == ["No test of an offer can tell."]
    with pytest.raises(NotFound, match="no segment 'brede'"):
        shop.project.offers("brede")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  coupon:", "  coupons:", "`offers`: nobody is in the arm 'coupons'"),
        ("  coupon:", "  none:", "the comparison offers nothing"),
    ],
)
def test_offers_of_no_arm_are_a_mistake(ran: Shop, tmp_path: Path, old: str, new: str, said: str):
    shop = again(ran, tmp_path)
    shop.edit("experiments/spring.yml", old, new)
    with pytest.raises(ProjectError, match=said):
        shop.project.run()


def test_on_the_command_line(ran: Shop):
    asked = ["offers", "--segment", "breda", "--project", str(ran.folder)]
    assert "From Breda: ten_off earns most" in CliRunner().invoke(app, asked).output
    found = json.loads(CliRunner().invoke(app, [*asked, "--json"]).output)
    assert found[0]["advice"]["offers"][0]["offer"] == "ten_off"
