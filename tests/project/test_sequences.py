"""Campaigns that begin for one person after the other, day by day over a real mail server."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from carpel.errors import ProjectError, Refused

from ..channels.mailbox import Mailbox, mail_server
from .post import FILES, NOW, Shop, shop, write

pytestmark = pytest.mark.slow

DAY = timedelta(days=1)
SAID = {
    "segments/quiet.yml": "where: {not: {did: order_completed, within: 10 days}}\n",
    "messages/second.yml": "subject: Once more\nmarkdown: Again\n",
    "messages/hello.yml": FILES["messages/hello.yml"],
}
WIN_BACK = """\
goal: {metric: order_rate, target: 0.3, by: 2026-12-31}
audience: members
channel: news
holdout: 0
no_holdout_because: tests count everybody
trigger: {enters: quiet}
steps:
  - {name: hello, message: hello}
  - {name: again, message: second, after: 3 days}
owner: bo
"""


class Days(Shop):
    """A shop whose days go by: each one is a run and a sending."""

    def __init__(self, folder: Path, mailbox: Mailbox) -> None:
        super().__init__(folder)
        self.mailbox = mailbox
        self.orders = [[n, NOW - timedelta(days=8, hours=n), 10] for n in range(1, 4)]
        shop(folder, mailbox.port)
        for name, text in {**SAID, "campaigns/win_back.yml": WIN_BACK}.items():
            (folder / name).write_text(text)
        (folder / "campaigns" / "list.yml").unlink()
        self.run()

    def run(self) -> None:
        rows = [[n, at.isoformat(), amount] for n, at, amount in self.orders]
        write(self.folder / "till.csv", "no at amount", rows)
        self.project.run()

    def day(self, number: float = 1, *, run: bool = True) -> list[str]:
        """So many days later: who got mail that day, by the number in their address."""
        self.now += number * DAY
        if run:
            self.run()
        before = Counter(self.mailbox.addresses)
        self.project.send("win_back")
        got = Counter(self.mailbox.addresses) - before
        return sorted(got.elements())


@pytest.fixture
def days(tmp_path: Path) -> Iterator[Days]:
    with mail_server() as mailbox:
        yield Days(tmp_path / "post", mailbox)


def mail(*numbers: int) -> list[str]:
    return sorted(f"p{number}@mail.example" for number in numbers)


@pytest.mark.prove
def test_each_at_their_own_time_and_once(days: Days):
    plan = days.project.plan("win_back")
    assert plan.begins == "somebody comes into quiet" and plan.lately == 30
    assert days.project.approve("win_back").arms == {}
    assert days.day(0) == [], "who was in it already has no occasion"
    assert days.day(1.9) == mail(3), "ten days after their last order"
    assert days.day(0.1) == mail(1, 2)
    assert days.day(0.4) == []
    assert days.day(2.55) == mail(3), "the second step, three days after the first"
    assert days.day(0.1) == mail(1, 2)
    assert days.day(9) == []
    page = days.project.show_campaign("win_back")
    assert [(row["step"], row["waiting"], row["sent"]) for row in page.course] == [
        ("hello", 0, 3),
        ("again", 0, 3),
    ]
    assert page.ended == [{"ended": "through all steps", "people": 3}]
    assert days.project.explain_campaign("p1@mail.example", "win_back").why == "through all steps"
    assert days.project.explain_campaign("p9@mail.example", "win_back").why == (
        "nothing has begun it for them"
    )


def test_nothing_begins_by_an_edited_rule_a_correction_or_a_rollback(days: Days):
    days.project.approve("win_back")
    days.edit("segments/quiet.yml", "10 days", "5 days")
    assert days.day(0.1) == [], "1, 2 and 3 came in by the rule"
    days.edit("segments/quiet.yml", "5 days", "10 days")
    assert days.day(0.1) == []
    assert days.day(2.3) == mail(1, 2, 3), "by the clock they come in all the same"
    first = days.project.builds()[0].build
    days.project.rollback(first)
    assert days.day(0.1, run=False) == []
    assert days.day(0.1) == [], "they come in again, and it has begun for them before"


def test_joined_records_get_one_message(days: Days):
    days.edit(
        "campaigns/win_back.yml",
        "  - {name: again",
        "  - {name: third, after: 1 days, message: hello, only_if: members}\n  - {name: again",
    )
    days.project.approve("win_back")
    assert days.day(2.5) == mail(1, 2, 3)
    days.edit("book.csv", "2,p2@mail.example", "2,p1@mail.example")
    got = days.day(1.5)
    assert got == mail(1, 3), "1 and 2 are one person, and get one"


def test_what_a_trigger_names_has_to_be_there(days: Days):
    days.edit("campaigns/win_back.yml", "{enters: quiet}", "{enters: quit}")
    days.edit("campaigns/win_back.yml", "message: second", "message: secnd, unless: membrs")
    with pytest.raises(ProjectError) as error:
        days.project.send("win_back")
    told = str(error.value)
    assert "'quit'" in told and "'secnd'" in told and "'membrs'" in told
    assert "quiet" in told and "second" in told


@pytest.mark.prove
def test_who_gets_what_cannot_change_on_the_way(days: Days):
    days.project.approve("win_back")
    days.day(2.5)
    days.edit("campaigns/win_back.yml", "after: 3 days", "after: 1 days")
    with pytest.raises(Refused, match="edited after"):
        days.day(0.1)
    days.project.approve("win_back")
    assert days.day(1.1) == [], "they were told to wait for three days"
    assert days.day(2) == mail(1, 2, 3)
    days.edit("campaigns/win_back.yml", "{enters: quiet}", "{leaves: quiet}")
    with pytest.raises(Refused, match="cannot change"):
        days.project.approve("win_back")


def test_jobs_update_and_send_by_themselves(days: Days, monkeypatch: pytest.MonkeyPatch):
    jobs = "jobs:\n  nightly: {do: run, at: '03:00'}\n  mails: {do: send, every_minutes: 30}\n"
    with (days.folder / "carpel.yml").open("a") as file:
        file.write(jobs)
    days.project.approve("win_back")
    assert list(days.project.work()) == [], "both are new"
    days.now += 2.5 * DAY
    done = {each.job: each for each in days.project.work()}
    assert done["nightly"].outcome == f"update {days.project.builds()[-1].build}"
    assert done["mails"].outcome == "3 messages sent"
    assert sorted(days.mailbox.addresses) == mail(1, 2, 3)
    rows = {row["job"]: row for row in days.project.ls("jobs")}
    assert rows["mails"]["outcome"] == "3 messages sent"
    assert rows["nightly"]["next"] - days.now < DAY
    assert rows["nightly"]["when"] == "every day at 03:00"
    days.edit("campaigns/win_back.yml", "after: 3 days", "after: 4 days")
    days.now += DAY / 24
    (failed,) = days.project.work()
    assert failed.failed and "edited after it was approved" in failed.outcome
