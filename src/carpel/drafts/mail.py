"""A message file an angle: Liquid with fallbacks, a subject, a preheader and the way out."""

import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from carpel.drafts.angles import ANGLES, Angle
from carpel.drafts.names import begun
from carpel.drafts.networks import length
from carpel.drafts.phrases import Phrases
from carpel.drafts.pieces import Brief, Pieces

SUBJECT = 60
"""Characters from which many mail programs cut a subject off."""
NAMED = "first_name"
"""The attribute that a greeting uses where it is known."""
OFFER = "{% if offer != '' %}\n\n**{{ offer }}**\n\n{% endif %}"
"""Where the draft holds none: that of the campaign, if it has one."""
LISTED = 3
"""Things that a message names at most."""
MARKUP = "\\`*_[]<>#|~&"


@dataclass(frozen=True)
class Mail:
    """A message ready for `messages/`."""

    angle: Angle
    subject: str
    preheader: str
    markdown: str
    shown: str
    """The body as somebody reads it of whom nothing is known."""
    fallbacks: dict[str, str]
    unsubscribe: str
    because: tuple[str, ...]
    """The evidence for what it speaks of and for what it names."""
    notes: Sequence[str] = ()

    @property
    def file(self) -> str:
        """The whole file as text."""
        fields = {
            "subject": self.subject,
            "preheader": self.preheader,
            "unsubscribe_text": self.unsubscribe,
        }
        said = [f"{name}: {_quoted(each)}" for name, each in fields.items()]
        body = [f"  {line}".rstrip() for line in self.markdown.splitlines()]
        kept = [f"  {name}: {_quoted(each)}" for name, each in self.fallbacks.items()]
        return "\n".join(
            [
                f"# {ANGLES[self.angle]}. For you alone, never for whoever reads the message:",
                *(f"# {' '.join(each.split())}" for each in self.because),
                "version: 1",
                *said,
                "markdown: |",
                *body,
                *(["fallbacks:", *kept] if kept else []),
                "",
            ]
        )


def mails(found: Sequence[Pieces], brief: Brief, traits: Collection[str]) -> Iterator[Mail]:
    """A message by the first reason of each angle; `traits` are what is known of people at all."""
    told: set[Angle] = set()
    for each in found:
        if each.reason.angle not in told:
            told.add(each.reason.angle)
            yield _mail(each, _beside(each, found), brief, NAMED in traits)


def _beside(piece: Pieces, found: Sequence[Pieces]) -> list[Pieces]:
    """What a message names in a list: things alike, or what they buy where it speaks of a time."""
    angle: Angle = "topic" if piece.reason.angle == "time" else piece.reason.angle
    alike = [each for each in found if each.reason.angle == angle][:LISTED]
    return [] if alike == [piece] else alike


def _mail(piece: Pieces, beside: Sequence[Pieces], brief: Brief, named: bool) -> Mail:
    words, first = brief.phrases, piece.bodies[0]
    subject = next((it for it in piece.hooks if length(it) <= SUBJECT), words.headlines[0])
    second = next((it for it in piece.bodies[1:] if it != first), words.lines[0])
    begin = first.split()[0]
    last = next((it for it in reversed(words.lines) if it.split()[0] != begin), words.lines[0])
    for each in (subject, first, second, last):
        brief.checked(each, piece.given)
    listed = [begun(each.about) for each in beside]
    body = list(_paragraphs(words, brief, (first, last), listed, named))
    reasons = dict.fromkeys(each.reason.because for each in (piece, *beside))
    return Mail(
        piece.reason.angle,
        subject,
        brief.offer or second,
        "\n\n".join(written for written, _ in body),
        "\n\n".join(shown for _, shown in body if shown),
        {NAMED: words.stranger} if named else {},
        words.unsubscribe,
        tuple(reasons),
        [] if brief.link else ["No link was given: --link."],
    )


def _paragraphs(
    words: Phrases, brief: Brief, said: tuple[str, str], listed: Sequence[str], named: bool
) -> Iterator[tuple[str, str]]:
    """The body, a greeting to who writes: each as Markdown and as it is read."""
    stranger = f"{words.greeting} {words.stranger},"
    yield f"{words.greeting} {{{{ {NAMED} }}}}," if named else stranger, stranger
    yield _plain(said[0]), said[0]
    if listed:
        yield "\n".join(f"- {_plain(each)}" for each in listed), "\n".join(f"– {x}" for x in listed)
    yield _plain(said[1]), said[1]
    yield f"**{_plain(brief.offer)}**" if brief.offer else OFFER, brief.offer
    if brief.link:
        yield f"[{words.calls[0]}](<{brief.link}>)", f"{words.calls[0]}: {brief.link}"
    yield _plain(brief.shop), brief.shop


def _plain(text: str) -> str:
    """Text that Markdown shows as it is."""
    bare = "".join(f"\\{each}" if each in MARKUP else each for each in text)
    return re.sub(r"^(\d*)(?=[-+.)])", r"\1\\", bare)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
