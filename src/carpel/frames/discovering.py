"""Without a project: groups of the people in a table, or the finding that there are none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from carpel.errors import CarpelError
from carpel.frames.columns import column_of
from carpel.frames.kinds import arrow, framed, like
from carpel.stages.segments.clusters import MISSING, trait_of
from carpel.stats.clusters import (
    Candidate,
    Discovery,
    Note,
    Plan,
    Rule,
    Trait,
    discover,
    marks,
    names,
    rule,
)
from carpel.stats.clusters.naming import Mark


@dataclass(frozen=True)
class Group:
    """A group: what sets it apart, the clearest first, how many, and a rule that says nearly it."""

    number: int
    people: int
    marks: tuple[Mark, ...]
    rule: Rule


@dataclass(frozen=True)
class Discovered:
    """What was found; `refused` says why there are no groups, else it is empty.

    `table` is the table that was given with a column `group`, counted from 0, missing for none.
    `reasons` say of each of the `candidates` why it was taken or why not; `notes` what was done to
    each trait; `p` how often populations without groups look as much like groups.
    """

    table: Any
    refused: str
    groups: tuple[Group, ...]
    candidates: tuple[Candidate, ...]
    reasons: tuple[str, ...]
    notes: tuple[Note, ...]
    p: float | None


def discovered(
    data: Any,
    traits: Sequence[str] | None = None,
    *,
    method: str = "auto",
    groups: int | None = None,
    serve: int = 8,
    smallest: int | None = None,
    criteria: Mapping[str, str] | None = None,
    weights: Mapping[str, float] | None = None,
    scale: bool = True,
) -> Discovered:
    """Look for groups of the people in a table, one row a person.

    `traits` are the columns to look in: numbers, texts, yes and no; all such columns when left out.
    `criteria` say of which criterion a column is, and `weights` how much a criterion counts. See
    `carpel.specs.Clusters` for the rest. Raises CarpelError for a column that is not there or can't
    be a trait, and where scikit-learn is missing.
    """
    frame = framed(data)
    rows = arrow(frame)
    of = criteria or {}
    given = [_trait(rows, name, of.get(name, "")) for name in traits or _usual(rows)]
    if not given:
        raise CarpelError("There is no column to look in.", action="Name some: traits=['…']")
    plan = Plan(method, groups, max(serve, groups or 0), smallest, weights or {}, scale=scale)
    try:
        found = discover(given, plan)
    except ImportError as error:
        raise CarpelError(MISSING) from error
    numbers = pa.array(found.labels, mask=found.labels < 0)
    table = like(frame, rows.append_column("group", numbers))
    told = (found.candidates, found.reasons, found.preparation.notes)
    p = found.verdict.p if found.verdict else None
    return Discovered(table, found.refused, _groups(given, found), *told, p)


def _usual(rows: pa.Table) -> list[str]:
    return [each.name for each in rows.schema if _fit(each.type)]


def _fit(kind: pa.DataType) -> bool:
    plain = kind.value_type if pa.types.is_dictionary(kind) else kind
    tests = ("integer", "floating", "decimal", "boolean", "string", "large_string")
    return any(getattr(pa.types, f"is_{test}")(plain) for test in tests)


def _trait(rows: pa.Table, name: str, criterion: str) -> Trait:
    cells = column_of(rows, name)
    if not _fit(cells.type):
        raise CarpelError(
            f"The column {name!r} holds {cells.type}, which is no trait to look in.",
            action="Numbers, texts, and yes or no are; turn a time into days since.",
        )
    return trait_of(name, cells, criterion)


def _groups(traits: Sequence[Trait], found: Discovery) -> tuple[Group, ...]:
    if found.refused:
        return ()
    scaled = found.preparation.scaled(traits)
    sizes = np.bincount(found.labels[found.labels >= 0])
    return tuple(
        Group(number, int(sizes[number]), each, rule(traits, found.labels == number))
        for number, each in enumerate(names(marks(found.preparation, scaled, found.labels)))
    )
