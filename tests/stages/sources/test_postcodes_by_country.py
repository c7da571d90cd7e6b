"""A postcode is read as one of the country that its row names, not of where the business is."""

from collections.abc import Sequence
from pathlib import Path

from carpel.stages.base import Line
from carpel.testing.line import read

from .nights import sourced

Rows = Sequence[tuple[str, str]]


def told(folder: Path, rows: Rows, country: str | None = "DE", columns: int = 0) -> Line:
    """Addresses as (postcode, country), after so many further columns."""
    more = [f"c{n}" for n in range(columns)]
    lines = [",".join(["id", *more, "code", "land"])]
    lines += [",".join([str(n), *more, *row]) for n, row in enumerate(rows, start=101)]
    (folder / "people.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    source = {
        "name": "till",
        "read": "people.csv",
        "identifiers": {"crm_id": "id"},
        "traits": {"country": "land", **{each: each for each in more}, "postcode": "code"},
    }
    return sourced(folder, source, {"country": country} if country else {})


def codes(line: Line) -> list[str | None]:
    """The postcodes, in order of customer numbers."""
    found = {row["id_crm_id"]: row["t_postcode"] for row in read(line, "records")}
    return [found[key] for key in sorted(found)]


def test_each_row_is_judged_by_its_own_country(tmp_path: Path) -> None:
    rows = [
        *(("10115", "Deutschland"), ("1010", "Österreich"), ("8001", "Schweiz")),
        *(("8001", "Deutschland"), ("SW1A1AA", "GB"), ("1010", ""), ("W4", "Narnia")),
    ]
    line = told(tmp_path, rows)
    found = ["10115", "1010", "8001", "08001", "SW1A 1AA", "01010", "W4"]
    assert codes(line) == found
    assert line.notes("sources")["till"]["fixes"]["code"] == {"zeros": 2, "spaces": 1}


def test_the_home_country_takes_nothing_away_from_others(tmp_path: Path) -> None:
    rows = [("8001", "CH")] * 30 + [("10115", "DE"), ("10115", "CH")]
    line = told(tmp_path, rows, "CH")
    assert codes(line)[-2:] == ["10115", None]
    assert line.notes("sources")["till"]["refused"]["code"] == {"not a postcode of CH": 1}


def test_one_code_with_a_zero_tells_that_no_zeros_were_lost(tmp_path: Path) -> None:
    rows = [("01067", "DE"), ("1067", "DE"), ("02134", "US"), ("2134", "US")]
    assert codes(told(tmp_path, rows)) == ["01067", None, "02134", None]


def test_a_country_far_away_in_a_wide_file_is_found(tmp_path: Path) -> None:
    found = codes(told(tmp_path, [("1010", "AT"), ("10115", "DE")], None, columns=40))
    assert found == ["1010", "10115"]
