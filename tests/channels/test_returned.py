"""Reports of mail servers: what each says of a delivery, and what is no report at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpel.channels.returned import LARGEST, Returned, failed, returned

from .reports import complaint, dsn

MARK = "abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnop"


def said(content: bytes) -> Returned:
    found = returned(content)
    assert isinstance(found, Returned)
    return found


@pytest.mark.parametrize(
    ("action", "status", "diagnostic", "kind", "code"),
    [
        ("failed", "5.1.1", "", "undeliverable", "5.1.1"),
        ("Failed", "5.1.10 (no such user)", "", "undeliverable", "5.1.10"),
        ("failed", "5.0.0", "550 5.1.1 <ada@mail.example> unknown", "undeliverable", "5.1.1"),
        ("failed", "5.0.0", "550 no such user", "undeliverable", "5.0.0"),
        ("failed", "5.0.0", "550 5.7.1 looks like spam", "blocked", "5.7.1"),
        ("failed", "", "552 5.2.2 full", "soft", "5.2.2"),
        ("failed", "", "", "undeliverable", ""),
        ("failed", "4.4.7", "", "soft", "4.4.7"),
        ("failed", "5.2.1", "", "undeliverable", "5.2.1"),
        ("failed", "5.1.8", "", "blocked", "5.1.8"),
        ("failed", "5.3.4", "", "blocked", "5.3.4"),
        ("failed", "5.4.4", "", "undeliverable", "5.4.4"),
        ("delayed", "4.4.1", "", "delayed", "4.4.1"),
        ("delivered", "2.0.0", "", "delivered", "2.0.0"),
        ("relayed", "2.0.0", "", "delivered", "2.0.0"),
    ],
)
def test_a_delivery_report_says_what_became_of_it(action, status, diagnostic, kind, code):
    found = said(dsn(MARK, action, status, diagnostic))
    assert (found.kind, found.status, found.marks) == (kind, code, (MARK,))


@pytest.mark.parametrize("kind", ["abuse", "fraud", "opt-out"])
def test_a_complaint_is_known_by_the_message_in_it(kind):
    found = said(complaint(MARK, kind))
    assert (found.kind, found.marks) == ("complaint", (MARK,))


@pytest.mark.parametrize("kind", ["not-spam", "virus", "auth-failure", "whatever"])
def test_other_feedback_is_nobodys_wish_to_be_left_alone(kind):
    assert returned(complaint(MARK, kind)) == "no delivery report and no complaint"


def test_of_several_recipients_the_least_bad_counts():
    whole = dsn(MARK, groups=2).decode()
    assert said(whole.encode()).kind == "undeliverable"
    one_arrived = whole.replace("Action: failed\nStatus: 5.1.1", "Action: delivered", 1)
    assert said(one_arrived.encode()).kind == "delivered"


def test_line_ends_and_case_change_nothing():
    unix = said(dsn(MARK))
    dos = said(dsn(MARK).replace(b"\n", b"\r\n") + b"\r\n")
    assert dos == unix and said(dsn(MARK.upper())).marks == (MARK,)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Subject: Out of office\n\nI am away until Monday.",
        f"To: bounces+{MARK}@shop.example\nAuto-Submitted: auto-replied\n\nAway".encode(),
        b"Content-Type: message/delivery-status\n\nno fields here",
        b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-st",
    ],
)
def test_what_is_no_report_says_so(content):
    assert returned(content) == "no delivery report and no complaint"


def test_a_message_beyond_any_report_is_not_even_read():
    assert returned(b"x" * (LARGEST + 1)) == "too large for a report"


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(noise):
    assert isinstance(returned(noise), str)
    half = dsn(MARK)[: len(dsn(MARK)) // 2]
    assert isinstance(returned(half + noise + half), str | Returned)


@given(st.from_regex(r"[45]\.\d{1,3}\.\d{1,3}", fullmatch=True))
def test_every_code_means_something(status):
    assert failed(status) in ("soft", "blocked", "undeliverable")
    assert (failed(status) == "soft") >= status.startswith("4")
