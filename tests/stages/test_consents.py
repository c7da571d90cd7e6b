"""Which permission is in force: the newest word, a no at a tie, and lists that always win."""

from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

from carpel.specs import Definitions, Project, Source
from carpel.stages.consents import OURS, Consents
from carpel.store.addresses import address_hash
from carpel.store.suppressions import LeftAlone
from carpel.testing.line import line_with, read, take

KEY = b"key of these tests"


def day(number: int) -> datetime:
    return datetime(2026, 1, number, tzinfo=UTC).replace(tzinfo=None)


def said(ref: int, granted: bool, at: int | None = None, *, suppress=False, channel="email"):
    moment = None if at is None else day(at)
    what = {"channel": channel, "purpose": "marketing", "granted": granted, "suppress": suppress}
    return {"ref": ref, "source": "crm", **what, "at": moment, "proof": None}


STAGED = pa.schema(
    [
        ("ref", pa.uint64()),
        ("source", pa.string()),
        ("channel", pa.string()),
        ("purpose", pa.string()),
        ("granted", pa.bool_()),
        ("suppress", pa.bool_()),
        ("at", pa.timestamp("us")),
        ("proof", pa.string()),
        ("undeliverable", pa.bool_()),
    ]
)


MAIL = Source(
    name="crm",
    read="mail.csv",
    identifiers={"email": "address"},
    track=[{"event": "email_hard_bounced", "at": "at", "when": {"event": "hard"}}],
)


def dead(ref: int, at: int):
    when = day(1) + timedelta(days=at - 1)
    return {**said(ref, False), "at": when, "undeliverable": True}


def folded(folder, words, listed=None, current=None):
    """By person and channel: granted and suppressed. Person 1 has two entries and addresses."""
    emails = ["ada@mail.example", "old@mail.example", "bob@mail.example", "cy@mail.example"]
    refs = pa.array([11, 12, 21, 31], pa.uint64())
    tables = {
        "identities": pa.table({"ref": refs, "customer": [1, 1, 2, 3]}),
        "records": pa.table({"ref": refs, "id_email": emails, "source": ["crm"] * 4}),
        "contacts": pa.table({"customer": [1], "email": pa.array([current], pa.string())}),
    }
    if words:
        tables["staged_consents"] = pa.Table.from_pylist(words, STAGED)
    asked = Definitions(Project(name="trial"), sources={"crm": MAIL})
    line = line_with(folder, tables, definitions=asked)
    media = {address_hash(KEY, each): frozenset(m) for each, m in (listed or {}).items()}
    line.left_alone = LeftAlone(KEY, media)
    rows = read(take(line, [Consents()]), "consents")
    assert all((row["source"] == OURS) <= bool(media) for row in rows)
    return {(row["customer"], row["channel"]): (row["granted"], row["suppressed"]) for row in rows}


@pytest.mark.parametrize(
    ("words", "granted"),
    [
        ([said(11, True, 1), said(12, False, 2)], False),
        ([said(11, False, 1), said(12, True, 2)], True),
        ([said(11, True, 2), said(12, False, 2)], False),
        ([said(11, True), said(12, False, 2)], False),
        ([said(11, False), said(12, True, 2)], True),
    ],
)
def test_the_newest_word_holds_and_of_two_the_no(tmp_path, words, granted):
    assert folded(tmp_path, words) == {(1, "email"): (granted, False)}


@pytest.mark.parametrize(
    ("current", "words", "granted"),
    [
        ("ada@mail.example", [dead(11, 3)], False),
        ("ada@mail.example", [dead(11, 3), said(11, True, 9)], False),
        ("ADA@mail.example".lower(), [said(12, True), dead(11, 3)], False),
        ("new@mail.example", [said(11, True, 1), dead(11, 3)], True),
        (None, [said(11, True, 1), dead(11, 3)], False),
        ("ada@mail.example", [said(11, True, 1), dead(12, 3)], True),
        ("ada@mail.example", [said(11, True, 1), dead(11, 300)], True),
    ],
)
def test_a_dead_address_is_no_way_to_anybody_until_they_have_another(
    tmp_path, current, words, granted
):
    assert folded(tmp_path, words, current=current) == {(1, "email"): (granted, False)}


def test_a_suppression_holds_whatever_is_said_later(tmp_path):
    words = [said(11, False, 1, suppress=True), said(12, True, 9)]
    assert folded(tmp_path, words) == {(1, "email"): (False, True)}


def test_our_own_list_wins_over_every_source_by_any_address_of_the_person(tmp_path):
    words = [said(11, True, 9), said(21, True, 9), said(21, True, 9, channel="sms"), said(31, True)]
    listed = {"OLD@mail.example": {"email"}, "bob@mail.example": {"*"}}
    assert folded(tmp_path, words, listed) == {
        (1, "email"): (False, False),
        (2, "email"): (False, True),
        (2, "ads"): (False, True),  # known by the same address
        (2, "sms"): (True, False),
        (3, "email"): (True, False),
    }


def test_our_own_list_holds_where_no_source_says_anything(tmp_path):
    assert folded(tmp_path, [], {"cy@mail.example": {"email", "*"}}) == {
        (3, "email"): (False, True),
        (3, "ads"): (False, True),
    }
    assert folded(tmp_path / "again", [], {"nobody@mail.example": {"email"}}) == {}
