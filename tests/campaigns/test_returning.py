"""A report settles the delivery it is about, once; a forged one settles nothing."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpel.campaigns.marks import addressed, fits, mark
from carpel.campaigns.returning import OURS, Reader
from carpel.channels.returned import MARK
from carpel.store.addresses import address_hash
from carpel.store.deliveries import Claim, Receipt, Route, Settled, delivery
from carpel.store.ledger import Ledger
from carpel.store.returns import SETTLES, SOFT_IN_A_ROW
from carpel.store.sendings import sending
from carpel.store.suppressions import suppressed

from ..channels.reports import complaint, dsn
from .conftest import Moving

KEY = b"k" * 32
ADA = address_hash(KEY, "ada@mail.example")
hashes = st.binary(min_size=20, max_size=20).map(bytes.hex)


def route(campaign: str = "spring") -> Route:
    return Route(campaign, "news", "email")


class Post:
    """A ledger in which Ada was sent something, and a reader of what comes back."""

    def __init__(self, folder: Path) -> None:
        self.ledger, self.clock = Ledger.open(folder), Moving()
        self.reader = Reader(self.ledger, KEY, self.clock, "ada")

    def sent(self, campaign: str = "spring", state: Settled = "sent", passing: bool = False) -> str:
        with sending(self.ledger, self.clock, route(campaign), "ada") as one:
            one.claim([Claim(ADA, 1, "a")])
            one.settle([Receipt(ADA, state, "", passing)])
        return mark(KEY, route(campaign), ADA)

    def now(self, campaign: str = "spring") -> tuple[str, str, bool]:
        (row,) = delivery(self.ledger, campaign, [1])
        return row["state"], row["reason"], row["passing"]

    @property
    def left_alone(self) -> bool:
        return ADA in suppressed(self.ledger, "email").addresses


@pytest.fixture
def post(tmp_path: Path) -> Post:
    return Post(tmp_path)


@given(hashes, st.binary(min_size=1, max_size=64), st.binary(min_size=1, max_size=64))
def test_a_mark_is_of_one_delivery_and_one_key(address, key, other):
    made = mark(key, route(), address)
    assert MARK.fullmatch(made) and addressed(made) == address and fits(key, made, route())
    assert not fits(key, made, route("autumn"))
    assert not fits(key, made, Route("spring", "news", "email", 1))
    assert fits(other, made, route()) == (key.ljust(64, b"\0") == other.ljust(64, b"\0"))


@pytest.mark.parametrize(
    ("state", "action", "status", "became", "listed"),
    [
        ("sent", "failed", "5.1.1", ("failed", "bounced 5.1.1", False), True),
        ("uncertain", "failed", "5.1.1", ("failed", "bounced 5.1.1", False), True),
        ("sent", "failed", "5.7.1", ("failed", "bounced 5.7.1", False), False),
        ("sent", "failed", "4.4.7", ("failed", "bounced 4.4.7", True), False),
        ("uncertain", "delivered", "2.0.0", ("sent", "", False), False),
        ("sent", "delayed", "4.4.1", ("sent", "", False), False),
        ("failed", "failed", "4.4.7", ("failed", "", False), False),
        ("failed", "failed", "5.1.1", ("failed", "", False), True),
        ("failed", "delivered", "2.0.0", ("failed", "", False), False),
    ],
)
def test_what_a_report_makes_of_a_delivery(post: Post, state, action, status, became, listed):
    assert post.reader.take(dsn(post.sent(state=state), action, status))
    assert (post.now(), post.left_alone) == (became, listed)


def test_who_complains_is_left_alone_and_had_the_message(post: Post):
    assert post.reader.take(complaint(post.sent(state="uncertain")))
    assert post.now() == ("sent", "", False) and post.left_alone
    assert not suppressed(post.ledger, "sms").addresses


def test_each_report_counts_once(post: Post):
    report = dsn(post.sent())
    assert post.reader.take(report) and post.reader.take(report.replace(b"\n", b"\r\n"))
    assert post.reader.kinds == {"undeliverable": 1} and post.reader.aside == {"read before": 1}


def test_forged_reports_change_nothing(post: Post):
    true = post.sent()
    turned = true[:-1] + ("a" if true[-1] != "a" else "b")
    other_key = mark(b"x" * 32, route(), ADA)
    other_campaign = mark(KEY, route("autumn"), ADA)
    for forged in (turned, other_key, other_campaign, "a" * 48):
        assert not post.reader.take(dsn(forged)) and not post.reader.take(complaint(forged))
    assert post.reader.aside == {OURS: 8} and not post.reader.kinds
    assert post.now() == ("sent", "", False) and not post.left_alone


def test_a_report_settles_the_occasion_it_is_about(post: Post):
    occasions = ("2026", "2027")
    with sending(post.ledger, post.clock, route(), "ada") as one:
        for each in occasions:
            one.claim([Claim(ADA, 1, "a", each)])
            one.settle([Receipt(ADA, "sent")])
    assert post.reader.take(dsn(mark(KEY, route(), ADA, "2027"), status="5.7.1"))
    assert not post.reader.take(dsn(mark(KEY, route(), ADA), status="5.7.1"))
    rows = delivery(post.ledger, "spring", [1])
    assert sorted(row["state"] for row in rows) == ["failed", "sent"]


def test_the_return_path_is_enough(post: Post):
    true = post.sent()
    bare = dsn("none", to=f"Bounces+{true.upper()}@shop.example")
    assert post.reader.take(bare) and post.left_alone


def test_several_in_a_row_are_too_many_and_one_that_arrives_begins_anew(post: Post):
    def not_reached(campaign: str) -> None:
        assert post.reader.take(dsn(post.sent(campaign), status="4.2.2"))
        post.clock.on(days=30)

    for number in range(SOFT_IN_A_ROW - 1):
        not_reached(f"missed{number}")
    post.sent("arrived")
    post.clock.now += SETTLES + timedelta(days=1)
    for number in range(SOFT_IN_A_ROW - 1):
        not_reached(f"again{number}")
        assert not post.left_alone
    not_reached("once_more")
    assert post.left_alone


def test_one_campaign_that_is_tried_again_is_one_in_the_row(post: Post):
    for attempt in range(SOFT_IN_A_ROW + 1):
        made = post.sent()
        assert post.reader.take(dsn(made, status=f"4.4.{attempt}"))
        post.clock.on(hours=1)
    assert not post.left_alone and post.now()[0] == "failed"


def test_a_report_that_is_faster_than_our_commit_waits(post: Post):
    with sending(post.ledger, post.clock, route(), "ada") as one:
        one.claim([Claim(ADA, 1, "a")])
        report = dsn(mark(KEY, route(), ADA))
        assert not post.reader.take(report)
        assert post.reader.aside == {"still being sent": 1}
        one.settle([Receipt(ADA, "sent")])
    assert post.reader.take(report) and post.left_alone


def test_a_server_that_knows_nobody_there_is_believed_at_once(post: Post):
    with sending(post.ledger, post.clock, route(), "ada") as one:
        one.claim([Claim(ADA, 1, "a")])
        one.settle([Receipt(ADA, "failed", "550 5.1.1", undeliverable=True)])
    assert post.left_alone
