"""Evidence outlives the build that found it, once, and only as long as it explains something."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from carpel.engine.query import query
from carpel.specs import Definitions, Project
from carpel.specs import Identity as Guards
from carpel.stages.base import Line
from carpel.stages.identity import Identity, reasons
from carpel.stages.identity.leaving import Tie, split
from carpel.store.builds import Build
from carpel.testing.line import CLOCK, line_with, read, take
from carpel.testing.people import population

Row = dict[str, Any]
COLUMNS = {
    "ref": pa.uint64(),
    "source": pa.string(),
    "file": pa.string(),
    "row": pa.int64(),
    "seen_at": pa.timestamp("us"),
    "first_seen_at": pa.timestamp("us"),
    **dict.fromkeys(("id_crm_id", "id_email", "id_phone", "t_city"), pa.string()),
    **dict.fromkeys(("t_first_name", "t_last_name", "t_birth_date", "t_street"), pa.string()),
}


def records(rows: list[Row]) -> pa.Table:
    whole = [
        {**dict.fromkeys(COLUMNS), "source": "crm", "file": "crm.csv", "row": row["ref"], **row}
        for row in rows
    ]
    return pa.Table.from_pylist(whole, schema=pa.schema(list(COLUMNS.items())))


def night(folder: Path, rows: list[Row], before: Line | None = None, **guards: Any) -> Line:
    project = Project(name="trial", identity=Guards(**{"probabilistic": False, **guards}))
    line = line_with(folder, {"records": records(rows)}, definitions=Definitions(project))
    if before is not None:
        line.parent = Build("before", None, CLOCK, CLOCK, before.parts)
    return take(line, [Identity()])


def known(line: Line, links: list[Row]) -> Line:
    """The same night, had it found these links as well."""
    data = pa.Table.from_pylist(
        [*read(line, "links"), *links],
        schema=line.engine.fetch(query("SELECT * FROM links")).schema,
    )
    fresh = line.files.fresh()
    pq.write_table(data, fresh)
    made = line.parts["identity"]
    tables = {**made.tables, "links": (line.files.keep(fresh),)}
    line.parts["identity"] = replace(made, tables=tables)
    return line


def ties(line: Line) -> list[tuple[object, ...]]:
    return [
        (row["left_ref"], row["right_ref"], row["how"], row["kind"], row["value"])
        for row in read(line, "links")
    ]


SHARED = [
    {"ref": 1, "id_crm_id": "a", "id_email": "x@x.example"},
    {"ref": 2, "id_crm_id": "b", "id_email": "x@x.example"},
]
ALIKE = {"how": "likeness", "kind": "", "value": "", "probability": 0.97, "evidence": "city +3.0"}


@pytest.mark.slow
def test_likeness_found_once_is_told_for_ever_and_once(tmp_path: Path) -> None:
    rows: list[Row] = [{"ref": n, "id_crm_id": "a", "t_city": "Ulm"} for n in (1, 2, 3)]
    line = known(night(tmp_path, rows), [{"left_ref": 3, "right_ref": 1, **ALIKE}])
    line.bind(["links"])
    told = reasons(line.engine, 1)
    assert [each.how for each in told] == ["identifier", "identifier", "likeness"]
    for ref in (10, 20, 30):
        rows.append({"ref": ref, "id_crm_id": str(ref)})
        line = night(tmp_path, rows, line)
        assert reasons(line.engine, 1) == told


@pytest.mark.slow
def test_a_row_that_is_replaced_still_explains_who_met_through_it(tmp_path: Path) -> None:
    first = night(tmp_path, SHARED)
    assert ties(first) == [(1, 2, "identifier", "email", "x@x.example")]
    moved = [SHARED[0], {"ref": 9, "id_crm_id": "b", "id_email": "new@x.example"}]
    line = night(tmp_path, moved, first)
    told = {
        (1, 2, "identifier", "email", "x@x.example"),
        (9, 2, "identifier", "crm_id", "b"),
    }
    assert set(ties(line)) == told
    for _ in range(3):
        line = night(tmp_path, moved, line)
        assert set(ties(line)) == told


def test_a_value_that_nobody_states_is_not_kept(tmp_path: Path) -> None:
    line = night(tmp_path, SHARED)
    neither = [
        {"ref": 8, "id_crm_id": "a", "id_email": "a@x.example"},
        {"ref": 9, "id_crm_id": "b", "id_email": "b@x.example"},
    ]
    for _ in range(3):
        line = night(tmp_path, neither, line)
    assert {row["customer"] for row in read(line, "customers")} == {1}
    assert set(ties(line)) == {
        (1, 2, "identifier", "email", ""),
        (8, 1, "identifier", "crm_id", "a"),
        (9, 2, "identifier", "crm_id", "b"),
    }


def test_they_were_one_before_only_where_no_evidence_is_left(tmp_path: Path) -> None:
    line = night(tmp_path, SHARED)
    line.parts["identity"] = replace(
        line.parts["identity"], tables={**line.parts["identity"].tables, "links": ()}
    )
    apart = [{**row, "id_email": None} for row in SHARED]
    assert ties(night(tmp_path, apart, line)) == [(1, 2, "former", "", "")]


@pytest.mark.prove
@pytest.mark.slow
def test_rows_that_change_every_night_leave_no_heap_of_links(tmp_path: Path) -> None:
    line = night(tmp_path, SHARED)
    for ref in range(10, 18):
        changing = {"ref": ref, "id_crm_id": "b", "id_email": "x@x.example", "t_city": str(ref)}
        line = night(tmp_path, [SHARED[0], changing], line)
        assert len(ties(line)) <= 3


def _ties(*groups: tuple[bool, set[int]]) -> list[Tie]:
    return [Tie(frozenset(refs), close) for close, refs in groups]


CRM, MAIL = True, False


@pytest.mark.parametrize(
    ("given", "held", "gone"),
    [
        # the till's card of the second customer goes, a newsletter on the common address stays
        ([(CRM, {1, 3}), (CRM, {2, 4}), (MAIL, {1, 2, 5})], {}, {2, 4}),
        # the till knows her by e-mail only; who stays has a number of their own
        ([(MAIL, {1, 2}), (MAIL, {2, 4})], {1: {("crm", "1")}, 4: {("email", "b")}}, {2, 4}),
        # one number for all: the record alone
        ([(CRM, {1, 2, 3})], {}, {2}),
        # what those who stay hold as well stays
        ([(MAIL, {1, 2, 3}), (MAIL, {2, 3, 4}), (MAIL, {1, 4})], {}, {2}),
        # nothing holds them together
        ([], {}, {2}),
    ],
)
def test_who_goes_along(
    given: list[tuple[bool, set[int]]], held: dict[int, set[tuple[str, str]]], gone: set[int]
) -> None:
    refs = frozenset({1, 2}.union(*(refs for _, refs in given)))
    stated = {2: {("crm", "2"), ("email", "b")}, **held}
    assert split(2, refs, _ties(*given), stated, {1}) == gone


def _entries() -> list[Row]:
    return [row for each in population(150, seed=3).systems.values() for row in each.to_pylist()]


@pytest.mark.prove
@pytest.mark.slow
def test_another_training_and_only_that_trains_anew(tmp_path: Path) -> None:
    pytest.importorskip("splink")
    names = {"first_name", "last_name", "birth_date", "street", "city"}
    rows: list[Row] = [
        {"ref": n, **{f"t_{key}": str(value) for key, value in row.items() if key in names}}
        for n, row in enumerate(_entries(), 1)
    ]
    first = night(tmp_path, rows[:-60], probabilistic=True)
    second = night(tmp_path, rows, first, probabilistic=True)
    third = night(tmp_path, rows, second, probabilistic=True, training=2)
    models = [line.parts["identity"].notes["model"] for line in (first, second, third)]
    assert models[0] == models[1] != models[2]
    linked = [row for row in read(second, "links") if row["how"] == "likeness"]
    assert linked and linked == [r for r in read(third, "links") if r["how"] == "likeness"]
