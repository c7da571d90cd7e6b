"""History over many builds: what each stored is what it says, whatever came in between."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from carpel.evaluation.bitmaps import to_bytes
from carpel.evaluation.history import History
from carpel.evaluation.migration import ELSEWHERE, GONE, NOT_YET
from carpel.evaluation.movements import EVERYBODY
from carpel.language import parse
from carpel.specs import Definitions, Project, Segment
from carpel.stages.base import Line, Output
from carpel.stages.segments import history
from carpel.stages.segments.past import WHOLE_EVERY
from carpel.stages.segments.rules import fingerprints
from carpel.store.builds import Build, Made
from carpel.testing.line import line_with

DAY = timedelta(days=1)
NIGHT = datetime(2026, 3, 1, 3, tzinfo=UTC)
Sets = dict[str, set[int]]


def definitions(names: Sets) -> Definitions:
    rule = parse({"trait": "age", "ge": 1})
    return Definitions(
        Project(name="trial"), segments={name: Segment(name=name, where=rule) for name in names}
    )


@dataclass
class Nights:
    """Builds made one after another from sets that are simply given."""

    folder: Path
    builds: list[tuple[Build, Sets]] = field(default_factory=list)
    current: Build | None = None

    def __post_init__(self) -> None:
        self.line = line_with(self.folder)

    def night(self, at: datetime, sets: Sets, people: set[int] | None = None) -> Line:
        everybody = set().union(*sets.values()) if people is None else people
        sets = {name: members & everybody for name, members in sets.items()}
        said = definitions(sets)
        given = {
            name: Made(name, {name: (self._kept(data),)})
            for name, data in tables(sets, everybody).items()
        }
        line = replace(self.line, definitions=said, as_of=at, parent=self.current, parts=given)
        line.bind()
        out = Output(line)
        history.history(line, out)
        notes = {**out.notes, "definitions": fingerprints(said)}
        line.parts = {**given, "segments/history": Made("", out.tables, notes)}
        self.current = Build(f"b{len(self.builds)}", None, at, at, line.parts)
        self.builds.append((self.current, {**sets, EVERYBODY: everybody}))
        return line

    def _kept(self, data: pa.Table) -> str:
        fresh = self.line.files.fresh()
        pq.write_table(data, fresh)
        return self.line.files.keep(fresh)

    def history(self) -> History:
        assert self.current is not None
        line = replace(self.line, parts=dict(self.current.parts))
        line.bind(["movements"])
        return History(line.engine)


def tables(sets: Sets, people: set[int]) -> dict[str, pa.Table]:
    return {
        "customers": pa.table({"customer": pa.array(sorted(people), pa.int64())}),
        "memberships": pa.table(
            {
                "segment": pa.array(list(sets), pa.string()),
                "part": pa.array(["members"] * len(sets), pa.string()),
                "people": pa.array([len(each) for each in sets.values()], pa.int64()),
                "members": pa.array(
                    [to_bytes(BitMap(each)) for each in sets.values()], pa.binary()
                ),
            }
        ),
    }


@pytest.fixture
def nights(tmp_path: Path) -> Nights:
    return Nights(tmp_path)


def test_a_segment_begins_whole_and_goes_on_by_moves(nights: Nights) -> None:
    for number, members in enumerate([{1, 2}, {2, 3}, {2, 3}, {1, 2, 3}, set()]):
        nights.night(NIGHT + number * DAY, {"tea": members, "all": {1, 2, 3}})
    told = nights.history()
    assert told.segments() == ["all", "tea"]
    assert told.began("tea") == NIGHT.replace(tzinfo=None)
    assert told.began("coffee") is None
    assert told.members_at("tea", NIGHT - DAY) == BitMap()
    assert told.members_at("tea", NIGHT + 2.5 * DAY) == BitMap([2, 3])
    assert told.entered("tea", NIGHT, NIGHT + DAY) == BitMap([3])
    assert told.entered("tea", NIGHT - DAY, NIGHT) == BitMap()  # they were in when it began
    assert told.left("tea", NIGHT, NIGHT + 3 * DAY) == BitMap([1])
    assert told.entered("tea", NIGHT, NIGHT + 3 * DAY) == BitMap([1, 3])
    assert told.throughout("tea", NIGHT, NIGHT + 3 * DAY) == BitMap([2])
    assert told.throughout("tea", NIGHT + DAY, NIGHT + 3 * DAY) == BitMap([2, 3])
    assert told.throughout("tea", NIGHT - DAY, NIGHT + DAY) == BitMap()
    first = NIGHT.replace(tzinfo=None)
    assert told.sizes("tea") == [(first, 2), (first + 3 * DAY, 3), (first + 4 * DAY, 0)]
    assert told.spell("tea", 1) == [(None, first + DAY), (first + 3 * DAY, first + 4 * DAY)]
    assert told.spell("all", 1) == [(None, None)]
    assert told.spell("tea", 9) == []


def test_who_moves_only_where_something_moved(nights: Nights) -> None:
    line = nights.night(NIGHT, {"tea": {1}, "all": {1, 2}})
    assert line.parts["segments/history"].tables["movements"]
    quiet = nights.night(NIGHT + DAY, {"tea": {1}, "all": {1, 2}})
    assert quiet.table_files("movements") == line.table_files("movements")


def test_a_segment_that_comes_back_entered_by_its_definition(nights: Nights) -> None:
    nights.night(NIGHT, {"tea": {1}, "all": {1, 2}})
    nights.night(NIGHT + DAY, {"all": {1, 2}})
    nights.night(NIGHT + 2 * DAY, {"tea": {1, 2}, "all": {1, 2}})
    told = nights.history()
    assert told.members_at("tea", NIGHT + DAY) == BitMap()
    assert told.entered("tea", NIGHT + DAY, NIGHT + 2 * DAY) == BitMap([1, 2])


def test_a_build_that_looks_back_corrects_what_is_known_by_then(nights: Nights) -> None:
    nights.night(NIGHT, {"tea": {1}, "all": {1, 2}})
    nights.night(NIGHT + 2 * DAY, {"tea": {2}, "all": {1, 2}})
    nights.night(NIGHT + DAY, {"tea": {1, 2}, "all": {1, 2}})
    told = nights.history()
    (move,) = told.moves("tea", NIGHT + DAY, NIGHT + 2 * DAY)[-1:]
    assert (move.part, move.cause, set(move.members)) == ("entered", "correction", {1})
    assert move.at == (NIGHT + 2 * DAY).replace(tzinfo=None)
    assert told.members_at("tea", NIGHT + DAY) == BitMap([1])
    assert told.members_at("tea", NIGHT + 2 * DAY) == BitMap([1, 2])


@pytest.mark.prove
@pytest.mark.slow
def test_whole_sets_come_again_and_small_files_become_one(nights: Nights) -> None:
    for number in range(2 * WHOLE_EVERY + 3):
        line = nights.night(NIGHT + number * DAY, {"tea": {number, number + 1}, "all": {0, 99}})
        assert len(line.table_files("movements")) <= WHOLE_EVERY + 1
    rows = [row for name in line.table_files("movements") for row in read(line, name)]
    whole = [row["build"] for row in rows if row["segment"] == "tea" and row["part"] == "members"]
    assert sorted(whole) == [1, 1 + WHOLE_EVERY, 1 + 2 * WHOLE_EVERY]
    told = nights.history()
    for number, (_, sets) in enumerate(nights.builds):
        assert set(told.members_at("tea", NIGHT + number * DAY)) == sets["tea"]


def read(line: Line, name: str) -> list[dict[str, object]]:
    return pq.read_table(line.files.path(name)).to_pylist()


def test_rolled_back_the_history_is_that_build_s(nights: Nights) -> None:
    nights.night(NIGHT, {"tea": {1}, "all": {1, 2}})
    kept = nights.current
    nights.night(NIGHT + DAY, {"tea": {2}, "all": {1, 2}})
    nights.current = kept
    assert nights.history().members_at("tea", NIGHT + DAY) == BitMap([1])
    nights.night(NIGHT + 2 * DAY, {"tea": {1, 2}, "all": {1, 2}})
    told = nights.history()
    assert told.left("tea", NIGHT, NIGHT + 2 * DAY) == BitMap()
    assert told.entered("tea", NIGHT, NIGHT + 2 * DAY) == BitMap([2])


def test_migration_counts_everybody_once(nights: Nights) -> None:
    nights.night(NIGHT, {"up": {1, 2, 3}, "down": {4}}, {1, 2, 3, 4, 5})
    nights.night(NIGHT + DAY, {"up": {1, 6}, "down": {2, 4}}, {1, 2, 3, 4, 6})
    found = nights.history().migration(["up", "down"], NIGHT, NIGHT + DAY)
    assert found.origins == ("up", "down", ELSEWHERE, NOT_YET)
    assert found.destinations == ("up", "down", ELSEWHERE, GONE)
    assert found.counts == ((1, 1, 1, 0), (0, 1, 0, 0), (0, 0, 0, 1), (1, 0, 0, 0))
    assert (found.people, found.stayed) == (6, 2)
    assert {"origin": "up", "destination": "down", "people": 1} in found.rows()


Night = tuple[int, Sets]


def random_nights(dice: Random) -> Iterator[Night]:
    for _ in range(dice.randint(1, 9)):
        names = [each for each in ("a", "b", "c") if dice.random() < 0.85] or ["a"]
        step = dice.choice([1, 1, 1, 2, 0, -1])
        yield step, {each: {who for who in range(8) if dice.random() < 0.5} for each in names}


@pytest.mark.slow
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 2**32))
def test_random_nights(tmp_path: Path, seed: int) -> None:
    """Sets come and go, builds look back, look again or are rolled back."""
    dice, nights, at = Random(seed), Nights(tmp_path), NIGHT
    stored: dict[datetime, Sets] = {}
    kept: dict[str, tuple[dict[datetime, Sets], datetime]] = {}
    for step, sets in random_nights(dice):
        if nights.builds and dice.random() < 0.2:
            nights.current = dice.choice(nights.builds)[0]
            stored, at = dict(kept[nights.current.build][0]), kept[nights.current.build][1]
        nights.night(at + step * DAY, sets, set(range(8)))
        at = max(at, at + step * DAY) if stored else at + step * DAY
        stored[at] = nights.builds[-1][1]
        kept[nights.builds[-1][0].build] = (dict(stored), at)
    told, moments = nights.history(), sorted(stored)
    for moment in moments:
        for name in ("a", "b", "c", EVERYBODY):
            if (began := told.began(name)) and began <= moment.replace(tzinfo=None):
                assert set(told.members_at(name, moment)) == stored[moment].get(name, set())
    for name in ("a", "b", "c"):
        starts = [
            each for each in moments if (b := told.began(name)) and b <= each.replace(tzinfo=None)
        ]
        for start in starts:
            _holds_together(told, name, start, moments[-1])


def _holds_together(told: History, name: str, start: datetime, end: datetime) -> None:
    before, after = told.members_at(name, start), told.members_at(name, end)
    entered, left = told.entered(name, start, end), told.left(name, start, end)
    assert after - before <= entered
    assert before - after <= left
    assert entered - left <= after - before
    assert left - entered <= before - after
    assert told.throughout(name, start, end) == before - left
    assert told.throughout(name, start, end) <= after
    moved = BitMap.union(BitMap(), *(each.members for each in told.moves(name, start, end)))
    assert moved == entered | left
    assert told.sizes(name)[-1][1] == len(after)
    for who in range(8):
        spells = told.spell(name, who)
        assert (bool(spells) and spells[-1][1] is None) == (who in after)
