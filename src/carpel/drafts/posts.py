"""Three posts a network, each within what it takes: text, link, image and when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from carpel.drafts.checker import Given
from carpel.drafts.links import with_utm
from carpel.drafts.names import begun
from carpel.drafts.networks import NETWORKS, Network, length
from carpel.drafts.pieces import Brief, Pieces
from carpel.drafts.times import Moment

LONG_OFFER = "The offer is too long for it."
LONG_LINK = "The link is too long for it."
EACH = 3
"""Posts a segment and network."""


@dataclass(frozen=True)
class Image:
    """A place for an image: nothing is drawn here."""

    shows: str
    """For who makes it."""
    size: str
    alt: str
    """What is read out to those who do not see it."""


@dataclass(frozen=True)
class Post:
    """One post of one network, ready to be taken over."""

    network: str
    title: str
    """The network's name on screen."""
    number: int
    text: str
    characters: int
    """As the network counts them at the most, and of how many."""
    of: int
    link: str
    image: Image
    because: str
    angle: str
    at: datetime
    when: str
    """Why then."""
    notes: Sequence[str] = ()
    """What did not fit or was not given."""


def posts(
    found: Sequence[Pieces], brief: Brief, network: str, campaign: str, moments: Sequence[Moment]
) -> Iterator[Post]:
    """Three posts; where there are fewer reasons, each is spoken of in several ways."""
    for at, moment in zip(range(EACH), moments, strict=False):
        piece, turn = found[at % len(found)], at // len(found)
        yield _post(piece, turn, brief, network, campaign, at + 1, moment)


def _post(
    piece: Pieces, turn: int, brief: Brief, name: str, campaign: str, number: int, moment: Moment
) -> Post:
    network = NETWORKS[name]
    content = f"post_{number}"
    link = brief.link and with_utm(
        brief.link, source=name, medium="social", campaign=campaign, content=content
    )
    text, notes = _text(piece, turn, brief, network, link)
    given = Given(piece.given.names, brief.offer, link, piece.given.tags)
    return Post(
        network=name,
        title=network.title,
        number=number,
        text=brief.checked(text, given),
        characters=counted(text, link, network),
        of=network.characters,
        link=link,
        image=_image(piece, brief, network),
        because=piece.reason.because,
        angle=piece.reason.angle,
        at=moment.at,
        when=moment.why,
        notes=notes,
    )


def _text(
    piece: Pieces, turn: int, brief: Brief, network: Network, link: str
) -> tuple[str, list[str]]:
    """The fullest text that fits, and what had to stay out."""
    notes = [] if link else ["No link was given: --link."]
    if link and network.leads == "profile":
        notes.append("The link has to be put into the profile.")
    for parts, left in _fuller_first(piece, turn, brief, network, link):
        text = "\n\n".join(filter(None, parts))
        if counted(text, link, network) <= network.characters:
            return text, [*notes, *left]
    raise AssertionError("a plain headline fits everywhere")


def _fuller_first(
    piece: Pieces, turn: int, brief: Brief, network: Network, link: str
) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """Parts of a text, ever fewer, and what is said of those that were given and are not in it."""
    hook, body, plain = (
        rows[turn % len(rows)] for rows in (piece.hooks, piece.bodies, brief.phrases.headlines)
    )
    led, offer = _led(brief, network, link, turn), brief.offer
    tags = " ".join(piece.given.tags[: network.hashtags])
    yield (hook, body, offer, led, tags), []
    yield (hook, offer, led, tags), []
    yield (hook, offer, led), []
    yield (plain, offer, led), []
    yield (hook, led), [LONG_OFFER]
    yield (hook, offer), [LONG_LINK]
    for first in (hook, plain):
        yield (first,), [*([LONG_OFFER] if offer else []), *([LONG_LINK] if led else [])]


def _led(brief: Brief, network: Network, link: str, turn: int) -> str:
    if not link:
        return ""
    if network.leads == "profile":
        return brief.phrases.profile
    return f"{brief.phrases.calls[turn % len(brief.phrases.calls)]}: {link}"


def counted(text: str, link: str, network: Network) -> int:
    """Characters of a post as its network counts them at the most."""
    if link and network.link_counts is not None and link in text:
        return length(text.replace(link, "", 1)) + network.link_counts
    return length(text)


def _image(piece: Pieces, brief: Brief, network: Network) -> Image:
    timed = piece.reason.angle == "time"
    shows = (
        f"A scene that looks like {piece.about}"
        if timed
        else f"{begun(piece.about)}, as it is used or as it lies there"
    )
    return Image(
        f"{shows}; no words in it, nobody who could be taken for the reader.",
        network.image,
        begun(f"{piece.about}, {brief.shop}")[: network.alt],
    )
