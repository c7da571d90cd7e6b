"""People whom no identifier joins: found by likeness, with one configuration for all data."""

import csv
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from carpel.stages.base import Line
from carpel.stages.identity import Identity, reasons
from carpel.store.builds import Build
from carpel.store.files import digest
from carpel.testing.line import CLOCK, entries, line_with, read, take
from carpel.testing.people import RECORDED, population

pytestmark = pytest.mark.slow

pytest.importorskip("splink")

FEBRL = {
    "given_name": "t_first_name",
    "surname": "t_last_name",
    "street_number": "t_street_number",
    "address_1": "t_street",
    "address_2": "t_street_2",
    "suburb": "t_city",
    "postcode": "t_postcode",
    "state": "t_region",
    "date_of_birth": "t_birth_date",
    "soc_sec_id": "id_national_id",
}
FAKE = {
    "first_name": "t_first_name",
    "surname": "t_last_name",
    "dob": "t_birth_date",
    "city": "t_city",
    "email": "id_email",
}


def resolved(folder: Path, data: pa.Table, before: Line | None = None) -> Line:
    line = line_with(folder, {"records": data})
    if before is not None:
        line.parent = Build("before", None, CLOCK, CLOCK, before.parts)
    return take(line, [Identity()])


def keys(line: Line) -> dict[int, int]:
    return {row["ref"]: row["customer"] for row in read(line, "identities")}


def agreement(found: list[int], truth: list[Any]) -> tuple[float, float, float]:
    """Pairwise precision, recall and F1, counted without the code under test."""

    def pairs(labels: Any) -> int:
        return sum(n * (n - 1) // 2 for n in Counter(labels).values())

    both = pairs(zip(found, truth, strict=True))
    joined, true = pairs(found), pairs(truth)
    return both / joined, both / true, 2 * both / (joined + true)


def made_up(people: int, seed: int) -> tuple[list[dict[str, Any]], list[int]]:
    made = population(people, seed=seed)
    person = {(row["system"], row["entry"]): row["person"] for row in made.truth.to_pylist()}
    rows = [(system, row) for system, known in made.systems.items() for row in known.to_pylist()]
    return [row for _, row in rows], [person[system, row["entry"]] for system, row in rows]


@pytest.mark.parametrize(
    ("name", "least"), [("febrl1", 0.97), ("febrl2", 0.97), ("febrl3", 0.99), ("fake_1000", 0.93)]
)
def test_public_sets_of_duplicates(tmp_path: Path, name: str, least: float) -> None:
    if "CARPEL_DATA" not in os.environ:
        pytest.skip("CARPEL_DATA names no folder of public data")
    with (Path(os.environ["CARPEL_DATA"]) / f"{name}.csv").open() as file:
        rows = list(csv.DictReader(file, skipinitialspace=True))
    truth = [row["cluster"] if "cluster" in row else row["rec_id"].split("-")[1] for row in rows]
    found = keys(resolved(tmp_path, entries(rows, FAKE if "cluster" in rows[0] else FEBRL)))
    precision, recall, f1 = agreement([found[n] for n in range(1, len(rows) + 1)], truth)
    assert f1 >= least, f"precision {precision:.4f}, recall {recall:.4f}"


def test_made_up_contacts_with_twins_families_and_stale_rows(tmp_path: Path) -> None:
    rows, truth = made_up(4000, seed=20261122)
    found = keys(resolved(tmp_path, entries(rows, RECORDED)))
    precision, recall, f1 = agreement([found[n] for n in range(1, len(rows) + 1)], truth)
    assert f1 >= 0.97, f"precision {precision:.4f}, recall {recall:.4f}"
    assert precision >= 0.99


@pytest.mark.prove
def test_a_later_night_keeps_model_links_and_keys_and_finds_the_new(tmp_path: Path) -> None:
    rows, truth = made_up(600, seed=5)
    data = entries(rows, RECORDED)
    older = data.filter(pa.array([n % 10 != 0 for n in range(len(rows))]))
    first = resolved(tmp_path, older)
    second = resolved(tmp_path, data, first)
    assert second.parts["identity"].notes["model"] == first.parts["identity"].notes["model"]
    before, after = keys(first), keys(second)
    survivor = {row["customer"]: row["survivor"] for row in read(second, "aliases")}
    assert all(after[ref] == survivor.get(key, key) for ref, key in before.items())
    precision, recall, _ = agreement([after[n] for n in range(1, len(rows) + 1)], truth)
    assert precision > 0.98
    assert recall > 0.97


def test_without_names_nobody_is_compared(tmp_path: Path) -> None:
    rows = [{"city": "Ulm", "email": f"{n}@x.example"} for n in range(40)]
    line = resolved(tmp_path, entries(rows, {"city": "t_city", "email": "id_email"}))
    assert line.parts["identity"].notes["probabilistic"] == "nothing to compare"
    assert len(set(keys(line).values())) == 40


def test_likeness_is_explained_without_values(tmp_path: Path) -> None:
    rows, _ = made_up(300, seed=9)
    line = resolved(tmp_path, entries(rows, RECORDED))
    alike = next(row for row in read(line, "links") if row["how"] == "likeness")
    why = reasons(line.engine, keys(line)[alike["left_ref"]])
    assert {reason.how for reason in why} <= {"identifier", "likeness"}
    told = next(reason for reason in why if reason.how == "likeness")
    assert told.probability is not None and told.probability > 0.5
    assert told.left.startswith("given, given.csv, row ")
    said = rows[int(told.left_ref, 16) - 1]
    assert all(
        value not in told.evidence
        for value in said.values()
        if isinstance(value, str) and len(value) > 3
    )


def test_one_name_in_one_town_under_two_keys_of_a_system_stays_two(tmp_path: Path) -> None:
    """A shop that gave two numbers has two customers, unless more than name and town agree."""
    rows = [
        {
            "first": f"Nora{n // 2}",
            "last": f"Stone{n // 2}",
            "town": f"Town{n % 9}" if n >= 40 else f"Town{n // 2 % 9}",
            "number": f"N{n}",
        }
        for n in range(200)
    ]
    said = entries(
        rows,
        {"first": "t_first_name", "last": "t_last_name", "town": "t_city", "number": "id_shop_id"},
    )
    line = take(line_with(tmp_path, {"records": said}), [Identity()])
    assert len(read(line, "customers")) == 200


def test_names_and_addresses_alone_leave_nothing_to_learn_and_are_compared(tmp_path: Path) -> None:
    people = [
        {"first_name": "Ann", "last_name": "Lee", "email": f"{digest([n])[:9]}@x.example"}
        for n in range(40)
    ]
    people += [{"first_name": "Bo", "last_name": "Ray", "email": "bo.ray@x.example"}] * 2
    columns = {name: RECORDED[name] for name in ("first_name", "last_name", "email")}
    found = keys(resolved(tmp_path, entries(people, columns)))
    assert len(set(found.values())) == 41


def test_couples_on_one_address_stay_two_where_nobody_is_there_twice(tmp_path: Path) -> None:
    """With no true pair to learn from, a shared e-mail and last name must not join a couple."""
    names = [
        ("Ben", "Smith"),
        ("Cara", "Jones"),
        ("Dan", "Brown"),
        ("Eva", "Wood"),
        ("Gus", "Hall"),
    ]
    rows = [
        {
            "id": f"K{n:04}",
            "first": names[n % 5][0],
            "last": names[n * 7 % 5][1],
            "email": f"m{n}@x.example",
            "phone": f"+4366012{n:05}",
            "city": ("Wien", "Graz")[n % 2],
        }
        for n in range(150)
    ]
    couples = [
        ("Anna", "Bernd", "Quistorp"),
        ("Peter", "Maria", "Adelmann"),
        ("Ida", "Emil", "Moser"),
    ]
    for n, (one, other, last) in enumerate(couples):
        for m, first in enumerate((one, other)):
            rows.append(
                {
                    "id": f"F{n}{m}",
                    "first": first,
                    "last": last,
                    "email": f"{last.lower()}@shared.example",
                    "phone": f"+43664111223{2 * n + m}",
                    "city": "Wien",
                }
            )
    fields = {
        "id": "id_customer_id",
        "first": "t_first_name",
        "last": "t_last_name",
        "email": "id_email",
        "phone": "id_phone",
        "city": "t_city",
    }
    line = resolved(tmp_path, entries(rows, fields))
    assert len(set(keys(line).values())) == len(rows)
