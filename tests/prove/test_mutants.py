"""Mutation testing: of small random changes to the code, the everyday tests notice nine in ten."""

import ast
import os
import re
import subprocess
import sys

import pytest

from .mutants.changes import changed, changes
from .mutants.rooms import FOLDERS, ROOT, equivalent, modules

COUNTS = {"language": 60, "evaluation": 60, "stats": 30}
"""How many changes of each room are tried."""
LEAST = 0.9

SOURCE = """
def price(amount: int, reduced: bool = False) -> int | None:
    \"\"\"What it costs.\"\"\"
    if amount < 0:
        raise ValueError(f"{amount + 1} is below 0")
    return amount * 2 if not reduced and amount > 10 else None
"""
CHANGED = [
    "if amount <= 0:",
    "if amount >= 0:",
    "if amount < 1:",
    "if amount < -1:",
    "reduced: bool=True",
    "pass",
    "return None",
    "amount / 2 if",
    "amount * 3 if",
    "amount * 1 if",
    "if not reduced or amount > 10",
    "if not (not reduced and amount > 10)",
    "if reduced and amount > 10",
    "and amount >= 10",
    "and amount <= 10",
    "and amount > 11",
    "and amount > 9",
]


def test_each_change_changes_one_thing_and_no_wording() -> None:
    found = [ast.unparse(changed(SOURCE, each.number)) for each in changes(SOURCE)]
    assert len(found) == len(CHANGED)
    assert all(any(part in text for text in found) for part in CHANGED)
    assert all("What it costs" in text and "-> int | None" in text for text in found)
    assert sum("{amount + 1} is below 0" in text for text in found) == len(found) - 1


def test_every_change_that_is_called_equivalent_is_one_there_is() -> None:
    listed = equivalent()
    files = {file for file, _, _ in listed}
    there = {
        (module.file, change.text, change.told)
        for room in FOLDERS
        for module in modules(room)
        if module.file in files
        for change in changes(module.source)
    }
    assert listed <= there


@pytest.mark.prove
@pytest.mark.parametrize("room", FOLDERS)
def test_the_tests_notice_nine_changes_in_ten(room: str, fresh_seed: int) -> None:
    command = [sys.executable, "-m", "tests.prove.mutants", room, COUNTS[room], fresh_seed]
    told = subprocess.run(
        [str(each) for each in command],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
    )
    print(told.stdout, told.stderr[-3000:])
    share = re.search(r"(\d+) of (\d+) killed", told.stdout)
    assert share and int(share[2]) > 0
    assert int(share[1]) >= LEAST * int(share[2])
