"""What people said themselves: the newest word that covers a scope holds, and none is lost."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carpel.store.answers import Answer, answers, keep
from carpel.store.exposures import Exposure, expose, exposed, forget
from carpel.store.ledger_copy import copied, merged
from carpel.store.links import Click, clicked, clicks, followed, point, target, targets
from carpel.store.permissions import Word, holds, note, withdrawn, words
from carpel.store.store import Store

from .conftest import START

MEDIA, PURPOSES = ("email", "sms"), ("marketing", "news")
SAME_LEDGER = [HealthCheck.function_scoped_fixture]
SAID = st.lists(
    st.tuples(
        st.sampled_from(["ada", "bob"]),
        st.sampled_from([*MEDIA, "*"]),
        st.sampled_from([*PURPOSES, "*"]),
        st.booleans(),
    ),
    max_size=8,
)


def word(address: str, medium: str, purpose: str, granted: bool, late: int = 0) -> Word:
    return Word(
        address, medium, purpose, granted, START + timedelta(minutes=late), "here", "spring"
    )


def naive(said, address: str, medium: str, purpose: str) -> bool | None:
    fits = [s for s in said if s[0] == address and s[1] in (medium, "*") and s[2] in (purpose, "*")]
    return fits[-1][3] if fits else None


@given(SAID)
@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_holds_is_the_newest_that_covers_it(store: Store, said):
    before = len(words(store.ledger))
    mine = [(f"{who}{before}", *rest) for who, *rest in said]
    for late, each in enumerate(mine):
        note(store.ledger, [word(*each, late)])
        assert note(store.ledger, [word(*each, late + 1)]) == 0  # said twice, it is said once
    for medium in MEDIA:
        for purpose in PURPOSES:
            gone = withdrawn(store.ledger, medium, purpose)
            for who in {each[0] for each in mine}:
                expected = naive(mine, who, medium, purpose)
                assert holds(words(store.ledger, who), medium, purpose) is expected
                assert (who in gone) == (expected is False)


def test_answers_are_kept_where_they_differ(store: Store):
    def said(value: str) -> int:
        return keep(store.ledger, [Answer("ada", "nps", "score", value, START, "spring")])

    assert [said(each) for each in ("", "9", "9", "3", "", "")] == [0, 1, 0, 1, 1, 0]
    assert [each.value for each in answers(store.ledger, "ada")] == ["9", "3", ""]


def test_a_code_leads_where_it_was_told_last(store: Store):
    def told(**codes: str) -> int:
        return point(store.ledger, codes, at=START, actor="me")

    assert told(a="https://x.example", b="https://y.example") == 2
    assert told(a="https://x.example") == 0
    assert told(a="https://z.example") == 1
    assert target(store.ledger, "a") == targets(store.ledger)["a"] == "https://z.example"
    assert target(store.ledger, "c") is None


def test_a_backup_brings_all_of_it_back_once(store: Store):
    note(store.ledger, [word("ada", "email", "*", False)])
    keep(store.ledger, [Answer("ada", "nps", "score", "9", START, "spring")])
    point(store.ledger, {"a": "https://x.example"}, at=START, actor="me")
    for machine in ("", "", "scanner"):
        clicked(store.ledger, Click("a", "ada", "email", "spring", START, machine))
    expose(store.ledger, {Exposure("2026-03-01", "home", "gold", "a", "ada"): 3}, START)
    kept = copied(store.ledger)
    with store.ledger.write() as connection:
        merged(connection, kept)
    assert len(words(store.ledger)) == len(answers(store.ledger)) == 1
    assert followed(store.ledger, "spring") == {"people": 1, "scanner": 1}
    assert [(each.visitors, each.views) for each in exposed(store.ledger, "home")] == [(1, 3)]
    assert followed(store.ledger, "autumn") == {} and len(clicks(store.ledger)) == 3


def test_an_erased_person_is_no_visitor_any_more_and_what_was_shown_stays(store: Store):
    shown = {Exposure("2026-03-01", "home", "gold", "a", each): 2 for each in ("ada", "bob", "")}
    expose(store.ledger, shown, START)
    expose(store.ledger, {}, START)
    with store.ledger.write() as connection:
        forget(connection, ["ada"])
    (seen,) = exposed(store.ledger, "home")
    assert (seen.visitors, seen.views, seen.segment, seen.arm) == (1, 6, "gold", "a")
