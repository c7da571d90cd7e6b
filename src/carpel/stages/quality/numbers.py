"""Figures that lie far out, and stretches of time in which all of them do."""

import math
from collections.abc import Iterator, Sequence

from carpel.engine.base import Engine
from carpel.engine.query import Tree, aliased, column, query
from carpel.stages.quality.counting import Condition, aggregated
from carpel.stages.quality.finding import Finding, said
from carpel.stages.quality.subject import Subject, is_number

FAR = 6.0
"""Robust standard deviations beyond which a figure is outlying."""
FEWEST = 30
"""Figures below which nothing can be said."""
SCALE = (50.0, 200.0)
"""How many times larger or smaller a month is when cents were taken for units."""
UNMEASURED = ("latitude", "longitude", "lat", "lon", "lng", "year", "age")

MONEY = frozenset(
    (
        "amount",
        "discount",
        "fee",
        "income",
        "net_amount",
        "refunded_amount",
        "shipping",
        "spend",
        "tax",
        "tip",
        "unit_cost",
        "unit_price",
    )
)
"""What columns with sums of money are called."""
SLIPS = "cents taken for whole units, a typing slip or a test"
MARKS = "a typing slip, or a number that stands for not known"


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
    """Positive figures too far from the median, both as they are and on the scale of logarithms.

    A small figure among evenly spread ones is far out only in its logarithm, and a large one
    among figures that differ by orders of magnitude only as it is: neither is outlying.

    The distance is counted in 1.4826 times the median absolute deviation (the robust standard
    deviation of Iglewicz and Hoaglin, 1993), taken over the figures that differ from the median
    where more than half of all are equal to it: most quantities are 1.
    """
    names = measured(subject)
    for name, (low, high) in zip(names, _bounds(engine, subject, names), strict=True):
        if high is None:
            continue
        shown = subject.said(name)
        outside = query(":c < :low OR :c > :high", c=column(name), low=low, high=high)
        beyond = f"outside {_said(low)} to {_said(high)}" if low > 0 else f"above {_said(high)}"
        yield Condition(
            "outlying",
            shown,
            outside,
            f"{{rows}} have a {shown} {beyond}.",
            f"Look at the farthest: often {SLIPS if is_money(name) else MARKS}.",
            among=query(":c > 0", c=column(name)),
        )


def is_money(name: str) -> bool:
    """Whether a column holds sums of money by what Carpel calls those."""
    return name.removeprefix("t_").removeprefix("original_") in MONEY


def _bounds(engine: Engine, subject: Subject, names: list[str]) -> list[tuple[float, float | None]]:
    """The least and the most of each column; the most is None where nothing can be said."""
    if not names:
        return []
    middles = _asked(engine, subject, [query("median(:x)", x=_log(each)) for each in names])
    spreads = _asked(
        engine,
        subject,
        [
            spread
            for name, middle in zip(names, middles, strict=True)
            for spread in (
                *_spreads(_log(name), middle),
                *_spreads(_positive(name), _figure(middle)),
            )
        ],
    )
    return [
        _bound(middle, spreads[at : at + 3], spreads[at + 3 : at + 6])
        for at, middle in zip(range(0, len(spreads), 6), middles, strict=True)
    ]


def _spreads(scaled: Tree, middle: float | None) -> list[Tree]:
    away = query("abs((:x) - :middle)", x=scaled, middle=middle or 0.0)
    differs = query("(:away) > 1e-9", away=away)
    return [
        query("median(:away)", away=away),
        query("median(:away) FILTER (WHERE :differs)", away=away, differs=differs),
        query("count(*) FILTER (WHERE :differs)", differs=differs),
    ]


def _bound(
    middle: float | None, of_logs: Sequence[float | None], plainly: Sequence[float | None]
) -> tuple[float, float | None]:
    in_logs, far = _far(of_logs), _far(plainly)
    if middle is None or (of_logs[2] or 0) < FEWEST or in_logs < 1e-9:
        return 0.0, None
    typical = _figure(middle)
    return (
        max(0.0, min(math.exp(middle - in_logs), typical - far)),
        max(math.exp(min(middle + in_logs, 700.0)), typical + far),
    )


def _far(spreads: Sequence[float | None]) -> float:
    every, differing, _ = spreads
    return FAR * 1.4826 * (every or differing or 0.0)


def _figure(log: float | None) -> float:
    return math.exp(min(log or 0.0, 700.0))


def _positive(name: str) -> Tree:
    return query("CASE WHEN :c > 0 THEN CAST(:c AS DOUBLE) END", c=column(name))


def _log(name: str) -> Tree:
    return query("ln(:x)", x=_positive(name))


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
        f"See whether {'cents and whole' if is_money(name) else 'two'} units are mixed.",
    )
