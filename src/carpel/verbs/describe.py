"""One trait on one page: how it is spread, how it goes with another, what explains it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from carpel.engine.query import column, literal, query
from carpel.errors import CarpelError, NotFound
from carpel.evaluation.cohorts import Cohort, cohorts
from carpel.evaluation.facts import UNMEASURED, lay
from carpel.evaluation.windows import local
from carpel.stats.multiplicity import expected_false
from carpel.stats.regression import Explained, NotExplained, least_squares, logistic
from carpel.stats.relation import correlations, ranks
from carpel.stats.tails import Floats
from carpel.verbs.reader import Reader, reading
from carpel.verbs.session import Session

BARS = 12
"""Bars of a histogram at most."""
VALUES = 20
"""Values of a category that are listed."""
MOST_TRAITS = 8
"""Traits taken to explain an outcome when none are named."""
KNOWN = 0.5
"""Share of people of whom such a trait is known at least."""
ALIKE = 0.8
"""Correlation of ranks from which two traits say the same; the weaker is left out."""
TELLS_ITSELF = 0.97
"""Correlation of ranks from which a trait is the outcome in other words."""
FEWEST_PAIRS = 10
"""People of whom both figures are known, for a correlation."""
GRID = (12, 40)
"""Cells upwards and across of a scatter of people."""
FEWEST = 5
"""People that a value has at least, to be told."""

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Described:
    """How a trait is spread among everybody, or among a segment's people and everybody else."""

    trait: str
    label: str
    unit: str
    of: int
    groups: Mapping[str, Mapping[str, float]]
    """By group: `known`, and for figures `mean`, `spread` (standard deviation), `lowest`,
    `quarter`, `middle`, `three_quarters`, `highest`."""
    bars: Rows
    """`value` or `from` and `to`, and people by group."""


@dataclass(frozen=True)
class Related:
    """What goes with an outcome, each figure by one standard deviation, all others held still."""

    outcome: str
    how: str
    n: int
    share: float
    rows: Rows
    """`trait`, `value`, `label`, `effect`, `low`, `high`, `q`, `alone` (correlation of ranks)."""
    left_out: Mapping[str, str] = field(default_factory=dict)
    """Traits that were not taken, and why."""


def describe(session: Session, trait: str, by: str | None = None) -> Described:
    """Spread and bars of one trait; raises NotFound, or CarpelError for one that is personal."""
    with reading(session) as reader:
        row = _plain(reader, trait)
        inside = np.zeros(0, np.uint32) if by is None else np.array(reader.segment(by).to_array())
        found = _columns(reader, [trait])
        keys, of = found["customer"], len(found["customer"])
        mine = np.isin(keys, inside)
        groups = {"everybody": np.ones(of, bool)} if by is None else {by: mine, "else": ~mine}
        values = found[trait]
        figures = values.dtype != object
        return Described(
            trait,
            row["label"] or trait.replace("_", " "),
            row["unit"] or "",
            of,
            {name: _summary(values[each], figures) for name, each in groups.items()},
            _bars(values, groups) if figures else _counts(values, groups),
        )


@dataclass(frozen=True)
class Correlated:
    """Two figures of the people of whom both are known."""

    trait: str
    other: str
    n: int
    correlation: float
    """Pearson's, -1 to 1, with its 95 % interval by Fisher's transformation (1921)."""
    low: float
    high: float
    ranks: float
    """Spearman's: of the order only, whatever the scale."""
    grid: list[list[int]]
    """People by cells, the highest values of `other` first; the middle 98 % of both spans it."""
    across: tuple[float, float]
    upwards: tuple[float, float]


def correlate(session: Session, trait: str, other: str) -> Correlated:
    """How two figures go together; raises NotFound, or CarpelError where that cannot be told."""
    with reading(session) as reader:
        for each in (trait, other):
            _plain(reader, each)
        found = _columns(reader, [trait, other])
        if object in (found[trait].dtype, found[other].dtype):
            raise CarpelError(
                "A category has no order: name two figures.", action="carpel ls traits"
            )
        both = ~np.isnan(found[trait]) & ~np.isnan(found[other])
        x, y = found[trait][both], found[other][both]
        if len(x) < FEWEST_PAIRS or np.ptp(x) == 0 or np.ptp(y) == 0:
            raise CarpelError(
                f"{trait} and {other} cannot be held together: {len(x)} people have both, or one "
                "of them is the same for everybody.",
                action="carpel describe TRAIT",
            )
        plain = float(correlations(x[:, None], y[:, None])[0, 0])
        order = float(correlations(ranks(x)[:, None], ranks(y)[:, None])[0, 0])
        reach = 1.959963984540054 / np.sqrt(len(x) - 3)
        at = np.arctanh(np.clip(plain, -1 + 1e-12, 1 - 1e-12))
        low, high = float(np.tanh(at - reach)), float(np.tanh(at + reach))
        (left, right), (bottom, top) = (np.quantile(each, [0.01, 0.99]) for each in (x, y))
        counts, _, _ = np.histogram2d(np.clip(y, bottom, top), np.clip(x, left, right), bins=GRID)
        return Correlated(
            trait,
            other,
            len(x),
            plain,
            low,
            high,
            order,
            counts[::-1].astype(int).tolist(),
            (float(left), float(right)),
            (float(bottom), float(top)),
        )


def relate(session: Session, outcome: str, traits: Sequence[str] = ()) -> Related:
    """Explain a trait, or who is in a segment, by traits; raises NotFound or CarpelError.

    A figure by least squares with errors that hold for uneven spread; yes and no, and a segment,
    by logistic regression.
    """
    with reading(session) as reader:
        rows = _listed(reader)
        chosen = list(traits) or [
            each["trait"] for each in rows.values() if each["known"] >= KNOWN * each["of"]
        ]
        for each in chosen:
            _plain(reader, each)
        wanted = [each for each in dict.fromkeys(chosen) if each != outcome]
        found = _columns(reader, [*wanted, *([outcome] if outcome in rows else [])])
        explained = _outcome(reader, found, outcome)
        columns = {each: found[each] for each in wanted if found[each].dtype != object}
        return _related(outcome, explained, columns, rows, named=bool(traits))


def retention(session: Session) -> list[Cohort]:
    """Cohorts of the project's revenue event; none without one."""
    with reading(session) as reader:
        event = f"event_{reader.definitions.project.revenue.event}"
        clock = reader.evaluator.catalogue.clock
        if event not in reader.build.tables():
            return []
        return cohorts(reader.engine, event, clock.moment, local(clock.moment, clock.zone).date())


def _listed(reader: Reader) -> dict[str, dict[str, Any]]:
    """Traits that may be told."""
    rows = reader.dicts(
        query(
            """SELECT * FROM traits WHERE sensitivity = 'plain'
               AND type IN ('number', 'integer', 'boolean', 'text')
               AND trait NOT IN (:unmeasured) ORDER BY trait""",
            unmeasured=[literal(each) for each in UNMEASURED],
        )
    )
    return {row["trait"]: row for row in rows}


def _plain(reader: Reader, trait: str) -> dict[str, Any]:
    rows = _listed(reader)
    if trait in rows:
        return rows[trait]
    if trait in reader.evaluator.catalogue.traits:
        raise CarpelError(
            f"{trait} is personal, or neither a figure nor a category: it is not described.",
            action="carpel ls traits",
        )
    raise NotFound("trait", trait, rows)


def _columns(reader: Reader, traits: Sequence[str]) -> dict[str, Any]:
    """Keys and traits of everybody: figures as floats (yes is 1), texts as objects."""
    facts = lay(reader.engine, reader.evaluator.catalogue.clock, traits)
    kinds = reader.evaluator.catalogue.traits
    data = reader.engine.fetch(
        query(
            "SELECT customer, :cells FROM facts ORDER BY customer",
            cells=[column(t) for t in traits],
        )
    )
    reader.engine.drop("facts")
    found: dict[str, Any] = {"customer": np.asarray(data.column("customer").to_numpy())}
    for each in traits:
        cells = data.column(each).to_numpy(zero_copy_only=False)
        if kinds[each][0] == "boolean":
            cells = np.array([{"yes": 1.0, "no": 0.0}.get(cell, np.nan) for cell in cells])
        is_figure = each in facts.numbers or kinds[each][0] == "boolean"
        found[each] = np.asarray(cells, np.float64 if is_figure else object)
    return found


def _summary(values: Any, figures: bool) -> dict[str, float]:
    if not figures:
        return {"known": float(sum(value is not None for value in values))}
    known = values[~np.isnan(values)]
    if not len(known):
        return {"known": 0.0}
    names = ("lowest", "quarter", "middle", "three_quarters", "highest")
    spread = float(known.std(ddof=1)) if len(known) > 1 else 0.0
    ends = np.quantile(known, [0, 0.25, 0.5, 0.75, 1]).tolist()
    return {
        "known": float(len(known)),
        "mean": float(known.mean()),
        "spread": spread,
        **dict(zip(names, ends, strict=True)),
    }


def _bars(values: Floats, groups: Mapping[str, Any]) -> Rows:
    """A histogram over the middle 98 %; the first and last bars hold what lies beyond."""
    known = values[~np.isnan(values)]
    if not len(known):
        return []
    low, high = np.quantile(known, [0.01, 0.99])
    edges = np.unique(np.linspace(low, high, BARS + 1)) if high > low else np.array([low, low + 1])
    at = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, len(edges) - 2)
    return [
        {
            "from": float(edges[bar]),
            "to": float(edges[bar + 1]),
            **{
                name: int(np.sum((at == bar) & each & ~np.isnan(values)))
                for name, each in groups.items()
            },
        }
        for bar in range(len(edges) - 1)
    ]


def _counts(values: Any, groups: Mapping[str, Any]) -> Rows:
    names, counts = np.unique([v for v in values if v is not None], return_counts=True)
    order = [at for at in np.argsort(-counts, kind="stable") if counts[at] >= FEWEST]
    return [
        {
            "value": str(names[at]),
            **{name: int(np.sum((values == names[at]) & each)) for name, each in groups.items()},
        }
        for at in order[:VALUES]
    ]


def _outcome(reader: Reader, found: Mapping[str, Any], outcome: str) -> Floats:
    if outcome in found:
        if found[outcome].dtype == object:
            raise CarpelError(
                f"{outcome} is a category: ask for a figure, yes or no, or a segment.",
                action="carpel ls traits",
            )
        return np.asarray(found[outcome], np.float64)
    if outcome not in reader.sets:
        raise NotFound("trait or segment", outcome, {*_listed(reader), *reader.sets})
    members = np.array(reader.sets[outcome].to_array())
    return np.isin(found["customer"], members).astype(float)


def _related(
    outcome: str,
    explained: Floats,
    columns: Mapping[str, Floats],
    rows: Mapping[str, dict[str, Any]],
    *,
    named: bool,
) -> Related:
    alone = {
        each: float(correlations(ranks(explained)[:, None], ranks(values)[:, None])[0, 0])
        for each, values in columns.items()
    }
    taken, left_out = (list(columns), {}) if named else _taken(columns, alone)
    while True:
        try:
            fit = _fit(explained, [columns[each] for each in taken])
            break
        except NotExplained as error:
            if named or "perfectly" not in str(error) or len(taken) < 2:
                raise CarpelError(
                    f"{outcome} cannot be explained: {error}.", action="Name other traits."
                ) from None
            left_out[taken.pop(0)] = "tells yes from no by itself, or nearly"
    return Related(
        outcome,
        "logistic" if _is_yes_no(explained) else "least squares",
        fit.n,
        fit.share,
        _effects(fit, taken, rows, alone),
        left_out,
    )


def _is_yes_no(values: Floats) -> bool:
    return set(np.unique(values[~np.isnan(values)]).tolist()) <= {0.0, 1.0}


def _fit(explained: Floats, columns: Sequence[Floats]) -> Explained:
    """By standard deviations, over the people of whom everything is known."""
    matrix = np.column_stack(columns) if columns else np.empty((len(explained), 0))
    whole = ~np.isnan(explained) & ~np.isnan(matrix).any(axis=1)
    known, outcome = matrix[whole], explained[whole]
    if not len(outcome):
        raise NotExplained("nobody has all of these attributes")
    spread = known.std(axis=0)
    scaled = (known - known.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    return (logistic if _is_yes_no(explained) else least_squares)(outcome, scaled)


def _effects(
    fit: Explained,
    taken: Sequence[str],
    rows: Mapping[str, dict[str, Any]],
    alone: Mapping[str, float],
) -> Rows:
    low, high = fit.intervals()
    q = expected_false(fit.chances[1:])
    found = [
        {
            "trait": each,
            "label": rows[each]["label"] or each.replace("_", " "),
            "effect": float(fit.coefficients[at + 1]),
            "low": float(low[at + 1]),
            "high": float(high[at + 1]),
            "q": float(q[at]),
            "alone": alone[each],
        }
        for at, each in enumerate(taken)
    ]
    return sorted(found, key=lambda row: -abs(float(str(row["effect"]))))


def _taken(
    columns: Mapping[str, Floats], alone: Mapping[str, float]
) -> tuple[list[str], dict[str, str]]:
    """The traits that go with the outcome most, none that says what another says already."""
    taken: list[str] = []
    left_out: dict[str, str] = {}
    for each in sorted(columns, key=lambda name: (-abs(alone[name]), name)):
        if abs(alone[each]) >= TELLS_ITSELF:
            left_out[each] = "is the outcome in other words"
            continue
        twin = next((other for other in taken if _alike(columns[each], columns[other])), None)
        if twin is not None:
            left_out[each] = f"goes along with {twin}"
        elif len(taken) < MOST_TRAITS and alone[each]:
            taken.append(each)
    return taken, left_out


def _alike(one: Floats, other: Floats) -> bool:
    return bool(abs(correlations(ranks(one)[:, None], ranks(other)[:, None])[0, 0]) >= ALIKE)
