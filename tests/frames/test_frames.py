"""A table in, the same kind of table out; the same answers as a project would give."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import carpel
from carpel.errors import CarpelError, NotFound
from carpel.language import parse


def plain(*parts: int) -> datetime:
    """An instant without a zone, as most tables have it."""
    return datetime(*parts, tzinfo=UTC).replace(tzinfo=None)


DOINGS = {
    "who": ["a", "b", "a", "c"],
    "when": [
        plain(2024, 1, 1),
        plain(2024, 1, 2),
        plain(2024, 2, 1),
        plain(2024, 2, 1),
    ],
    "eur": [1.5, 2.0, 3.0, None],
}
PEOPLE = {
    "who": ["z", "c", "b", "a"],
    "age": [50, None, 30, 20],
    "town": ["Bern", "Bern", None, "Rome"],
    "customer": [1, 2, 3, 4],
}
KINDS: dict[str, tuple[Callable[[Any], Any], type]] = {
    "pandas": (pd.DataFrame, pd.DataFrame),
    "polars": (pl.DataFrame, pl.DataFrame),
    "lazy": (pl.LazyFrame, pl.LazyFrame),
    "arrow": (pa.table, pa.Table),
    "duckdb": (lambda data: duckdb.from_arrow(pa.table(data)), duckdb.DuckDBPyRelation),
}


def rows(frame: Any) -> list[dict[str, Any]]:
    """Rows as dictionaries, missing values as None, whatever the kind of table."""
    if isinstance(frame, pd.DataFrame):
        cells = frame.astype(object)
        return cells.where(cells.notna(), None).to_dict("records")
    if isinstance(frame, pl.LazyFrame):
        return frame.collect().to_dicts()
    if isinstance(frame, duckdb.DuckDBPyRelation):
        return frame.to_arrow_table().to_pylist()
    return frame.to_dicts() if isinstance(frame, pl.DataFrame) else frame.to_pylist()


@pytest.mark.parametrize("kind", KINDS)
def test_rfm_gives_the_kind_of_table_it_was_given(kind: str) -> None:
    make, expected = KINDS[kind]
    found = carpel.rfm(make(DOINGS), customer="who", at="when", amount="eur")
    assert isinstance(found, expected)
    assert [tuple(row.values()) for row in rows(found)] == [
        ("a", 0.0, 2, 4.5, 2, 4, 4, "cannot_lose"),
        ("b", 30.0, 1, 2.0, 1, 1, 2, "lost"),
        ("c", 0.0, 1, 0.0, 2, 1, 1, "hibernating"),
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_segment_gives_rows_of_the_table_it_was_given(kind: str) -> None:
    make, expected = KINDS[kind]
    where = {
        "any": [
            {"trait": "age", "at_least": 30},
            {"did": "bought", "where": {"eur": {"at_least": 3}}, "within": "10 days"},
        ]
    }
    found = carpel.segment(
        make(PEOPLE), where, customer="who", events={"bought": make(DOINGS)}, at="when"
    )
    assert isinstance(found, expected)
    assert [row["who"] for row in rows(found)] == ["z", "b", "a"]
    assert list(rows(found)[0]) == list(PEOPLE)


def test_a_pandas_index_and_dtypes_stay() -> None:
    people = pd.DataFrame(PEOPLE, index=[10, 11, 12, 13]).astype({"town": "category"})
    found = carpel.segment(people, parse({"trait": "town", "is": "Bern"}))
    pd.testing.assert_frame_equal(found, people.loc[[10, 11]])


def test_times_of_a_zone_and_without_one() -> None:
    """Noon in Zurich is eleven in UTC: both say the same, and as_of is read in the zone."""
    naive = pl.DataFrame({"customer": [1], "at": [plain(2024, 1, 1, 12)], "amount": [1.0]})
    aware = naive.with_columns(at=pl.lit(datetime(2024, 1, 1, 11, tzinfo=UTC)))
    texts = naive.with_columns(at=pl.lit("2024-01-01 12:00:00"))
    for each in (naive, aware, texts):
        found = carpel.rfm(each, as_of=date(2024, 1, 2), timezone="Europe/Zurich")
        assert found["recency_days"].to_list() == [0.5]
    days = carpel.rfm(naive.with_columns(at=pl.lit(date(2024, 1, 1))), as_of=date(2024, 1, 3))
    assert days["recency_days"].to_list() == [2.0]


def test_nothing_given_nothing_found() -> None:
    empty = pl.DataFrame(schema={"customer": pl.Int64, "at": pl.Datetime, "amount": pl.Float64})
    assert carpel.rfm(empty).height == 0
    assert (
        carpel.segment(pl.DataFrame({"age": [1, 2]}), {"trait": "age", "more_than": 5}).height == 0
    )


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"customer": "whoo"}, "Did you mean 'who'"),
        ({"at": "eur"}, "holds no times"),
        ({"amount": "who"}, "no number"),
        ({"at": "who"}, "no time like"),
    ],
)
def test_what_does_not_fit_is_said(wrong: dict[str, str], said: str) -> None:
    with pytest.raises(CarpelError, match=said):
        carpel.rfm(
            pl.DataFrame(DOINGS), **{"customer": "who", "at": "when", "amount": "eur", **wrong}
        )


def test_rows_of_nobody_are_not_dropped_in_silence() -> None:
    with pytest.raises(CarpelError, match="'who' is empty in 1 row"):
        carpel.rfm(
            pl.DataFrame({**DOINGS, "who": ["a", "b", None, "c"]}),
            customer="who",
            at="when",
            amount="eur",
        )


@pytest.mark.parametrize(
    ("where", "more", "said"),
    [
        ({"trait": "aeg", "is": 3}, {}, "Did you mean 'age'"),
        ({"treit": "age", "is": 3}, {}, "Did you mean 'trait'"),
        ({"did": "bought"}, {}, "bought"),
        ({"did": "bought"}, {"events": {"bought": pl.DataFrame(DOINGS)}, "at": "when"}, "whose"),
        (
            {"did": "bought"},
            {"events": {"bought": pl.DataFrame(DOINGS)}, "at": "when", "customer": "town"},
            "two rows",
        ),
    ],
)
def test_rules_that_do_not_fit_are_said(
    where: dict[str, Any], more: dict[str, Any], said: str
) -> None:
    with pytest.raises(CarpelError, match=said):
        carpel.segment(pl.DataFrame(PEOPLE), where, **more)


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ({"trait": "towm", "is": "Bern"}, "Did you mean 'town'? There are: customer, town."),
        ({"did": "visit", "at_least": 1}, "Hand them over as `events={NAME: …}`."),
    ],
)
def test_a_name_that_is_nowhere_is_looked_for_in_the_table_itself(
    where: dict[str, object], told: str
) -> None:
    with pytest.raises(NotFound) as error:
        carpel.segment(pl.DataFrame({"customer": ["a"], "town": ["Bern"]}), where)
    assert error.value.action == told


def test_a_moment_may_be_text_and_what_is_no_table_is_told():
    orders = pd.DataFrame(DOINGS)
    asked = {"customer": "who", "at": "when", "amount": "eur"}
    by_text = carpel.rfm(orders, as_of="2024-03-01", **asked)
    assert by_text.equals(carpel.rfm(orders, as_of=date(2024, 3, 1), **asked))
    with pytest.raises(CarpelError, match="no moment"):
        carpel.rfm(orders, as_of="last week", **asked)
    with pytest.raises(CarpelError, match="no table: list"):
        carpel.rfm([1, 2])
