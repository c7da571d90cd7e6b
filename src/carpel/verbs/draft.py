"""Drafts for a segment: messages, posts with a calendar, and ads, each with why it was chosen."""

import hmac
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from carpel.drafts import Brief, Pieces, angles, pieces
from carpel.drafts.ads import Ad, ads
from carpel.drafts.angles import ANGLES, Angles
from carpel.drafts.links import link_of
from carpel.drafts.mail import Mail, mails
from carpel.drafts.networks import USUAL, network
from carpel.drafts.phrases import Language, Tone, phrases
from carpel.drafts.posts import EACH, Post, posts
from carpel.drafts.times import habit, moments
from carpel.engine.query import query
from carpel.errors import CarpelError, NotFound
from carpel.evidence import Sentence
from carpel.evidence.rows import sentence
from carpel.reports.headline import name as called
from carpel.specs import Project
from carpel.verbs.draft_files import Written, write
from carpel.verbs.persona import nothing
from carpel.verbs.reader import Reader, reading
from carpel.verbs.reworded import Rewording, reworded
from carpel.verbs.session import Session

Kind = Literal["email", "social", "ads"]
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}")
"""What a campaign may be called in a link."""


@dataclass(frozen=True)
class Wish:
    """What is to be drafted, and what the user gives."""

    kinds: Sequence[str] = ()
    networks: Sequence[str] = ()
    offer: str = ""
    link: str = ""
    language: str | None = None
    tone: str = "plain"
    campaign: str | None = None
    """`utm_campaign`; a code that tells nothing when left out."""
    about: Sequence[str] = ()
    """What to speak about, beside what evidence gives."""
    called: Mapping[str, str] = field(default_factory=dict)
    """By name of the data: what people call it."""
    reworded: bool = False
    """Whether the project's writer may put it in other words."""


@dataclass(frozen=True)
class Drafts:
    """Everything that was drafted for a segment, why, and what was not."""

    segment: str
    label: str
    people: int
    language: str
    tone: str
    campaign: str
    because: Sequence[tuple[str, str, str]]
    """Angle, what is spoken about, and the evidence for it."""
    missing: Sequence[tuple[str, str]]
    """Angle, and why nothing is drafted for it."""
    passed_over: Sequence[tuple[str, str]]
    """Names that nobody is addressed with, and why."""
    mails: Sequence[Mail] = ()
    posts: Sequence[Post] = ()
    ads: Sequence[Ad] = ()
    rewording: Rewording | None = None
    written: Written = field(default_factory=Written)


def draft(session: Session, segment: str, wish: Wish, to: Path | None = None) -> Drafts:
    """Draft what was wished and write it: messages into `messages/`, all else into a folder.

    No file that is there is ever overwritten. Raises NotFound for a segment, kind, network,
    language or tone that is not there, and CarpelError for a link that is none, an empty segment,
    or one whose persona gives no reason to speak of anything.
    """
    kinds = {_known("kind of draft", each, get_args(Kind)) for each in wish.kinds} or get_args(Kind)
    with reading(session) as reader:
        brief = _brief(reader.definitions.project, wish)
        told = _sentences(reader, segment)
        names = {name: _spelled(each) for name, each in wish.called.items()}
        found = angles(told, names, list(filter(None, map(_spelled, wish.about))))
        if not found.reasons:
            raise _no_reason(segment, found)
        known = {str(row["trait"]) for row in reader.dicts(query("SELECT trait FROM traits"))}
        size = reader.dicts(query("SELECT * FROM sizes WHERE segment = :s", s=segment))[0]
    rows = [pieces(each, brief) for each in found.in_turn()]
    rewording = reworded(session, rows, brief) if wish.reworded else None
    code = _campaign(session, segment, wish.campaign)
    rows = list(rewording.pieces) if rewording else rows
    made = Drafts(
        segment,
        called(size),
        size["people"],
        brief.language,
        brief.tone,
        code,
        [(ANGLES[each.reason.angle], _about(each), each.reason.because) for each in rows],
        found.missing,
        found.passed_over,
        list(mails(rows, brief, known)) if "email" in kinds else [],
        list(_posts(session, rows, brief, told, code, wish)) if "social" in kinds else [],
        list(ads(rows, brief, code)) if "ads" in kinds else [],
        rewording,
    )
    return replace(made, written=write(session, made, to))


def _brief(project: Project, wish: Wish) -> Brief:
    """What the user gives, looked at; raises NotFound and CarpelError."""
    for each in wish.networks:
        network(each)
    shop = project.label or project.name.replace("_", " ").capitalize()
    return Brief(
        " ".join(re.sub(r"[{}]", " ", shop).split()),
        _known("language", wish.language or project.language, get_args(Language)),  # type: ignore[arg-type]
        _known("tone", wish.tone, get_args(Tone)),  # type: ignore[arg-type]
        _spelled(wish.offer),
        link_of(wish.link) if wish.link else "",
    )


def _spelled(text: str) -> str:
    """What a user gives as one line; raises CarpelError where Liquid would read a field in it."""
    if "{" in text or "}" in text:
        raise CarpelError(
            f"{text!r} holds braces: messages would read a field in it.",
            action="Say it without; a campaign's own offer is put in by itself.",
        )
    return " ".join(text.split())


def _known(kind: str, name: str, names: Sequence[str]) -> str:
    if name not in names:
        raise NotFound(kind, name, names)
    return name


def _sentences(reader: Reader, segment: str) -> list[Sentence]:
    """The persona of a segment, in the order it is told."""
    reader.segment(segment)
    if "persona_sentences" not in reader.build.tables():
        raise nothing(segment, reader.build.tables())
    rows = reader.dicts(
        query(
            "SELECT * FROM persona_sentences WHERE segment = :s ORDER BY section, position",
            s=segment,
        )
    )
    if not rows and not reader.sets[segment]:
        raise nothing(segment, reader.build.tables())
    return [sentence(row) for row in rows]


def _no_reason(segment: str, found: Angles) -> CarpelError:
    """Nothing is drafted without evidence; what is missing is said."""
    told = " ".join(f"{title}: {why}" for title, why in found.missing)
    passed = " ".join(f"“{name}” is passed over: {why}." for name, why in found.passed_over)
    return CarpelError(
        f"Nothing gives a reason to speak to {segment} of anything. {told} {passed}".strip(),
        action=f"Name something: --about WORDS; or see `carpel persona {segment}`: more data, or a "
        "larger segment, may give a reason.",
    )


def _about(piece: Pieces) -> str:
    """What is spoken about, as the marketer reads it: times in words of the screen."""
    timed = piece.reason.angle == "time"
    return phrases("en", "plain").when[piece.reason.name] if timed else piece.about


def _campaign(session: Session, segment: str, named: str | None) -> str:
    """What stands in links: people see it, so it never says which segment they are in."""
    if named is not None and not CODE.fullmatch(named):
        raise CarpelError(
            f"{named!r} cannot stand in a link.", action="Say --campaign spring_2027."
        )
    secret = hmac.new(session.store.key, f"draft {segment}".encode(), sha256)
    return named or f"c{secret.hexdigest()[:8]}"


def _posts(
    session: Session,
    rows: Sequence[Pieces],
    brief: Brief,
    told: Sequence[Sentence],
    campaign: str,
    wish: Wish,
) -> Iterator[Post]:
    zone = ZoneInfo(session.settings.timezone)
    today = session.clock().astimezone(zone).date()
    spoken = [rows[at % len(rows)].reason for at in range(EACH)]
    when = list(moments(spoken, habit(told), today, zone))
    for name in dict.fromkeys(wish.networks or USUAL):
        yield from posts(rows, brief, name, campaign, when)
