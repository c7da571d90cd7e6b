"""RFM scores, person by person, against the same definition computed by another library."""

import os
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

import carpel
from carpel.specs import Rfm

DATA = os.environ.get("CARPEL_DATA")


def day(year: int, month: int, number: int) -> datetime:
    return datetime(year, month, number, tzinfo=UTC)


def independent(rows: pl.DataFrame) -> pl.DataFrame:
    """1 + floor(5 x share of people strictly below), by Polars; more recent is higher.

    A negative amount takes from what somebody spent and is no purchase; whoever only has such
    has no scores.
    """
    bought = pl.col("cents") >= 0
    everybody = rows.group_by("customer").agg(
        pl.col("at").filter(bought).max().alias("last"),
        bought.sum().cast(pl.Int64).alias("frequency"),
        pl.col("cents").sum().alias("monetary"),
    )
    people = everybody.filter(pl.col("frequency") > 0)
    n = people.height

    def score(name: str) -> pl.Expr:
        below = pl.col(name).rank("min").cast(pl.Int64) - 1
        return pl.min_horizontal(1 + 5 * below // n, 5)

    return people.with_columns(
        score("last").alias("r"), score("frequency").alias("f"), score("monetary").alias("m")
    ).sort("customer")


def agrees(rows: pl.DataFrame) -> None:
    found = carpel.rfm(rows.with_columns(amount=pl.col("cents") / 100)).sort("customer")
    expected = independent(rows)
    assert found["customer"].to_list() == sorted(set(rows["customer"].to_list()))
    unscored = found.filter(pl.col("r").is_null())
    assert not set(unscored["customer"].to_list()) & set(expected["customer"].to_list())
    found = found.filter(pl.col("r").is_not_null())
    assert found["customer"].to_list() == expected["customer"].to_list()
    for score in "rfm":
        assert found[score].to_list() == expected[score].to_list(), score
    assert found["frequency"].to_list() == expected["frequency"].to_list()
    assert (found["monetary"] * 100).round(4).to_list() == expected["monetary"].to_list()


@pytest.mark.skipif(not DATA, reason="CARPEL_DATA names no folder with CDNOW_master.txt")
def test_cdnow_person_by_person() -> None:
    lines = (Path(str(DATA)) / "CDNOW_master.txt").read_text().splitlines()
    cells = [line.split() for line in lines if line.split() and line.split()[0].isdigit()]
    rows = pl.DataFrame(
        {
            "customer": [cell[0] for cell in cells],
            "at": [datetime.strptime(cell[1], "%Y%m%d") for cell in cells],  # noqa: DTZ007
            "cents": [round(float(cell[3]) * 100) for cell in cells],
        }
    )
    assert (rows.height, rows["customer"].n_unique()) == (69659, 23570)
    agrees(rows)


@pytest.mark.parametrize("people", [1, 2, 4, 5, 6, 499, 500])
def test_generated_data_full_of_ties(people: int) -> None:
    seed = random.randrange(10**9)
    print("seed", seed)
    chance = random.Random(seed)
    start = day(2025, 1, 1)
    rows = [
        {
            "customer": customer,
            "at": start + timedelta(days=chance.randrange(10)),
            # Sums of the same cents in another order: equal money must be equal scores.
            "cents": chance.choice([10, 20, 30, 1999, -10, 0]),
        }
        for customer in range(people)
        for _ in range(chance.randint(1, 4))
    ]
    chance.shuffle(rows)
    agrees(pl.DataFrame(rows))


def test_equal_sums_added_in_another_order_score_equally() -> None:
    amounts = {"a": [0.1, 0.2, 0.3], "b": [0.3, 0.2, 0.1], "c": [0.6]}
    assert sum(amounts["a"]) != sum(amounts["b"])
    rows = [
        {"customer": who, "at": day(2025, 1, 1), "amount": each}
        for who, some in amounts.items()
        for each in some
    ]
    assert carpel.rfm(pl.DataFrame(rows))["m"].to_list() == [1, 1, 1]


def test_known_scores_of_ten_people() -> None:
    """Ten people, each with one more purchase, a later last day and more money than the one before:
    two in each score."""
    rows = [
        {"customer": who, "at": day(2025, 1, 1) + timedelta(days=who), "amount": float(who)}
        for who in range(1, 11)
        for _ in range(who)
    ]
    found = carpel.rfm(pl.DataFrame(rows))
    for score in "rfm":
        assert found[score].to_list() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert found["recency_days"].to_list() == [float(9 - each) for each in range(10)]


def test_fixed_cutoffs_average_and_window() -> None:
    rows = pl.DataFrame(
        {
            "customer": [1, 1, 2, 3],
            "at": [
                day(2025, 1, 31),
                day(2025, 1, 1),
                day(2024, 1, 1),
                day(2025, 1, 30),
            ],
            "amount": [10.0, 30.0, 500.0, 50.0],
        }
    )
    spec = Rfm(
        name="rfm",
        kind="rfm",
        monetary="average",
        within_days=31,
        recency_cutoffs=(0, 1, 20, 40),
        frequency_cutoffs=(2, 3, 4, 5),
        monetary_cutoffs=(10, 20, 30, 50),
    )
    first, second, third = carpel.rfm(rows, spec=spec).to_dicts()
    assert (first["r"], first["f"], first["m"], first["monetary"]) == (5, 2, 3, 20.0)
    assert (second["r"], second["place"]) == (None, "none_lately")
    assert (third["r"], third["f"], third["m"]) == (4, 1, 5)
