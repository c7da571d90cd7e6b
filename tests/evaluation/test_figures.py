"""Figures in memory, window by window, against counting each customer's rows one by one."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from carpel.errors import CarpelError
from carpel.evaluation.counting.figures import WORDS, Counting, figures, rounded
from carpel.evaluation.counting.ordering import order
from carpel.evaluation.counting.rows import Column, Doings, Rows, coded, doings, plain
from carpel.evaluation.counting.verdicts import Among, comparable, compared
from carpel.language import Comparison, comparison

Row = tuple[int, int, int, int, float | None, int | None]
"""Customer, stretch, instant within it, event key, a value and a code."""
WINDOWS = 4
rows_of = st.lists(
    st.tuples(
        st.sampled_from([0, 1, 2, 5, 900]),
        st.integers(0, WINDOWS - 1),
        st.integers(0, 2),
        st.integers(0, 3),
        st.none() | st.integers(-6, 6).map(lambda n: n / 4),
        st.none() | st.integers(0, 3),
    ),
    max_size=24,
)
windows_of = st.sets(st.integers(0, WINDOWS - 1), min_size=1).map(sorted)


def column(values: list[Any], kind: Any) -> Column:
    there = np.array([each is not None for each in values], bool)
    whole = np.array([0 if each is None else each for each in values], kind)
    return Column(whole, None if there.all() else there)


def did(rows: list[Row], *, ascend: bool) -> Doings:
    """What was done, in time order or as it came."""
    listed = [(row[2] - 10 * row[1], row[3] + 10 * n, row) for n, row in enumerate(rows)]
    listed = sorted(listed) if ascend else listed
    columns = {
        "customer": column([row[0] for *_, row in listed], np.uint32),
        "value": column([row[4] for *_, row in listed], np.float64),
        "code": column([row[5] for *_, row in listed], np.int32),
    }
    if not ascend:
        columns["at"] = column([at for at, _, _ in listed], np.int64)
        columns["event_key"] = column([key for _, key, _ in listed], np.uint64)
    older = np.array([WINDOWS - 1 - row[1] for *_, row in listed], np.uint16)
    put = order((older, WINDOWS))
    taken = {name: each.taken(put) for name, each in columns.items()}
    return doings(Rows(taken, put.starts[::-1], ascend))


def counted(of_rows: Doings, word: str, of: str) -> list[dict[int, Any]]:
    """For each window what the figure is of each customer; those without one are left out."""
    found = []
    for each in figures(Counting(word, of), of_rows):
        there = np.ones(of_rows.size, bool) if each.there is None else each.there
        places = np.flatnonzero(there).tolist()
        keys = places if of_rows.keys is None else of_rows.keys[places].tolist()
        found.append(dict(zip(keys, each.values[places].tolist(), strict=True)))
    return found


def values_of(rows: list[Row], who: int, window: int, place: int) -> list[Any]:
    """In the order in which they came."""
    mine = [
        (row[2] - 10 * row[1], row[3] + 10 * n, row)
        for n, row in enumerate(rows)
        if row[0] == who and row[1] <= window
    ]
    return [row[place] for _, _, row in sorted(mine) if row[place] is not None]


NAIVE: dict[str, tuple[str, int, Callable[[list[Any]], Any]]] = {
    "count": ("", 0, len),
    "sum": ("value", 4, sum),
    "avg": ("value", 4, lambda each: sum(each) / len(each)),
    "min": ("value", 4, min),
    "max": ("value", 4, max),
    "distinct": ("code", 5, lambda each: len(set(each))),
    "first": ("code", 5, lambda each: each[0]),
    "last": ("code", 5, lambda each: each[-1]),
}
NOTHING = {"count", "sum", "distinct"}
"""What is 0 of nothing; the others are not known."""


@pytest.mark.parametrize("word", sorted(WORDS))
@given(rows=rows_of, ascend=st.booleans(), asked=windows_of)
@settings(max_examples=60, deadline=None)
def test_a_figure_is_what_counting_by_hand_gives(
    word: str, rows: list[Row], ascend: bool, asked: list[int]
) -> None:
    of, place, naive = NAIVE[word]
    found = counted(did(rows, ascend=ascend).until(asked), word, of)
    assert len(found) == len(asked)
    for window, figure in zip(asked, found, strict=True):
        for who in {row[0] for row in rows}:
            values = values_of(rows, who, window, place)
            if values:
                assert figure[who] == pytest.approx(naive(values), abs=1e-6), (who, window)
            elif word in NOTHING:
                assert figure.get(who, 0) == 0
            else:
                assert who not in figure


@given(rows=rows_of)
@settings(max_examples=40, deadline=None)
def test_everybody_who_did_anything_is_known(rows: list[Row]) -> None:
    assert set(did(rows, ascend=False).anybody) == {row[0] for row in rows}


@given(rows=rows_of, flags=st.lists(st.booleans(), min_size=24, max_size=24))
@settings(max_examples=40, deadline=None)
def test_some_rows_stand_in_the_same_stretches(rows: list[Row], flags: list[bool]) -> None:
    whole = did(rows, ascend=True)
    columns = {"customer": Column(whole.who), "value": whole.columns["value"]}
    true = np.array(flags[: len(rows)], bool)
    some = Rows(columns, whole.begins, ascend=True).only(true, {"customer"})
    assert some.columns.keys() == {"customer"} and some.ascend
    for begin, before in zip(some.begins, whole.begins, strict=True):
        assert some.columns["customer"].values[begin:].tolist() == (
            whole.who[before:][true[before:]].tolist()
        )


def test_money_is_rounded_half_away_from_zero() -> None:
    odd = [0.0, 0.3000004, 0.3000005, -0.3000005, 1.25, np.inf, -np.inf]
    with np.errstate(invalid="ignore"):
        found = rounded(np.array(odd)).tolist()
    assert found == [0.0, 0.3, 0.300001, -0.300001, 1.25, np.inf, -np.inf]
    assert np.isnan(rounded(np.array([np.nan]))).all()


# ---- columns as they come from an engine ----


def told(found: Column) -> list[Any]:
    there = [True] * len(found.values) if found.there is None else found.there.tolist()
    return [v if t else None for v, t in zip(found.values.tolist(), there, strict=True)]


COLUMNS = [
    (pa.int64(), [3, None, 1, 7]),
    (pa.int64(), [3, 5, 1, 7]),
    (pa.float64(), [0.5, None, -1.0, 2.0]),
    (pa.bool_(), [True, None, False, True]),
    (pa.uint16(), [0, 65535, 3, 4]),
]


@pytest.mark.parametrize(("kind", "values"), COLUMNS, ids=str)
def test_a_column_is_the_same_in_memory(kind: pa.DataType, values: list[Any]) -> None:
    whole = pa.chunked_array([pa.array(values, kind), pa.array(values, kind)[1:3]])
    assert told(plain(whole)) == [*values, *values[1:3]]
    assert told(plain(pa.chunked_array([], kind))) == []
    assert told(coded(pa.chunked_array([], kind))[0]) == []
    codes, different = coded(whole)
    listed = different.to_pylist()
    numbers = [None if each is None else listed[each] for each in told(codes)]
    assert numbers == [*values, *values[1:3]]
    assert len(set(listed)) == len(listed)


def test_instants_are_microseconds_and_words_are_numbered() -> None:
    at = datetime.fromisoformat("1970-01-01T00:00:01")
    assert told(plain(pa.chunked_array([pa.array([at, None], pa.timestamp("us"))]))) == [
        10**6,
        None,
    ]
    words = pa.chunked_array([pa.array(["b", None, "a", "b"]).dictionary_encode()])
    assert told(plain(words)) == [0, None, 1, 0]
    zeros, different = coded(pa.chunked_array([pa.array([0.0, -0.0])]))
    assert told(zeros) == [0, 0] and different.to_pylist() == [0.0]


def test_parts_of_a_column() -> None:
    whole, gaps = column([1, 2, 3], np.int64), column([1, None, 3], np.int64)
    assert told(whole.part(slice(1, None))) == [2, 3]
    assert told(gaps.part(slice(1, None))) == [None, 3]
    assert told(whole.taken_at(np.array([2, 0]))) == [3, 1]
    assert told(gaps.taken_at(np.array([1, 0]))) == [None, 1]


# ---- how figures compare ----

NUMBERS = [-1.0, 0.0, 1.0, 2.0, None]
COMPARED: list[tuple[Any, Callable[[float], bool]]] = [
    (1, lambda x: x == 1),
    ({"is_not": 1}, lambda x: x != 1),
    ({"less_than": 1}, lambda x: x < 1),
    ({"at_most": 1}, lambda x: x <= 1),
    ({"more_than": 1}, lambda x: x > 1),
    ({"at_least": 1}, lambda x: x >= 1),
    ({"between": [0, 1]}, lambda x: 0 <= x <= 1),
    ({"in": [0, "2"]}, lambda x: x in (0, 2)),
    ({"any_of": [0]}, lambda x: x == 0),
    ({"not_in": [0, 2]}, lambda x: x not in (0, 2)),
    ({"none_of": [0]}, lambda x: x != 0),
]


@pytest.mark.parametrize(("said", "naive"), COMPARED, ids=[str(said) for said, _ in COMPARED])
def test_figures_compare_as_numbers_do(said: Any, naive: Callable[[float], bool]) -> None:
    found = compared(column(NUMBERS, float), comparison(said), "number")
    assert told(found) == [None if x is None else naive(x) for x in NUMBERS]
    assert not found.values[-1]  # what is missing is no match, whatever stands there
    assert told(compared(column([0.0, 1.0], float), comparison(said), "number")) == [
        naive(0.0),
        naive(1.0),
    ]


def test_whether_a_figure_is_there_is_always_known() -> None:
    for values, there in ((NUMBERS, [True] * 4 + [False]), ([1.0, 2.0], [True, True])):
        assert told(compared(column(values, float), Comparison("is_set"), "number")) == there
        found = compared(column(values, float), Comparison("is_missing"), "number")
        assert told(found) == [not each for each in there]


def test_what_is_no_number_is_the_largest() -> None:
    nan = Column(np.array([np.nan]))
    for said, held in (({"more_than": 5}, True), ({"at_least": 5}, True), ({"at_most": 5}, False)):
        assert told(compared(nan, comparison(said), "number")) == [held]


def test_which_comparisons_are_of_numbers() -> None:
    for operator in ("eq", "lt", "in", "none_of", "between", "is_set", "is_missing"):
        assert comparable(Comparison(operator, 1), "integer")  # type: ignore[arg-type]
        assert comparable(Comparison(operator, 1), "number")  # type: ignore[arg-type]
        assert not comparable(Comparison(operator, 1), "text")  # type: ignore[arg-type]
    assert not comparable(Comparison("weekday", ("monday",)), "integer")
    with pytest.raises(CarpelError, match="'x' is not a number"):
        compared(column([1.0], float), comparison({"is": "x"}), "number")


@pytest.mark.parametrize("of_others", [True, False, None])
@pytest.mark.parametrize("gaps", [True, False])
def test_the_verdicts_of_some_and_one_of_all_others(gaps: bool, of_others: bool | None) -> None:
    keys = np.array([3, 5, 7, 9])

    def customers(flags: Any) -> BitMap:
        return BitMap(keys[flags].tolist())

    among = Among(customers, BitMap([3, 5, 7, 8]), lambda: BitMap([3, 5, 7, 9]))
    held = column([True, False, None if gaps else True, True], bool)
    found = among.sets(held, column([of_others], bool))
    assert set(found.yes) == {3, *([] if gaps else [7]), *([8] if of_others else [])}
    assert set(found.unknown) == {*([7] if gaps else []), *([8] if of_others is None else [])}
