"""Links that lead on: only where somebody of the project said, and machines count for nobody."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import carpel
from carpel.api.machines import machine
from carpel.errors import CarpelError
from carpel.store.links import clicks, code_of, point

from .served import Served, path_of
from .test_unsubscribing import QUIET
from .world import World

BROWSER = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 Mobile"
TEA = "https://shop.example/tea?a=1&b=2"


@pytest.fixture
def tea(folder: Path) -> str:
    store = carpel.Project(folder).session.store
    code = code_of(store.key, TEA)
    point(store.ledger, {code: TEA}, at=carpel.Project(folder).session.clock(), actor="local")
    return code


@pytest.fixture
def followed(folder: Path) -> Callable[[], list]:
    ledger = carpel.Project(folder).session.store.ledger
    before = len(clicks(ledger))
    return lambda: clicks(ledger)[before:]


def test_a_link_leads_on_and_says_who_followed(site: Served, link_of, tea: str, followed):
    token = link_of("ada@mail.example")
    answer = site.get(f"/l/{token}/{tea}", **{"User-Agent": BROWSER})
    assert (answer.code, answer.headers["location"]) == (302, TEA)
    assert answer.headers["referrer-policy"] == "no-referrer"
    (click,) = followed()
    assert (click.campaign, click.medium, click.machine) == ("spring", "email", "")


def test_a_broken_token_leads_on_and_says_nothing(site: Served, link_of, tea: str, followed):
    token = link_of("bob@mail.example")
    answer = site.get(f"/l/{token[:-4]}abcd/{tea}", **{"User-Agent": BROWSER})
    assert answer.headers["location"] == TEA
    assert [each.address for each in followed()] == [""]


@given(st.text("abcdef0123456789:/.%", min_size=1, max_size=40))
@settings(QUIET, max_examples=40)
def test_it_is_no_open_redirect(site: Served, link_of, code: str):
    for path in (f"/l/{link_of('x@mail.example')}/{code}", f"/s/{code}", f"/l/{code}/{code}"):
        assert site.get(path).code == 404


def test_short_links_never_end_and_can_lead_elsewhere(site: Served, folder: Path, followed):
    project = carpel.Project(folder)
    assert project.short_link("flyer-spring", TEA)
    assert not project.short_link("flyer-spring", TEA)
    assert site.get("/s/flyer-spring").headers["location"] == TEA
    assert project.short_link("flyer-spring", "https://shop.example/cake")
    assert site.get("/s/flyer-spring").headers["location"] == "https://shop.example/cake"
    assert project.short_links() == {"flyer-spring": "https://shop.example/cake"}
    assert {each.address for each in followed()} == {""}
    for name, url in (("Flyer", TEA), ("../x", TEA), ("a", "javascript:alert(1)"), ("a", "//x")):
        with pytest.raises(CarpelError):
            project.short_link(name, url)


@pytest.mark.parametrize(
    ("method", "headers", "kind"),
    [
        ("GET", {"user-agent": BROWSER}, ""),
        ("HEAD", {"user-agent": BROWSER}, "scanner"),
        ("GET", {}, "scanner"),
        ("GET", {"user-agent": "BarracudaCentral/1.0"}, "scanner"),
        ("GET", {"user-agent": "Mozilla/5.0 (Windows NT 5.1) GoogleImageProxy"}, "proxy"),
        ("GET", {"user-agent": "facebookexternalhit/1.1"}, "preview"),
        ("GET", {"user-agent": "python-requests/2.32"}, "robot"),
        ("GET", {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}, "robot"),
        ("GET", {"user-agent": BROWSER, "sec-purpose": "prefetch;prerender"}, "prefetch"),
        ("GET", {"user-agent": BROWSER, "purpose": "prefetch"}, "prefetch"),
    ],
)
def test_machines_are_known_by_what_they_say(method: str, headers: dict[str, str], kind: str):
    assert machine(method, headers) == kind


@pytest.fixture
def world(world: World) -> World:
    world.edit(
        "messages/hello.yml",
        "markdown: Hello {{ first_name }}",
        "markdown: 'Hello {{ first_name }}: [tea](https://shop.example/tea?a=1&b=2)'",
    )
    world.edit("campaigns/spring.yml", "    instead: [{message: hallo, language: de}]\n", "")
    world.edit("campaigns/spring.yml", "goal:", "links: tracked\ngoal:")
    return world


@pytest.mark.prove
@pytest.mark.slow
def test_whom_links_of_a_message_led_is_known_after_the_next_run(world: World, pages: Served):
    (world.folder / "segments/keen.yml").write_text("where: {did: email_clicked, at_least: 1}\n")
    world.later()
    assert len(world.send("spring")) == 53
    message = world.mailbox.message("p1@mail.example")
    assert TEA not in message.get_body(("html",)).get_content()
    link, way_out = map(path_of, world.links("p1@mail.example"))
    assert link in message.get_body(("plain",)).get_content()
    other, early = (path_of(world.links(f"p{n}@mail.example")[0]) for n in (2, 3))
    assert "/unsubscribe/" in way_out
    pages.get(early, **{"User-Agent": BROWSER})  # within a second of its arriving
    world.now += timedelta(minutes=3)
    assert pages.get(link, **{"User-Agent": BROWSER}).headers["location"] == TEA
    pages.get(other, **{"User-Agent": "Proofpoint URL Defense"})
    assert [each.machine for each in clicks(world.project.session.store.ledger)] == [
        "too_soon",
        "",
        "scanner",
    ]
    seen = world.project.show_campaign("spring").followed
    assert seen == {"people": 1, "scanner": 1, "too_soon": 1}
    world.later()
    assert world.people("keen") == 1
    world.project.erase("p1@mail.example")
    assert {each.address for each in clicks(world.project.session.store.ledger)} > {""}
    world.later()
    assert world.people("keen") == 0


@pytest.mark.slow
def test_tracked_links_want_a_place(world: World):
    (problem,) = world.project.check()
    assert "cannot be tracked as long as no `public_url`" in problem.message
