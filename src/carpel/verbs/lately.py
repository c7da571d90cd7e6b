"""What people of a segment did lately, by any metric, as an experiment would have counted it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from pyroaring import BitMap

from carpel.engine.query import query, table
from carpel.errors import CarpelError, NotFound
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.comparisons import Clock
from carpel.specs.metric import Metric, RatioMetric, ShareMetric, TraitMetric, built_in
from carpel.stages.base import Line
from carpel.stages.outcomes.drawn import STAMP, Watched
from carpel.stages.outcomes.figures import figures
from carpel.stats.experiments.sums import Sums
from carpel.verbs.members_then import members_then
from carpel.verbs.reader import Reader
from carpel.verbs.session import Session

DOES = "does_"
"""Before the name of an event: the share who do it, as campaigns measure it."""


@dataclass(frozen=True)
class Lately:
    """The sums of a metric, of the people who were in a segment when a stretch of time began."""

    sums: Sums
    as_it_was: bool
    """Whether they are those of then; else those of today, of whom some are in by what they did."""
    known_since: datetime | None
    """From when on there is what the metric counts; None where it has no time."""


def lately(session: Session, reader: Reader, segment: str, metric: str, since: datetime) -> Lately:
    """Everybody's figure from a moment (UTC without a zone) up to the build.

    Raises NotFound for a metric that there is not, and CarpelError for one without any data.
    """
    spec = metric_of(reader, metric)
    line, known = line_of(session, reader), {**metrics(reader), metric: spec}
    today, then = reader.segment(segment), members_then(line, reader, segment, since)
    people = today if then is None else then
    catalogue = Catalogue(line.engine, Clock(line.moment, line.zone))
    watched = _watched(metric, people, since, line.moment)
    found = figures(watched, known, catalogue) if people else {}
    if people and metric not in found:
        raise CarpelError(f"Nothing is known of {metric}: the data has no such events.")
    sums = _sums(found[metric].y, found[metric].x, found[metric].d) if people else Sums(0, 0, 0)
    return Lately(sums, then is not None, _known_since(line, spec, known))


def metrics(reader: Reader) -> dict[str, Metric]:
    """Every metric there is, by name."""
    return {**built_in(reader.definitions.project.revenue), **reader.definitions.metrics}


def metric_of(reader: Reader, name: str) -> Metric:
    """A metric by its name, or the share who do an event, as `does_EVENT`; raises NotFound."""
    known = metrics(reader)
    if name in known:
        return known[name]
    event = name.removeprefix(DOES)
    if event == name or f"event_{event}" not in reader.engine.tables():
        raise NotFound("metric", name, known)
    said = f"share who do “{event.replace('_', ' ')}”"
    return ShareMetric(name=name, kind="share", event=event, label=said)


def line_of(session: Session, reader: Reader) -> Line:
    """The line that made the build which is open."""
    build = reader.build
    return Line(
        session.folder,
        reader.definitions,
        reader.engine,
        session.store.builds.files,
        build.made_at,
        as_of=build.as_of.astimezone(UTC),
        parts=dict(build.parts),
    )


def _watched(metric: str, people: BitMap, since: datetime, until: datetime) -> Watched:
    """Everybody over one stretch of time."""
    keys = np.asarray(people.to_array(), np.int64)
    ends = (np.full(len(keys), each, STAMP) for each in (since, until))
    return Watched([metric], (), keys, *ends)


def _sums(*columns: np.ndarray | None) -> Sums:
    """Of those of whom all is known."""
    known = np.logical_and.reduce([~np.isnan(each) for each in columns if each is not None])
    y, x, d = (None if each is None else each[known] for each in columns)
    assert y is not None
    return Sums.of(y, x, d)


def _known_since(line: Line, metric: Metric, known: Mapping[str, Metric]) -> datetime | None:
    """The first moment of what it counts; of a ratio the later of its parts."""
    if isinstance(metric, TraitMetric):
        return None
    if isinstance(metric, RatioMetric):
        parts = (_known_since(line, known[each], known) for each in (metric.of, metric.per))
        return max((each for each in parts if each is not None), default=None)
    asked = query("SELECT min(at) FROM :events", events=table(f"event_{metric.event}"))
    found: datetime | None = line.engine.value(asked)
    return found
