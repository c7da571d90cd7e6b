"""From a real message by a real server to the button over HTTP, and what every later step does."""

import re
import shutil
from pathlib import Path

import pytest

import carpel
from carpel.errors import ChannelError

from .served import Served, path_of, served
from .world import World

pytestmark = pytest.mark.slow


def one_click(pages: Served, link: str) -> None:
    answer = pages.post(link, **{"List-Unsubscribe": "One-Click"})
    assert answer.code == 200


def test_from_a_scanner_and_a_click_to_an_import_and_a_merge(world: World, pages: Served):
    got = world.send("spring")
    assert len(got) == 53
    message = world.mailbox.message("p1@mail.example")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    scanned, clicked = world.link_of("p2@mail.example"), world.link_of("p1@mail.example")
    in_text = path_of(message.get_body(("plain",)).get_content())
    assert in_text == clicked
    pages.get(scanned, **{"User-Agent": "Mozilla/5.0 (compatible; Barracuda Sentinel)"})
    one_click(pages, clicked)
    next_ones = world.send("autumn")
    assert set(got) - set(next_ones) == {"p1@mail.example"}  # a look stopped nothing
    why = world.project.explain_campaign("p1@mail.example", "autumn")
    assert why.step == "do_not_contact" and why.deliveries == []
    # an import that says yes again, and joins somebody else's record with the address
    may_again = [1000, "P1@mail.example", "First1", "Utrecht", "nl", "yes"]
    same_person = [1, "other@mail.example", "First1", "Utrecht", "nl", "yes"]
    world.another_file("no mail first city lang may", may_again, same_person)
    world.again("winter")
    last = world.send("winter")
    assert "p2@mail.example" in last
    assert not {"p1@mail.example", "other@mail.example"} & set(last)
    key = world.project.key("p1@mail.example")
    assert world.project.key("other@mail.example") == key
    assert world.project.explain_campaign(f"key:{key}", "winter").step == "do_not_contact"


@pytest.mark.prove
def test_taking_it_back_brings_back_what_sources_permit_and_no_more(world: World, pages: Served):
    world.send("spring")
    link = world.link_of("p1@mail.example")
    pages.post(link, scope="medium")
    world.later()
    pages.post(link, scope="medium", deed="take_back")
    assert "p1@mail.example" not in world.send("autumn")  # the update has it still
    world.later()
    world.again("winter")
    assert "p1@mail.example" in world.send("winter")


@pytest.mark.prove
def test_one_kind_of_message_stops_and_another_goes_on(world: World, pages: Served):
    world.edit(
        "sources/book.yml",
        "granted: may}",
        "granted: may}\n  - {channel: {constant: email}, purpose: {constant: news}, granted: may}",
    )
    world.later()
    world.send("spring")
    pages.post(world.link_of("p1@mail.example"), scope="kind")
    world.again("letter", "news")
    assert "p1@mail.example" in world.send("letter")
    assert "p1@mail.example" not in world.send("autumn")
    world.later()  # by now in all figures
    world.again("letters", "news")
    world.again("winter")
    assert "p1@mail.example" in world.send("letters")
    assert "p1@mail.example" not in world.send("winter")


@pytest.mark.prove
def test_who_is_erased_stays_unsubscribed(world: World, pages: Served):
    world.send("spring")
    one_click(pages, world.link_of("p1@mail.example"))
    world.project.erase("p1@mail.example")
    again = [900, "p1@mail.example", "X", "Utrecht", "nl", "yes"]
    world.another_file("no mail first city lang may", again)
    assert "p1@mail.example" not in world.send("autumn")


@pytest.mark.prove
def test_a_backup_carries_it(world: World, pages: Served, tmp_path: Path):
    world.send("spring")
    one_click(pages, world.link_of("p1@mail.example"))
    archive = world.project.backup(tmp_path / "post.backup")
    shutil.rmtree(world.folder / ".carpel")
    world.project.restore(archive)
    assert "p1@mail.example" not in world.send("autumn")


def test_nothing_leaves_whose_links_lead_nowhere(world: World, made: Path, tmp_path: Path):
    world.edit("carpel.yml", "name: post\n", "name: post\npublic_url: http://127.0.0.1:1/pages\n")
    world.project.approve("spring")
    with pytest.raises(ChannelError, match=r"lead to http://127.0.0.1:1/pages.*refused") as error:
        world.project.send("spring")
    assert "carpel serve" in error.value.action and world.mailbox.addresses == []
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "carpel.yml").write_text("name: other\n")
    with served(carpel.Project(tmp_path / "other")) as another:
        world.edit("carpel.yml", "http://127.0.0.1:1/pages", another.url)
        world.project.approve("spring")
        with pytest.raises(ChannelError, match="is not this project's"):
            world.project.send("spring")
    assert world.mailbox.addresses == []
    page = world.project.show_campaign("spring")
    assert {row["to_go"] for row in page.arms if row["arm"] == "a"} == {53}


def test_without_public_url_a_channel_needs_a_way_out_of_its_own(world: World):
    world.project.approve("spring")
    with pytest.raises(ChannelError, match=r"nobody could unsubscribe.*public_url"):
        world.project.send("spring")


def test_the_link_of_the_text_is_whole(world: World, pages: Served):
    world.send("spring", limit=1)
    (address,) = world.mailbox.addresses
    html = world.mailbox.message(address).get_body(("html",)).get_content()
    (link,) = re.findall(r'href="([^"]+/unsubscribe/[^"]+)"', html)
    assert pages.get(path_of(link)).code == 200
