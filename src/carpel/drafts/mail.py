"""A message file an angle: Liquid with fallbacks, a subject, a preheader and the way out."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from carpel.drafts.angles import ANGLES, Angle
from carpel.drafts.networks import length
from carpel.drafts.phrases import Phrases
from carpel.drafts.pieces import Brief, Pieces

SUBJECT = 60
"""Characters from which many mail programs cut a subject off."""
NAMED = "first_name"
"""The attribute that a greeting uses where it is known."""
OFFER = "{% if offer != '' %}\n\n**{{ offer }}**\n\n{% endif %}"
"""Where the draft holds none: that of the campaign, if it has one."""
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
    because: str
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
                f"# {' '.join(self.because.split())}",
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
            yield _mail(each, brief, NAMED in traits)


def _mail(piece: Pieces, brief: Brief, named: bool) -> Mail:
    words, first = brief.phrases, piece.bodies[0]
    subject = next((it for it in piece.hooks if length(it) <= SUBJECT), words.headlines[0])
    second = next((it for it in piece.bodies[1:] if it != first), words.lines[0])
    for each in (subject, first, second):
        brief.checked(each, piece.given)
    body = list(_paragraphs(words, brief, first, second, named))
    return Mail(
        piece.reason.angle,
        subject,
        brief.offer or second,
        "\n\n".join(written for written, _ in body),
        "\n\n".join(shown for _, shown in body if shown),
        {NAMED: words.stranger} if named else {},
        words.unsubscribe,
        piece.reason.because,
        [] if brief.link else ["No link was given: --link."],
    )


def _paragraphs(
    words: Phrases, brief: Brief, first: str, second: str, named: bool
) -> Iterator[tuple[str, str]]:
    """The body, a greeting to who writes: each as Markdown and as it is read."""
    stranger = f"{words.greeting} {words.stranger},"
    yield f"{words.greeting} {{{{ {NAMED} }}}}," if named else stranger, stranger
    yield _plain(first), first
    yield f"**{_plain(brief.offer)}**" if brief.offer else OFFER, brief.offer
    if brief.link:
        yield f"[{words.calls[0]}](<{brief.link}>)", f"{words.calls[0]}: {brief.link}"
    yield _plain(second), second
    yield _plain(brief.shop), brief.shop


def _plain(text: str) -> str:
    """Text that Markdown shows as it is."""
    return "".join(f"\\{each}" if each in MARKUP else each for each in text)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
