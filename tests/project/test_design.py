"""What a test could show before there is a campaign, over files that are known."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from pyroaring import BitMap
from typer.testing import CliRunner

from carpel.cli.main import app
from carpel.errors import CarpelError, NotFound
from carpel.evaluation.memberships import stored_sets
from carpel.stats.experiments.design import people_for_share, power_for_share
from carpel.stats.proportions import smallest_lift
from carpel.verbs.lately import line_of
from carpel.verbs.members_then import members_then
from carpel.verbs.reader import reading

from .post import NOW, PEOPLE, Shop

pytestmark = pytest.mark.slow
ORDERED = 3
"""Of the sixty, those who ordered within 14 days: 6, 9 and 12 days before (0 is no number)."""


@pytest.fixture(scope="module")
def ran(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    folder = tmp_path_factory.mktemp("design") / "shop"
    shutil.copytree(made, folder)
    shop = Shop(folder)
    shop.write(
        "segments/quiet.yml",
        "where: {not: {did: order_completed, within: 14 days}}\n",
    )
    early = (NOW - timedelta(days=150)).isoformat()  # so that they were there before
    with (folder / "till.csv").open("a") as file:
        file.writelines(f"{n},{early},10\n" for n in range(0, PEOPLE, 3))
    shop.write("metrics/fewer.yml", "kind: share\nevent: order_completed\nbetter: less\n")
    shop.write("segmentations/life.yml", "kind: lifecycle\nevent: order_completed\n")
    shop.write("segmentations/alike.yml", "kind: clusters\n")
    shop.write(
        "segments/steady.yml",
        "where: {all: [{segment: quiet}, {segmentation: life, in: [active, back, new]}]}\n",
    )
    shop.project.run()
    return shop


def test_base_people_and_power_are_those_of_the_files(ran: Shop):
    found = ran.project.design("members", "order_rate", holdout=0.5, change=0.3, versions=1)
    assert (found.people, found.counted, found.within_days) == (PEOPLE, PEOPLE, 14)
    assert found.base == pytest.approx(ORDERED / PEOPLE)
    left = (1 - found.foretold) ** 2
    assert 0 < left <= 1
    more = int(PEOPLE / 2 / left)
    assert found.smallest == pytest.approx(smallest_lift(found.base, more, more), rel=0.02)
    told = power_for_share(found.base, 0.3, 30, 30, design_effect=left)
    assert found.power == pytest.approx(told)
    needed = people_for_share(found.base, 0.3, treated_share=0.5, design_effect=left)
    assert found.needed == 2 * needed.control
    assert "4 times out of 5" in " ".join(found.said)


def test_a_larger_group_kept_aside_shows_more_up_to_half(ran: Shop):
    rows = ran.project.design("members", "order_rate", holdout=0.25).holdouts
    assert [row["share"] for row in rows] == [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5]
    assert all(row["aside"] + row["contacted"] == PEOPLE for row in rows)
    least = [row["smallest"] or 1 for row in rows]
    assert least == sorted(least, reverse=True)


def test_days_follow_from_how_many_come_a_day(ran: Shop):
    asked = {"change": 0.05, "holdout": 0.2}
    none = ran.project.design("members", "order_rate", **asked)
    assert none.needed is not None and none.needed > PEOPLE
    assert none.days is None
    some = ran.project.design("members", "order_rate", people_a_day=20, **asked)
    assert some.days == -(-none.needed // 20) + 14


def test_who_was_quiet_then_is_counted_and_not_who_is_now(ran: Shop):
    """Nobody who is quiet today has ordered lately: that would say that nobody ever returns."""
    found = ran.project.design("quiet", "order_rate")
    assert found.people == PEOPLE - ORDERED
    assert found.base > 0
    assert found.counted > found.people - ORDERED
    assert not [each for each in found.warnings if "not known" in each]


def test_a_second_before_everybody_was_where_they_are(ran: Shop):
    """No history tells it: sets and segments of them are worked out anew, as they were then."""
    with reading(ran.project.session) as reader:
        line = line_of(ran.project.session, reader)
        just_before, long_ago = (
            line.moment - timedelta(seconds=1),
            line.moment - timedelta(days=60),
        )
        today = {name: keys for name, keys in reader.sets.items() if not name.startswith("alike")}
        assert {"quiet", "steady"} < today.keys() and any(each[:5] == "life." for each in today)
        for name, keys in today.items():
            assert members_then(line, reader, name, just_before) == keys, name
        assert members_then(line, reader, "steady", long_ago) != today["steady"] != BitMap()
        assert members_then(line, reader, "alike.1", just_before) is None
        assert stored_sets(reader.engine) == reader.sets  # the tables of today are back


def test_versions_share_the_people(ran: Shop):
    one = ran.project.design("members", "revenue_per_person", holdout=0.4)
    two = ran.project.design("members", "revenue_per_person", holdout=0.4, versions=2)
    assert one.between is None
    assert two.between is not None and one.smallest is not None and two.smallest is not None
    assert two.smallest > one.smallest


def test_what_should_fall_is_looked_for_below(ran: Shop):
    found = ran.project.design("members", "fewer", change=0.05)
    assert found.change == -0.05
    assert "5.0\xa0points less" in " ".join(found.said)


def test_time_that_the_data_does_not_hold_is_said(ran: Shop):
    found = ran.project.design("members", "does_order_completed", within="200 days")
    assert [each for each in found.warnings if "does not fill" in each]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"holdout": 1.0}, "--holdout"),
        ({"change": -1.0}, "--change is above 0"),
        ({"change": 0.99}, "cannot move"),
        ({"within": "soon"}, "--within"),
        ({"versions": 0}, "--versions"),
        ({"people_a_day": 0.0}, "--people-a-day"),
    ],
)
def test_what_cannot_be_is_said(ran: Shop, said: dict[str, object], told: str):
    with pytest.raises(CarpelError, match=told):
        ran.project.design("members", "order_rate", **said)


def test_names_that_are_not_there(ran: Shop):
    for segment, metric in (
        ("memberz", "order_rate"),
        ("members", "ordr_rate"),
        ("members", "does_x"),
    ):
        with pytest.raises(NotFound):
            ran.project.design(segment, metric)


def test_the_command_says_the_same(ran: Shop, monkeypatch: pytest.MonkeyPatch):
    asked = ["design", "--project", str(ran.folder), "--segment", "members"]
    asked += ["--metric", "order_rate", "--change", "0.3"]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done.output
    assert "(60\xa0people counted)" in done.output.replace("60 people", "60\xa0people")
    assert "kept aside" in done.output
    told = json.loads(CliRunner().invoke(app, [*asked, "--json"]).stdout)
    assert told["counted"] == PEOPLE
    assert NOW.date().isoformat() == told["until"]
