"""Two senders at a time, killed at random moments, to a mail server that fails at random.

Nobody gets a message twice, and everybody is accounted for. The mailbox is read by the test only.
"""

import os
import random
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

import carpel
from carpel.channels.smtp import BATCH
from carpel.errors import ChannelError

from ..channels.mailbox import Mailbox, mail_server
from ..project.post import FILES, NOW, write

pytestmark = pytest.mark.prove

KILLS = int(os.environ.get("CARPEL_KILLS", "500"))
PEOPLE = 12_500
SENDERS = 2
FORKS = get_context("forkserver")
FORKS.set_forkserver_preload(["carpel.verbs.campaign_deeds", "carpel.store.schema", __name__])


def at(minutes: int):
    """A clock that stands."""
    return lambda: NOW + timedelta(minutes=minutes)


def send(folder: Path, minutes: int) -> None:
    """One sending, as one process; a server that is away for a moment is not its fault."""
    try:
        carpel.Project(folder, clock=at(minutes)).send("spring")
    except ChannelError:
        return


class Failing:
    """Answers of a server that fails at random, each with its share; counts what it dropped."""

    def __init__(self, chance: random.Random, often: list[tuple[float, str]]) -> None:
        self.chance, self.often, self.drops = chance, often, 0

    def __call__(self, _address: str) -> str:
        drawn = self.chance.random()
        for share, said in self.often:
            if drawn < share:
                self.drops += said == "drop"
                return said
            drawn -= share
        return "250 ok"


def ready(folder: Path, port: int) -> dict[str, int]:
    """Ten thousand people to be written to, and some who are kept aside."""
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text.replace("PORT", str(port)))
    people = [[n, f"p{n}@mail.example", "Ada", "Utrecht", "nl", "yes"] for n in range(PEOPLE)]
    write(folder / "book.csv", "no mail first city lang may", people)
    write(folder / "till.csv", "no at amount", [[1, NOW.isoformat(), 3]])
    project = carpel.Project(folder, clock=at(0))
    project.run()
    return dict(project.approve("spring").arms)


def disturbed(folder: Path, chance: random.Random, minutes: int) -> int:
    """Two senders side by side, each killed after a while; gives how many kills came in time."""
    senders: list[BaseProcess] = [
        FORKS.Process(target=send, args=(folder, minutes)) for _ in range(SENDERS)
    ]
    for each in senders:
        each.start()
    killed = 0
    for each in senders:
        each.join(chance.uniform(0.2, 2.0))
        killed += each.is_alive()
        each.kill()
    for each in senders:
        each.join()
        each.close()
    return killed


def settled(folder: Path, minutes: int) -> int:
    """Send undisturbed until nobody is left to go; gives the minutes that passed."""
    for _ in range(12):
        minutes += 20
        send(folder, minutes)
        arms = carpel.Project(folder, clock=at(minutes)).show_campaign("spring").arms
        if not any(row["to_go"] for row in arms):
            break
    return minutes


def accounted(folder: Path, minutes: int, mailbox: Mailbox, kills: int, drops: int) -> None:
    """Nobody twice; everybody sent, failed or uncertain, and few of them that."""
    page = carpel.Project(folder, clock=at(minutes)).show_campaign("spring")
    arms = {row["arm"]: row for row in page.arms}
    told = arms["a"]
    arrived = len(mailbox.addresses)
    print(f"{kills} kills: {told}, {arrived} arrived")
    assert len(set(mailbox.addresses)) == arrived
    assert told["to_go"] == told["claimed"] == 0
    assert told["sent"] + told["failed"] + told["uncertain"] == told["people"]
    assert told["sent"] <= arrived <= told["sent"] + told["uncertain"]
    assert told["uncertain"] <= kills * BATCH + drops
    assert arms["comparison"]["sent"] == arms["comparison"]["to_go"] == 0


def test_kills_at_random_moments_of_sends(tmp_path: Path, fresh_seed: int) -> None:
    chance, kills, rounds = random.Random(fresh_seed), 0, 0
    while kills < KILLS:
        rounds += 1
        folder = tmp_path / f"round{rounds}"
        with mail_server() as mailbox:
            people = ready(folder, mailbox.port)
            assert people["a"] >= 9_500
            mailbox.on_rcpt = Failing(
                chance, [(0.01, "451 later"), (0.005, "550 no"), (0.002, "drop")]
            )
            after = Failing(chance, [(0.005, "452 full"), (0.002, "drop"), (0.002, "421 go")])
            mailbox.on_data = after
            here, minutes = 0, 0
            while kills + here < KILLS and len(mailbox.addresses) < 0.95 * people["a"]:
                minutes += 1
                here += disturbed(folder, chance, minutes)
            minutes = settled(folder, minutes)
            accounted(folder, minutes, mailbox, here, after.drops)
        kills += here
    print(f"{kills} kills in {rounds} sends")
