"""Posts and ads keep every limit, whatever things, shops, offers and links are called."""

import re
from datetime import UTC, date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carpel.drafts import Brief, angles
from carpel.drafts.ads import ads
from carpel.drafts.names import tag, unsayable
from carpel.drafts.networks import NETWORKS, PLATFORMS, length, network
from carpel.drafts.posts import EACH, posts
from carpel.drafts.times import habit, moments
from carpel.errors import NotFound

from .said import SENTENCES, bought, made

ZONE = ZoneInfo("Europe/Berlin")
LINK = "https://shop.example/tea"
LETTERS = st.sampled_from("abcXYZ äößéñ ąłж ไท 茶叶 カフェ שלום قهوة 0123 '&-é")
NAMES = (
    st.text(LETTERS, min_size=1, max_size=60)
    .map(lambda each: " ".join(each.split()))
    .filter(lambda each: each and not unsayable(each))
)
BRIEFS = st.builds(
    Brief,
    shop=st.text(LETTERS, min_size=1, max_size=90).map(lambda it: " ".join(it.split()) or "Shop"),
    language=st.sampled_from(("de", "en", "nl")),
    tone=st.sampled_from(("plain", "warm")),
    offer=st.sampled_from(("", "10 % off", "Zwei für eins, solange es geht " * 12)),
    link=st.sampled_from(("", LINK, f"{LINK}?{'q=茶&' * 80}x#y")),
)


def drafted(brief, sentences, name):
    found = made(brief, sentences)
    reasons = [found[at % len(found)].reason for at in range(EACH)]
    when = moments(reasons, habit(sentences), date(2026, 3, 1), ZONE)
    return list(posts(found, brief, name, "c1", list(when)))


def counts(text: str, link: str, name: str) -> int:
    """As a network counts at the least: a link as it says, all else a character each."""
    fixed = NETWORKS[name].link_counts
    bare = text.replace(link, "") if link and fixed else text
    return len(bare) + (fixed if link and fixed and link in text else 0)


@settings(max_examples=25, deadline=None)
@given(brief=BRIEFS, names=st.lists(NAMES, min_size=1, max_size=4, unique_by=str.casefold))
def test_every_post_keeps_every_limit_of_its_network(brief, names):
    for name, limits in NETWORKS.items():
        found = drafted(brief, [*bought(*names), *SENTENCES], name)
        assert len(found) == EACH
        for each in found:
            assert each.characters <= limits.characters
            assert counts(each.text, each.link, name) <= each.characters
            assert (
                len(re.findall(r"(?<!\S)#\w", each.text.replace(each.link, ""))) <= limits.hashtags
            )
            assert len(each.image.alt) <= limits.alt and each.image.alt
            assert re.fullmatch(r"\d+ x \d+", each.image.size)
            assert (each.link in each.text) <= (limits.leads == "text" or not each.link)


@settings(max_examples=25, deadline=None)
@given(brief=BRIEFS, names=st.lists(NAMES, min_size=1, max_size=4, unique_by=str.casefold))
def test_every_text_of_an_ad_keeps_the_limit_of_its_field(brief, names):
    for ad in ads(made(brief, [*bought(*names), *SENTENCES]), brief, "c1"):
        for field in PLATFORMS[ad.platform].fields:
            texts = [each.text for each in ad.fields[field.name]]
            assert field.fewest <= len(texts) == len(set(texts)) <= field.most
            assert max(map(length, texts)) <= field.characters
            assert max(map(len, texts)) <= field.characters


@pytest.mark.parametrize("name", NETWORKS)
def test_three_posts_differ_and_say_where_they_come_from(name):
    found = drafted(Brief("Corner Shop", offer="10 % off", link=f"{LINK}?a=1#b"), SENTENCES, name)
    assert len({each.text for each in found}) == EACH
    for at, each in enumerate(found, 1):
        assert "10 % off" in each.text and each.because.endswith("(312 people)")
        assert each.link == (
            f"{LINK}?a=1&utm_source={name}&utm_medium=social&utm_campaign=c1"
            f"&utm_content=post_{at}#b"
        )


def test_one_reason_is_spoken_of_in_three_ways():
    assert len({each.text for each in drafted(Brief("Shop"), bought("tea"), "x")}) == EACH


def test_what_is_known_of_them_is_in_no_text():
    brief = Brief("Corner Shop", offer="10 % off", link=LINK)
    told = [each.text for each in drafted(brief, SENTENCES, "facebook")]
    told += [each.text for ad in ads(made(brief), brief, "c1") for each in ad.texts]
    assert not [each for each in told if re.search(r"62|33|312|Neuburg|divorced|they|them", each)]


def test_what_does_not_fit_stays_out_and_is_said():
    long = Brief("Corner Shop", offer="so much of it " * 30, link=LINK)
    for each in drafted(long, bought("tea"), "x"):
        assert long.offer not in each.text and "The offer is too long for it." in each.notes
    assert not [each for each in drafted(long, bought("tea"), "linkedin") if each.notes]
    offered = Brief("Corner Shop", offer="10 % off", link=f"{LINK}?{'a' * 400}")
    for each in drafted(offered, bought("tea"), "bluesky"):
        assert "10 % off" in each.text and each.notes == ["The link is too long for it."]
    far = Brief("Corner Shop", link=f"{LINK}?{'a' * 400}")
    assert all(
        "The link is too long for it." in it.notes for it in drafted(far, bought("tea"), "threads")
    )
    assert all(
        it.link in it.text and it.characters < 140 for it in drafted(far, bought("tea"), "x")
    )


def test_without_a_link_it_is_said():
    (first, *_) = drafted(Brief("Corner Shop"), bought("tea"), "instagram")
    assert first.link == "" and "No link was given: --link." in first.notes
    assert "profile" not in first.text


@pytest.mark.parametrize(
    ("text", "count"),
    [("tea", 3), ("é", 1), ("茶", 2), ("👍", 2), ("жук", 3), ("“tea”", 5), ("€", 2)],
)
def test_characters_count_as_the_strictest_network_counts(text, count):
    assert length(text) == count


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Office Supplies", "#OfficeSupplies"), ("spices & extracts", "#SpicesExtracts"),
        ("7 up", ""), ("l'eau", "#LEau"), ("हिन्दी", "#हिन्दी"), ("…", ""), ("x" * 31, ""),
    ],
)  # fmt: skip
def test_a_hashtag_is_one_word_that_begins_with_a_letter(name, said):
    assert tag(name) == said


def test_a_network_that_is_not_there_is_an_error_that_helps():
    with pytest.raises(NotFound, match="instagram"):
        network("instagran")


def test_times_are_those_of_the_segment_or_said_to_be_a_guess():
    told = habit(SENTENCES)
    assert (told.day, told.hour) == ("saturday", 18) and "guess" not in told.why
    unknown = habit(bought("tea"))
    assert unknown.why == "A guess: no evidence says which day and what time."
    reasons = angles(SENTENCES).in_turn()[:3]
    when = list(moments(reasons, unknown, date(2026, 3, 24), ZONE))
    assert [f"{each.at:%a %Y-%m-%d %H:%M}" for each in when] == [
        "Tue 2026-03-31 10:00",  # after the clocks changed
        "Sat 2026-04-04 10:00",
        "Tue 2026-04-14 10:00",
    ]
    assert when[0].at.astimezone(UTC).hour == 8
    assert when[1].why.startswith("It speaks of that time. More of them have Saturday")
