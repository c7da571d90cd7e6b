"""The comparison: the same rules over the same rows, on DuckDB and on an engine."""

from collections.abc import Mapping
from datetime import datetime
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from carpel.engine.base import Engine
from carpel.engine.duckdb import DuckDB
from carpel.errors import CarpelError
from carpel.evaluation import Evaluator, Sets
from carpel.language import Node, parse
from carpel.testing.conformance import business
from carpel.testing.conformance.rules import SEGMENTS, every_rule

Rules = Mapping[str, dict[str, Any]]
TOLD = 20
"""Rules named in one error."""


def check_engine(engine: Engine, *, seed: int = 1, every: int = 1) -> int:
    """Raise AssertionError unless the engine finds exactly whom Carpel finds, by every rule.

    About 2,200 rules, every clause, operator, aggregate and window of the language, over a small
    business full of nulls, ties, edges and letters, drawn by `seed`: who matches and of whom it is
    not known are compared with DuckDB, person by person. `every` takes each so-manieth rule only.
    The tables (`customers`, `profiles`, `event_bought` and so on) are registered in the engine
    under Carpel's names and dropped again. Gives the number of rules compared; the error names
    the first rules that differ, with the keys of whom they differ about.
    """
    rules = dict(list(every_rule().items())[seed % every :: every])
    places = {f"tier.{place}": {"segmentation": "tier", "in": [place]} for place in business.PLACES}
    compare(
        engine,
        business.whole(Random(seed)),
        rules,
        {**places, **SEGMENTS},
        business.MOMENT,
        business.ZONE,
    )
    return len(rules)


def evaluator(
    engine: Engine,
    tables: Mapping[str, pa.Table],
    segments: Rules,
    moment: datetime,
    zone: ZoneInfo,
) -> Evaluator:
    """An evaluator on an engine that holds these tables."""
    for name, table in tables.items():
        engine.register(name, table)
    known = {name: parse(rule) for name, rule in segments.items()}
    return Evaluator(engine, as_of=moment, zone=zone, segments=known)


def compare(
    engine: Engine,
    tables: Mapping[str, pa.Table],
    rules: Rules,
    segments: Rules,
    moment: datetime,
    zone: ZoneInfo,
) -> None:
    """Raise AssertionError unless the rules find the same on DuckDB and on another engine."""
    ours = DuckDB()
    try:
        parsed = {name: parse(rule) for name, rule in rules.items()}
        found = evaluator(ours, tables, segments, moment, zone).all(parsed)
        theirs = _found(evaluator(engine, tables, segments, moment, zone), parsed)
    finally:
        ours.close()
        for name in tables:
            engine.drop(name)
    wrong = [
        f"{rules[name]}: {_difference(found[name], theirs[name])}"
        for name in rules
        if found[name] != theirs[name]
    ]
    if wrong:
        told = "\n".join(wrong[:TOLD])
        raise AssertionError(f"{len(wrong)} of {len(rules)} rules differ from DuckDB:\n{told}")
    if not any(each.yes for each in found.values()):
        raise AssertionError("no rule finds anybody: the comparison says nothing")


def _found(evaluated: Evaluator, rules: Mapping[str, Node]) -> Mapping[str, Sets | str]:
    """The sets of every rule, or what the engine said against it."""
    try:
        return evaluated.all(rules)
    except CarpelError:
        return {name: _alone(evaluated, rule) for name, rule in rules.items()}


def _alone(evaluated: Evaluator, rule: Node) -> Sets | str:
    try:
        return evaluated.sets(rule)
    except CarpelError as error:
        return str(error)


def _difference(ours: Sets, theirs: Sets | str) -> str:
    if isinstance(theirs, str):
        return theirs
    return f"yes {sorted(ours.yes ^ theirs.yes)}, unknown {sorted(ours.unknown ^ theirs.unknown)}"
