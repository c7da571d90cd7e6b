"""What explains a trait, or who is in a segment, all that goes with it looked at together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from carpel.errors import CarpelError, NotFound
from carpel.stats.multiplicity import expected_false
from carpel.stats.regression import Explained, NotExplained, Separated, least_squares, logistic
from carpel.stats.relation import rank_correlation
from carpel.stats.tails import Floats
from carpel.verbs.plain_traits import plain_trait, plain_traits, values_of
from carpel.verbs.reader import Reader, reading
from carpel.verbs.session import Session

MOST_TRAITS = 8
"""Traits taken to explain an outcome when none are named."""
KNOWN = 0.5
"""Share of people of whom such a trait is known at least."""
ALIKE = 0.8
"""Correlation of ranks from which two traits say the same; the weaker is left out."""
TELLS_ITSELF = 0.97
"""Correlation of ranks from which a trait is the outcome in other words."""

Rows = list[dict[str, Any]]


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


def relate(session: Session, outcome: str, traits: Sequence[str] = ()) -> Related:
    """Explain a trait, or who is in a segment, by traits; raises NotFound or CarpelError.

    A figure by least squares with errors that hold for uneven spread; yes and no, and a segment,
    by logistic regression.
    """
    with reading(session) as reader:
        rows = plain_traits(reader)
        chosen = list(traits) or [
            each["trait"] for each in rows.values() if each["known"] >= KNOWN * each["of"]
        ]
        for each in traits:
            plain_trait(reader, each)
        wanted = [each for each in dict.fromkeys(chosen) if each != outcome]
        found = values_of(reader, [*wanted, *([outcome] if outcome in rows else [])])
        explained = _outcome(reader, found, outcome)
        columns = {each: found[each] for each in wanted if found[each].dtype != object}
        return _related(outcome, explained, columns, rows, named=bool(traits))


def _outcome(reader: Reader, found: Mapping[str, Any], outcome: str) -> Floats:
    if outcome in found:
        if found[outcome].dtype == object:
            raise CarpelError(
                f"{outcome} is a category: ask for a figure, yes or no, or a segment.",
                action="carpel ls traits",
            )
        return np.asarray(found[outcome], np.float64)
    if outcome not in reader.sets:
        raise NotFound("trait or segment", outcome, {*plain_traits(reader), *reader.sets})
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
    alone = {each: rank_correlation(explained, values) for each, values in columns.items()}
    taken, left_out = (list(columns), {}) if named else _taken(columns, alone)
    for each in [] if named else _alike_for_all(explained, columns, taken):
        taken.remove(each)
        left_out[each] = "is the same for everybody of whom all of these are known"
    while True:
        try:
            fit = _fit(explained, [columns[each] for each in taken])
            break
        except NotExplained as error:
            if named or not isinstance(error, Separated) or len(taken) < 2:
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


def _whole(explained: Floats, columns: Sequence[Floats]) -> tuple[Floats, Floats]:
    """Outcome and columns of the people of whom everything is known."""
    matrix = np.column_stack(columns) if columns else np.empty((len(explained), 0))
    whole = ~np.isnan(explained) & ~np.isnan(matrix).any(axis=1)
    return explained[whole], matrix[whole]


def _alike_for_all(
    explained: Floats, columns: Mapping[str, Floats], taken: Sequence[str]
) -> list[str]:
    """Those of the traits that do not differ among the people who can be looked at."""
    _, known = _whole(explained, [columns[each] for each in taken])
    return [each for at, each in enumerate(taken) if len(known) and np.ptp(known[:, at]) == 0]


def _fit(explained: Floats, columns: Sequence[Floats]) -> Explained:
    """By standard deviations, over the people of whom everything is known."""
    outcome, known = _whole(explained, columns)
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
        twins = (
            other
            for other in taken
            if abs(rank_correlation(columns[each], columns[other])) >= ALIKE
        )
        twin = next(twins, None)
        if twin is not None:
            left_out[each] = f"goes along with {twin}"
        elif len(taken) < MOST_TRAITS and alone[each]:
            taken.append(each)
    return taken, left_out
