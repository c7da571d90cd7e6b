"""A project without a YAML file: specs as objects, data frames as sources."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pandas as pd
import polars as pl
import pytest

import carpel
from carpel.errors import NotFound, StoreError
from carpel.specs import Definitions, Goal, Project, Rfm, Segment, Source, Track

pytestmark = pytest.mark.slow

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ORDERS = {
    "mail": [f"p{n % 5}@x.example" for n in range(20)],
    "day": [date(2026, 1 + n % 2, 1 + n) for n in range(20)],
    "paid": [float(n) for n in range(20)],
}


def definitions(read: str) -> Definitions:
    orders = Source(
        name="orders",
        read=read,
        identifiers={"email": "mail"},
        track=(Track(event="order_completed", at="day", properties={"amount": "paid"}),),
    )
    return Definitions(
        Project(name="frames"),
        sources={"orders": orders},
        segments={
            "big": Segment(name="big", label="Big", where={"trait": "spend_365d", "at_least": 40})
        },
        segmentations={"rfm": Rfm(name="rfm", kind="rfm")},
        goals={
            "again": Goal(
                name="again", metric="repeat_purchase_rate", target=0.5, by=date(2027, 1, 1)
            )
        },
    )


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame])
def test_specs_as_objects_over_a_data_frame(tmp_path, frame):
    project = carpel.Project(
        tmp_path,
        clock=lambda: NOW,
        definitions=definitions("frame:orders"),
        frames={"orders": frame(ORDERS)},
    )
    done = project.run()
    assert done.build.about["people"] == 5
    sums = {n: sum(each for each in range(20) if each % 5 == n) for n in range(5)}
    (big,) = [row for row in project.ls("segments") if row["segment"] == "big"]
    assert big["people"] == sum(paid >= 40 for paid in sums.values())
    assert big["revenue_365d"] == sum(paid for paid in sums.values() if paid >= 40)
    assert project.members("big").num_rows == big["people"]
    assert project.ls("goals")[0]["value"] == 1.0
    assert (
        project.key("p3@x.example") in project.members("rfm.champions")["customer"].to_pylist()
        or project.show_customer("p3@x.example").standings["rfm"]
    )


def test_before_the_first_run_there_is_nothing_to_look_at(tmp_path):
    project = carpel.Project(tmp_path, clock=lambda: NOW, definitions=definitions("x.csv"))
    with pytest.raises(StoreError, match="carpel run"):
        project.ls()


def test_names_that_are_not_there(tmp_path):
    project = carpel.Project(
        tmp_path,
        clock=lambda: NOW,
        definitions=definitions("frame:orders"),
        frames={"orders": pd.DataFrame(ORDERS)},
    )
    project.run()
    with pytest.raises(NotFound, match="Did you mean 'big'"):
        project.show_segment("bigg")
    with pytest.raises(NotFound) as caught:
        project.key("nobody@x.example")
    assert "nobody@x.example" not in str(caught.value)


def test_every_verb_is_in_the_log_under_its_actor(tmp_path):
    project = carpel.Project(
        tmp_path,
        actor="ada",
        clock=lambda: NOW,
        definitions=definitions("frame:orders"),
        frames={"orders": pd.DataFrame(ORDERS)},
    )
    project.run()
    project.show_customer("1")
    log = project.ls("log")
    assert [(row["actor"], row["verb"], row["person"], row["outcome"]) for row in log[:2]] == [
        ("ada", "run", None, "done"),
        ("ada", "show customer", 1, "done"),
    ]


def test_every_list_can_be_looked_at(tmp_path):
    project = carpel.Project(
        tmp_path,
        clock=lambda: NOW,
        definitions=definitions("frame:orders"),
        frames={"orders": pd.DataFrame({**ORDERS, "day": [*ORDERS["day"][:-1], None]})},
    )
    project.run()
    (orders,) = project.ls("sources")
    assert {key: orders[key] for key in ("read", "loaded", "merged", "set_aside")} == {
        "read": 20,
        "loaded": 19,
        "merged": 0,
        "set_aside": 1,
    }
    assert 0 < orders["score"] < 1
    for kind in ("segments", "segmentations", "traits", "events", "goals", "findings", "customers"):
        assert project.ls(kind)


def test_a_file_with_a_header_only_is_accounted_for_everywhere(tmp_path):
    (tmp_path / "orders.csv").write_text("mail,day,paid\np@x.example,2026-01-05,4.50\n")
    (tmp_path / "people.csv").write_text("mail,city\n")
    people = Source(
        name="people", read="people.csv", identifiers={"email": "mail"}, traits={"city": "city"}
    )
    asked = definitions("orders.csv")
    project = carpel.Project(
        tmp_path,
        clock=lambda: NOW,
        definitions=replace(asked, sources={**asked.sources, "people": people}),
    )
    project.run()
    told = {each["source"]: each for each in project.summary()["accounting"]}
    assert {name: each["read"] for name, each in told.items()} == {"orders": 1, "people": 0}
    assert {each["source"]: each["read"] for each in project.ls("sources")} == {
        "orders": 1, "people": 0,
    }  # fmt: skip
    page = project.report().read_text()
    assert re.search(r'<tr><th scope="row">People</th><td class="n">0</td>', page)
