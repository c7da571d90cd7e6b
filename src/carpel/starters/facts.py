"""What the stated facts about people look like: spread, values, and how many each has."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import floor, log10
from typing import Any

from carpel.engine.base import Engine
from carpel.engine.query import column, query

YES = ("yes", "true", "y", "1", "1.0")
NO = ("no", "false", "n", "0", "0.0")
FEW = 12
"""Different values that people can still tell apart by heart."""
COLUMN = re.compile(r'"(t_[^"]+)"')


@dataclass(frozen=True)
class Fact:
    """One stated fact; `low` and `high` are the bounds of the lowest and highest fifth."""

    name: str
    label: str
    criterion: str
    numeric: bool
    different: int
    least: float | None
    low: float | None
    high: float | None
    values: tuple[Any, ...]
    """Its values, the most common first, where they are few."""
    people: tuple[int, ...]
    """How many have each of these."""

    @property
    def yes(self) -> Any:
        """The value that says yes, where the fact is one of yes and no; else None."""
        said = {str(value).lower(): value for value in self.values}
        if len(said) != 2 or not all(each in (*YES, *NO) for each in said):
            return None
        return next((value for word, value in said.items() if word in YES), None)

    @property
    def agreed(self) -> int:
        """How many say yes."""
        return self.people[self.values.index(self.yes)]

    @property
    def no(self) -> Any:
        """The other value, where there is one that says yes."""
        return next((value for value in self.values if value != self.yes), None)


def facts(engine: Engine) -> list[Fact]:
    """The facts of `contacts` that are neither personal nor special, in the order of `traits`."""
    listed = engine.rows(
        query(
            "SELECT trait, label, criterion, type, expression FROM traits "
            "WHERE \"table\" = 'contacts' AND sensitivity = 'plain' AND known > 0"
        )
    )
    return [
        _measured(engine, name, label, criterion, kind, stated[1])
        for name, label, criterion, kind, expression in listed
        if (stated := COLUMN.fullmatch(expression))
        and kind in ("number", "integer", "text", "boolean")
    ]


def _measured(
    engine: Engine, name: str, label: str, criterion: str, kind: str, stated: str
) -> Fact:
    numeric, it = kind in ("number", "integer"), column(stated)
    (different,) = engine.rows(query("SELECT count(DISTINCT :it) FROM contacts", it=it))[0]
    spread: Mapping[str, float | None] = dict.fromkeys(("least", "low", "high"))
    if numeric:
        found = engine.rows(
            query(
                "SELECT min(:it), quantile_cont(:it, 0.2), quantile_cont(:it, 0.8) FROM contacts",
                it=it,
            )
        )[0]
        spread = dict(zip(spread, (found[0], *map(rounded, found[1:])), strict=True))
    counted = query(
        "SELECT :it, count(*) FROM contacts WHERE :it IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1",
        it=it,
    )
    rows = engine.rows(counted) if different <= FEW else []
    values, people = tuple(row[0] for row in rows), tuple(row[1] for row in rows)
    return Fact(name, label, criterion, numeric, different, **spread, values=values, people=people)


def rounded(value: float) -> float:
    """A threshold that people can remember: two digits that matter."""
    if not value:
        return 0
    digits = 1 - floor(log10(abs(value)))
    nearest = round(float(value), digits)
    return int(nearest) if nearest == int(nearest) else nearest
