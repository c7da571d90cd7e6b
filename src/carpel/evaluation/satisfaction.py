"""What people say when they are asked: whether they would recommend, and whether they are happy."""

from collections.abc import Sequence
from dataclasses import dataclass

from carpel.engine.base import Engine
from carpel.engine.query import Tree, column, query
from carpel.evaluation.arrivals import Edges, stretches

ANSWERED = "event_survey_answered"
SCORES = {"nps": ("v >= 9", "v <= 6"), "satisfaction": ("v >= 4", "v <= 2")}
"""By what is asked: which answers are good, which bad; of 0 to 10, and of 1 to 5."""


@dataclass(frozen=True)
class Said:
    """People who answered, and how many of them well and badly; each one's last answer counts."""

    people: int
    good: int
    bad: int


def said(engine: Engine, what: str, edges: Edges) -> list[Said]:
    """For each stretch; `what` is `nps` or `satisfaction`. Nothing where nobody was asked."""
    if ANSWERED not in engine.tables() or what not in engine.columns(ANSWERED):
        return []
    latest = query(
        """SELECT s.place, coalesce(a.survivor, e.customer) AS customer,
                  arg_max(TRY_CAST(:what AS DOUBLE), e.at) AS v
           FROM :stretches AS s
           JOIN event_survey_answered AS e ON e.at >= s.start AND e.at < s.edge
           LEFT JOIN aliases AS a ON a.customer = e.customer
           WHERE TRY_CAST(:what AS DOUBLE) IS NOT NULL GROUP BY 1, 2""",
        what=column(what, "e"),
        stretches=stretches(edges),
    )
    found = dict(_counted(engine, what, latest))
    return [found.get(place, Said(0, 0, 0)) for place in range(len(edges) - 1)]


def stated(engine: Engine, what: str, rows: Tree) -> Said:
    """Of scores that attributes hold: rows of `customer` and `v`."""
    latest = query("SELECT 0 AS place, customer, v FROM :r AS r WHERE v IS NOT NULL", r=rows)
    return dict(_counted(engine, what, latest)).get(0, Said(0, 0, 0))


def _counted(engine: Engine, what: str, latest: Tree) -> Sequence[tuple[int, Said]]:
    good, bad = SCORES[what]
    rows = engine.rows(
        query(
            """SELECT place, count(*), count(*) FILTER (WHERE :good), count(*) FILTER (WHERE :bad)
               FROM :latest AS l GROUP BY place""",
            good=query(good),
            bad=query(bad),
            latest=latest,
        )
    )
    return [(place, Said(*counts)) for place, *counts in rows]
