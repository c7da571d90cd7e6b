"""The zone that a project is proposed: its country's, where that has only one."""

from pathlib import Path

import pytest

from carpel.inference.clocks import zone_of

from .proposing import lines, proposed

ZONES = [
    ("DE", "EUR", False, "Europe/Berlin"),
    ("NL", "EUR", True, "Europe/Amsterdam"),
    ("JP", "JPY", False, "Asia/Tokyo"),
    (None, "GBP", False, "Europe/London"),
    (None, "GBP", True, "UTC"),
    (None, "EUR", False, "UTC"),
    ("US", "USD", False, "UTC"),
    ("ES", "EUR", False, "UTC"),
]


@pytest.mark.parametrize(("country", "currency", "guessed", "zone"), ZONES)
def test_a_country_with_one_zone_tells_it(
    country: str | None, currency: str, guessed: bool, zone: str
) -> None:
    found, said = zone_of(country, currency, guessed=guessed)
    assert found == zone and zone in said
    assert ("several" in said) == (country in ("US", "ES"))


def orders(head: str, country: str) -> str:
    return lines(
        f"order_id,email,{head},total,country",
        lambda n: f"o{n:04d},a{n % 9}@b.example,2025-03-{1 + n % 28:02d} 10:00:00,{n}.50,{country}",
    )


def test_the_project_is_on_the_clocks_of_its_country_and_a_file_on_those_it_names(
    tmp_path: Path,
) -> None:
    found = proposed(tmp_path, orders=orders("created_at", "Austria"))
    assert found.project.timezone == "Europe/Vienna"
    assert any("Europe/Vienna" in each for each in found.notes)
    assert found.sources[0].spec.timezone is None
    named = proposed(tmp_path, named=orders("Created (UTC)", "Austria"))
    assert (named.project.timezone, named.sources[0].spec.timezone) == ("Europe/Vienna", "UTC")


@pytest.mark.parametrize(("germans", "zone"), [(20, "UTC"), (31, "Europe/Berlin")])
def test_a_country_that_few_rows_name_tells_no_zone(
    tmp_path: Path, germans: int, zone: str
) -> None:
    lands = ["Deutschland"] * germans + ["Schweiz"] * 15
    lands += ["Österreich"] * (60 - len(lands))
    text = lines("Kd-Nr.,E-Mail,Land", lambda n: f"{n + 100},a{n}@ex.de,{lands[n]}")
    found = proposed(tmp_path, people=text)
    assert found.project.timezone == zone
    told = [each for each in found.notes if "country" in each and "name" in each]
    share = "Most rows that name a country name DE." if germans > 30 else "42%"
    assert len(told) == 1 and share in told[0]
