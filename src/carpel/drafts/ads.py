"""Texts of ads, several a field, each within what the platform takes."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from carpel.drafts.angles import GIVEN
from carpel.drafts.checker import Given
from carpel.drafts.links import with_utm
from carpel.drafts.networks import PLATFORMS, Field, Platform, length
from carpel.drafts.pieces import Brief, Pieces


@dataclass(frozen=True)
class AdText:
    """One text of an ad; `because` is empty for one that names nothing."""

    field: str
    text: str
    characters: int
    of: int
    because: str = ""


@dataclass(frozen=True)
class Ad:
    """The texts of one platform, field by field."""

    platform: str
    title: str
    texts: Sequence[AdText]
    link: str
    image: str
    """Width and height in pixels; empty where it takes none."""
    notes: Sequence[str] = ()

    @property
    def fields(self) -> Mapping[str, Sequence[AdText]]:
        """Its texts by the name of the field."""
        names = dict.fromkeys(each.field for each in self.texts)
        return {name: [each for each in self.texts if each.field == name] for name in names}


def ads(found: Sequence[Pieces], brief: Brief, campaign: str) -> Iterator[Ad]:
    """An ad a platform."""
    for name, platform in PLATFORMS.items():
        texts: list[AdText] = []
        for field in platform.fields:
            texts += _texts(field, found, brief, {each.text for each in texts})
        link = brief.link and with_utm(
            brief.link,
            source=platform.source,
            medium=platform.medium,
            campaign=campaign,
            content="ad",
        )
        yield Ad(name, platform.title, texts, link, platform.image, _notes(platform, texts, brief))


def _texts(
    field: Field, found: Sequence[Pieces], brief: Brief, used: Collection[str]
) -> Iterator[AdText]:
    """Distinct texts that fit: the offer, what names something, what names nothing.

    Those that another field of the ad has already come last.
    """
    plain = Given((brief.shop,), brief.offer)
    rows: dict[str, tuple[Given, str]] = {brief.offer: (plain, GIVEN)} if brief.offer else {}
    for text, piece in _named(field, found):
        rows.setdefault(text, (piece.given, piece.reason.because))
    words = brief.phrases
    for text in words.headlines if field.is_headline else words.lines:
        rows.setdefault(text, (plain, ""))
    fitting = [each for each in rows if length(each) <= field.characters]
    for text in sorted(fitting, key=lambda each: each in used)[: field.most]:
        given, because = rows[text]
        brief.checked(text, given)
        yield AdText(field.name, text, length(text), field.characters, because)


def _named(field: Field, found: Sequence[Pieces]) -> Iterator[tuple[str, Pieces]]:
    """Texts that name something: the first of each reason, then the second of each."""
    rows = [(each.hooks if field.is_headline else each.bodies, each) for each in found]
    for at in range(max((len(texts) for texts, _ in rows), default=0)):
        yield from ((texts[at], piece) for texts, piece in rows if at < len(texts))


def _notes(platform: Platform, texts: Sequence[AdText], brief: Brief) -> list[str]:
    counts: Mapping[str, int] = {
        field.name: sum(each.field == field.name for each in texts) for field in platform.fields
    }
    notes = [
        f"{field.name}: it takes at least {field.fewest}, here are {counts[field.name]}."
        for field in platform.fields
        if counts[field.name] < field.fewest
    ]
    if brief.offer and not any(each.text == brief.offer for each in texts):
        notes.append("The offer is too long for its fields.")
    return notes if brief.link else [*notes, "No link was given: --link."]
