"""Figures that lie far out, and stretches of time in which all of them do."""

import math
from collections.abc import Iterator

from carpel.engine.base import Engine
from carpel.engine.query import Tree, aliased, column, query
from carpel.stages.quality.counting import Condition, aggregated
from carpel.stages.quality.finding import Finding, said
from carpel.stages.quality.subject import Subject, is_number

FAR = 6.0
"""Robust standard deviations of the logarithm beyond which a figure is outlying."""
FEWEST = 30
"""Figures below which nothing can be said."""
SCALE = (50.0, 200.0)
"""How many times larger or smaller a month is when cents were taken for units."""
UNMEASURED = ("latitude", "longitude", "lat", "lon", "lng", "year", "age")


def measured(subject: Subject) -> list[str]:
    """Columns with figures worth comparing by their size."""
    return [
        name
        for name, kind in subject.kinds.items()
        if is_number(kind)
        and name.removeprefix("t_") not in UNMEASURED
        and not name.startswith("id_")
        and not name.endswith(("_id", "_key"))
    ]


def outlying(engine: Engine, subject: Subject) -> Iterator[Condition]:
    """Positive figures too far from the median, on the scale of logarithms.

    The distance is counted in 1.4826 times the median absolute deviation (the robust standard
    deviation of Iglewicz and Hoaglin, 1993), taken over the figures that differ from the median
    where more than half of all are equal to it: most quantities are 1.
    """
    names = measured(subject)
    for name, (low, high) in zip(names, _bounds(engine, subject, names), strict=True):
        if low is None or high is None:
            continue
        outside = query(":c < :low OR :c > :high", c=column(name), low=low, high=high)
        shown = subject.said(name)
        yield Condition(
            "outlying",
            shown,
            outside,
            f"{{rows}} have a {shown} outside {_said(low)} to {_said(high)}.",
            "Look at the largest: often a unit, a typing slip or a test.",
            among=query(":c > 0", c=column(name)),
        )


def _bounds(
    engine: Engine, subject: Subject, names: list[str]
) -> list[tuple[float | None, float | None]]:
    if not names:
        return []
    medians = _asked(engine, subject, [query("median(:x)", x=_log(each)) for each in names])
    spreads = _asked(
        engine,
        subject,
        [
            spread
            for name, middle in zip(names, medians, strict=True)
            for spread in _spreads(name, middle)
        ],
    )
    found = zip(medians, spreads[::3], spreads[1::3], spreads[2::3], strict=True)
    return [_bound(*each) for each in found]


def _spreads(name: str, middle: float | None) -> list[Tree]:
    away = query("abs((:x) - :middle)", x=_log(name), middle=middle or 0.0)
    differs = query("(:away) > 1e-9", away=away)
    return [
        query("median(:away)", away=away),
        query("median(:away) FILTER (WHERE :differs)", away=away, differs=differs),
        query("count(*) FILTER (WHERE :differs)", differs=differs),
    ]


def _bound(
    middle: float | None, every: float | None, differing: float | None, differ: float
) -> tuple[float | None, float | None]:
    spread = 1.4826 * (every or differing or 0.0)
    if middle is None or differ < FEWEST or spread < 1e-9:
        return None, None
    return math.exp(middle - FAR * spread), math.exp(min(middle + FAR * spread, 700.0))


def _log(name: str) -> Tree:
    return query("CASE WHEN :c > 0 THEN ln(CAST(:c AS DOUBLE)) END", c=column(name))


def _asked(engine: Engine, subject: Subject, figures: list[Tree]) -> list[float]:
    named = [aliased(each, f"f{at}") for at, each in enumerate(figures)]
    return aggregated(engine, subject.rows, named)


def _said(figure: float) -> str:
    return f"{figure:,.2f}" if figure >= 0.01 else f"{figure:.2g}"


def wrong_scale(engine: Engine, subject: Subject) -> Iterator[Finding]:
    """Months whose typical figure is about a hundred times that of the others."""
    if not subject.event:
        return
    for name in measured(subject):
        months = engine.rows(
            query(
                """SELECT date_trunc('month', at) AS month, median(abs(:c)) AS middle, count(*) AS n
                   FROM :rows AS r WHERE :c <> 0 GROUP BY ALL HAVING n >= :fewest ORDER BY 1""",
                c=column(name),
                rows=subject.rows,
                fewest=FEWEST,
            )
        )
        off = [month for month in months if _scaled(month[1], _typical(months))]
        if off:
            yield _scale_finding(subject, name, off)


def _typical(months: list[tuple[object, float, int]]) -> float:
    """The middle of the months' medians, each counted as often as it has rows."""
    ordered, half = sorted((middle, n) for _, middle, n in months), sum(m[2] for m in months) / 2
    for middle, n in ordered:
        half -= n
        if half <= 0:
            return middle
    return 0.0


def _scaled(middle: float, typical: float) -> bool:
    ratio = max(middle, typical) / min(middle, typical) if min(middle, typical) > 0 else 1.0
    return SCALE[0] <= ratio <= SCALE[1]


def _scale_finding(subject: Subject, name: str, off: list[tuple[object, float, int]]) -> Finding:
    rows, shown = sum(month[2] for month in off), subject.said(name)
    when = ", ".join(f"{month[0]:%Y-%m}" for month in off[:3]) + (", …" if len(off) > 3 else "")
    return Finding(
        subject.source,
        "wrong_scale",
        shown,
        "warning",
        rows,
        subject.of,
        False,
        f"{said(rows, subject.of, 'stand')} in months ({when}) whose typical {shown} is "
        "about 100 times off the rest.",
        "See whether cents and whole units are mixed.",
    )
