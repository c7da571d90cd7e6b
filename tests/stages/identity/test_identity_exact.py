"""Identifiers join records, with the guards that keep families and counters apart."""

import random
from pathlib import Path

import pyarrow as pa
import pytest
from sqlglot import exp

from carpel.engine.duckdb import DuckDB
from carpel.engine.query import query
from carpel.specs import Definitions, Project
from carpel.specs import Identity as Guards
from carpel.stages.identity import Identity
from carpel.stages.identity.agglomeration import agglomerate
from carpel.stages.identity.components import components
from carpel.stages.identity.conflicts import contradictory
from carpel.stages.identity.kinds import passing, shared
from carpel.testing.line import line_with, read, take


def groups(tmp_path: Path, rows: list[dict[str, object]], most: int = 20) -> set[frozenset[int]]:
    """Sets of row numbers (from 1) that became one customer, by exact matching alone."""
    names = {key: None for row in rows for key in row}
    data = pa.table(
        {
            "ref": pa.array(range(1, len(rows) + 1), pa.uint64()),
            "source": ["s"] * len(rows),
            "file": ["f"] * len(rows),
            "row": list(range(1, len(rows) + 1)),
            "seen_at": pa.nulls(len(rows), pa.timestamp("us")),
            "first_seen_at": pa.nulls(len(rows), pa.timestamp("us")),
            **{name: pa.array([row.get(name) for row in rows], pa.string()) for name in names},
        }
    )
    guards = Guards(probabilistic=False, most_people_per_identifier=most)
    line = line_with(
        tmp_path, {"records": data}, definitions=Definitions(Project(name="trial", identity=guards))
    )
    people: dict[int, set[int]] = {}
    for row in read(take(line, [Identity()]), "identities"):
        people.setdefault(row["customer"], set()).add(row["ref"])
    return {frozenset(refs) for refs in people.values()}


def sets(*parts: set[int]) -> set[frozenset[int]]:
    return {frozenset(part) for part in parts}


def test_a_systems_own_key_joins_whatever_the_names(tmp_path: Path) -> None:
    rows = [
        {"id_crm_id": "1", "t_first_name": "Ann"},
        {"id_crm_id": "1", "t_first_name": "Bob"},
        {"id_crm_id": "2", "t_first_name": "Ann"},
    ]
    assert groups(tmp_path, rows) == sets({1, 2}, {3})


def test_kinds_are_not_mixed_up(tmp_path: Path) -> None:
    rows = [{"id_crm_id": "1"}, {"id_loyalty_card": "1"}]
    assert groups(tmp_path, rows) == sets({1}, {2})


def test_a_family_on_one_email_stays_a_family(tmp_path: Path) -> None:
    mail = {"id_email": "ho@x.example", "t_last_name": "Ho"}
    rows = [
        {**mail, "t_first_name": "Ann"},
        {**mail, "t_first_name": "Berta"},
        {**mail, "t_first_name": "A"},
        {**mail, "t_first_name": "Anne", "t_last_name": "Li"},
        {"id_email": "ho@x.example"},
    ]
    assert groups(tmp_path, rows) == sets({1, 3, 4}, {2}, {5})


def test_father_and_son_of_one_name_differ_by_birth(tmp_path: Path) -> None:
    man = {"id_phone": "+4930123456", "t_first_name": "Karl", "t_last_name": "Ho"}
    rows = [
        {**man, "t_birth_date": "19500102"},
        {**man, "t_birth_date": "19801123"},
        {**man, "t_birth_date": "19500201"},
        {**man, "t_birth_date": "1980-11-28"},
    ]
    assert groups(tmp_path, rows) == sets({1, 3}, {2, 4})


def test_a_nameless_record_joins_where_only_one_person_is(tmp_path: Path) -> None:
    rows = [{"id_email": "a@x.example", "t_first_name": "Ann"}, {"id_email": "a@x.example"}]
    assert groups(tmp_path, rows) == sets({1, 2})


def test_an_identifier_on_too_many_people_is_not_one(tmp_path: Path) -> None:
    names = ["Ann", "Bob", "Cyd", "Dov", "Eve", "Fay"]
    rows = [{"id_crm_id": "GUEST", "t_first_name": name} for name in names]
    assert len(groups(tmp_path, rows, most=5)) == 6
    assert len(groups(tmp_path, rows, most=6)) == 1


def test_an_email_on_too_many_customer_numbers_is_not_one(tmp_path: Path) -> None:
    rows = [{"id_crm_id": str(n), "id_email": "none@x.example"} for n in range(6)]
    assert len(groups(tmp_path, rows, most=5)) == 6
    assert len(groups(tmp_path, rows, most=6)) == 1


def test_devices_do_not_count_people(tmp_path: Path) -> None:
    rows = [{"id_crm_id": "1", "id_device_id": str(n)} for n in range(6)]
    assert len(groups(tmp_path, rows, most=5)) == 1


@pytest.mark.parametrize(
    ("kind", "is_shared", "is_passing"),
    [
        ("email", True, False),
        ("home_phone", True, False),
        ("device_id", True, True),
        ("national_id", True, False),
        ("crm_id", False, False),
        ("loyalty_card", False, False),
        ("customer_id", False, False),
    ],
)
def test_kinds_are_known_by_their_words(kind: str, is_shared: bool, is_passing: bool) -> None:
    assert (shared(kind), passing(kind)) == (is_shared, is_passing)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_components_equal_a_plain_search(seed: int) -> None:
    chance = random.Random(seed)
    edges = [(chance.randint(1, 300), chance.randint(1, 300)) for _ in range(220)]
    edges += [(n, n + 1) for n in range(400, 500)]
    engine = DuckDB()
    engine.register("nodes", pa.table({"node": pa.array(range(1, 501), pa.int64())}))
    engine.register("edges", pa.table({"l": [a for a, _ in edges], "r": [b for _, b in edges]}))
    components(engine, "labels", "nodes", "edges")
    found = dict(engine.rows(query("SELECT node, label FROM labels")))
    expected = agglomerate(edges, [])
    assert found == {node: expected.get(node, node) for node in range(1, 501)}


def test_agglomeration_never_joins_what_is_apart() -> None:
    chance = random.Random(7)
    for _ in range(200):
        edges = [(chance.randint(1, 12), chance.randint(1, 12)) for _ in range(14)]
        apart = [
            (a, b)
            for a, b in ((chance.randint(1, 12), chance.randint(1, 12)) for _ in range(5))
            if a != b
        ]
        labels = agglomerate(edges, apart)
        assert all(labels.get(a, a) != labels.get(b, b) for a, b in apart)
        assert all(
            label == min(n for n in labels if labels[n] == label) for label in labels.values()
        )


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (("ann", "ho", None), ("ann", "li", None), False),
        (("ann", "ho", None), ("bob", "ho", None), True),
        (("ho", "ann", None), ("ann", "ho", None), False),
        (("a", "ho", None), ("ann", "ho", None), False),
        ((None, "ho", None), ("bob", "ho", None), False),
        ((None, "ho", None), (None, "smith", None), True),
        (("ann", "ho", "19800102"), ("ann", "ho", "19800201"), False),
        (("ann", "ho", "19800102"), ("ann", "ho", "19800112"), False),
        (("ann", "ho", "19800102"), ("ann", "ho", "19650102"), True),
        ((None, None, None), ("ann", "ho", "19800102"), False),
    ],
)
def test_contradictions(
    left: tuple[str | None, ...], right: tuple[str | None, ...], expected: bool
) -> None:
    engine = DuckDB()
    for name, values in (("a", left), ("b", right)):
        engine.register(
            name,
            pa.table(
                {
                    field: pa.array([value], pa.string())
                    for field, value in zip(
                        ("first_name", "last_name", "birth_date", "formal_name", "birthday"),
                        (*values, values[0], None),
                        strict=True,
                    )
                }
            ),
        )
    for first, second in (("a", "b"), ("b", "a")):
        answer = engine.value(exp.select(contradictory(first, second)).from_("a").join("b"))
        assert answer is expected
