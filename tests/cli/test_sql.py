"""A segment's SQL is run by doing what its own header says, away from the project."""

import json
import subprocess
import sys

import duckdb
import pytest


@pytest.mark.slow
def test_sql_runs_as_its_header_says_in_another_folder(shop, carpel, tmp_path):
    (shop / "segmentations").mkdir()
    (shop / "segmentations/lifecycle.yml").write_text("kind: lifecycle\nevent: order_completed\n")
    assert carpel("run", shop).code == 0
    listed = json.loads(carpel("ls", "--project", shop, "--json").out)
    people = {row["segment"]: row["people"] for row in listed}
    place = next(each for each in people if "lifecycle." in each and people[each])
    for segment in ("tea_drinkers", place):
        told = carpel("sql", "segment", segment, "--project", shop).out
        rows = duckdb.sql(told).fetchall()
        assert len(rows) == people[segment] > 0
        (tmp_path / f"{segment}.sql").write_text(told)
        line = next(each for each in told.splitlines() if "python -c" in each)
        program = line.split('"')[1]
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        assert all(f" {key} " in done.stdout for (key,) in rows)
