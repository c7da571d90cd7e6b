"""Survey traits: what answers to several items say together, as a scale or as factors."""

from collections.abc import Mapping, Sequence
from importlib.util import find_spec

import numpy as np
import pyarrow as pa

from carpel.engine.query import Tree, aliased, query
from carpel.errors import MissingExtra
from carpel.specs import FactorsTrait, ScaleTrait
from carpel.stages.profiles.entry import Entry
from carpel.stages.profiles.relations import Relations
from carpel.stages.profiles.scored import Floats, Scored, Survey, score

FIGURES = ("number", "integer", "boolean")
WORDS = "is answered in words: give each a figure, by `values` in the source"
NOBODY = "nothing is known of it"


def scales(relations: Relations, placed: Sequence[Entry]) -> Scored:
    """Score every survey trait of the project and put the scores beside the other figures."""
    own = relations.line.definitions.traits.values()
    asked = [each for each in own if isinstance(each, ScaleTrait | FactorsTrait)]
    scored = Scored()
    if not asked:
        return scored
    if not find_spec("scipy"):
        raise MissingExtra("science", "scales of a survey")
    known = {each.name: each for each in placed if each.sensitivity != "personal"}
    answered = relations.engine.fetch(_answered(relations, asked, known))
    for spec in asked:
        _score(spec, known, answered, scored)
    _beside(relations, answered, scored.scores)
    return scored


def _answered(relations: Relations, asked: Sequence[Survey], known: Mapping[str, Entry]) -> Tree:
    """Everybody's answers to all items in figures."""
    items = dict.fromkeys(item for spec in asked for item in spec.items)
    cells = [
        aliased(query("CAST(:it AS DOUBLE)", it=relations.read(known[each].sql)), each)
        for each in items
        if each in known and known[each].type in FIGURES
    ]
    people = "profiled AS p"
    if relations.line.table_files("contacts"):
        people += " LEFT JOIN contacts AS c ON c.customer = p.customer"
    return query(f"SELECT p.customer, :cells FROM {people} ORDER BY p.customer", cells=cells)


def _score(spec: Survey, known: Mapping[str, Entry], answered: pa.Table, scored: Scored) -> None:
    from carpel.stats.survey import answers

    there = [each for each in spec.items if each in answered.column_names]
    unread = {each: WORDS if each in known else NOBODY for each in spec.items if each not in there}
    values = [answered.column(each).to_numpy().astype(np.float64) for each in there]
    matrix = np.column_stack(values) if values else np.empty((answered.num_rows, 0))
    given = answers(matrix, there).without(unread)
    score(spec, given, {name: each.label for name, each in known.items()}, scored)


def _beside(relations: Relations, answered: pa.Table, scores: Mapping[str, Floats | None]) -> None:
    cells = {
        name: pa.nulls(answered.num_rows, pa.float64())
        if each is None
        else pa.array(each, pa.float64(), from_pandas=True)
        for name, each in scores.items()
    }
    engine = relations.engine
    engine.register("scored", pa.table({"customer": answered.column("customer"), **cells}))
    engine.create(
        "whole",
        query(
            """SELECT p.*, s.* EXCLUDE (customer) FROM profiled AS p
               JOIN scored AS s ON s.customer = p.customer ORDER BY p.customer"""
        ),
    )
    engine.create("profiled", query("SELECT * FROM whole"))
    for name in ("whole", "scored"):
        engine.drop(name)
