"""When to post: by the segment's own days and times of day, else said to be a guess."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from carpel.drafts.angles import Reason
from carpel.drafts.phrases.en import DAYS
from carpel.evidence import Sentence

HOURS = {"morning": 9, "afternoon": 14, "evening": 18}
DAY, HOUR = "tuesday", 10
GUESS = "A guess: no evidence says {0}."
AHEAD = 1
"""Days from today to the first that is taken."""


@dataclass(frozen=True)
class Moment:
    """A moment to post at, aware of its zone, and why then."""

    at: datetime
    why: str


@dataclass(frozen=True)
class Habit:
    """The day of the week and the hour to post at, by evidence where there is any."""

    day: str
    hour: int
    why: str


def habit(sentences: Iterable[Sentence]) -> Habit:
    """When people of a segment order most; that they read then too is an assumption."""
    rows = [each for each in sentences if each.kind == "told"]
    day = _told(rows, "favourite_weekday", DAYS) or _weekend(rows)
    part = _told(rows, "favourite_daypart", tuple(HOURS))
    which = _name(day) if day else DAY
    hour = HOURS[_name(part)] if part else HOUR
    unknown = " and ".join(n for n, it in (("which day", day), ("what time", part)) if not it)
    why = [each.text for each in (day, part) if each]
    return Habit(which, hour, " ".join([*why, *([GUESS.format(unknown)] if unknown else [])]))


def moments(
    reasons: Sequence[Reason], usual: Habit, today: date, zone: ZoneInfo
) -> Iterator[Moment]:
    """A moment a reason, a week apart; what speaks of a day is posted on that day."""
    for week, reason in enumerate(reasons):
        day = reason.name if reason.angle == "time" and reason.name in DAYS else usual.day
        day = "saturday" if reason.angle == "time" and reason.name == "weekend" else day
        hour = HOURS.get(reason.name, usual.hour) if reason.angle == "time" else usual.hour
        own = reason.sentence if (day, hour) != (usual.day, usual.hour) else None
        first = today + timedelta(days=AHEAD)
        begun = first + timedelta(days=(DAYS.index(day) - first.weekday()) % 7 + 7 * week)
        why = f"It speaks of that time. {own.text}" if own else usual.why
        yield Moment(datetime.combine(begun, time(hour), zone), why)


def _told(rows: Sequence[Sentence], of: str, known: Sequence[str]) -> Sentence | None:
    """What most of them do, or more of them than of others; not what fewer do."""
    found = [
        each
        for each in rows
        if each.evidence.of == of
        and (each.evidence.part or "").lower() in known
        and each.evidence.direction != "less"
    ]
    return max(
        found,
        key=lambda each: (each.evidence.direction == "more", each.evidence.value),
        default=None,
    )


def _weekend(rows: Sequence[Sentence]) -> Sentence | None:
    return next(
        (
            each
            for each in rows
            if each.evidence.of == "weekend_share" and each.evidence.direction == "more"
        ),
        None,
    )


def _name(sentence: Sentence) -> str:
    return (sentence.evidence.part or "saturday").lower()
