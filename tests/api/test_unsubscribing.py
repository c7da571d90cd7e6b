"""The way out over HTTP: a look changes nothing, a click does, and only a true link counts."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import carpel
from carpel.errors import Refused
from carpel.store.permissions import Word, words

from .served import Served

Link = Callable[..., str]
ONE_CLICK = b"List-Unsubscribe=One-Click"
FORM = "application/x-www-form-urlencoded"
QUIET = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def noted(folder: Path) -> Callable[[], list[Word]]:
    ledger = carpel.Project(folder).session.store.ledger
    before = len(words(ledger))
    return lambda: words(ledger)[before:]


def scopes(said: list[Word]) -> list[tuple[str, str, bool]]:
    return [(each.medium, each.purpose, each.granted) for each in said]


def test_looking_changes_nothing(site: Served, link_of: Link, noted):
    path = f"/unsubscribe/{link_of('look@mail.example')}"
    for method in ("GET", "HEAD"):
        answer = site.ask(method, path, **{"User-Agent": "GoogleImageProxy"})
        assert answer.code == 200
    assert "Unsubscribe" in site.get(path).body and "The Post" in site.get(path).body
    assert noted() == []


def test_one_click_needs_no_login_and_counts_once(site: Served, link_of: Link, noted):
    path = f"/unsubscribe/{link_of('one@mail.example')}"
    for _ in range(3):
        answer = site.ask("POST", path, ONE_CLICK, FORM)
        assert (answer.code, answer.body) == (200, "You are unsubscribed")
    assert scopes(noted()) == [("email", "*", False)]
    assert (noted()[0].page, noted()[0].campaign) == ("unsubscribe", "spring")
    assert "no more messages by e-mail" in site.get(path).body


def test_one_click_as_mail_programs_send_it_in_parts(site: Served, link_of: Link, noted):
    part = (
        b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--'
    )
    path = f"/unsubscribe/{link_of('parts@mail.example')}"
    assert site.ask("POST", path, part, "multipart/form-data; boundary=x").code == 200
    assert scopes(noted()) == [("email", "*", False)]


@pytest.mark.parametrize(
    ("scope", "covered", "told"),
    [
        ("kind", ("email", "monthly_letter"), "no more messages of this kind: The monthly letter"),
        ("medium", ("email", "*"), "no more messages by e-mail"),
        ("all", ("*", "*"), "does not contact you any more"),
        ("nonsense", ("email", "*"), "no more messages by e-mail"),
    ],
)
def test_the_button_stops_what_was_chosen_and_can_be_taken_back(
    site: Served, link_of: Link, noted, scope: str, covered: tuple[str, str], told: str
):
    path = f"/unsubscribe/{link_of(f'{scope}@mail.example')}"
    answer = site.post(path, scope=scope, deed="withdraw")
    assert answer.code == 303
    assert f"/unsubscribe/{answer.headers['location']}" == path
    page = site.get(path).body
    assert told in page and "Take it back" in page
    shown = re.search(r'name="scope" value="(\w+)"', page)[1]
    site.post(path, scope=shown, deed="take_back")
    assert scopes(noted()) == [(*covered, False), (*covered, True)]
    assert "Take it back" not in site.get(path).body
    site.post(path, scope=shown, deed="take_back")
    assert len(noted()) == 2


@given(
    st.data(),
    st.sampled_from(["GET", "POST"]),
)
@QUIET
def test_no_token_but_ours_opens_anything(site: Served, link_of: Link, noted, data, method):
    true = link_of("fuzz@mail.example")
    kept = data.draw(st.integers(0, len(true) - 2))
    tail = data.draw(st.text("abcXYZ019-_.~", max_size=30))
    forged = true[:kept] + tail
    if (true.startswith(forged) and len(forged) == len(true)) or not forged or set(forged) == {"."}:
        return
    answer = site.ask(method, f"/unsubscribe/{forged}", ONE_CLICK if method == "POST" else None)
    if forged[:-1] != true[:-1]:  # the last sign has bits that mean nothing
        assert answer.code == 404
        assert "This link is not whole" in answer.body
        assert noted() == []


@given(st.binary(max_size=300), st.sampled_from([FORM, "multipart/form-data; boundary=x", "a/b"]))
@QUIET
def test_whatever_is_sent_as_a_form_is_heeded_or_refused_but_breaks_nothing(
    site: Served, link_of: Link, body: bytes, kind: str
):
    answer = site.ask("POST", f"/unsubscribe/{link_of('noise@mail.example')}", body, kind)
    assert answer.code in (200, 303, 400)


def test_a_form_that_is_too_large_is_refused(site: Served, link_of: Link, noted):
    path = f"/unsubscribe/{link_of('large@mail.example')}"
    answer = site.ask("POST", path, b"a=" + b"x" * 200_000, FORM)
    assert answer.code == 413
    assert noted() == []


@pytest.mark.parametrize("path", ["/", "/unsubscribe/", "/docs", "/openapi.json", "/x/../../etc"])
def test_there_is_nothing_else(site: Served, path: str):
    answer = site.get(path)
    assert answer.code == 404 and "There is nothing here" in answer.body


def test_every_answer_keeps_scripts_frames_and_caches_away(site: Served, link_of: Link):
    for path in (
        f"/unsubscribe/{link_of('head@mail.example')}",
        "/unsubscribe/x",
        "/health",
        "/no",
    ):
        headers = {name.lower(): value for name, value in site.get(path).headers.items()}
        assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha")
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"
        assert "server" not in headers


def test_no_line_says_who_opened_what(site: Served, link_of: Link, capfd):
    token = link_of("quiet@mail.example")
    site.get(f"/unsubscribe/{token}")
    site.post(f"/unsubscribe/{token}", scope="all")
    site.get(f"/unsubscribe/{token}x")
    said = "".join(capfd.readouterr())
    assert token not in said and "quiet" not in said


def test_the_server_proves_whose_it_is(site: Served, folder: Path, tmp_path: Path):
    project = carpel.Project(folder)
    assert site.get("/proof/abc").body == project.proof("abc") != project.proof("abd")
    (tmp_path / "carpel.yml").write_text("name: other\n")
    assert carpel.Project(tmp_path).proof("abc") != project.proof("abc")
    assert site.get("/health").body == "ok"


def test_a_token_of_another_project_is_none(folder: Path, tmp_path: Path, link_of: Link):
    (tmp_path / "carpel.yml").write_text("name: other\n")
    with pytest.raises(Refused, match="no token"):
        carpel.Project(tmp_path).unsubscribe(link_of("a@mail.example"))
