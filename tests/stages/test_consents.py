"""Which permission is in force: the newest word, a no at a tie, and lists that always win."""

from datetime import UTC, datetime

import pyarrow as pa
import pytest

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
    ]
)


def folded(folder, words, listed=None):
    """By person and channel: granted and suppressed. Person 1 has two entries and addresses."""
    emails = ["ada@mail.example", "old@mail.example", "bob@mail.example", "cy@mail.example"]
    refs = pa.array([11, 12, 21, 31], pa.uint64())
    tables = {
        "identities": pa.table({"ref": refs, "customer": [1, 1, 2, 3]}),
        "records": pa.table({"ref": refs, "id_email": emails}),
    }
    if words:
        tables["staged_consents"] = pa.Table.from_pylist(words, STAGED)
    line = line_with(folder, tables)
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
