"""Profiles as they were at an earlier moment, as far as anything says when it was so."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from carpel.engine.query import Tree, query, table
from carpel.specs import ExpressionTrait, Trait
from carpel.stages.base import Earlier, Line
from carpel.stages.profiles.entry import Entry
from carpel.stages.profiles.expressions import names, parsed
from carpel.stages.profiles.listing import listed
from carpel.stages.profiles.relations import Relations
from carpel.stages.profiles.stage import forget, prepare

ALWAYS = ("birth_date", "gender")
"""What sources state of people that hardly changes, nor is found out later."""
UNDATED = ("places", "accounts")
"""Rows made of what sources state today of people and their companies."""
SHADOWED = ("customers", "contracts", "profiles", "traits")


@contextmanager
def as_known(line: Line, moment: datetime, trusted: Collection[str] = ()) -> Iterator[Earlier]:
    """Let the tables of people be those of an earlier moment, as `AsKnown` says.

    What happened has a date, and so have the beginnings and ends of contracts. What sources state
    of people and companies has none: only what hardly changes is there, and what is `trusted`.
    """
    past = replace(line, as_of=moment.replace(tzinfo=UTC))
    try:
        yield Earlier(past, *_bound(past, trusted))
    finally:
        for name in SHADOWED:
            line.engine.drop(name)
        line.bind(SHADOWED)


def _bound(past: Line, trusted: Collection[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Make the tables; gives the plain traits without a date, those left out and those not."""
    engine = past.engine
    there = query("coalesce(known_since <= :moment, true)", moment=past.moment)
    engine.create("customers", query("SELECT * FROM customers WHERE :there", there=there))
    if past.table_files("contracts"):
        engine.create("contracts", _contracts(past))
    prepared = prepare(Relations(past))
    made, placed = prepared.figures, prepared.placed
    own = past.definitions.traits
    out = _undated(made, placed, own, trusted)
    engine.create("profiles", query("SELECT * FROM profiled"))
    engine.create("traits", listed(past, [each for each in placed if each.name not in out]))
    forget(past, made)
    kept = _undated(made, placed, own, ()) - out if trusted else set()
    plain = {each.name for each in placed if each.sensitivity == "plain"}
    return tuple(sorted(out & plain)), tuple(sorted(kept & plain))


def _contracts(past: Line) -> Tree:
    """Contracts begun by the moment, without what became of them later or is said only of today."""
    return query(
        """SELECT * REPLACE (
             CAST(NULL AS VARCHAR) AS status, CAST(NULL AS BIGINT) AS seats,
             CAST(NULL AS TIMESTAMP) AS renews_at,
             CASE WHEN ended_at <= :moment THEN ended_at END AS ended_at,
             CASE WHEN paused_at <= :moment THEN paused_at END AS paused_at,
             CASE WHEN cancelled_at <= :moment THEN cancelled_at END AS cancelled_at)
           FROM :contracts WHERE coalesce(started_at <= :moment, true)""",
        contracts=table("contracts"),
        moment=past.moment,
    )


def _undated(
    made: Mapping[str, Iterable[Entry]],
    placed: Iterable[Entry],
    own: Mapping[str, Trait],
    trusted: Collection[str],
) -> set[str]:
    """Traits that stand on anything of which nothing says since when it is so."""
    found = {each.name for rows in UNDATED for each in made.get(rows, ())}
    found |= {
        each.name
        for each in placed
        if each.rows == "contacts" and not (each.needs and set(each.needs) <= set(ALWAYS))
    }
    found -= set(trusted)
    found |= {each.name for each in placed if each.rows == "profiles" and found & set(each.needs)}
    found |= {name for name in own if _reads(name, own) & found}
    return found - set(trusted)


def _reads(name: str, own: Mapping[str, Trait]) -> set[str]:
    """All traits that an expression comes to, through other expressions too."""
    reached, waiting = {name}, [name]
    while waiting:
        trait = own.get(waiting.pop())
        read = set(names(parsed(trait.expression))) if isinstance(trait, ExpressionTrait) else set()
        waiting += read - reached
        reached |= read
    return reached
