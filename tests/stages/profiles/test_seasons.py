"""Seasonal traits: planted buyers before holidays are told by country; newcomers, noise not."""

from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from carpel.specs import Definitions, Project, SeasonalTrait
from carpel.stages.profiles import Profiles
from carpel.testing.line import line_with, read, take

pytest.importorskip("holidays")
pytest.importorskip("scipy")
AS_OF = datetime(2026, 2, 1, 12)  # noqa: DTZ001
DAY_0 = date(2023, 1, 1)
SPAN = 1127
CHRISTMAS = [date(year, 12, 25) for year in (2023, 2024, 2025)]
THANKSGIVING = [date(2023, 11, 23), date(2024, 11, 28), date(2025, 11, 27)]


def around(rng, days, count):
    """Days within three weeks before each of these."""
    return [day - timedelta(days=int(rng.integers(0, 21))) for day in days for _ in range(count)]


def anywhen(rng, count):
    return [DAY_0 + timedelta(days=int(each)) for each in rng.integers(0, SPAN, count)]


def told(folder, people, spec, country="DE"):
    """The season of everybody; people are (country, days)."""
    rows = [
        {"customer": key, "at": datetime(day.year, day.month, day.day), "local_date": day,  # noqa: DTZ001
         "local_hour": 0, "amount": 5.0, "source": "till", "event_key": key}
        for key, (_, days) in enumerate(people)
        for day in days
    ]  # fmt: skip
    keys = pa.array(range(len(people)), pa.int64())
    tables = {
        "customers": pa.table(
            {"customer": keys, "known_since": pa.nulls(len(people), pa.timestamp("us"))}
        ),
        "event_order_completed": pa.Table.from_pylist(rows),
        "contacts": pa.table(
            {"customer": keys, "t_country": pa.array([each for each, _ in people], pa.string())}
        ),
    }
    definitions = Definitions(Project(name="shop", country=country), traits={spec.name: spec})
    line = line_with(folder, tables, definitions=definitions, as_of=AS_OF)
    return [row[spec.name] for row in read(take(line, [Profiles()]), "profiles")], line


SEASON = SeasonalTrait(name="season", kind="seasonal")


def test_buyers_before_holidays_are_told_by_the_country_where_they_live(tmp_path):
    rng = np.random.default_rng(4)
    first = [DAY_0 + timedelta(days=3)]
    people = [("DE", first + around(rng, CHRISTMAS, 3) + anywhen(rng, 2)) for _ in range(40)]
    people += [("US", first + around(rng, THANKSGIVING, 3) + anywhen(rng, 2)) for _ in range(30)]
    people += [(None, first + around(rng, CHRISTMAS, 3)) for _ in range(10)]
    people += [(["DE", "US"][each % 2], anywhen(rng, 12)) for each in range(300)]
    newcomers = [("DE", [*around(rng, CHRISTMAS[2:], 1), date(2026, 1, 20)]) for _ in range(50)]
    found, line = told(tmp_path, people + newcomers, SEASON)
    assert found[:40].count("Christmas Day") >= 36
    assert found[40:70].count("Thanksgiving Day") >= 24
    assert found[70:80].count("Christmas Day") >= 9  # the project's country
    assert sum(each is not None for each in found[80:380]) <= 8
    assert found[380:] == [None] * 50
    (trait,) = (row for row in read(line, "traits") if row["trait"] == "season")
    assert trait["type"] == "text" and "holiday" in trait["meaning"]


def test_one_holiday_can_be_named_and_close_ones_are_one(tmp_path):
    rng = np.random.default_rng(5)
    easter = [date(2023, 4, 10), date(2024, 4, 1), date(2025, 4, 21)]
    first = [DAY_0 + timedelta(days=3)]
    people = [
        ("DE", first + around(rng, days, 3)) for days in (easter, CHRISTMAS) for _ in range(20)
    ]
    spec = SEASON.model_copy(update={"holiday": "easter"})
    found, _ = told(tmp_path, people, spec)
    assert found[:20].count("Easter Monday") >= 19 and found[20:] == [None] * 20


def test_once_is_no_season_where_two_years_are_known(tmp_path):
    """Nine days before one Christmas, none before the others."""
    rng = np.random.default_rng(6)
    people = [("DE", [DAY_0, *around(rng, CHRISTMAS[:1], 9)]) for _ in range(20)]
    found, _ = told(tmp_path, people, SEASON)
    assert found == [None] * 20


def test_everybody_alike_has_no_season(tmp_path):
    rng = np.random.default_rng(7)
    found, _ = told(tmp_path, [("DE", anywhen(rng, 15)) for _ in range(400)], SEASON)
    assert sum(each is not None for each in found) <= 4


@pytest.mark.parametrize(
    "people", [[("ZZ", [DAY_0, DAY_0 + timedelta(days=9)])], [(None, [DAY_0])]]
)
def test_where_nothing_is_known_of_holidays_nobody_has_a_season(tmp_path, people):
    found, _ = told(tmp_path, people, SEASON, country=None)
    assert found == [None]
