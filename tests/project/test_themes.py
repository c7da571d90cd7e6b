"""Themes from files to the screen: tickets, a segment beside everybody else, nobody's name."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from typer.testing import CliRunner

from carpel.cli.main import app
from carpel.errors import CarpelError, NotFound
from carpel.project import Project

from .written import run

pytestmark = pytest.mark.slow

pytest.importorskip("sklearn")
CLOCK = datetime(2026, 1, 20, 12, tzinfo=UTC)
PEOPLE = 240
WORDS = {
    "delivery": ["parcel", "delivery", "courier", "late", "waiting"],
    "price": ["price", "expensive", "discount", "money", "cheaper"],
}
FILES = {
    "carpel.yml": "name: shop\ncurrency: EUR\ntimezone: UTC\nas_of: 2026-01-15\n",
    "sources/people.yml": (
        "read: people.csv\nidentifiers: {crm_id: no}\n"
        "traits: {first_name: first, kind: kind, comments: remark}\n"
    ),
    "sources/tickets.yml": (
        "read: tickets.csv\nidentifiers: {crm_id: no}\ntrack:\n"
        "  - {event: ticket_opened, at: day, properties: {text: text, channel: channel}}\n"
    ),
    "segments/far.yml": "label: Far away\nwhere: {trait: kind, is: far}\n",
    "segments/four.yml": "label: Four\nwhere: {trait: kind, is: four}\n",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Project:
    """Those far away mostly write of deliveries, all others of prices; some sign."""
    rng, folder = np.random.default_rng(8), tmp_path_factory.mktemp("tickets")
    people, tickets = ["no,first,kind,remark"], ["no,day,text,channel"]
    for at in range(PEOPLE):
        kind = "four" if at < 4 else "far" if at % 2 else "near"
        subject = "delivery" if rng.random() < (0.8 if kind == "far" else 0.2) else "price"
        said = " ".join(rng.choice(WORDS[subject], 3, replace=False))
        name = "Berta" if at % 3 else f"Xq{at}z"
        text = f"hello the {said} of order {5000 + at} sincerely {name}"
        people.append(f"k{at},{name},{kind},{text}")
        day = date(2025, 3, 1) + timedelta(days=int(rng.integers(200)))
        tickets.append(f"k{at},{day},{text},{'mail' if at % 2 else 'chat'}")
    tables = {"people.csv": "\n".join(people), "tickets.csv": "\n".join(tickets)}
    return run(folder, FILES | tables, CLOCK)


def test_themes_of_tickets_with_a_segment_beside_everybody_else(made):
    found = made.themes("ticket_opened.text", by="far")
    told = {("delivery" if "parcel" in row["words"] else "price"): row for row in found.themes}
    assert set(told) == {"delivery", "price"}
    assert told["delivery"]["inside"] > 0.65 > 0.35 > told["delivery"]["outside"]
    assert told["delivery"]["gap_low"] > 0 and told["delivery"]["q"] < 0.001
    assert sum(row["people"] for row in found.themes) == PEOPLE
    assert all(row["low"] < row["share"] < row["high"] for row in found.themes)


def test_no_quote_says_whose_it_is(made):
    found = made.themes("ticket_opened.text")
    quotes = [quote for row in found.themes for quote in row["quotes"]]
    assert quotes
    for quote in quotes:
        assert "Berta" not in quote and "Xq" not in quote
        assert not any(sign.isdigit() for sign in quote)


def test_some_events_only_a_remark_and_what_there_is_not(made):
    mail = made.themes("ticket_opened.text", where={"channel": "mail"})
    assert mail.texts == PEOPLE // 2
    assert len(made.themes("comments").themes) == 2
    for wrong in ("ticket_closed.text", "ticket_opened.colour", "first_name", "age"):
        with pytest.raises(NotFound):
            made.themes(wrong)
    with pytest.raises(CarpelError, match="4 people of the segment wrote"):
        made.themes("ticket_opened.text", by="four")
    few = made.themes("ticket_opened.text", where={"channel": "pigeon"})
    assert few.themes == [] and few.reason.startswith("0 texts of 0 people")


def test_it_stands_on_the_screen(made):
    asked = ["themes", "ticket_opened.text", "--by", "far", "--project", str(made.session.folder)]
    text = CliRunner().invoke(app, asked, catch_exceptions=False).output
    assert f"{PEOPLE} texts of {PEOPLE} people" in text
    assert "parcel" in text and "“" in text and "Berta" not in text
