"""Tables: whole in a pipe, folded on a terminal with the names last."""

import os
import subprocess
import sys
from datetime import datetime
from io import StringIO

import pytest
from rich.console import Console

from carpel.cli import screen

NAME = "people_who_bought_coffee_at_least_twice_in_the_last_ninety_days"
ROWS = [
    {"segment": NAME, "people": 1234567, "objective": "win back " * 20},
    {"segment": "b", "people": 2, "objective": "two\nlines [of] text"},
]


@pytest.mark.slow
def test_a_pipe_gets_a_row_a_line(shop):
    (shop / f"segments/{NAME}.yml").write_text(
        f"label: {'Bought coffee ' * 8}\nobjective: {'win back ' * 12}\nwhere: {{people: [1]}}\n"
    )
    code = "from carpel.cli.main import main; main()"
    here = {**os.environ, "COLUMNS": "80", "CARPEL_PROJECT": str(shop)}
    subprocess.run([sys.executable, "-c", code, "run"], env=here, check=True, capture_output=True)
    said = subprocess.run(
        [sys.executable, "-c", code, "ls"], env=here, check=True, capture_output=True, text=True
    )
    lines = said.stdout.splitlines()
    assert len(lines) == 3
    row = next(line for line in lines if line.startswith(NAME))
    assert ("win back " * 12).strip() in row and ("Bought coffee " * 8).strip() in row


def test_no_row_is_broken_in_a_file(capsys):
    screen.show_table(ROWS)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3 and all(line == line.rstrip() for line in lines)
    assert "two lines [of] text" in lines[2]


def test_a_terminal_folds_names_last(monkeypatch):
    kept = StringIO()
    monkeypatch.setattr(
        screen, "out", Console(file=kept, force_terminal=True, width=140, color_system=None)
    )
    screen.show_table(ROWS)
    lines = kept.getvalue().splitlines()
    assert len(lines) > 3 and max(map(len, lines)) <= 140
    assert NAME in kept.getvalue() and "1,234,567" in kept.getvalue()


def test_a_narrow_terminal_loses_nothing(monkeypatch):
    kept = StringIO()
    monkeypatch.setattr(
        screen, "out", Console(file=kept, force_terminal=True, width=40, color_system=None)
    )
    screen.show_table(ROWS)
    first = "".join(line[:20].strip() for line in kept.getvalue().splitlines()[1:])
    assert NAME in first


def test_moments_are_on_the_projects_clocks_and_shares_in_per_cent(monkeypatch):
    token = screen.ZONE.set("Europe/Berlin")
    monkeypatch.setattr(screen, "out", Console(file=StringIO(), highlight=False))
    screen.show_table(
        [{"name": "a", "share": 0.0841, "last_at": datetime.fromisoformat("2026-07-01T22:30")}]
    )
    screen.ZONE.reset(token)
    told = screen.out.file.getvalue()
    assert "8.4 %" in told
    assert "2026-07-02 00:30" in told


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (1e308, "1e+308"),
        (-2.5e15, "-2.5e+15"),
        (99_999_999_999_999.0, "99,999,999,999,999"),
        (1e14, "1e+14"),
        (1234.0, "1,234"),
        (10**15, "1,000,000,000,000,000"),
    ],
)
def test_nobody_reads_hundreds_of_digits(value, told):
    assert screen.figure(value) == told
    if isinstance(value, float):
        assert screen.money(value, "EUR") == f"{told} EUR"
        assert screen.exact(value) == told
