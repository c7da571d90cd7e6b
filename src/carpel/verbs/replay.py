"""`carpel replay`: history worked out moment by moment, published as one new build."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime

from carpel.errors import CarpelError, NotFound, StoreError
from carpel.language import RuleError
from carpel.language.operands import Period
from carpel.language.periods import period
from carpel.specs import Definitions
from carpel.stages.base import Line, Progress, silent
from carpel.stages.segments.rules import fingerprints
from carpel.store.builds import Build
from carpel.store.prune import prune
from carpel.verbs.moments import chain
from carpel.verbs.replaying import Replaying
from carpel.verbs.run import fresh_name
from carpel.verbs.session import Session


@dataclass(frozen=True)
class Replayed:
    """The build that holds the history, and the moments that were looked at again."""

    build: str
    segments: tuple[str, ...]
    moments: tuple[datetime, ...]
    """UTC without a zone."""
    seconds: float


def replay(
    session: Session,
    segments: Sequence[str],
    start: datetime,
    end: datetime,
    *,
    every: str = "1 day",
    as_known_now: bool = False,
    progress: Progress = silent,
) -> Replayed:
    """Work history out anew from `start` to `end` and publish it; the sets of now stay as they are.

    Moments without a zone are the project's. Raises NotFound for a segment that is not there and
    CarpelError when nothing lies in that stretch, or a rule changed since the last build.
    """
    clock, store = session.clock(), session.store
    with store.lease("replay", actor=session.actor) as lease, closing(session.engine()) as engine:
        kept = list(chain(store.builds))
        if not kept or not kept[0].tables().get("movements"):
            raise StoreError("There is no history to add to yet.", action="carpel run")
        line = Line(session.folder, session.definitions, engine, store.builds.files, clock)
        names = _wanted(session.definitions, segments, kept[0])
        spared = {name for build in store.builds.all() for name in build.files()}
        work = Replaying(line, kept, names, spared, as_known_now=as_known_now)
        moments = work.moments(start, end, _period(every))
        file = work.run(moments, progress)
        build = _build(session, clock, kept[0], file)
        store.publish(build, lease)
        keep = session.definitions.project.builds.keep
        prune(store.builds, store.ledger, session.clock, keep=keep)
    seconds = (session.clock() - clock).total_seconds()
    return Replayed(build.build, tuple(names), tuple(moments), seconds)


def _period(every: str) -> Period:
    try:
        found = period(every)
    except RuleError as error:
        raise CarpelError(error.message, action="--every '1 day' or '1 week'") from None
    if found.unit in ("months", "years"):
        raise CarpelError("A replay goes on by hours, days or weeks.", action="--every '4 weeks'")
    return found


def _wanted(definitions: Definitions, asked: Sequence[str], current: Build) -> list[str]:
    """Names of stored sets: of all, or of these segments, places and sets of segments."""
    known = fingerprints(definitions)
    names = [] if asked else list(known)
    for each in asked:
        found = [name for name in known if name == each or name.startswith(f"{each}.")]
        if not found:
            raise NotFound("segment", each, [*known, *definitions.segmentations])
        names += found
    former = current.notes("segments")["definitions"]
    if changed := [each for each in names if former.get(each) != known[each]]:
        raise CarpelError(
            f"The rule of {', '.join(changed[:5])} is not the one of the last build.",
            action="carpel run, then carpel replay",
        )
    return list(dict.fromkeys(names))


def _build(session: Session, clock: datetime, current: Build, file: str) -> Build:
    """The current build with another history."""
    made = current.parts["segments/history"]
    parts = {**current.parts, "segments/history": replace(made, tables={"movements": (file,)})}
    return Build(
        fresh_name(session, clock),
        current.build,
        current.as_of,
        session.clock(),
        parts,
        {**current.about, "actor": session.actor},
    )
