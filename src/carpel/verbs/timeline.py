"""Membership over time: a segment's history, a person's, who migrated, a past decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from carpel.engine.query import query
from carpel.errors import CarpelError, NotFound
from carpel.evaluation.history import History
from carpel.evaluation.migration import Migration
from carpel.evaluation.movements import Movement
from carpel.evaluation.windows import TICK, utc
from carpel.reports.flow import csv, html, svg
from carpel.reports.moves import CAUSES
from carpel.specs.places import places
from carpel.store.files import replace
from carpel.verbs.asked import Unit
from carpel.verbs.reader import Reader, reading
from carpel.verbs.session import Session

Rows = list[dict[str, Any]]
MOVEMENTS: Mapping[Unit, str] = {"customer": "movements", "account": "account_movements"}
"""The tables that hold the history of people, and of accounts."""


@dataclass(frozen=True)
class SegmentHistory:
    """A segment over time. Moments are local; causes are told in words."""

    segment: str
    label: str
    began: datetime
    sizes: Rows
    """`at`, `people`: from when on it had how many."""
    moves: Rows
    """`at`, `joined`, `left`, and `why`: what it was because of, with how many each."""
    called: str = "people"


@dataclass(frozen=True)
class CustomerHistory:
    """What one person, or account by its key, was in, and why they came and went."""

    customer: int
    spells: Rows
    """`segment`, `joined_at` (None: before history began), `because`, `left_at`, `why_left`."""
    called: str = "person"


@dataclass(frozen=True)
class Migrated:
    """Who moved between the places of a set of segments, from one day to another."""

    segmentation: str
    label: str
    start: date
    end: date
    labels: Sequence[tuple[str, str]] = field(default_factory=tuple)
    """Names of the places, and what they are called."""
    found: Migration = field(default_factory=lambda: Migration((), (), ()))


def segment(session: Session, name: str, since: date | None = None) -> SegmentHistory:
    """Sizes and moves of a segment, all or since a day; raises NotFound."""
    with reading(session) as reader:
        people, accounts = (History(reader.engine, each) for each in MOVEMENTS.values())
        told, zone = accounts if accounts.began(name) else people, zone_of(session)
        began = told.began(name)
        if began is None:
            raise NotFound("segment", name, {*people.segments(), *accounts.segments()})
        start = day_start(since, zone) if since else began - TICK
        sizes = [each for each in told.sizes(name) if each[0] > start]
        moves = told.moves(name, start, datetime.max)  # noqa: DTZ901
        return SegmentHistory(
            name,
            _labels(reader).get(name, ""),
            local(began, zone),
            [{"at": local(at, zone), "people": people} for at, people in sizes],
            _moves(moves, zone),
            reader.definitions.account_words[1] if told is accounts else "people",
        )


def customer(session: Session, key: int, unit: Unit = "customer") -> CustomerHistory:
    """Everything one person, or account, was in, the newest first."""
    with reading(session) as reader:
        told, zone = History(reader.engine, MOVEMENTS[unit]), zone_of(session)
        spells = [
            {
                "segment": name,
                "joined_at": since and local(since, zone),
                "because": cause(told, name, key, "entered", since),
                "left_at": until and local(until, zone),
                "why_left": cause(told, name, key, "left", until),
            }
            for name in told.segments()
            for since, until in told.spell(name, key)
        ]
        spells.sort(key=lambda row: str(row["joined_at"] or ""), reverse=True)
        return CustomerHistory(key, spells, called_one(reader, unit))


def called_one(reader: Reader, unit: Unit) -> str:
    """What one person or account is called on screen."""
    return reader.definitions.account_words[0] if unit == "account" else "person"


def migration(session: Session, segmentation: str, start: date, end: date) -> Migrated:
    """How many went from each place to each, by the last updates of two days; raises NotFound."""
    specs = session.understood.segmentations
    if segmentation not in specs:
        raise NotFound("segmentation", segmentation, specs)
    spec = specs[segmentation]
    listed = [(f"{segmentation}.{each.name}", each.label) for each in places(spec)]
    with reading(session) as reader:
        told, zone = History(reader.engine), zone_of(session)
        first = min((began for name, _ in listed if (began := told.began(name))), default=None)
        if first is None or day_end(start, zone) < first:
            since = f"{local(first, zone):%Y-%m-%d}" if first else "the next run"
            raise CarpelError(
                f"The history of {segmentation} begins with {since}.",
                action="Name a later day, or work it out: carpel replay --as-known-now",
            )
        moments = day_end(start, zone), day_end(end, zone)
        found = told.migration([name for name, _ in listed], *moments)
    return Migrated(segmentation, spec.label, start, end, listed, found)


def write(found: Migrated, to: Path) -> None:
    """Write a migration to a file: `.html` and `.svg` draw it, `.csv` lists it."""
    drawing = {".html": html, ".svg": svg, ".csv": csv}
    if to.suffix not in drawing:
        raise CarpelError(
            "A migration is written to .html, .svg or .csv.",
            place=str(to),
            action="--to-file x.html",
        )
    to.parent.mkdir(parents=True, exist_ok=True)
    title = f"{found.label or found.segmentation}: who moved from {found.start} to {found.end}"
    replace(to, drawing[to.suffix](found.found, dict(found.labels), title).encode())


def zone_of(session: Session) -> ZoneInfo:
    """The project's own zone."""
    return ZoneInfo(session.settings.timezone)


def local(moment: datetime, zone: ZoneInfo) -> datetime:
    """A moment as tables store it, on the project's own clock."""
    return moment.replace(tzinfo=UTC).astimezone(zone)


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """The instant before a local day begins: what comes after it is of that day or later."""
    return utc(datetime.combine(day, time()), zone) - TICK


def day_end(day: date, zone: ZoneInfo) -> datetime:
    """The last instant of a local day."""
    return day_start(day + timedelta(days=1), zone)


def _moves(moves: Sequence[Movement], zone: ZoneInfo) -> Rows:
    """One row a moment at which people moved."""
    found: dict[datetime, dict[str, Any]] = {}
    for each in moves:
        row = found.setdefault(
            each.at, {"at": local(each.at, zone), "joined": 0, "left": 0, "why": []}
        )
        side = "joined" if each.part == "entered" else "left"
        row[side] += len(each.members)
        row["why"].append(f"{CAUSES[each.cause or 'data']}: {len(each.members):,} {side}")
    return [{**row, "why": "; ".join(row["why"])} for row in found.values()]


def cause(told: History, name: str, key: int, part: str, at: datetime | None) -> str | None:
    """The cause of one person's move, in words."""
    if at is None:
        return None
    causes = [
        each.cause
        for each in told.moves(name, at - TICK, at)
        if each.part == part and key in each.members
    ]
    return CAUSES[causes[-1]] if causes and causes[-1] else None


def _labels(reader: Reader) -> dict[str, str]:
    told = "SELECT segment, label FROM sizes UNION ALL SELECT segment, label FROM account_segments"
    return dict(reader.engine.rows(query(told)))
