"""Two senders of a campaign in steps, killed at random: each step reaches each person once."""

import os
import random
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

import carpel

from ..channels.mailbox import mail_server
from ..project.post import FILES, NOW, write
from .test_killed_sends import FORKS, SENDERS, Failing

pytestmark = pytest.mark.prove

KILLS = int(os.environ.get("CARPEL_KILLS", "100"))
PEOPLE = 2_000
STEPS = """\
goal: {metric: order_rate, target: 0.3, by: 2026-12-31}
audience: members
channel: news
holdout: 0.2
steps:
  - {name: first, message: hello}
  - {name: second, message: hallo, after: 1 days}
too_late: 60 days
"""


def at(hours: float):
    return lambda: NOW + timedelta(hours=hours)


def send(folder: Path, hours: float) -> None:
    carpel.Project(folder, clock=at(hours)).send("steps")


def ready(folder: Path, port: int) -> dict[str, int]:
    for name, text in {**FILES, "campaigns/steps.yml": STEPS}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text.replace("PORT", str(port)))
    people = [[n, f"p{n}@mail.example", "Ada", "Utrecht", "nl", "yes"] for n in range(PEOPLE)]
    write(folder / "book.csv", "no mail first city lang may", people)
    write(folder / "till.csv", "no at amount", [[1, (NOW - timedelta(9)).isoformat(), 3]])
    project = carpel.Project(folder, clock=at(0))
    project.run()
    return dict(project.approve("steps").arms)


def test_each_step_reaches_each_person_once(tmp_path: Path, fresh_seed: int) -> None:
    chance, kills, hours = random.Random(fresh_seed), 0, 0.0
    with mail_server() as mailbox:
        arms = ready(tmp_path, mailbox.port)
        mailbox.on_rcpt = Failing(chance, [(0.01, "451 later"), (0.005, "550 no")])
        while kills < KILLS and hours < 40 * 24:
            hours += 3
            senders = [FORKS.Process(target=send, args=(tmp_path, hours)) for _ in range(SENDERS)]
            for each in senders:
                each.start()
            for each in senders:
                each.join(chance.uniform(0.5, 2.5))
                kills += each.is_alive()
                each.kill()
            for each in senders:
                each.join()
        mailbox.on_rcpt = lambda _address: "250 ok"
        for _ in range(8):
            hours += 26
            send(tmp_path, hours)
        got = Counter(
            (address, next(row for row in content.splitlines() if row.startswith(b"Subject")))
            for address, content in mailbox.arrived
        )
        assert set(got.values()) == {1}, "each step once"
        page = carpel.Project(tmp_path, clock=at(hours)).show_campaign("steps")
        ended = {row["ended"]: row["people"] for row in page.ended}
        course = {row["step"]: row for row in page.course}
        print(f"{kills} kills in {hours:.0f} hours: {ended}, {course}")
        assert sum(ended.values()) == sum(arms.values()), "everybody is accounted for"
        assert ended["comparison group"] == arms["comparison"]
        first = course["first"]
        assert first["sent"] + first["failed"] + first["uncertain"] == arms["all"]
        told = sum(row["sent"] for row in page.course)
        unsure = sum(row["uncertain"] for row in page.course)
        assert told <= len(mailbox.arrived) <= told + unsure
