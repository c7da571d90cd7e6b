"""Posts as a calendar that any calendar program reads (RFC 5545)."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from carpel.drafts.posts import Post

WIDEST = 75
"""Octets of a line, its end not counted (RFC 5545, 3.1)."""
TAKES = timedelta(minutes=15)


def icalendar(posts: Iterable[Post], campaign: str, made: datetime) -> str:
    """The posts as events of a calendar, a quarter of an hour each, in UTC."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Carpel//Drafts//EN", "CALSCALE:GREGORIAN"]
    for each in posts:
        lines += _event(each, campaign, made)
    return "".join(f"{fold(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _event(post: Post, campaign: str, made: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{campaign}-{post.network}-{post.number}@carpel.invalid"
    yield f"DTSTAMP:{_utc(made)}"
    yield f"DTSTART:{_utc(post.at)}"
    yield f"DTEND:{_utc(post.at + TAKES)}"
    yield f"SUMMARY:{escaped(f'{post.title}, post {post.number}')}"
    image = f"Image, {post.image.size}: {post.image.shows} Read out: {post.image.alt}"
    told = "\n\n".join((post.text, image, f"Why: {post.because}", f"Why then: {post.when}"))
    yield f"DESCRIPTION:{escaped(told)}"
    if post.link:
        yield f"URL:{post.link}"
    yield "STATUS:TENTATIVE"
    yield "END:VEVENT"


def escaped(text: str) -> str:
    """Text as a value: backslash, comma, semicolon and line ends escaped (3.3.11)."""
    for each in "\\;,":
        text = text.replace(each, f"\\{each}")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def fold(line: str) -> str:
    """A line in pieces of at most 75 octets, none of which cuts a character apart."""
    pieces, now = [], b""
    for each in line:
        octets = each.encode()
        if len(now) + len(octets) > WIDEST:
            pieces.append(now)
            now = b" "
        now += octets
    return b"\r\n".join([*pieces, now]).decode()


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
