"""Preferences and surveys over HTTP: what is shown, what is kept, and what is not."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import carpel
from carpel.store.addresses import address_hash
from carpel.store.answers import answers
from carpel.store.permissions import words
from carpel.store.suppressions import suppress

from .served import Served
from .test_unsubscribing import QUIET

Link = Callable[..., str]


@pytest.fixture
def kept(folder: Path) -> Callable[[], tuple[list, list]]:
    ledger = carpel.Project(folder).session.store.ledger
    permitted, answered = len(words(ledger)), len(answers(ledger))
    return lambda: (words(ledger)[permitted:], answers(ledger)[answered:])


def checked(body: str) -> list[str]:
    return re.findall(r'value="([^"]*)"[^>]* checked', body)


def test_choices_are_kept_with_page_and_shown_again(site: Served, link_of: Link, kept):
    path = f"/p/choose/{link_of('ada@mail.example')}"
    page = site.get(path)
    assert page.code == 200 and checked(page.body) == [""]  # no answer to how often
    assert "Cake &amp; &lt;more&gt;" in page.body
    ticked = ["email:marketing", "sms:monthly_letter"]
    answer = site.post(path, permit=ticked, interests=["tea", "cake"], often="weekly")
    assert answer.code == 303 and answer.headers["location"].endswith("?saved")
    again = site.get(f"{path}?saved").body
    assert 'role="status">Saved' in again
    assert checked(again) == ["email:marketing", "sms:monthly_letter", "tea", "cake", "weekly"]
    permitted, answered = kept()
    assert [(w.medium, w.purpose, w.granted, w.page) for w in permitted] == [
        ("email", "marketing", True, "choose"),
        ("sms", "monthly_letter", True, "choose"),
    ]
    assert {a.field: a.value for a in answered} == {"interests": "tea|cake", "often": "weekly"}
    site.post(path, permit="email:marketing", interests="coffee", often="")
    permitted, answered = kept()
    assert [(w.medium, w.purpose, w.granted) for w in permitted[2:]] == [
        ("sms", "monthly_letter", False)
    ]
    assert [(a.field, a.value) for a in answered[2:]] == [("interests", "coffee"), ("often", "")]
    site.post(path, permit="email:marketing", interests="coffee", often="")
    assert [len(each) for each in kept()] == [3, 4]


def test_a_look_and_what_is_no_option_change_nothing(site: Served, link_of: Link, kept):
    token = link_of("bob@mail.example")
    for path in (f"/p/choose/{token}", f"/p/nps/{token}", f"/p/nps/{token}/9"):
        assert site.get(path).code == site.ask("HEAD", path).code == 200
    site.post(f"/p/choose/{token}", permit=["post:marketing", "email:other", "x"], interests="beer")
    site.post(f"/p/nps/{token}", recommend="11", why="  ")
    assert kept() == ([], [])


def test_a_permission_given_again_lifts_what_was_withdrawn(site: Served, link_of: Link, folder):
    token = link_of("cy@mail.example")
    site.post(f"/unsubscribe/{token}", scope="all")
    assert checked(site.get(f"/p/choose/{token}").body) == [""]
    site.post(f"/p/choose/{token}", permit="email:monthly_letter")
    page = site.get(f"/p/choose/{token}").body
    assert checked(page)[0] == "email:monthly_letter"
    assert f'href="../../unsubscribe/{token}"' in page
    assert f'href="../p/choose/{token}"' in site.get(f"/unsubscribe/{token}").body


def test_who_is_on_the_list_is_told_that_no_page_helps(site: Served, link_of: Link, folder: Path):
    project = carpel.Project(folder)
    token = link_of("dot@mail.example")
    assert "do-not-contact" not in site.get(f"/p/choose/{token}").body
    store, at = project.session.store, project.session.clock()
    hashed = address_hash(store.key, "dot@mail.example")
    suppress(store.ledger, [hashed], medium="*", reason="a person said so", at=at)
    assert "do-not-contact" in site.get(f"/p/choose/{token}").body


def test_the_score_of_a_link_is_chosen_and_kept_by_the_button(site: Served, link_of: Link, kept):
    path = f"/p/nps/{link_of('eve@mail.example')}"
    assert checked(site.get(f"{path}/9").body) == ["9"]
    assert checked(site.get(path).body) == checked(site.get(f"{path}/11").body) == []
    answer = site.post(f"{path}/9", recommend="9", why="Warm\nand quick")
    assert answer.code == 303 and answer.headers["location"].startswith("../")
    thanks = site.get(f"{path}?thanks").body
    assert "You are kind." in thanks
    assert {a.field: a.value for a in kept()[1]} == {"recommend": "9", "why": "Warm and quick"}
    assert checked(site.get(path).body) == ["9"] and "Warm and quick" in site.get(path).body


def test_nobody_answers_for_another(site: Served, link_of: Link, kept):
    true = link_of("fay@mail.example")
    for page in ("choose", "nps"):
        assert site.get(f"/p/{page}/{true[:-3]}xyz").code == 404
        assert site.post(f"/p/{page}/{true[:-3]}xyz", recommend="9").code == 404
    assert site.get(f"/p/nothing/{true}").code == 404
    assert kept() == ([], [])


@given(
    st.dictionaries(
        st.sampled_from(["permit", "interests", "often", "recommend", "why", "happy", "x"]),
        st.lists(st.text(max_size=20), max_size=3),
    ),
    st.sampled_from(["choose", "nps", "visit"]),
)
@settings(QUIET, max_examples=15)
def test_only_what_may_be_answered_is_ever_kept(site: Served, link_of: Link, folder, fields, page):
    token = link_of("fuzz@mail.example")
    encoded = {name: [each.encode() for each in said] for name, said in fields.items()}
    assert site.post(f"/p/{page}/{token}", **encoded).code == 303
    assert site.get(f"/p/{page}/{token}").code == 200
    ledger = carpel.Project(folder).session.store.ledger
    allowed = {"recommend": r"\d|10|", "interests": r"(tea|coffee|cake|\|)*", "happy": "[1-5]?"}
    for each in answers(ledger):
        if each.field in allowed:
            assert re.fullmatch(allowed[each.field], each.value)
