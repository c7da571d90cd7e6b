"""What each social network and advertising platform takes: one table each, and how they count.

As their own help pages and those of posting tools stated it in 2025 and 2026; where a field takes
more than is shown before it is cut off, the shorter figure stands here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from carpel.errors import NotFound

Leads = Literal["text", "profile"]
LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
"""Characters that count once (X, Counting characters); all others count twice. Networks that count
otherwise never count more, so that a text within a limit by this count is within it by theirs."""


@dataclass(frozen=True)
class Network:
    """What a post may be."""

    title: str
    characters: int
    hashtags: int
    """That it takes, or that are still read."""
    image: str
    """Width and height in pixels."""
    leads: Leads = "text"
    """Whether a link in the text can be followed, or only one in the profile."""
    link_counts: int | None = None
    """What a link counts, however long; None where it counts as it is."""
    alt: int = 1000
    """Characters of what is read out to those who do not see the image."""


NETWORKS: Mapping[str, Network] = {
    # 2,200 characters; links in captions lead nowhere; five hashtags since December 2025.
    "instagram": Network("Instagram", 2200, 5, "1080 x 1350", "profile"),
    # 63,206 characters; posting tools let 10,000 through, and the lower figure stands.
    "facebook": Network("Facebook", 10_000, 3, "1200 x 630"),
    # 3,000 characters.
    "linkedin": Network("LinkedIn", 3000, 5, "1200 x 627"),
    # 280, a link 23 of them.
    "x": Network("X", 280, 2, "1600 x 900", link_counts=23),
    # 500 characters, one topic tag.
    "threads": Network("Threads", 500, 1, "1080 x 1350"),
    # 300 graphemes and 3,000 bytes.
    "bluesky": Network("Bluesky", 300, 3, "1200 x 675"),
    # 500 unless a server says otherwise, a link 23 of them.
    "mastodon": Network("Mastodon", 500, 5, "1600 x 900", link_counts=23, alt=1500),
    # 500 characters of description.
    "pinterest": Network("Pinterest", 500, 5, "1000 x 1500", alt=500),
}
USUAL = ("instagram", "facebook", "linkedin", "x")
"""Drafted for when nobody names a network."""


HEADLINE = 70
"""Characters up to which a text of an ad is a headline."""


@dataclass(frozen=True)
class Field:
    """One text of an ad: how many of it there are, each of so many characters."""

    name: str
    characters: int
    fewest: int
    most: int

    @property
    def is_headline(self) -> bool:
        """Whether it takes first lines rather than sentences."""
        return self.characters <= HEADLINE


@dataclass(frozen=True)
class Platform:
    """What an ad is made of."""

    title: str
    source: str
    """`utm_source` of what comes from it."""
    medium: str
    fields: tuple[Field, ...]
    image: str = ""


PLATFORMS: Mapping[str, Platform] = {
    # Google Ads Help, About responsive search ads: 3 to 15 headlines, 2 to 4 descriptions; what is
    # wide, as in Chinese, counts twice.
    "google_search": Platform(
        "Google Search",
        "google",
        "cpc",
        (Field("Headline", 30, 3, 15), Field("Description", 90, 2, 4)),
    ),
    # Meta Business Help, ads in the feed: what is shown before it is cut off.
    "meta": Platform(
        "Facebook and Instagram ads",
        "meta",
        "paid_social",
        (
            Field("Primary text", 125, 1, 5),
            Field("Headline", 40, 1, 5),
            Field("Description", 30, 1, 5),
        ),
        "1080 x 1080",
    ),
    # LinkedIn Marketing Solutions Help, single image ads: what is shown before it is cut off.
    "linkedin": Platform(
        "LinkedIn ads",
        "linkedin",
        "paid_social",
        (
            Field("Introductory text", 150, 1, 3),
            Field("Headline", 70, 1, 3),
            Field("Description", 100, 1, 3),
        ),
        "1200 x 627",
    ),
}


def network(name: str) -> Network:
    """A network by its name; raises NotFound with those there are."""
    if name not in NETWORKS:
        raise NotFound("network", name, NETWORKS)
    return NETWORKS[name]


def length(text: str) -> int:
    """Characters as the strictest network counts them."""
    return sum(1 if any(low <= ord(each) <= high for low, high in LIGHT) else 2 for each in text)
