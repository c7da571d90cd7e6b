"""Through a campaign one by one: each step once, at its time, to whom it still concerns."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyroaring import BitMap

from carpel.campaigns.approval import approved
from carpel.campaigns.desk import Desk
from carpel.campaigns.following import follow
from carpel.campaigns.sending import Sent
from carpel.channels import carrier
from carpel.evaluation.bitmaps import to_bytes
from carpel.specs import Smtp
from carpel.store.addresses import address_hash
from carpel.store.occasions import noted
from carpel.store.sendings import recover
from carpel.store.suppressions import suppress

from ..channels.mailbox import Mailbox, mail_server
from .conftest import CHANNEL, NOW, campaign, known

DAY = timedelta(days=1)
STEPS = [
    {"name": "first", "message": "hello"},
    {"name": "second", "message": "hello", "after": "3 days"},
]
ALL = {"message": None, "holdout": 0, "no_holdout_because": "tests count everybody", "steps": STEPS}


class Course:
    """A campaign under way: its desk, its clock, its mail server."""

    def __init__(self, desk: Desk, mailbox: Mailbox) -> None:
        self.desk, self.mailbox = desk, mailbox
        channel = Smtp.model_validate(CHANNEL | {"port": mailbox.port, "timeout_seconds": 1})
        desk.definitions.channels["news"] = channel
        (self.campaign,) = desk.definitions.campaigns.values()
        self.approved = approved(desk, self.campaign, "ada")

    def on(self, days: float) -> list[int]:
        """So many days later: whose addresses got mail."""
        self.desk.clock.on(days=days)
        return self.send()

    def send(self, limit: int | None = None) -> list[int]:
        before = Counter(self.mailbox.addresses)
        self.sent = self.follow(limit)
        new = Counter(self.mailbox.addresses) - before
        return sorted(int(each[1:].split("@")[0]) for each in new.elements())

    def follow(self, limit: int | None = None) -> Sent:
        channel = self.desk.channel(self.campaign)
        return follow(
            self.desk,
            self.campaign,
            self.approved,
            lambda: carrier(channel, campaign=self.campaign.name, reveal=str, to=Path()),
            actor="ada",
            limit=limit,
        )

    @property
    def standing(self) -> dict[int, tuple[str, int, str]]:
        rows = noted(self.desk.ledger, self.campaign.name)
        return {each.customer: (each.state, each.step, each.reason) for each in rows}


Made = Callable[..., Course]


@pytest.fixture
def course(desk_of: Callable[..., Desk]) -> Iterator[Made]:
    with mail_server() as mailbox:

        def made(people: Sequence[Mapping[str, Any]], **said: Any) -> Course:
            tables = {k: said.pop(k) for k in ("movements", "orders", "aliases") if k in said}
            sets = {name: BitMap(keys) for name, keys in said.pop("sets", {}).items()}
            desk = desk_of(people, campaign(**{**ALL, **said}), **tables)
            return Course(replace(desk, sets={**desk.sets, **sets}), mailbox)

        yield made


def entered(*rows: tuple[datetime, list[int]], cause: str = "clock") -> list[dict[str, Any]]:
    return [
        {"segment": "everybody", "at": at.replace(tzinfo=None), "build": n, "part": "entered"}
        | {"cause": cause, "people": len(keys), "members": to_bytes(BitMap(keys))}
        for n, (at, keys) in enumerate(rows)
    ]


ENTERS = {"enters": "everybody"}
ALIASES = [{"customer": 2, "survivor": 1}]


def test_each_at_their_own_time_and_once(course: Made):
    came = entered((NOW - DAY, [4]), (NOW + DAY, [1, 2]), (NOW + 2 * DAY, [3]))
    one = course(known(1, 2, 3, 4), trigger=ENTERS, movements=came)
    assert one.on(0) == [], "4 came before it was approved"
    assert one.on(1) == [1, 2]
    assert one.send() == [] and one.on(1) == [3]
    assert one.on(1.9) == [] and one.on(0.2) == [1, 2] and one.on(0.9) == [3]
    assert one.on(5) == []
    assert set(one.standing.values()) == {("done", 2, "")}


def test_who_did_what_it_is_for_gets_no_more(course: Made):
    orders = [{"customer": 2, "at": (NOW + 1.5 * DAY).replace(tzinfo=None), "amount": 9.0}]
    came = entered((NOW + DAY, [1, 2]), (NOW + 9 * DAY, [2]))
    one = course(known(1, 2), trigger=ENTERS, movements=came, orders=orders)
    assert one.on(1) == [1, 2] and one.on(3) == [1]
    assert one.standing[2] == ("stopped", 1, "did what it is for")
    assert one.on(5) == [], "2 comes into it again, and it has begun for them before"


def test_thanks_for_those_who_did(course: Made):
    orders = [{"customer": 2, "at": (NOW + 1.5 * DAY).replace(tzinfo=None), "amount": 9.0}]
    thanks = {"name": "thanks", "message": "hello", "after": "1 days", "even_after_goal": True}
    came = entered((NOW + DAY, [1, 2]))
    steps = [*STEPS, thanks]
    one = course(known(1, 2), trigger=ENTERS, movements=came, orders=orders, steps=steps)
    assert one.on(1) == [1, 2] and one.on(3) == [1] and one.on(1) == [1, 2]


def test_again_only_when_it_says_so(course: Made):
    came = entered((NOW + DAY, [1, 2]), (NOW + 9 * DAY, [1]), (NOW + 22 * DAY, [1, 2]))
    trigger = {**ENTERS, "again_after": "20 days"}
    one = course(known(1, 2), trigger=trigger, movements=came, steps=STEPS[:1])
    assert [one.on(1), one.on(8), one.on(13), one.on(1)] == [[1, 2], [], [1, 2], []]


def test_who_is_joined_with_another_goes_on_once(course: Made):
    came = entered((NOW + DAY, [1]), (NOW + 1.5 * DAY, [2, 3]))
    one = course(known(1, 2, 3), trigger=ENTERS, movements=came)
    assert one.on(1) == [1] and one.on(0.5) == [2, 3]
    for name, rows in (("aliases", ALIASES), ("customers", [{"customer": 1}, {"customer": 3}])):
        one.desk.engine.register(name, pa.Table.from_pylist(rows))
    one.desk = replace(one.desk)  # as the next sending opens it
    assert one.on(3) == [1, 3]
    assert one.standing[2] == ("stopped", 1, "is the same person as another entry")


def test_what_is_too_late_is_not_sent(course: Made):
    came = entered((NOW + DAY, [1]), (NOW + 7 * DAY, [2]))
    one = course(known(1, 2), trigger=ENTERS, movements=came)
    assert one.on(8) == [2], "nobody sent for a week"
    assert one.on(9) == []
    assert one.standing == {2: ("stopped", 1, "too late")}


def test_quiet_hours_on_the_night_when_clocks_change(course: Made):
    """In Berlin the clock goes from 2 to 3 on 29 March 2026: quiet until 8, which is 6 in UTC."""
    night = datetime(2026, 3, 28, 22, tzinfo=UTC)
    quiet = {"start": "22:00", "end": "08:00"}
    one = course(known(1), trigger=ENTERS, movements=entered((night, [1])), quiet_hours=quiet)
    one.desk.clock.now = night
    sent = [hour for hour in range(11) if one.on(1 / 24)]
    assert sent == [7], "eight hours after 22:00 UTC, where it had been nine"
    assert one.on(3) == [1], "three days after the first was sent"


def test_permission_and_opting_out_on_the_way(course: Made):
    came = entered((NOW + DAY, [1, 2, 3]))
    people = [*known(1, 2), {"customer": 3, "email": "p3@mail.example", "may": False}]
    one = course(people, trigger=ENTERS, movements=came)
    assert one.on(1) == [1, 2]
    assert one.standing[3][2] == "no permission for this purpose and channel"
    desk, listed = one.desk, [address_hash(one.desk.key, "p1@mail.example")]
    suppress(desk.ledger, listed, medium="email", reason="", at=desk.clock(), actor="ada")
    assert one.on(3) == [2]
    assert one.standing[1] == ("stopped", 1, "on the do-not-contact list")
    assert one.on(2) == []
    assert one.standing[3][2] == "too late: no permission for this purpose and channel"


def test_steps_for_some(course: Made):
    steps = [STEPS[0], {**STEPS[1], "only_if": "few"}, {**STEPS[1], "name": "c", "unless": "few"}]
    one = course(
        known(*range(1, 5)),
        trigger=ENTERS,
        steps=steps,
        sets={"few": [2, 3]},
        movements=entered((NOW + DAY, [1, 2, 3, 4])),
    )
    assert one.on(1) == [1, 2, 3, 4] and one.on(3) == [2, 3] and one.on(3) == [1, 4]
    assert {each[0] for each in one.standing.values()} == {"done"}


def test_a_comparison_group_gets_nothing(course: Made):
    came = entered((NOW + DAY, list(range(1, 201))))
    said = {"holdout": 0.3, "no_holdout_because": ""}
    one = course(known(*range(1, 201)), trigger=ENTERS, movements=came, **said)
    got, states = one.on(1), Counter(each[0] for each in one.standing.values())
    assert 35 <= states["aside"] <= 85 and states["aside"] + len(got) == 200
    assert one.on(3) == got and not {k for k, v in one.standing.items() if v[0] == "aside"} & {*got}


def test_the_whole_audience_at_once_step_by_step(course: Made):
    one = course(known(*range(1, 31)))
    first = one.send(limit=10)
    assert len(first) == 10 and len(one.send()) == 20
    assert one.on(2.9) == [] and len(one.on(0.2)) == 30 and one.on(9) == []


def test_two_senders_at_once(course: Made):
    came = entered((NOW + DAY, list(range(1, 301))))
    both = [course(known(*range(1, 301)), trigger=ENTERS, movements=came) for _ in range(2)]
    for each in both:
        each.desk.clock.on(days=1)
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(Course.follow, both))
    one = both[0]
    assert Counter(one.mailbox.addresses) == dict.fromkeys(
        (f"p{key}@mail.example" for key in range(1, 301)), 1
    )
    assert one.send() == [] and len(one.on(3)) == 300


def test_what_failed_for_good_ends_it_and_what_may_pass_is_tried_again(course: Made):
    came = entered((NOW + DAY, [1, 2, 3]))
    one = course(known(1, 2, 3), trigger=ENTERS, movements=came)
    answers = {"p1@mail.example": "550 unknown", "p2@mail.example": "451 later"}
    one.mailbox.on_rcpt = lambda address: answers.get(address, "250 ok")
    assert one.on(1) == [3]
    assert one.standing[1][0] == "stopped" and "550" in one.standing[1][2]
    answers.clear()
    assert one.on(0.1) == [2] and one.on(2.95) == [3] and one.on(0.1) == [2]


def test_uncertain_counts_as_got(course: Made):
    one = course(known(1), trigger=ENTERS, movements=entered((NOW + DAY, [1])))
    one.mailbox.on_data = lambda _address: "drop"
    one.on(1)
    recover(one.desk.ledger, one.desk.clock)
    assert (one.sent.sent, one.sent.uncertain) == (0, 1)
    one.mailbox.on_data = lambda _address: "250 ok"
    assert one.on(0.5) == [] and one.on(2.6) == [1]
