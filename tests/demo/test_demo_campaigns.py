"""The demo writes to its people: two campaigns by a real mail server, one by a tool's files."""

import csv
import re
import shutil
from pathlib import Path

import pytest

import carpel

from ..channels.mailbox import mail_server

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(demo, tmp_path: Path) -> Path:
    copied = tmp_path / "demo"
    shutil.copytree(demo[0], copied)
    return copied


def adds_up(page) -> int:
    """People of the segment are those left out by a step and those left; gives who is left."""
    first, *rest = page.waterfall
    left = first["people"] - sum(row["people"] for row in rest)
    assert left == rest[-1]["left"] > 0
    return left


def test_two_campaigns_by_mail_and_one_by_a_tool(folder: Path):
    project = carpel.Project(folder)
    assert project.check() == []
    told = project.session.definitions
    with mail_server() as mailbox:
        letters = folder / "channels" / "letters.yml"
        letters.write_text(letters.read_text().replace("port: 18025", f"port: {mailbox.port}"))
        sent = {}
        for name in ("win_back", "coffee"):
            before = len(mailbox.addresses)
            project = carpel.Project(folder)
            plan = project.plan(name)
            assert plan.cost <= (told.campaigns[name].budget or plan.cost)
            project.approve(name)
            assert project.preview_message(name, everybody=True).rendered == plan.messages
            done = project.send(name)
            page = project.show_campaign(name)
            sent[name] = mailbox.addresses[before:]
            assert adds_up(page) == done.sent == plan.messages == len(sent[name])
            assert (done.failed, done.uncertain, done.left) == (0, 0, 0)
        assert all(len(each) == len(set(each)) for each in sent.values())
        somebody = mailbox.message(next(x for x in sent["win_back"] if x not in sent["coffee"]))
        assert somebody["List-Unsubscribe-Post"] and "{{" not in somebody.as_string()
        assert re.search(r"it is \d+ days since", somebody.get_body(["plain"]).get_content())
    project = carpel.Project(folder)
    project.approve("regulars")
    done = project.send("regulars")
    rows = [row for file in done.files for row in read(Path(file))]
    assert adds_up(project.show_campaign("regulars")) == done.sent == len(rows)
    assert len({row["Email"].lower() for row in rows}) == len(rows)
    states = {row["campaign"]: (row["state"], row["sent"]) for row in project.ls("campaigns")}
    assert states["coffee"] == ("approved", len(sent["coffee"]))


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
