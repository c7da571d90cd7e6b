"""What each person of an experiment did: a column of figures a metric, and one of the time before.

Everything that people did of one kind is read once, however many metrics are of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa

from carpel.engine.query import Tree, aliased, column, literal, query, table
from carpel.errors import CarpelError, Problem, ProjectError
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.measures import Tally, only, tally
from carpel.language import Did
from carpel.specs.metric import MeanMetric, Metric, RatioMetric, ShareMetric, TraitMetric
from carpel.stages.outcomes.drawn import Moments, Watched
from carpel.stats.experiments.giants import giants
from carpel.stats.tails import Floats

BEFORE = timedelta(days=90)
"""What people did for so long before an experiment tells most of what they would do anyway."""
ASSIGNED = "assigned"


@dataclass(frozen=True)
class Figure:
    """One metric of everybody, a place a person: NaN where it is not known."""

    y: Floats
    x: Floats | None = None
    """The same of the time before."""
    d: Floats | None = None
    """What a ratio is over."""
    yes_or_no: bool = False
    """Whether all figures are 0 or 1."""
    giant: float | None = None
    """What larger figures were drawn in to."""
    drawn_in: np.ndarray = field(default_factory=lambda: np.zeros(0, bool))


def figures(
    drawn: Watched, metrics: Mapping[str, Metric], catalogue: Catalogue
) -> dict[str, Figure]:
    """The figures of those metrics that the data has, over each one's time."""
    engine = catalogue.engine
    wanted = _with_parts(drawn.metrics, drawn.guardrails, metrics)
    found: dict[str, Figure] = {}
    engine.register(ASSIGNED, drawn.people)
    try:
        for event, some in _by_event(wanted).items():
            if f"event_{event}" in catalogue.tables:
                found |= _done(drawn, event, some, catalogue)
        for name, metric in wanted.items():
            if isinstance(metric, TraitMetric):
                found[name] = _stated(drawn, metric, catalogue)
    finally:
        engine.drop(ASSIGNED)
    for name, metric in wanted.items():
        if isinstance(metric, RatioMetric) and {metric.of, metric.per} <= found.keys():
            found[name] = Figure(found[metric.of].y, None, found[metric.per].y)
    return {name: _drawn_in(each, metrics[name]) for name, each in found.items()}


def _with_parts(
    asked: Iterable[str], guardrails: Iterable[str], metrics: Mapping[str, Metric]
) -> dict[str, Metric]:
    named = dict.fromkeys((*asked, *guardrails))
    ratios = [each for name in named if isinstance(each := metrics[name], RatioMetric)]
    parts = [part for each in ratios for part in (each.of, each.per)]
    return {name: metrics[name] for name in (*named, *(each for each in parts if each in metrics))}


def _by_event(metrics: Mapping[str, Metric]) -> dict[str, dict[str, ShareMetric | MeanMetric]]:
    found: dict[str, dict[str, ShareMetric | MeanMetric]] = {}
    for name, metric in metrics.items():
        if isinstance(metric, ShareMetric | MeanMetric):
            found.setdefault(metric.event, {})[name] = metric
    return found


def _done(
    drawn: Watched,
    event: str,
    metrics: Mapping[str, ShareMetric | MeanMetric],
    catalogue: Catalogue,
) -> dict[str, Figure]:
    """Those of one event, of everybody: nothing where they did not do it."""
    tallies = {name: _tally(each, catalogue) for name, each in metrics.items()}
    rows = catalogue.engine.fetch(_scan(drawn, event, tallies, catalogue))
    place = np.asarray(rows.column("place"), np.int64)
    found = {}
    for number, (name, metric) in enumerate(metrics.items()):
        after, before = np.zeros(len(drawn.customers)), np.zeros(len(drawn.customers))
        after[place] = _floats(rows.column(f"y{number}"))
        before[place] = _floats(rows.column(f"x{number}"))
        share = isinstance(metric, ShareMetric)
        if share:
            after, before = (after > 0).astype(float), (before > 0).astype(float)
        found[name] = Figure(after, before, yes_or_no=share)
    return found


def _tally(metric: ShareMetric | MeanMetric, catalogue: Catalogue) -> Tally:
    aggregate = metric.aggregate if isinstance(metric, MeanMetric) else "count"
    of = metric.property if isinstance(metric, MeanMetric) else None
    return tally(
        Did(event=metric.event, where=metric.where, aggregate=aggregate, property=of),
        catalogue,
        "event",
    )


def _scan(drawn: Watched, event: str, tallies: Mapping[str, Tally], catalogue: Catalogue) -> Tree:
    """A row a person who did it: each figure over their time, and over as long before."""
    home = catalogue.event(event)
    at, since = column("at", home), _moment(drawn.since, "since")
    after = query(
        ":at > :since AND :at <= :until", at=at, since=since, until=_moment(drawn.until, "until")
    )
    before = query(
        ":at <= :since AND :at > :since - :days * INTERVAL 1 DAY",
        at=at,
        since=since,
        days=BEFORE.days,
    )
    first, last = _ends(drawn)
    now = catalogue.clock.moment
    values = [
        aliased(only(each.aggregate, query(":a AND :b", a=when, b=each.filters)), f"{word}{number}")
        for number, each in enumerate(tallies.values())
        for word, when in (("y", after), ("x", before))
    ]
    rows = catalogue.rows(event, {key for each in tallies.values() for key in each.described})
    return (
        rows.join(
            table(ASSIGNED),
            on=catalogue.customer(home).eq(column("customer", ASSIGNED)),
        )
        .where(query(":at > :first AND :at <= :last", at=at, first=first, last=min(last, now)))
        .select(column("place", ASSIGNED), *values)
        .group_by(column("place", ASSIGNED))
    )


def _moment(moments: Moments, name: str) -> Tree:
    """Each person's own moment; where it is the same for all, that, which is read faster."""
    first = moments[0]
    return literal(first.item()) if (moments == first).all() else column(name, ASSIGNED)


def _ends(drawn: Watched) -> tuple[datetime, datetime]:
    first, last = drawn.since.min().astype(datetime), drawn.until.max().astype(datetime)
    return first - BEFORE, last


def _stated(drawn: Watched, metric: TraitMetric, catalogue: Catalogue) -> Figure:
    """What a trait says, and where one says the same of before, that."""
    before = _trait(drawn, metric.before, catalogue) if metric.before else None
    found = _trait(drawn, metric.trait, catalogue)
    if metric.unit == "share" and not np.isin(found[~np.isnan(found)], (0.0, 1.0)).all():
        raise ProjectError(
            [
                Problem(
                    f"{metric.trait} is no yes or no: it goes up to {np.nanmax(found):g}",
                    f"metrics/{metric.name}.yml",
                    action="Say `unit: number`, or `unit: money`.",
                )
            ]
        )
    return Figure(found, before)


def _trait(drawn: Watched, name: str, catalogue: Catalogue) -> Floats:
    """A figure, or yes and no as 1 and 0, text that says so too; NaN where nothing is known."""
    fact = catalogue.trait(name)
    text = query("CAST(:value AS VARCHAR)", value=fact.value)
    figure = (
        query(
            "COALESCE(TRY_CAST(:it AS DOUBLE), CAST(TRY_CAST(:it AS BOOLEAN) AS DOUBLE))", it=text
        )
        if fact.kind == "text"
        else query("CAST(:value AS DOUBLE)", value=fact.value)
    )
    rows = catalogue.engine.fetch(
        query(
            """SELECT a.place, t.y, t.said FROM assigned AS a
               JOIN (SELECT customer, :figure AS y, :said AS said FROM :home) AS t
               USING (customer) WHERE t.said IS NOT NULL""",
            figure=figure,
            said=text,
            home=table(fact.table),
        )
    )
    if rows.column("y").null_count:
        raise CarpelError(
            f"{name} cannot be a metric: it holds text that is neither a figure nor yes or no.",
            action="Say in its source what the values mean: `values: {bought: 1, none: 0}`.",
        )
    found = np.full(len(drawn.customers), np.nan)
    found[np.asarray(rows.column("place"), np.int64)] = _floats(rows.column("y"))
    return found


def _drawn_in(figure: Figure, metric: Metric) -> Figure:
    """Where the metric says so, no figure beyond that which so many of those with any stay in."""
    share: float | None = getattr(metric, "giants", None)
    if share is None:
        return figure
    most = giants({"": figure.y[~np.isnan(figure.y)]}, share).threshold
    before = None if figure.x is None else np.clip(figure.x, -most, most)
    return replace(
        figure,
        y=np.clip(figure.y, -most, most),
        x=before,
        giant=most,
        drawn_in=np.abs(figure.y) > most,
    )


def _floats(cells: pa.ChunkedArray) -> Floats:
    return np.nan_to_num(np.asarray(cells.to_numpy(zero_copy_only=False), np.float64))
