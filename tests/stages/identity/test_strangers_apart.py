"""Strangers of one mould stay strangers: an audience with birthdays but no years, in one street."""

import random
from pathlib import Path

import pytest

from carpel.stages.identity import Identity
from carpel.testing.line import entries, line_with, read, take

pytest.importorskip("splink")

FIRSTS = ("Hans", "Paula", "Max", "Nora", "Tina", "Karl", "Zoe", "Wanda", "Viktor", "Clara")
LASTS = ("Rossi", "Garcia", "Taylor", "Evans", "Davies", "Jones", "Brown", "Smith", "Roberts")
FIELDS = {
    "first": "t_first_name",
    "last": "t_last_name",
    "email": "id_email",
    "street": "t_street",
    "born": "t_birthday",
}
Row = dict[str, str | None]


def audience(people: int, seed: int) -> list[Row]:
    """People whose addresses are all of one form, no two of whom have the same."""
    chance = random.Random(seed)
    rows: list[Row] = []
    for n in range(people):
        first, last = chance.choice(FIRSTS), chance.choice(LASTS)
        rows.append(
            {
                "first": first,
                "last": last,
                "email": f"{first}.{last}{n}@example{n % 7}.com".lower(),
                "street": f"{n} Main St  Springfield  IL  62701  US",
                "born": f"{chance.randint(1, 12):02}/{chance.randint(1, 28):02}",
            }
        )
    return rows


def customers(folder: Path, rows: list[Row]) -> list[int]:
    """The customer of each row."""
    line = take(line_with(folder, {"records": entries(rows, FIELDS)}), [Identity()])
    found = {row["ref"]: row["customer"] for row in read(line, "identities")}
    return [found[n] for n in range(1, len(rows) + 1)]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 5])
def test_people_who_share_a_first_name_and_a_day_of_the_year_stay_apart(
    tmp_path: Path, seed: int
) -> None:
    rows = audience(400, seed)
    assert len(set(customers(tmp_path, rows))) == 400


@pytest.mark.slow
def test_the_same_person_with_another_address_is_still_found(tmp_path: Path) -> None:
    rows = audience(300, 3)
    again = [{**row, "email": f"box{n}@mail{n % 3}.example"} for n, row in enumerate(rows[:5])]
    found = customers(tmp_path, rows + again)
    assert found[300:] == found[:5]
    assert len(set(found)) == 300


def test_a_day_and_month_contradicts_on_a_shared_address(tmp_path: Path) -> None:
    one: Row = {"first": "Ann", "last": "Lee", "email": "lee@x.example", "street": None}
    days = ("03/14", "14.3.", "11/28")
    found = customers(tmp_path, [{**one, "born": born} for born in days])
    assert found[0] == found[1] != found[2]
