"""The calendar parses as RFC 5545 says, and gives back what went in."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from carpel.drafts import Brief
from carpel.drafts.calendar import escaped, fold, icalendar
from carpel.drafts.posts import posts
from carpel.drafts.times import habit, moments

from .said import bought, made

MADE = datetime(2026, 3, 1, 12, tzinfo=UTC)


def unfolded(text: str) -> list[str]:
    """Content lines (3.1)."""
    assert text.endswith("\r\n") and "\n" not in text.replace("\r\n", "")
    assert all(len(each.encode()) <= 75 for each in text.split("\r\n"))
    return text.removesuffix("\r\n").replace("\r\n ", "").split("\r\n")


def plain(value: str) -> str:
    """A text without its escapes (3.3.11)."""
    found, rest = "", iter(value)
    for each in rest:
        if each == "\\":
            each = next(rest)
            assert each in "\\;,nN"
            found += "\n" if each in "nN" else each
        else:
            assert each not in ";,"
            found += each
    return found


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.just("\n"), max_size=300))
def test_what_is_escaped_and_folded_comes_back(text):
    (line,) = unfolded(f"{fold(f'DESCRIPTION:{escaped(text)}')}\r\n")
    assert plain(line.partition(":")[2]) == text


def test_every_post_is_an_event_at_its_time():
    brief = Brief(
        "Käse, Brot; & Söhne \\ 茶", offer="10 % off; now, and so on", link="https://s.example/a"
    )
    sentences = bought("köstliche Käse", "茶叶", "bread, butter")
    found = made(brief, sentences)
    when = list(
        moments(
            [e.reason for e in found], habit(sentences), date(2026, 3, 24), ZoneInfo("Asia/Tokyo")
        )
    )
    rows = [each for name in ("x", "linkedin") for each in posts(found, brief, name, "c1", when)]
    lines = unfolded(icalendar(rows, "c1", MADE))
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-1] == "END:VCALENDAR"
    assert "VERSION:2.0" in lines and any(each.startswith("PRODID:") for each in lines)
    events = "\n".join(lines).split("BEGIN:VEVENT\n")[1:]
    said = [dict(line.partition(":")[::2] for line in each.split("\n") if line) for each in events]
    assert len(said) == 6 == len({each["UID"] for each in said})
    for event, post in zip(said, rows, strict=True):
        at = datetime.strptime(event["DTSTART"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        assert at == post.at and event["DTSTAMP"] == "20260301T120000Z"
        assert event["DTEND"] > event["DTSTART"] and event["URL"] == post.link
        assert plain(event["DESCRIPTION"]).startswith(f"{post.text}\n\nImage, ")
        assert plain(event["SUMMARY"]) == f"{post.title}, post {post.number}"
