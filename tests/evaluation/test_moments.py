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
