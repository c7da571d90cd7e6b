"""What segments were, by known answers: a few builds, the sets at each moment, and who moved."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from pyroaring import BitMap

from carpel.engine.duckdb import DuckDB
from carpel.errors import NotFound
from carpel.evaluation import Evaluator
from carpel.evaluation.history import History
from carpel.evaluation.migration import ELSEWHERE, GONE, NOT_YET, migration
from carpel.evaluation.movements import EVERYBODY, FULL, Movement, movements, stored
from carpel.language import parse

FIRST = datetime.fromisoformat("2026-03-01T12:00")
DAY, TICK = timedelta(days=1), timedelta(microseconds=1)
SECOND, THIRD, FOURTH = FIRST + DAY, FIRST + 2 * DAY, FIRST + 3 * DAY


def moved(segment: str, at: datetime, build: int, part: Any, who: Iterable[int]) -> Movement:
    return Movement(segment, at, build, part, "data", BitMap(who))


MOVES = [
    moved("vip", FIRST, 1, FULL, [1, 2, 3]),
    moved("vip", SECOND, 2, "entered", [4]),
    moved("vip", SECOND, 2, "left", [1]),
    # two builds at one moment, then a whole set with what moved beside it
    moved("vip", THIRD, 3, "left", [2]),
    moved("vip", THIRD, 4, "entered", [1]),
    moved("vip", FOURTH, 5, FULL, [1, 3]),
    moved("vip", FOURTH, 5, "left", [4]),
    moved("new", THIRD, 3, FULL, [1]),
    moved("new", THIRD, 3, "entered", [1]),
    moved("tier.gold", FIRST, 1, FULL, [1]),
    moved("tier.gold", SECOND, 2, "left", [1]),
    moved("tier.tin", FIRST, 1, FULL, [2]),
    moved("tier.tin", SECOND, 2, "entered", [1]),
    moved("tier.tin", THIRD, 3, "left", [2]),
    moved("tier.gold", FOURTH, 5, "entered", [2]),
    moved(EVERYBODY, FIRST, 1, FULL, [1, 2, 3, 5]),
    moved(EVERYBODY, FOURTH, 5, FULL, [1, 2, 3, 4]),
]


@pytest.fixture(scope="module")
def engine() -> DuckDB:
    engine = DuckDB()
    engine.register("movements", pa.Table.from_pylist([each.row() for each in MOVES]))
    engine.register("customers", pa.table({"customer": [1, 2, 3, 4]}))
    engine.register("aliases", pa.table({"customer": pa.array([], pa.int64()), "survivor": []}))
    standings = {"customer": [1, 2], "tier": ["tin", "gold"]}
    engine.register("standings", pa.table(standings))
    return engine


@pytest.fixture
def history(engine: DuckDB) -> History:
    return History(engine)


def test_rows_come_back_as_movements(engine: DuckDB) -> None:
    found = movements(engine, "vip")
    assert sorted(found, key=str) == sorted(MOVES[:7], key=str)
    assert [each.build for each in found] == [1, 2, 2, 3, 4, 5, 5]
    assert stored(FIRST.replace(tzinfo=UTC)) == stored(FIRST) == FIRST
    assert MOVES[0].row()["people"] == 3


def test_which_segments_there_were_and_since_when(history: History) -> None:
    assert history.segments() == ["new", "tier.gold", "tier.tin", "vip"]
    assert history.began("vip") == FIRST
    assert history.began("new") == THIRD
    assert history.began("unheard") is None


MEMBERS = [
    (FIRST - TICK, []),
    (FIRST, [1, 2, 3]),
    (SECOND - TICK, [1, 2, 3]),
    (SECOND, [2, 3, 4]),
    (THIRD, [1, 3, 4]),
    (FOURTH - TICK, [1, 3, 4]),
    (FOURTH, [1, 3]),
    (FOURTH + DAY, [1, 3]),
]


@pytest.mark.parametrize(("moment", "who"), MEMBERS)
def test_who_was_in_at_a_moment(history: History, moment: datetime, who: list[int]) -> None:
    assert list(history.members_at("vip", moment)) == who
    assert list(history.members_at("vip", moment.replace(tzinfo=UTC))) == who
    assert list(history.members_at("unheard", moment)) == []
    history.members_at("vip", moment).add(99)
    assert list(history.members_at("vip", moment)) == who


PASSED = [
    (FIRST - TICK, FOURTH, [1, 4], [1, 2, 4]),
    (FIRST, SECOND, [4], [1]),
    (SECOND, THIRD, [1], [2]),
    (SECOND - TICK, SECOND, [4], [1]),
    (SECOND, SECOND, [], []),
    (SECOND - TICK, SECOND - TICK, [], []),
    (THIRD, FOURTH - TICK, [], []),
    (THIRD, FOURTH, [], [4]),
]


@pytest.mark.parametrize(("start", "end", "came", "went"), PASSED)
def test_who_came_and_went_after_one_moment_and_up_to_another(
    history: History, start: datetime, end: datetime, came: list[int], went: list[int]
) -> None:
    assert list(history.entered("vip", start, end)) == came
    assert list(history.left("vip", start, end)) == went
    told = history.moves("vip", start, end)
    assert {each.part for each in told} <= {"entered", "left"}
    assert BitMap.union(BitMap(), *(each.members for each in told)) == BitMap(came) | BitMap(went)


def test_how_many_there_were_each_time_that_it_changed(history: History) -> None:
    assert history.sizes("vip") == [(FIRST, 3), (FOURTH, 2)]
    assert history.sizes("tier.gold") == [(FIRST, 1), (SECOND, 0), (FOURTH, 1)]
    assert history.sizes("tier.tin") == [(FIRST, 1), (SECOND, 2), (THIRD, 1)]
    assert history.sizes("unheard") == []


def test_who_stayed_all_the_time(history: History) -> None:
    assert list(history.throughout("vip", FIRST, FOURTH)) == [3]
    assert list(history.throughout("vip", FIRST, SECOND)) == [2, 3]
    assert list(history.throughout("vip", SECOND, THIRD)) == [3, 4]
    assert list(history.throughout("new", FIRST, FOURTH)) == []


SPELLS = {
    1: [(None, SECOND), (THIRD, None)],
    2: [(None, THIRD)],
    3: [(None, None)],
    4: [(SECOND, FOURTH)],
    5: [],
}


@pytest.mark.parametrize("who", SPELLS)
def test_when_one_person_was_in(history: History, who: int) -> None:
    assert history.spell("vip", who) == SPELLS[who]


def test_who_moved_between_places(history: History) -> None:
    found = history.migration(["tier.gold", "tier.tin"], FIRST, FOURTH)
    assert found.origins == ("tier.gold", "tier.tin", ELSEWHERE, NOT_YET)
    assert found.destinations == ("tier.gold", "tier.tin", ELSEWHERE, GONE)
    assert found.counts == ((0, 1, 0, 0), (1, 0, 0, 0), (0, 0, 1, 1), (0, 0, 1, 0))
    assert (found.people, found.stayed) == (5, 1)
    assert found.rows() == [
        {"origin": "tier.gold", "destination": "tier.tin", "people": 1},
        {"origin": "tier.tin", "destination": "tier.gold", "people": 1},
        {"origin": ELSEWHERE, "destination": ELSEWHERE, "people": 1},
        {"origin": ELSEWHERE, "destination": GONE, "people": 1},
        {"origin": NOT_YET, "destination": ELSEWHERE, "people": 1},
    ]


def test_where_everybody_has_a_place_nobody_is_elsewhere() -> None:
    one, two, three = BitMap([1]), BitMap([2]), BitMap([3])
    found = migration({"a": (one, one | two), "b": (two, BitMap())}, one | two, one | two)
    assert (found.origins, found.destinations) == (("a", "b", NOT_YET), ("a", "b", GONE))
    assert found.counts == ((1, 0, 0), (1, 0, 0), (0, 0, 0))
    lone = migration({"a": (one, one)}, one, one | three)
    assert lone.origins == ("a", ELSEWHERE, NOT_YET)
    assert lone.counts == ((1, 0, 0), (0, 0, 0), (0, 1, 0))
    gone = migration({"a": (one | three, one)}, one, one)
    assert (gone.destinations, gone.counts) == (("a", GONE), ((1, 1), (0, 0)))


# ---- clauses about it, now: at the fourth moment and half a day, with 2 in and 3 out since ----

NOW = FOURTH + DAY / 2
RULES = {"vip": {"people": [1, 2]}, "new": {"people": [1, 4]}, "fresh": {"people": [3]}}
PAST: list[tuple[Any, list[int], list[int]]] = [
    ({"segment": "vip", "for": "36 hours"}, [1], []),
    ({"segment": "vip", "for": "37 hours"}, [], []),
    ({"segment": "vip", "for": "4 days"}, [], []),
    ({"segment": "new", "for": "1 day"}, [1], []),
    ({"segment": "new", "for": "3 days"}, [], [1]),
    ({"segment": "fresh", "for": "1 day"}, [], [3]),
    ({"entered": "vip"}, [1, 2, 4], []),
    ({"entered": "vip", "within": "1 day"}, [2], []),
    ({"entered": "vip", "within": "37 hours"}, [1, 2], []),
    ({"entered": "vip", "within": "36 hours"}, [2], []),
    ({"entered": "vip", "until": "2026-03-04"}, [1, 4], []),
    ({"entered": "vip", "ago": "1 hour"}, [1, 4], []),
    ({"entered": "fresh"}, [], []),
    ({"left": "vip"}, [1, 2, 3, 4], []),
    ({"left": "vip", "within": "12 hours"}, [3], []),
    ({"left": "vip", "within": "13 hours"}, [3, 4], []),
    ({"left": "vip", "since": "2026-03-03", "until": "2026-03-03"}, [2], []),
    ({"not": {"left": "vip"}}, [], []),
    ({"moved": "tier", "from": "gold", "to": "tin"}, [1], []),
    ({"moved": "tier", "from": "gold", "to": "tin", "within": "2 days"}, [], []),
    ({"moved": "tier", "from": "tin", "to": "gold"}, [], []),
    ({"moved": "tier", "from": ["gold", "tin"], "to": ["tin", "gold"]}, [1], []),
]


@pytest.mark.parametrize(("rule", "yes", "unknown"), PAST, ids=[str(rule) for rule, _, _ in PAST])
def test_clauses_about_the_past(
    engine: DuckDB, rule: Any, yes: list[int], unknown: list[int]
) -> None:
    segments = {name: parse(each) for name, each in RULES.items()}
    evaluator = Evaluator(engine, as_of=NOW, zone=ZoneInfo("UTC"), segments=segments)
    found = evaluator.sets(parse(rule))
    assert (list(found.yes), list(found.unknown)) == (yes, unknown)
    verdicts = {who: evaluator.explain(parse(rule), who).verdict for who in (1, 2, 3, 4)}
    assert [who for who, each in verdicts.items() if each == "yes"] == yes
    assert [who for who, each in verdicts.items() if each == "unknown"] == unknown


def test_the_past_of_what_never_was_is_asked_for_in_vain(engine: DuckDB) -> None:
    with pytest.raises(NotFound, match="no segment 'unheard'"):
        Evaluator(engine, as_of=NOW, zone=ZoneInfo("UTC")).sets(parse({"entered": "unheard"}))
