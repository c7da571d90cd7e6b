"""Drafts for a segment: messages, posts with a calendar, and ads, each with why it was chosen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

from carpel.drafts import Brief, Pieces, angles, pieces
from carpel.drafts.ads import Ad, ads
from carpel.drafts.angles import ANGLES, Angles
from carpel.drafts.mail import Mail, mails
from carpel.drafts.networks import USUAL
from carpel.drafts.phrases import phrases
from carpel.drafts.posts import EACH, Post, posts
from carpel.drafts.times import habit, moments
from carpel.engine.query import query
from carpel.errors import CarpelError
from carpel.evidence import Sentence
from carpel.evidence.rows import sentence
from carpel.reports.headline import name as called
from carpel.verbs.draft_files import Written, write
from carpel.verbs.draft_wish import Kind, Wish
from carpel.verbs.persona import nothing
from carpel.verbs.reader import Reader, reading
from carpel.verbs.reworded import Rewording, reworded
from carpel.verbs.session import Session


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
    brief = wish.brief(session.settings)
    code = wish.code(session.store.key, segment)
    known = _known(session, segment, wish)
    rows = [pieces(each, brief) for each in known.angles.in_turn()]
    rewording = reworded(session, rows, brief) if wish.reworded else None
    rows = list(rewording.pieces) if rewording else rows
    kinds = wish.kinds or get_args(Kind)
    made = Drafts(
        segment,
        known.label,
        known.people,
        brief.language,
        brief.tone,
        code,
        [(ANGLES[each.reason.angle], _about(each), each.reason.because) for each in rows],
        known.angles.missing,
        known.angles.passed_over,
        list(mails(rows, brief, known.traits)) if "email" in kinds else [],
        list(_posts(session, rows, brief, known.told, code, wish)) if "social" in kinds else [],
        list(ads(rows, brief, code)) if "ads" in kinds else [],
        rewording,
    )
    return replace(made, written=write(session, made, to))


@dataclass(frozen=True)
class _Known:
    """What the current build tells of a segment."""

    label: str
    people: int
    told: Sequence[Sentence]
    angles: Angles
    traits: frozenset[str]


def _known(session: Session, segment: str, wish: Wish) -> _Known:
    with reading(session) as reader:
        told = _sentences(reader, segment)
        found = angles(told, wish.names, wish.topics)
        if not found.reasons:
            raise _no_reason(segment, found)
        size = reader.dicts(query("SELECT * FROM sizes WHERE segment = :s", s=segment))[0]
        traits = frozenset(row["trait"] for row in reader.dicts(query("SELECT trait FROM traits")))
        return _Known(called(size), size["people"], told, found, traits)


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
