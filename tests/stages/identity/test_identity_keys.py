"""Keys never change, are never reused, and a person's word wins."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carpel.specs import Definitions, Project
from carpel.specs import Identity as Guards
from carpel.stages.base import Decision, Line
from carpel.stages.identity import Identity
from carpel.store.builds import Build
from carpel.testing.line import CLOCK, line_with, read, take

Row = dict[str, Any]


def records(rows: list[Row]) -> pa.Table:
    """Rows of `records`: `ref` and what is given; the rest is filled in."""
    whole = {
        "ref": pa.uint64(),
        "source": pa.string(),
        "file": pa.string(),
        "row": pa.int64(),
        "seen_at": pa.timestamp("us"),
        "first_seen_at": pa.timestamp("us"),
        "id_crm_id": pa.string(),
        "id_email": pa.string(),
        "t_first_name": pa.string(),
        "t_last_name": pa.string(),
    }
    plain = {"source": "crm", "file": "crm.csv", "seen_at": CLOCK.replace(tzinfo=None)}
    filled = [{**dict.fromkeys(whole), **plain, "row": row["ref"], **row} for row in rows]
    return pa.Table.from_pylist(filled, schema=pa.schema(list(whole.items())))


def night(
    folder: Path,
    rows: list[Row],
    before: Line | None = None,
    *,
    decisions: tuple[Decision, ...] = (),
    next_key: int = 1,
) -> Line:
    """One more run over these records."""
    guards = Guards(probabilistic=False)
    project = Project(name="trial", identity=guards)
    line = line_with(folder, {"records": records(rows)}, definitions=Definitions(project))
    line.decisions, line.next_key = decisions, next_key
    if before is not None:
        line.parent = Build("before", None, CLOCK, CLOCK, before.parts)
    return take(line, [Identity()])


def keys(line: Line) -> dict[int, int]:
    return {row["ref"]: row["customer"] for row in read(line, "identities")}


def aliases(line: Line) -> dict[int, int]:
    return {row["customer"]: row["survivor"] for row in read(line, "aliases")}


def customers(line: Line) -> set[int]:
    return {row["customer"] for row in read(line, "customers")}


def test_keys_are_dense_from_one_in_order_of_reading(tmp_path: Path) -> None:
    line = night(
        tmp_path,
        [{"ref": 7, "id_crm_id": "b"}, {"ref": 3, "id_crm_id": "a"}, {"ref": 9, "id_crm_id": "b"}],
    )
    assert keys(line) == {3: 1, 7: 2, 9: 2}
    assert line.parts["identity"].notes["next_key"] == 3


def test_on_a_merge_the_oldest_key_survives_and_chains_are_flat(tmp_path: Path) -> None:
    rows = [{"ref": n, "id_crm_id": str(n)} for n in (1, 2, 3)]
    first = night(tmp_path, rows)
    bridge = {"ref": 4, "id_crm_id": "2", "id_email": "a@x.example"}
    second = night(
        tmp_path, [*rows[:2], {**rows[2], "ref": 5, "id_email": "a@x.example"}, bridge], first
    )
    assert keys(second) == {1: 1, 2: 2, 3: 2, 4: 2, 5: 2}
    assert aliases(second) == {3: 2}
    glue = {"ref": 6, "id_crm_id": "1", "id_email": "a@x.example"}
    third = night(tmp_path, [*rows[:2], bridge, glue], second)
    assert set(keys(third).values()) == {1}
    assert aliases(third) == {2: 1, 3: 1}
    assert customers(third) == {1}


def test_a_changed_row_keeps_the_key_of_the_row_it_replaces(tmp_path: Path) -> None:
    first = night(tmp_path, [{"ref": 1, "id_crm_id": "a"}, {"ref": 2, "id_crm_id": "b"}])
    second = night(tmp_path, [{"ref": 8, "id_crm_id": "b", "t_last_name": "Moved"}], first)
    assert keys(second)[8] == 2
    assert customers(second) == {2}


@pytest.mark.slow
def test_a_key_of_somebody_gone_is_neither_reused_nor_lost(tmp_path: Path) -> None:
    first = night(tmp_path, [{"ref": 1, "id_crm_id": "a"}, {"ref": 2, "id_crm_id": "b"}])
    second = night(tmp_path, [{"ref": 1, "id_crm_id": "a"}], first)
    third = night(tmp_path, [{"ref": 3, "id_crm_id": "c"}], second)
    fourth = night(tmp_path, [{"ref": 2, "id_crm_id": "b"}, {"ref": 3, "id_crm_id": "c"}], third)
    assert keys(third)[3] == 3
    assert keys(fourth) == {1: 1, 2: 2, 3: 3}
    assert customers(fourth) == {2, 3}


def test_keys_start_at_the_high_water_mark(tmp_path: Path) -> None:
    assert keys(night(tmp_path, [{"ref": 1}, {"ref": 2}], next_key=41)) == {1: 41, 2: 42}


def test_unmerging_revives_the_other_key_and_stays(tmp_path: Path) -> None:
    apart = [{"ref": 1, "id_crm_id": "a"}, {"ref": 2, "id_crm_id": "b"}]
    first = night(tmp_path, apart)
    both = [
        *apart,
        {"ref": 3, "id_crm_id": "a", "id_email": "x@x.example"},
        {"ref": 4, "id_crm_id": "b", "id_email": "x@x.example"},
    ]
    merged = night(tmp_path, both, first)
    assert set(keys(merged).values()) == {1}
    undo = (Decision("apart", (1, 3), (2, 4)),)
    split = night(tmp_path, both, merged, decisions=undo)
    assert keys(split) == {1: 1, 3: 1, 2: 2, 4: 2}
    assert aliases(split) == {}
    again = night(tmp_path, [*both, {"ref": 5, "id_email": "x@x.example"}], split, decisions=undo)
    assert {ref: keys(again)[ref] for ref in (1, 2, 3, 4)} == {1: 1, 3: 1, 2: 2, 4: 2}


@pytest.mark.slow
def test_unmerging_outlives_the_records_it_was_made_on(tmp_path: Path) -> None:
    rows = [
        {"ref": 1, "id_crm_id": "a", "id_email": "x@x.example"},
        {"ref": 2, "id_crm_id": "b", "id_email": "x@x.example"},
    ]
    merged = night(tmp_path, rows)
    undo = (Decision("apart", (1,), (2,)),)
    line = night(tmp_path, rows, merged, decisions=undo)
    for generation in (10, 20, 30):
        rows = [
            {**row, "ref": generation + number, "t_last_name": str(generation)}
            for number, row in enumerate(rows, 1)
        ]
        line = night(tmp_path, rows, line, decisions=undo)
        assert keys(line)[generation + 1] == 1
        assert keys(line)[generation + 2] == 2


def test_apart_beats_a_systems_own_key_and_each_side_holds_together(tmp_path: Path) -> None:
    rows = [{"ref": n, "id_crm_id": "one"} for n in (1, 2, 3, 4, 5)]
    merged = night(tmp_path, rows)
    split = keys(night(tmp_path, rows, merged, decisions=(Decision("apart", (1, 3), (2, 4)),)))
    assert split[1] == split[3] == 1
    assert split[2] == split[4] == 2
    assert split[5] in (1, 2)


def test_together_joins_what_nothing_joins_and_the_last_word_counts(tmp_path: Path) -> None:
    rows = [{"ref": 1, "t_first_name": "Ann"}, {"ref": 2, "t_first_name": "Zoe"}]
    join, split = Decision("together", (1,), (2,)), Decision("apart", (1,), (2,))
    assert len(set(keys(night(tmp_path, rows, decisions=(join,))).values())) == 1
    assert len(set(keys(night(tmp_path, rows, decisions=(join, split))).values())) == 2
    assert len(set(keys(night(tmp_path, rows, decisions=(split, join))).values())) == 1


@pytest.mark.slow
@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 6), st.integers(0, 4)), min_size=1, max_size=8),
        min_size=2,
        max_size=3,
    )
)
def test_no_link_is_dissolved_and_no_key_changes_hands(
    tmp_path: Path, nights: list[list[tuple[int, int]]]
) -> None:
    """Whatever rows come and go: a key of tonight is last night's, or its survivor, or new."""
    before: Line | None = None
    for rows in nights:
        line = night(
            tmp_path,
            [
                {
                    "ref": 1 + crm * 10 + mail,
                    "id_crm_id": f"c{crm}",
                    "id_email": f"m{mail}@x.example",
                }
                for crm, mail in dict.fromkeys(rows)
            ],
            before,
        )
        living, mapped = keys(line), aliases(line)
        assert not set(mapped) & set(mapped.values())
        assert not set(mapped) & set(living.values())
        if before is not None:
            for ref, key in keys(before).items():
                assert living[ref] == mapped.get(key, key)
            assert (
                line.parts["identity"].notes["next_key"]
                >= before.parts["identity"].notes["next_key"]
            )
        before = line
