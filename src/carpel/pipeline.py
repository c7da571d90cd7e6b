"""The order of work, and the loop over it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from carpel.engine.abilities import PARTS
from carpel.engine.query import column, query, table
from carpel.stages.base import Line, Output, Part, Stage
from carpel.stages.consents import Consents
from carpel.stages.estimates import Estimates
from carpel.stages.events import Events
from carpel.stages.fitness import Fitness
from carpel.stages.goals import Goals
from carpel.stages.identity import Identity
from carpel.stages.outcomes import Outcomes
from carpel.stages.personas import Personas
from carpel.stages.predictions import Predictions
from carpel.stages.profiles import Profiles, as_known
from carpel.stages.quality import Quality
from carpel.stages.reach import Reach
from carpel.stages.segments import Segments
from carpel.stages.sources import Sources
from carpel.store.builds import Made
from carpel.store.files import digest
from carpel.version import __version__

STAGES: Sequence[Stage] = (
    Sources(),
    Quality(),
    Identity(),
    Events(),
    Consents(),
    Profiles(),
    Predictions(as_known),
    Segments(),
    Reach(),
    Fitness(),
    Goals(),
    Personas(),
    Outcomes(),
    Estimates(),
)
UP_TO_PROFILES = STAGES[: [stage.name for stage in STAGES].index("profiles") + 1]
"""What has to be known before segments can be proposed."""
STALE = timedelta(days=30)
"""Data whose last event is older than this is looked at as of that event, not as of now."""

CHANGED = "staged_event_trait_changed"
"""When a change was noticed says nothing of when anything last happened."""
CONTRACTS = "staged_contracts"


def run(line: Line, stages: Sequence[Stage] = STAGES) -> None:
    """Take every stage in order; `line.parts` holds all that a build is made of afterwards."""
    line.bind()
    for done, stage in enumerate(stages):
        line.progress(stage.name, done / len(stages))
        for part in stage.parts(line):
            line.parts[part.name] = _made(line, stage, part)
            line.bind(line.parts[part.name].tables)
        if line.as_of is None:
            line.as_of = settled(line)
    line.progress("done", 1.0)


def settled(line: Line) -> datetime:
    """The moment a build is for when nobody says: now, or the last event when that is stale."""
    asked = line.definitions.project.as_of
    if isinstance(asked, datetime):
        return asked if asked.tzinfo else asked.replace(tzinfo=line.zone).astimezone(UTC)
    last = last_event(line)
    if asked == "auto" and last is not None and line.clock - last > STALE:
        return last
    return line.clock


def last_event(line: Line) -> datetime | None:
    """When the last thing happened that a source tells of and that is not in the future.

    A contract that begins or is cancelled is one; its end may be agreed on long before.
    """
    now = line.clock.replace(tzinfo=None)
    told = [(each, "at") for each in line.tables("staged_event") if each != CHANGED]
    if CONTRACTS in line.tables():
        told += [(CONTRACTS, "started_at"), (CONTRACTS, "cancelled_at")]
    moments = [
        line.engine.value(
            query(
                "SELECT max(:at) FROM :it WHERE :at <= :now",
                at=column(at),
                it=table(each),
                now=now,
            )
        )
        for each, at in told
    ]
    return max((each.replace(tzinfo=UTC) for each in moments if each), default=None)


def _made(line: Line, stage: Stage, part: Part) -> Made:
    fingerprint = digest([__version__, stage.name, stage.version, part.name, part.depends])
    former = line.parent.parts.get(part.name) if line.parent else None
    if former is not None and former.fingerprint == fingerprint:
        return former
    output = Output(line)
    with _computed(line, part):
        part.make(output)
    return Made(fingerprint, output.tables, output.notes)


@contextmanager
def _computed(line: Line, part: Part) -> Iterator[None]:
    """Lend a part the project's own engine, with the tables it reads, where that computes it."""
    if line.computer is None or part.name not in PARTS:
        yield
        return
    own, line.engine = line.engine, line.computer
    try:
        line.bind(part.depends["tables"])
        yield
    finally:
        line.engine = own
