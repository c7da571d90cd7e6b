"""Ways to part a project's people, as they would have been parted at an earlier moment."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from carpel.engine.query import literal, query
from carpel.evaluation import Evaluator
from carpel.evaluation.bitmaps import to_keys
from carpel.evaluation.comparisons import Clock
from carpel.evaluation.facts import UNMEASURED, facts_of
from carpel.language import Node
from carpel.specs import Clusters, Lifecycle, Rfm, Segmentation, Tier, Tiers
from carpel.specs.places import places
from carpel.specs.standings import UNPLACED
from carpel.stages.base import Line
from carpel.stages.profiles import as_known
from carpel.stages.segments.clusters import plan_of, trait_of
from carpel.stages.segments.standings import by_event
from carpel.stats.clusters import Discovery, discover
from carpel.stats.ways import Feature

MOST = 20_000
"""People that ways are judged on; of more as many are drawn, the same ones at both moments."""
STATED = ("demographic", "geographic", "psychographic")
"""Kinds of facts that ways of their own are made of."""
KNOWN = 0.2
LEVELS = ((0.9, "high"), (0.6, "middle"), (0.0, "low"))
"""Spend of a year from which a level is reached, as a share of the buyers below it."""
Keys = NDArray[np.int64]


@dataclass(frozen=True)
class Snapshot:
    """People at a moment, ascending: their places, by way, and their traits, a row each."""

    at: datetime
    people: Keys
    everybody: int
    places: Mapping[str, Sequence[str]]
    traits: pa.Table
    criteria: Mapping[str, str]
    undated: frozenset[str]


def snapshot(
    line: Line,
    at: datetime,
    specs: Mapping[str, Rfm | Lifecycle | Tiers],
    whom: Node | None,
    stated: Collection[str],
) -> Snapshot:
    """See people as they were known; `stated` are undated traits taken as they are today."""
    with as_known(line, at, stated) as then:
        people, everybody = _people(then.line, whom)
        found = {name: _placed(then.line, spec, people) for name, spec in specs.items()}
        traits, criteria = _traits(then.line, people)
        return Snapshot(at, people, everybody, found, traits, criteria, frozenset(then.trusted))


def _people(then: Line, whom: Node | None) -> tuple[Keys, int]:
    evaluator = Evaluator(then.engine, as_of=then.moment.replace(tzinfo=UTC), zone=then.zone)
    taken = evaluator.universe if whom is None else evaluator.sets(whom).yes
    keys = np.sort(np.asarray(to_keys(taken), np.int64))
    if len(keys) <= MOST:
        return keys, len(keys)
    lots = (keys.astype(np.uint64) * np.uint64(2654435761)) % np.uint64(2**32)
    return keys[lots < np.uint64(2**32 * MOST // len(keys))], len(keys)


def _placed(then: Line, spec: Rfm | Lifecycle | Tiers, people: Keys) -> list[str]:
    rows, _ = by_event(then, spec)
    then.engine.register("asked_for", pa.table({"customer": people}))
    try:
        found = then.engine.fetch(
            query(
                "SELECT p.place FROM :rows AS p JOIN asked_for AS a ON a.customer = p.customer "
                "ORDER BY p.customer",
                rows=rows,
            )
        )
    finally:
        for name in ("asked_for", "gaps", "rhythms"):
            then.engine.drop(name)
    return [str(each) for each in found.column("place").to_pylist()]


def _traits(then: Line, people: Keys) -> tuple[pa.Table, dict[str, str]]:
    engine = then.engine
    criteria = dict(
        engine.rows(
            query(
                """SELECT trait, criterion FROM traits WHERE sensitivity = 'plain'
                   AND type IN ('number', 'integer', 'boolean', 'text')
                   AND known >= :share * of AND trait NOT IN (:never) ORDER BY trait""",
                share=KNOWN,
                never=[literal(each) for each in UNMEASURED],
            )
        )
    )
    return facts_of(engine, Clock(then.moment, then.zone), criteria, people), criteria


def stated(line: Line) -> list[str]:
    """Traits that say who people are, where they live and what they think, of the line's build."""
    rows = line.engine.rows(
        query(
            "SELECT trait FROM traits WHERE sensitivity = 'plain' AND criterion IN (:kinds)",
            kinds=[literal(each) for each in STATED],
        )
    )
    return [str(name) for (name,) in rows]


def by_events(line: Line) -> dict[str, Rfm | Lifecycle | Tiers]:
    """The project's own sets that events decide, and a ready one of each kind it has none of."""
    own = line.definitions.segmentations
    found = {name: each for name, each in own.items() if not isinstance(each, Clusters)}
    kinds = {each.kind for each in found.values()}
    revenue = line.definitions.project.revenue
    ready: list[Rfm | Lifecycle | Tiers] = [
        Rfm(name="rfm", kind="rfm", event=revenue.event, property=revenue.property),
        Lifecycle(name="lifecycle", kind="lifecycle", event=revenue.event),
    ]
    if levels := _levels(line):
        ready.append(
            Tiers(
                name="tiers",
                kind="tiers",
                event=revenue.event,
                property=revenue.property,
                levels=levels,
            )
        )
    return {**found, **{each.name: each for each in ready if each.kind not in kinds}}


def _levels(line: Line) -> tuple[Tier, ...]:
    """Levels of a year's spend as it is now; none where spend is not known."""
    known = {name for (name,) in line.engine.rows(query("SELECT trait FROM traits"))}
    if "spend_365d" not in known:
        return ()
    cells = [query("quantile_cont(spend_365d, :at)", at=at) for at, _ in LEVELS]
    ((_, *values),) = line.engine.rows(
        query("SELECT 0, :cells FROM profiles WHERE spend_365d > 0", cells=cells)
    )
    named = {float(value): name for value, (_, name) in zip(values, LEVELS, strict=True) if value}
    return tuple(Tier(name=name, at_least=round(value, 2)) for value, name in named.items())


def groups_of(then: Sequence[str], now: Sequence[str]) -> tuple[Keys, Keys, list[str]]:
    """Places as numbers that mean the same at both moments, and their names."""
    names = sorted({*then, *now})
    number = {name: at for at, name in enumerate(names)}
    return (
        np.array([number[each] for each in then], np.int64),
        np.array([number[each] for each in now], np.int64),
        names,
    )


def clustered(spec: Clusters, then: Snapshot, now: Snapshot) -> tuple[Discovery, Keys, Keys]:
    """Groups sought among people then, in traits that have a date; everybody placed, -1 in none."""
    names = [
        name
        for name in spec.traits or then.traits.column_names
        if name in then.traits.column_names
        and name in now.traits.column_names
        and name not in then.undated
    ]
    cut, both = len(then.people), together(then, now, names)
    traits = [trait_of(name, both.column(name), then.criteria[name]) for name in names]
    early, late = (
        [each.take(rows) for each in traits]
        for rows in (np.arange(cut), np.arange(cut, both.num_rows))
    )
    found = discover(early, plan_of(spec))
    if found.refused or found.groups is None:
        return found, found.labels, np.full(len(now.people), -1)
    assigned = found.groups.assign(found.preparation.matrix(late))
    return found, found.labels, np.where(found.preparation.known(late), assigned, -1)


def features(criterion: str, then: Snapshot, now: Snapshot) -> list[Feature]:
    """The facts of one kind as a tree reads them."""
    names = [
        name
        for name, kind in then.criteria.items()
        if kind == criterion and name in now.traits.column_names
    ]
    both = together(then, now, names)
    return [_feature(name, both.column(name), len(then.people)) for name in names]


def _feature(name: str, cells: pa.ChunkedArray, cut: int) -> Feature:
    words = pa.types.is_string(cells.type)
    if words:
        cells = pc.index_in(cells, value_set=pc.unique(cells).drop_null())
    values = cells.cast(pa.float64()).to_numpy().astype(np.float64)
    return Feature(name, values[:cut], values[cut:], words)


def together(then: Snapshot, now: Snapshot, names: Sequence[str]) -> pa.Table:
    """Both moments' rows of some traits, the earlier first, so that words mean the same."""
    return pa.concat_tables([then.traits.select(names), now.traits.select(names)])


def labels(spec: Segmentation) -> dict[str, str]:
    """What the places of a set are called on screen."""
    return {place.name: place.label for place in (*places(spec), UNPLACED)}
