"""`carpel places`: pairs of places for a test that is still to come, and what it could show."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from carpel.errors import CarpelError, suggestion
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.comparisons import Clock
from carpel.evaluation.windows import shift
from carpel.language import RuleError
from carpel.language.periods import period
from carpel.reports.caused.words import Wording
from carpel.reports.figures import Figures
from carpel.specs.metric import TraitMetric, shown
from carpel.stages.outcomes.homes import Homes, homes, stretches
from carpel.stats.likelihood import Refused
from carpel.stats.places import Matched, matched, smallest_seen
from carpel.verbs.lately import line_of, metric_of, metrics
from carpel.verbs.place_designed import PlaceDesign, PlacePair, sentences
from carpel.verbs.place_file import write_experiment
from carpel.verbs.reader import Reader, reading
from carpel.verbs.session import Session

FEWEST = 10
"""People of a place, below which its figures are nothing but chance."""
Table = NDArray[np.float64]


@dataclass(frozen=True)
class Wanted:
    """What somebody thinks of testing; with `write` the file is written under that name."""

    trait: str
    metric: str
    within: str = "28 days"
    keep_out: Collection[str] = ()
    started: date | None = None
    write: str | None = None


def design_places(session: Session, wanted: Wanted) -> PlaceDesign:
    """Pair places by what their people did lately, and draw one of each pair.

    The same name, figures and places draw the same. Raises NotFound for an attribute or metric
    that there is not, and CarpelError for fewer than four places or a file that is there already.
    """
    if wanted.write and wanted.started is None:
        raise CarpelError(
            "Nobody knows when it starts.", action="Say --started with the first day of it."
        )
    with reading(session) as reader:
        metric = metric_of(reader, wanted.metric)
        if isinstance(metric, TraitMetric):
            raise CarpelError(
                f"{wanted.metric} is an attribute: of places, what people do is counted over time.",
                action="Say a --metric of an event.",
            )
        project = reader.definitions.project
        unit = shown(metric, metrics(reader), project.revenue)
        figures = Figures(project.currency, ZoneInfo(project.timezone))
        wording = Wording(figures, unit, metric.called)
        found = _designed(session, reader, wanted, wording)
        if wanted.write and wanted.started:
            file = write_experiment(
                session.folder, wanted.write, found, _also(reader, wanted.metric), wanted.started
            )
            found = replace(found, file=str(file))
    return replace(found, said=list(sentences(found, wording)))


def _designed(session: Session, reader: Reader, wanted: Wanted, wording: Wording) -> PlaceDesign:
    line = line_of(session, reader)
    catalogue = Catalogue(line.engine, Clock(line.moment, line.zone))
    everywhere = homes(catalogue, wanted.trait)
    unknown = [each for each in wanted.keep_out if each not in everywhere.places]
    if unknown:
        near = suggestion(unknown[0], everywhere.places)
        raise CarpelError(f"Nobody belongs to the place {unknown[0]!r}.", action=near)
    days = (line.moment - _since(line.moment, wanted.within, line.zone)).days
    figures, people = _past(everywhere, reader, wanted, catalogue, line.moment, days)
    left_out = dict(_out(everywhere.places, people, figures, wanted.keep_out))
    kept = [at for at, each in enumerate(everywhere.places) if each not in left_out]
    names = [everywhere.places[at] for at in kept]
    figures, people = figures[kept], people[kept]
    known = np.column_stack([figures.mean(axis=1), np.log(people)]) if kept else figures
    try:
        drawn = matched(names, known, salt=wanted.write or wanted.trait)
    except Refused as refused:
        raise CarpelError(
            f"No pairs can be made: {refused}.",
            action=f"Places have at least {FEWEST} people each; another attribute may do.",
        ) from refused
    if drawn.left_over:
        left_out[drawn.left_over] = "there was no other like it"
    return PlaceDesign(
        trait=wanted.trait,
        metric=wanted.metric,
        called=wording.label,
        shown=wording.shown,
        within_days=days,
        stretches=figures.shape[1],
        people=int(people.sum()),
        base=float(figures.mean()),
        pairs=list(_pairs(drawn, names, people, figures.mean(axis=1))),
        left_out=left_out,
        smallest=_smallest(drawn, names, figures),
    )


def _since(moment: datetime, within: str, zone: ZoneInfo) -> datetime:
    try:
        return shift(moment, period(within), zone)
    except RuleError as error:
        raise CarpelError(f"--within: {error.message}.") from error


def _past(
    everywhere: Homes,
    reader: Reader,
    wanted: Wanted,
    catalogue: Catalogue,
    moment: datetime,
    days: int,
) -> tuple[Table, NDArray[np.int64]]:
    """The metric a person, a row a place and a column a stretch of time; and each one's people."""
    spec = metric_of(reader, wanted.metric)
    known = {**metrics(reader), wanted.metric: spec}
    rows = list(stretches(everywhere, [wanted.metric], known, catalogue, moment, days))
    if not rows:
        raise CarpelError(
            f"What {wanted.metric} counts is not known for {days} days.",
            action="Say a shorter --within, or another metric.",
        )
    first = min(row["period"] for row in rows)
    figures = np.full((len(everywhere.places), -first), np.nan)
    for row in rows:
        over = row["n"] if row["d"] is None else row["d"]
        if over:
            figures[row["at"], row["period"] - first] = row["y"] / over
    return figures, everywhere.people


def _out(
    places: Sequence[str], people: NDArray[np.int64], figures: Table, keep_out: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Places that are in no pair, and why."""
    for at, each in enumerate(places):
        if each in keep_out:
            yield each, "kept out"
        elif people[at] < FEWEST:
            yield each, f"fewer than {FEWEST} people"
        elif not np.isfinite(figures[at]).all():
            yield each, "nothing to count in one of the stretches of time"


def _pairs(
    drawn: Matched, names: Sequence[str], people: NDArray[np.int64], past: Table
) -> Iterator[PlacePair]:
    at = {each: number for number, each in enumerate(names)}
    for each in drawn.pairs:
        one, other = at[each.treated], at[each.control]
        sizes = int(people[one]), int(people[other])
        yield PlacePair(each.treated, each.control, *sizes, float(past[one]), float(past[other]))


def _smallest(drawn: Matched, names: Sequence[str], figures: Table) -> float | None:
    at = {each: number for number, each in enumerate(names)}
    one = [at[each.treated] for each in drawn.pairs]
    other = [at[each.control] for each in drawn.pairs]
    try:
        return smallest_seen(figures, one, other, after=1) or None
    except Refused:
        return None


def _also(reader: Reader, metric: str) -> list[str]:
    """The metric, and revenue where amounts are known: what it brought is told in money."""
    revenue = reader.definitions.project.revenue
    home = f"event_{revenue.event}"
    paid = home in reader.engine.tables() and revenue.property in reader.engine.columns(home)
    return list(dict.fromkeys([metric, *(["revenue_per_person"] if paid else [])]))
