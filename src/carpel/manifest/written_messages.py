"""What is wrong with messages and campaigns beyond their form, with file and line."""

from collections.abc import Collection, Iterator
from contextlib import suppress

from carpel.errors import CarpelError, Problem, suggestion
from carpel.language.references import Kind, Reference
from carpel.manifest.astray import astray
from carpel.manifest.vocabulary import Vocabulary
from carpel.manifest.yaml import Places, Written, place_of
from carpel.messages import Field, TemplateError, below, compiled, fields
from carpel.specs import (
    AudienceExport,
    Campaign,
    Definitions,
    Message,
    Plugin,
    Project,
    Webhook,
)
from carpel.specs.message import COUPON, GIVEN

PARTS = ("subject", "preheader", "markdown", "mjml")
_FILES = {"channel": "channel file"}
"""In rules a channel is e-mail or post, in campaigns the file of one."""

_TRIGGER: tuple[tuple[Kind, str], ...] = (
    ("segment", "enters"),
    ("segment", "leaves"),
    ("event", "event"),
    ("event", "without"),
    ("trait", "date"),
)
"""Kinds of what the words of a trigger name."""


def message_problems(
    definitions: Definitions, written: Places, known: Vocabulary
) -> Iterator[Problem]:
    """Templates that are none, fields that nobody has, and fields without a fallback."""
    for name, message in definitions.messages.items():
        place = place_of(written, "messages", name)
        try:
            yield from _message(message, known, place)
            yield from _pages(message, definitions, place)
        except CarpelError as error:
            yield Problem(error.message, f"messages/{name}.yml", None, error.action)
            return


def _strata(
    campaign: Campaign, definitions: Definitions, known: Vocabulary, place: Written
) -> Iterator[Problem]:
    """Groups within which people would be drawn that are nowhere, or that move on."""
    by = campaign.stratify_by
    if by is None:
        return
    if by not in definitions.segmentations:
        yield from astray(Reference("trait", by, ("stratify_by",)), known, place)
    if isinstance(definitions.channels.get(campaign.channel), AudienceExport):
        yield Problem(
            "`stratify_by` draws people once, and a list on a platform moves with its segment",
            place.file,
            place.line(("stratify_by",)),
            "Leave it out: people are drawn one by one then.",
        )


def campaign_problems(
    definitions: Definitions, written: Places, known: Vocabulary
) -> Iterator[Problem]:
    """Audiences, channels, messages and goals of campaigns that lead nowhere."""
    for campaign in definitions.campaigns.values():
        place = place_of(written, "campaigns", campaign.family)
        if campaign.regions is not None:
            by = Reference("trait", campaign.regions.by, ("regions", "by"))
            yield from astray(by, known, place)
        yield from astray(Reference("segment", campaign.audience, ("audience",)), known, place)
        for kind, said, path in _named(campaign):
            if kind == "segment":
                yield from astray(Reference("segment", said, path), known, place)
            elif said not in (names := known[_FILES.get(kind, kind), ""]):
                yield _missing(kind, said, names, path, place)
        yield from _strata(campaign, definitions, known, place)
        for reference in _begun(campaign):
            yield from astray(reference, known, place)
        yield from _unsaid(campaign, definitions, place)
        yield from _without_coupon(campaign, definitions, place)
        if campaign.links == "tracked" and definitions.project.public_url is None:
            said = "links cannot be tracked as long as no `public_url` is set"
            action = "Set it in carpel.yml, or say `links: direct`."
            yield Problem(said, place.file, place.line(("links",)), action)
        yield from _unmeasured(campaign, definitions.project, known.get(("event", "")), place)


def _message(message: Message, known: Vocabulary, written: Written) -> Iterator[Problem]:
    sound = True
    for part in PARTS:
        text = getattr(message, part)
        if not text:
            continue
        try:
            for each in fields(text):
                line = _line(written, part, text, each.line)
                yield from _field(message, each.name, known, written.file, line)
        except TemplateError as error:
            sound = False
            line = _line(written, part, text, error.line)
            yield Problem(f"{part}: {error.message}", written.file, line)
    if sound and (wrong := _unmade(message)):
        yield Problem(wrong, written.file, written.line(("mjml",)))


def _pages(message: Message, definitions: Definitions, written: Written) -> Iterator[Problem]:
    """Links to pages that are none, or to a place that nobody has named."""
    for part in PARTS:
        text = getattr(message, part) or ""
        for each in _linked(text):
            line = _line(written, part, text, each.line)
            if each.name not in definitions.pages:
                near = suggestion(each.name, definitions.pages) or "Write it in pages/."
                yield Problem(f"there is no page {each.name!r}", written.file, line, near)
            elif definitions.project.public_url is None:
                said = "a link to a page leads nowhere as long as no `public_url` is set"
                action = "Say in carpel.yml where people find `carpel serve`."
                yield Problem(said, written.file, line, action)


def _linked(text: str) -> list[Field]:
    try:
        return below(text, "pages")
    except TemplateError:
        return []  # told already


def _unmade(message: Message) -> str:
    """Why the message cannot be made of its parts; empty where it can."""
    try:
        compiled(
            message.subject,
            markdown=message.markdown,
            mjml=message.mjml,
            preheader=message.preheader,
        )
    except TemplateError as error:
        return error.message
    return ""


def _field(
    message: Message, name: str, known: Vocabulary, file: str, line: int | None
) -> Iterator[Problem]:
    if name in GIVEN:
        return
    traits = known.get(("trait", ""))
    if traits is not None and name not in traits:
        near = suggestion(name, {*traits, *GIVEN})
        yield Problem(f"there is no field {name!r}", file, line, near or "`carpel ls traits`")
    elif name not in message.fallbacks:
        yield Problem(
            f"{name!r} has no fallback: of some people it is not known",
            file,
            line,
            f'Say under `fallbacks` what stands there then: {{{name}: "…"}}.',
        )


def _line(written: Written, part: str, text: str, below: int) -> int | None:
    """The line in the file: a block of several lines begins below its word."""
    line = written.line((part,))
    return line and line + below + ("\n" in text)


def _named(campaign: Campaign) -> Iterator[tuple[str, str, tuple[str | int, ...]]]:
    """Kind, name and place of what a campaign refers to."""
    yield "channel", campaign.channel, ("channel",)
    if campaign.coupon:
        yield "coupon", campaign.coupon, ("coupon",)
    if campaign.message:
        yield "message", campaign.message, ("message",)
    for at, variant in enumerate(campaign.variants):
        path = ("variants", at)
        if variant.message:
            yield "message", variant.message, (*path, "message")
        for number, each in enumerate(variant.instead):
            inside = (*path, "instead", number)
            yield "message", each.message, (*inside, "message")
            if each.segment:
                yield "segment", each.segment, (*inside, "segment")
    for at, step in enumerate(campaign.steps):
        path = ("steps", at)
        for word in ("message", "only_if", "unless"):
            if said := getattr(step, word):
                yield "message" if word == "message" else "segment", said, (*path, word)
        for variant_name, message in step.messages.items():
            yield "message", message, (*path, "messages", variant_name)


def _begun(campaign: Campaign) -> Iterator[Reference]:
    """What a trigger, and what is recommended, speak of."""
    for kind, word in _TRIGGER if campaign.trigger else ():
        if said := getattr(campaign.trigger, word):
            yield Reference(kind, said, ("trigger", word))
    if campaign.recommend is not None:
        yield Reference("event", campaign.recommend.event, ("recommend", "event"))


def _unsaid(campaign: Campaign, definitions: Definitions, written: Written) -> Iterator[Problem]:
    """Variants without a message on a channel that has none of its own."""
    channel = definitions.channels.get(campaign.channel)
    if campaign.is_sequence and channel is not None and channel.kind == "audience_export":
        yield Problem(
            "a list on an advertising platform has neither a trigger nor steps",
            written.file,
            written.line(("trigger" if campaign.trigger else "steps",)),
            "Take a segment that says who is on it: the list follows it by itself.",
        )
    silent = [e.name for e in campaign.arms if campaign.message_of(e) is None]
    wanted = channel is not None and channel.kind not in ("your_sender", "audience_export")
    if silent and wanted and (campaign.messages or not isinstance(channel, Webhook | Plugin)):
        said = "there is no message" if not campaign.variants else f"{silent[0]} has no message"
        yield Problem(said, written.file, written.line(("channel",)), "Name one: `message: NAME`.")


def _without_coupon(
    campaign: Campaign, definitions: Definitions, written: Written
) -> Iterator[Problem]:
    """Messages that promise a code which the campaign does not bring."""
    for name in campaign.messages:
        message = definitions.messages.get(name)
        if message is None or campaign.coupon:
            continue
        parts = (getattr(message, part) or "" for part in PARTS)
        with suppress(CarpelError, TemplateError):
            if any(each.name == COUPON for part in parts for each in fields(part)):
                said = f"{name} promises a coupon, and this campaign brings none"
                yield Problem(said, written.file, written.line(()), "Name one: `coupon: NAME`.")


def _unmeasured(
    campaign: Campaign, project: Project, events: Collection[str] | None, written: Written
) -> Iterator[Problem]:
    """A goal that no event of any source could ever show."""
    goal = campaign.goal
    event = goal.event or project.revenue.event
    if events is None or event in events:
        return
    what = f"there is no event {event!r}" if goal.event else f"no source brings {event!r}"
    action = suggestion(event, events) or "A source has to track it: see `carpel ls events`."
    line = written.line(("goal", "event" if goal.event else "metric"))
    yield Problem(f"the goal cannot be measured: {what}", written.file, line, action)


def _missing(
    kind: str, name: str, known: Collection[str], path: tuple[str | int, ...], written: Written
) -> Problem:
    action = suggestion(name, known) or f"Write it in {kind}s/{name}.yml."
    return Problem(f"there is no {kind} {name!r}", written.file, written.line(path), action)
