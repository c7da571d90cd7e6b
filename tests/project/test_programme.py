"""All campaigns together beside those kept aside from every one, over files with a known answer."""

import csv
import json
import random
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

import carpel
from carpel.cli.main import app
from carpel.engine.query import query
from carpel.errors import CarpelError
from carpel.verbs.reader import reading

from .post import FILES, NOW, Shop, write

pytestmark = pytest.mark.slow

PEOPLE, FIRST = 2_400, 1_000
CITIES = {"Utrecht": "good", "Breda": "bad", "Zwolle": "dear"}
LATER = datetime(2026, 4, 20, 12, tzinfo=UTC)
HOLDOUT = "holdout: {share: 0.25, since: 2026-02-01}\n"
CAMPAIGN = (
    "goal: {{metric: order_rate, target: 0.5, by: 2026-12-31}}\naudience: {city}\nchannel: tool\n"
    "holdout: 0.5\ncosts: {{per_message: {cost}}}\nvariants: [{{name: a}}]\n"
)


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A campaign a city: one that works, one that does harm, one that costs more than it brings."""
    folder = tmp_path_factory.mktemp("programme")
    shop = Shop(folder)
    for name, text in FILES.items():
        if name.startswith(("carpel", "sources", "channels/tool")):
            shop.write(name, text)
    shop.write("carpel.yml", FILES["carpel.yml"] + HOLDOUT)
    for city, name in CITIES.items():
        shop.write(f"segments/{name}_city.yml", f"where: {{trait: city, is: {city}}}\n")
        cost = 500 if name == "dear" else 0.1
        text = CAMPAIGN.format(city=f"{name}_city", cost=cost)
        shop.write(f"campaigns/{name}.yml", text)
    names = list(CITIES)
    people = [
        [FIRST + n, f"p{n}@mail.example", f"First{n}", names[n % 3], "nl", "yes"]
        for n in range(PEOPLE)
    ]
    write(folder / "book.csv", "no mail first city lang may", people)
    write(folder / "till.csv", "no at amount", [[FIRST, (NOW - timedelta(80)).isoformat(), 1]])
    shop.project.run()
    for name in CITIES.values():
        shop.project.approve(name)
        (folder / name).mkdir()
        shop.project.send(name, to=folder / name)
    draw = random.Random(20260301)
    wants = {"good": (0.1, 0.6), "bad": (0.6, 0.1), "dear": (0.2, 0.3)}
    orders = [
        [FIRST + n, (NOW + timedelta(days=draw.uniform(0.1, 13.9))).isoformat(), 100]
        for n in range(PEOPLE)
        if draw.random() < wants[CITIES[names[n % 3]]][n in contacted(shop)]
    ]
    write(folder / "till.csv", "no at amount", orders)
    shop.now = LATER
    shop.project.run()
    return shop


def contacted(shop: Shop) -> set[int]:
    found = shop.__dict__.setdefault("contacted", set())
    if not found:
        for file in shop.folder.glob("*/*-mailchimp.csv"):
            found |= {int(n) for n in re.findall(r"\bp(\d+)@", file.read_text())}
    return found


def kept(shop: Shop) -> set[int]:
    """By what `explain` and the plan tell: numbers of those kept aside from everything."""
    with reading(shop.project.session) as reader:
        from carpel.evaluation.kept_aside import kept_aside

        aside = kept_aside(reader.engine, reader.definitions.project.holdout)
        rows = reader.engine.rows(query("SELECT customer, email FROM contacts"))
    return {int(re.findall(r"\d+", mail)[0]) for key, mail in rows if key in aside}


def test_who_is_kept_aside_got_nothing_and_everybody_else_may_have(sent: Shop):
    aside = kept(sent)
    assert 480 < len(aside) < 720
    assert not aside & contacted(sent)
    rows = {r["step"]: r for r in sent.project.plan("good").waterfall}
    assert rows["all_campaigns"]["people"] == len({n for n in aside if n % 3 == 0})
    assert "kept aside from all campaigns" in rows["all_campaigns"]["why"]


def test_a_quarter_is_read_by_everybody_who_could_have_been_contacted(sent: Shop):
    """Also those of a campaign's own comparison group: they are in campaigns all the same."""
    found = sent.project.verdict("programme.q2026_1")
    aside, groups = kept(sent), {row["called"]: row["people"] for row in found.groups}
    assert groups == {"people kept aside": len(aside), "people in campaigns": PEOPLE - len(aside)}
    with reading(sent.project.session) as reader:
        rows = reader.engine.fetch(query("SELECT * FROM estimates")).to_pylist()
    (row,) = (
        r
        for r in rows
        if (r["experiment"], r["metric"], r["segment"]) == (found.name, "order_rate", "*")
    )
    with (sent.folder / "till.csv").open(newline="") as file:
        who = {int(r["no"]) - FIRST for r in csv.DictReader(file)}
    assert row["base"] == pytest.approx(len(who & aside) / len(aside))
    assert row["figure"] == pytest.approx(len(who - aside) / (PEOPLE - len(aside)))
    assert found.versions[0].word != "uneven" and found.over


def test_stop_keep_or_grow_by_what_each_brought_after_its_cost(sent: Shop):
    found = sent.project.verdict("programme")
    assert found.name == "programme.q2026_1"  # the last that is over
    calls = {each.campaign: each for each in found.calls}
    assert {name: each.word for name, each in calls.items()} == {
        "good": "grow",
        "bad": "stop",
        "dear": "stop",
    }
    assert "did harm" in calls["bad"].sentence
    assert "costs more than it brings" in calls["dear"].sentence
    for each in calls.values():
        assert re.search(r"likely .* to .*; [\d,]+\spe\w+, [\d,]+ kept aside", each.sentence)
    assert found.calls[0].word == "stop"


def test_the_quarter_under_way_is_one_of_its_own(sent: Shop):
    names = {each.name: each for each in sent.project.verdicts()}
    assert {"programme.q2026_1", "programme.q2026_2"} < names.keys()
    assert not names["programme.q2026_2"].over
    assert not names["programme.q2026_2"].calls  # all campaigns were over by then


def test_pages_and_the_command(sent: Shop, tmp_path: Path):
    asked = ["verdict", "programme", "--project", str(sent.folder)]
    page = tmp_path / "q1.html"
    done = CliRunner().invoke(app, [*asked, "--to", str(page)])
    assert done.exit_code == 0, done.output
    for text in (done.output, page.read_text()):
        assert "▲ grow" in text and "▼ stop" in text and "quarter 1 of 2026" in text
    told = json.loads(CliRunner().invoke(app, [*asked, "--json"]).stdout)
    assert {each["word"] for each in told["calls"]} == {"grow", "stop"}


def test_without_anybody_kept_aside_there_is_no_reading(tmp_path: Path, sent: Shop):
    shop = Shop(tmp_path)
    for name, text in FILES.items():
        if name.startswith(("carpel", "sources")):
            shop.write(name, text)
    write(
        tmp_path / "book.csv",
        "no mail first city lang may",
        [[1, "a@x.example", "A", "B", "nl", "yes"]],
    )
    write(tmp_path / "till.csv", "no at amount", [[1, NOW.isoformat(), 1]])
    shop.project.run()
    with pytest.raises(CarpelError, match="kept aside from all campaigns"):
        shop.project.verdict("programme")


def test_what_it_is_measured_by_has_to_be_there(tmp_path: Path):
    shop = Shop(tmp_path)
    said = "holdout: {share: 0.25, since: 2026-02-01, metric: revenu_per_person}\n"
    shop.write("carpel.yml", FILES["carpel.yml"] + said)
    (problem,) = [p for p in carpel.Project(tmp_path).check() if "metric" in p.message]
    assert problem.file == "carpel.yml"


def test_strata_have_to_be_there_and_to_stay(tmp_path: Path):
    shop = Shop(tmp_path)
    for name, text in FILES.items():
        shop.write(name, text.replace("PORT", "1"))
    shop.edit("campaigns/spring.yml", "holdout: 0.2", "holdout: 0.2\nstratify_by: citty")
    shop.edit("campaigns/list.yml", "holdout: 0.2", "holdout: 0.2\nstratify_by: city")
    shop.edit(
        "channels/tool.yml",
        "kind: your_sender\ntool: mailchimp",
        "kind: audience_export\nplatform: meta",
    )
    found = {
        each.file: each
        for each in shop.project.check()
        if "strat" in str(each) or "citty" in each.message
    }
    assert found["campaigns/spring.yml"].line == 5
    assert "moves with its segment" in found["campaigns/list.yml"].message
