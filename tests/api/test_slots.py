"""Slots of web sites over real HTTP: the same for the same visitor, and nobody is given away."""

import json
import shutil
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest

import carpel
from carpel.api.serve import listening
from carpel.campaigns.tokens import Way, token
from carpel.store.addresses import address_hash
from carpel.store.exposures import exposed

from ..project.post import NOW, shop
from ..project.post import write as row
from ..project.written import write
from .served import Answer, Served, served

NEW = [9001, "new@post.example", "New", "Utrecht", "en", "yes"]
SITE = "https://shop.example"
FILES = {
    "segments/buyers.yml": "where: {did: order_completed, within: 365 days}\n",
    "slots/home.yml": "rules:\n"
    "  - segment: buyers\n    variants:\n"
    "      - {name: a, share: 0.5, content: {title: Hello, url: /members}}\n"
    "      - {name: b, share: 0.5, content: {title: <b>Hi</b>, url: 'https://shop.example/m'}}\n"
    "  - {segment: anonymous, content: {title: Join us}}\n"
    "fallback: {title: Welcome}\n",
    "slots/held.yml": "holdout: 0.3\nfallback: {title: Welcome}\nrules:\n"
    "  - {segment: anonymous, content: {title: Join us}}\n",
    "slots/members.yml": "rules:\n  - {segment: buyers, content: {title: Members}}\n",
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write(shop(tmp_path_factory.mktemp("slots")), FILES)
    with (folder / "carpel.yml").open("a") as file:
        file.write(f"origins: [{SITE}]\n")
    carpel.Project(folder, clock=lambda: NOW).run()
    return folder


@pytest.fixture(scope="module")
def project(place: Path) -> carpel.Project:
    return carpel.Project(place, clock=lambda: NOW)


@pytest.fixture(scope="module")
def site(place: Path) -> Iterator[Served]:
    with served(carpel.Project(place, clock=lambda: NOW, actor="visitor")) as found:
        yield found


@pytest.fixture(scope="module")
def people(project: carpel.Project) -> dict[str, bool]:
    """By address, whether the build says that somebody is a buyer."""
    with project.decisions() as decisions:
        return {
            each: "buyers" in decisions.decide(project.key(each)).segments
            for each in (f"p{n}@mail.example" for n in range(40) if n != 5)
        }


def asked(site: Served, slot: str, visitor: str = "", **headers: str) -> Answer:
    return site.get(f"/v1/slots/{slot}?visitor={quote(visitor, safe='')}", **headers)


def content(site: Served, slot: str, visitor: str = "") -> dict[str, str]:
    told = asked(site, slot, visitor)
    assert told.code == 200 and told.headers["content-type"] == "application/json"
    return json.loads(told.body)


def test_members_see_what_is_for_them_and_always_the_same(site, project, people):
    seen = Counter()
    for address, member in people.items():
        told = content(site, "home", project.visitor(address))
        assert told == content(site, "home", project.visitor(address.upper()))
        assert (told["variant"] in "ab") == member
        assert member or told["content"] == {"title": "Welcome"}
        seen[told["variant"]] += 1
    assert min(seen["a"], seen["b"]) > 0


def test_nobody_known_is_given_what_is_for_them(site, project):
    for who in ("", "0" * 36, "nobody@post.example", "a.b", "x" * 5000, "%", project.visitor("x")):
        assert content(site, "home", who)["content"] == {"title": "Join us"}
        assert content(site, "members", who)["content"] == {}


def test_a_token_of_another_kind_names_nobody(site, project, people):
    member = next(each for each, inside in people.items() if inside)
    key = project.session.store.key
    link = token(key, Way(address_hash(key, member), "email", "spring", "marketing"))
    for who in (link, project.visitor(member)[:-1], project.visitor(member) + "x", member):
        assert content(site, "home", who)["content"] == {"title": "Join us"}
    assert site.get(f"/unsubscribe/{project.visitor(member)}").code == 404


def test_shares_are_kept_and_stay(site):
    numbers = [f"{n:032d}" for n in range(1500)]
    first = [content(site, "held", each)["variant"] for each in numbers]
    assert 0.25 < first.count("comparison") / len(first) < 0.35
    assert first[:200] == [content(site, "held", each)["variant"] for each in numbers[:200]]
    held = numbers[first.index("comparison")]
    assert content(site, "held", held)["content"] == {"title": "Welcome"}


def test_only_sites_that_are_named_may_read_it(site):
    ours, another = (asked(site, "home", Origin=each) for each in (SITE, "https://evil.example"))
    assert ours.headers["access-control-allow-origin"] == SITE
    assert another.code == 403 and "access-control-allow-origin" not in another.headers
    for told in (ours, another):
        assert told.headers["vary"] == "origin" and told.headers["cache-control"] == "no-store"
    assert asked(site, "nothing").code == asked(site, "ho%00me").code == 404
    assert site.ask("POST", "/v1/slots/home", b"{}").code == 405
    script = site.get("/carpel.js")
    assert script.code == 200 and script.headers["content-type"].startswith("text/javascript")
    assert len(script.body.encode()) < 2048


def until(said: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not said():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_new_build_is_what_is_answered_from_and_who_withdraws_is_left_alone(place, tmp_path):
    folder, now = tmp_path / "post", NOW
    shutil.copytree(place, folder)
    project = carpel.Project(folder, clock=lambda: now)
    who = project.visitor("new@post.example")
    with served(carpel.Project(folder, clock=lambda: now)) as site:
        assert content(site, "members", who)["content"] == {}
        row(folder / "more.csv", "no mail first city lang may", [NEW])
        row(folder / "till.csv", "no at amount", [[9001, NOW.isoformat(), 5]])
        text = (folder / "sources/book.yml").read_text().replace("book.csv", "[book.csv, more.csv]")
        (folder / "sources/book.yml").write_text(text)
        now += timedelta(days=1)
        carpel.Project(folder, clock=lambda: now).run(accept=True)
        until(lambda: content(site, "members", who)["content"] == {"title": "Members"})
        key = project.session.store.key
        way = Way(address_hash(key, "new@post.example"), "email", "spring", "marketing")
        project.unsubscribe(token(key, way))
        until(lambda: content(site, "members", who)["content"] == {})
    counted = {(e.segment, e.arm): e for e in exposed(project.session.store.ledger, "members")}
    assert counted["buyers", "all"].visitors == 1


def test_what_was_shown_is_counted_by_arm_without_saying_whose(place, tmp_path):
    folder = tmp_path / "post"
    shutil.copytree(place, folder)
    project = carpel.Project(folder, clock=lambda: NOW)
    before = {(e.segment, e.arm): e.views for e in project.show_slot("held").seen}
    with served(carpel.Project(folder, clock=lambda: NOW)) as site:
        for number in ("a" * 32, "a" * 32, "b" * 32, ""):
            content(site, "held", number)
        asked(site, "held", Origin=SITE, **{"User-Agent": "Googlebot/2.1"})
    seen = project.show_slot("held").seen
    assert sum(each.views for each in seen) - sum(before.values()) == 4
    assert {each.segment for each in seen} == {"anonymous"}
    assert {each.first for each in seen} == {"2026-03-01"}
    stored = (folder / ".carpel/ledger.sqlite").read_bytes() if not before else b""
    assert b"a" * 32 not in stored


def test_the_second_half_of_an_answer_waits_for_no_acknowledgement():
    with (
        listening("127.0.0.1", 0) as at,
        socket.create_connection(at.getsockname()),
        at.accept()[0] as accepted,
    ):
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
