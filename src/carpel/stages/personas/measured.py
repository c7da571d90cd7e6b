"""What is known of traits in each segment and outside it, from the table of moments."""

from collections.abc import Iterator
from typing import Any

from carpel.engine.query import query
from carpel.evaluation.movements import EVERYBODY
from carpel.stages.base import Line
from carpel.stages.personas.candidate import Candidate
from carpel.stats.difference import Moments

Rows = dict[str, dict[str, Any]]


def traits(line: Line) -> Rows:
    """Traits that may be told of, by name: special categories and what is personal stay out."""
    rows = line.engine.fetch(query("SELECT * FROM traits WHERE sensitivity = 'plain'"))
    return {row["trait"]: row for row in rows.to_pylist()}


def told(line: Line, listed: Rows) -> Iterator[Candidate]:
    """A candidate a segment and trait, or common value of it; 1 of a figure that is 0 or 1 is yes.

    A value that everybody has, or nobody, tells nothing. The table cuts figures to nine digits;
    behind a share is a whole number of people.
    """
    whole: dict[tuple[str, str | None], Moments] = {}
    rows = line.engine.rows(
        query(
            """SELECT segment, trait, value, n, mean, variance FROM moments
               ORDER BY segment <> :all, segment, trait, value""",
            all=EVERYBODY,
        )
    )
    for segment, trait, value, n, mean, variance in rows:
        share = value is not None
        here = Moments.of_share(n, round(mean * n)) if share else Moments(n, mean, variance)
        if segment == EVERYBODY:
            whole[trait, value] = here
        elif trait in listed and whole[trait, value].variance > 0:
            row, everybody = listed[trait], whole[trait, value]
            yield Candidate(
                segment,
                trait,
                row["label"] or trait.replace("_", " "),
                "yes" if value is None and _is_flag(row["type"], everybody) else value,
                row["unit"] or "",
                here,
                everybody.without(here),
            )


def _is_flag(kind: str, everybody: Moments) -> bool:
    """Whether whole numbers are 0 and 1 only: their squares are on average what they are."""
    if kind != "integer" or not 0 < everybody.mean < 1:
        return False
    return abs(everybody.variance + everybody.mean**2 - everybody.mean) < 1e-8
