"""What traits are like in groups does not hang on the order in which rows are added up."""

from contextlib import closing

import numpy as np
import pyarrow as pa
from pyroaring import BitMap

from carpel.engine.duckdb import DuckDB
from carpel.evaluation.facts import Facts
from carpel.evaluation.moments import _settled, moments

PEOPLE = 2_000


def test_rows_in_any_order_give_the_same_figures(rng: np.random.Generator) -> None:
    spent, some = rng.lognormal(3, 2, PEOPLE), rng.random(PEOPLE) < 0.3
    found = []
    for order in (np.arange(PEOPLE), rng.permutation(PEOPLE)):
        with closing(DuckDB()) as engine:
            engine.register("facts", pa.table({"customer": order, "spent": spent[order]}))
            members = order[some[order]]
            sets = [BitMap(members.astype(np.uint32))]
            found.append(sorted(moments(engine, sets, Facts(("spent",), ()), {}), key=repr))
    assert found[0] == found[1]
    whole = next(each for each in found[0] if each.group is None)
    assert (whole.n, whole.mean) == (PEOPLE, float(f"{spent.mean():.9g}"))
    assert whole.variance == float(f"{spent.var():.9g}")


def test_a_figure_at_the_edge_of_two_is_one() -> None:
    assert _settled(1531.109375) == _settled(1531.1093749999998) == _settled(1531.1093750000002)


def test_shares_stand_by_their_category_though_a_group_knows_nothing_of_another() -> None:
    """People 10 to 19 have no colour: their sizes must not be taken for their colours."""
    colours = ["red", "blue"] * 5 + [""] * 10
    sizes = ["s"] * 6 + ["m"] * 14
    data = pa.table({"customer": range(20), "colour": colours, "size": sizes})
    common = {"colour": {"": 10, "blue": 5, "red": 5}, "size": {"": 20, "m": 14, "s": 6}}
    with closing(DuckDB()) as engine:
        engine.register("facts", data)
        facts = Facts((), ("colour", "size"))
        found = list(moments(engine, [BitMap(range(10, 20))], facts, common))
    told = {(each.group, each.value): (each.n, each.mean) for each in found}
    assert told == {
        (None, "blue"): (10, 0.5),
        (None, "red"): (10, 0.5),
        (None, "m"): (20, 0.7),
        (None, "s"): (20, 0.3),
        (0, "m"): (10, 1.0),
        (0, "s"): (10, 0.0),
    }
