"""Numbers, dates and instants as people write them: known answers, decided by the whole column."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carpel.engine.duckdb import DuckDB
from carpel.engine.query import query, table
from carpel.reading import Home, Rows, typed
from carpel.reading.rows import inner
from carpel.reading.zones import to_local, to_utc
from carpel.specs import Column

ENGINE = DuckDB()


NOWHERE = Home()


def read(cells: Sequence[Any], kind: Any = None, home: Home = NOWHERE, **spec: Any) -> Any:
    """The values of a column read as a kind, and how it was read."""
    ENGINE.register("cells", pa.table({"c": cells, "_row": range(len(cells))}))
    rows = Rows(
        query("SELECT c FROM :t ORDER BY _row", t=table("cells")),
        {"c": ENGINE.columns("cells")["c"]},
    )
    way = typed(ENGINE, rows, Column(column="c", **spec), home, kind)
    tree = query("SELECT 1 AS one, :v AS v FROM :t", v=way.value, t=inner(rows.tree))
    return [row[1] for row in ENGINE.rows(tree)], way


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1,234.50", "2.00"], [1234.5, 2.0]),
        (["1.234,50", "2,00"], [1234.5, 2.0]),
        (["1 234,50 €", "12 €", "-3,5 €"], [1234.5, 12.0, -3.5]),
        (["$1,000", "$ 2", "(3.50)", "4.25-"], [1000.0, 2.0, -3.5, -4.25]),
        (["EUR 12.50", "12.50 EUR", "CHF 1'000.25"], [12.5, 12.5, 1000.25]),
        (["'12", "12%", "1e3", "n/a", ""], [12.0, 0.12, 1000.0, None, None]),
        (["1,5", "2,25", "10"], [1.5, 2.25, 10.0]),
        (["1,5", "1.50", "2.50"], [None, 1.5, 2.5]),
        (["12,34,567.00", "1"], [1234567.0, 1.0]),
        (["inf", "nan", "-Infinity", "7", "1e999"], [None, None, None, 7.0, None]),
        (["5 apples", "x", "7"], [None, None, 7.0]),
    ],
)
def test_numbers(cells: list[str], expected: list[float | None]) -> None:
    assert read(cells, "number")[0] == expected


@given(st.floats(-1e9, 1e9).map(lambda x: round(x, 2)), st.sampled_from(".,"))
@settings(max_examples=40, deadline=None)
def test_any_amount_survives_its_dress(amount: float, decimal: str) -> None:
    dressed = f"{amount:,.2f}"
    if decimal == ",":
        dressed = dressed.translate(str.maketrans(",.", ".,"))
    assert read([dressed, f"7{decimal}25"], "number")[0][0] == pytest.approx(amount, abs=1e-9)


def test_a_thousands_sign_alone_is_said_to_be_ambiguous() -> None:
    values, way = read(["1,234", "5,678"], "number")
    assert values == [1234.0, 5678.0] and way.facts["ambiguous"] == "number"
    assert read(["1,234", "5,678"], "number", decimal=",")[0] == [1.234, 5.678]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["2025-03-04", "2025-12-31"], [date(2025, 3, 4), date(2025, 12, 31)]),
        (["03/04/2025", "13/04/2025"], [date(2025, 4, 3), date(2025, 4, 13)]),
        (["03/04/2025", "03/14/2025"], [date(2025, 3, 4), date(2025, 3, 14)]),
        (["3.4.25", "13.4.25"], [date(2025, 4, 3), date(2025, 4, 13)]),
        (["20250304", "20251231"], [date(2025, 3, 4), date(2025, 12, 31)]),
        (["4 Mar 2025", "31 December 2025"], [date(2025, 3, 4), date(2025, 12, 31)]),
        (["Mar 4, 2025", "Dec 31, 2025"], [date(2025, 3, 4), date(2025, 12, 31)]),
        (["2025/03/04", "never", ""], [date(2025, 3, 4), None, None]),
        (["45720", "45721"], [date(2025, 3, 4), date(2025, 3, 5)]),
        (["31/02/2025", "28/02/2025"], [None, date(2025, 2, 28)]),
    ],
)
def test_dates(cells: list[str], expected: list[date | None]) -> None:
    assert read(cells, "date")[0] == expected


def test_day_and_month_that_nothing_tells_apart() -> None:
    values, way = read(["03/04/2025", "05/06/2025"], "date")
    assert way.facts["ambiguous"] == "date" and values[0] == date(2025, 4, 3)
    values, way = read(["03/04/2025"], "date", Home(order="mdy"))
    assert "ambiguous" not in way.facts and values[0] == date(2025, 3, 4)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2025-07-01 12:00", "2025-07-01 10:00"),
        ("2025-07-01T12:00:00Z", "2025-07-01 12:00"),
        ("2025-07-01T12:00:00+05:00", "2025-07-01 07:00"),
        ("01/07/2025 12:00:30", "2025-07-01 10:00:30"),
        ("13/07/2025 1:05 PM", "2025-07-13 11:05"),
        ("2025-07-13 1:05 PM", "2025-07-13 11:05"),
        ("1751371200", "2025-07-01 12:00"),
        ("1751371200000", "2025-07-01 12:00"),
        ("1751371200000042", "2025-07-01 12:00:00.000042"),
        ("2025-07-01", "2025-06-30 22:00"),
    ],
)
def test_instants_in_a_zone(cell: str, expected: str) -> None:
    values, _ = read([cell], "instant", Home("Europe/Berlin"))
    assert values[0] == datetime.fromisoformat(expected)


@pytest.mark.parametrize(
    "day", ["2026/03/04", "04.03.2026", "3/4/2026", "4 Mar 2026", "Mar 4, 2026"]
)
@pytest.mark.parametrize(
    ("clock", "hour"),
    [("14:15:30", "14:15:30"), ("2:15:30 PM", "14:15:30"), ("14:15", "14:15:00")],
)
def test_a_zone_behind_a_time_counts(day: str, clock: str, hour: str) -> None:
    zones = {
        "GMT+1": 60, "UTC+01:00": 60, "UTC-3:30": -210, "+0100": 60, "-05:00": -300, "CET": 60,
        "cest": 120, "PST": -480, "GMT": 0, "GMT+0100 (Central European Time)": 60, "": 540,
    }  # fmt: skip
    home = Home("Asia/Tokyo", order="mdy" if day == "3/4/2026" else "dmy")
    cells = [f"{day} {clock} {zone}".strip() for zone in zones]
    written = datetime.fromisoformat(f"2026-03-04 {hour}")
    assert read(cells, "instant", home)[0] == [
        written - timedelta(minutes=ahead) for ahead in zones.values()
    ]
    assert read(cells, "date", home)[0] == [written.date()] * len(zones)


@pytest.mark.parametrize("day", ["2026-07-01", "2026-07-01T"])
def test_iso_times_say_their_zone_too(day: str) -> None:
    cells = [f"{day} 12:00:00{zone}".replace("T ", "T") for zone in ("Z", " GMT+2", " EDT", "+02")]
    values, _ = read(cells, "instant", Home("Asia/Tokyo"))
    assert [each.hour for each in values] == [12, 10, 16, 10]
    assert read([f"{day} 1:15 PM PDT".replace("T ", "T")], "instant")[0] == [
        datetime.fromisoformat("2026-07-01 20:15")
    ]


def test_an_abbreviation_of_several_zones_is_read_at_home_and_said() -> None:
    cells = ["01.07.2026 12:00 IST", "02.07.2026 12:00 CEST"]
    values, way = read(cells, "instant", Home("Europe/Berlin"))
    assert values == [
        datetime.fromisoformat("2026-07-01 10:00"),
        datetime.fromisoformat("2026-07-02 10:00"),
    ]
    assert way.facts["unclear_zones"] == ["IST"]
    values, way = read(cells, "instant", Home("Asia/Kolkata"))
    assert (
        values[0] == datetime.fromisoformat("2026-07-01 06:30") and "unclear_zones" not in way.facts
    )


def test_what_is_behind_a_time_and_no_zone_makes_it_unreadable() -> None:
    cells = ["01.07.2026 12:00 XYZ", "01.07.2026 12:00 GMT+19", "13.07.2026 12:00 CET"]
    assert read(cells, "instant")[0] == [None, None, datetime.fromisoformat("2026-07-13 11:00")]


def test_hours_that_a_clock_change_repeats_or_leaves_out() -> None:
    cells = ["2025-10-26 02:30", "2025-03-30 02:30", "2025-10-26 03:00"]
    values, way = read(cells, "instant", Home("Europe/Berlin"))
    expected = ["2025-10-26 00:30", "2025-03-30 01:30", "2025-10-26 02:00"]
    assert values == [datetime.fromisoformat(each) for each in expected]
    assert way.facts["repaired_hours"] == 2


@given(
    st.integers(-473385600, 2051222400),
    st.sampled_from(
        [
            "Europe/Berlin",
            "America/New_York",
            "Australia/Lord_Howe",
            "Asia/Kolkata",
            "America/Sao_Paulo",
            "Pacific/Apia",
        ]
    ),
)
@settings(max_examples=60, deadline=None)
def test_local_time_is_zoneinfos(second: int, zone: str) -> None:
    at = datetime.fromtimestamp(second, UTC).replace(tzinfo=None)
    expected = at.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    instant = query("CAST(:a AS TIMESTAMP)", a=at.isoformat())
    local = ENGINE.rows(query("SELECT 1, :v", v=to_local(instant, zone, [at.year, expected.year])))[
        0
    ][1]
    assert local == expected
    written = query("CAST(:a AS TIMESTAMP)", a=expected.isoformat())
    back = ENGINE.rows(query("SELECT 1, :v", v=to_utc(written, zone, [at.year, expected.year])))[0][
        1
    ]
    first = expected.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC).replace(tzinfo=None)
    assert back == first and abs(back - at) <= timedelta(hours=24)


def test_booleans_in_several_languages() -> None:
    cells = ["Yes", "NEIN", "oui", "0", "Opted in", "maybe", "", "n/a"]
    assert read(cells, "boolean")[0] == [True, False, True, False, True, None, None, None]


def test_values_are_renamed_and_lists_split() -> None:
    assert read(["1", "2", "3"], values={"1": "gold", "2": None})[0] == ["gold", None, "3"]
    assert read(["a; b;", ""], separator=";")[0] == [["a", "b"], None]


def test_ids_keep_leading_zeros_and_figures_do_not_become_text() -> None:
    assert read(["007", "042"], "text")[0] == ["007", "042"]
    assert read(["1", "22"])[1].type == "integer" and read(["1.5", "-"])[1].type == "number"
    assert read(["1", "b"])[1].type == "text"


def test_native_numbers_that_are_none_are_null() -> None:
    values, _ = read(pa.array([1.5, float("nan"), float("inf"), None]), "number")
    assert values == [1.5, None, None, None]


def test_a_column_times_another() -> None:
    ENGINE.register("two", pa.table({"n": ["2", "x", ""], "price": ["1,50", "2,00", "3,25"]}))
    rows = Rows(query("SELECT * FROM two"), {"n": "VARCHAR", "price": "VARCHAR"})
    way = typed(ENGINE, rows, Column(column="n", times="price"), NOWHERE)
    found = ENGINE.rows(query("SELECT 1, :v, :said IS NULL FROM two", v=way.value, said=way.said))
    assert [row[1:] for row in found] == [(3.0, False), (None, False), (None, True)]
