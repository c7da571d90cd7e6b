"""The README is run: every command and every snippet, in order, in one folder."""

import re
from pathlib import Path

import pytest

README = Path(__file__).parents[2] / "README.md"
BLOCKS = re.findall(
    r"^```(sh|python)\n(.*?)^```", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
)
RUN = [each for each in BLOCKS if not each[1].startswith("make ")]
"""All but the two commands for a clone: `make prove` runs the demo."""


@pytest.mark.slow
def test_every_command_and_snippet_runs(in_folder):
    assert len(RUN) > 4
    said = in_folder(RUN)
    assert "Build" in said and "is erased" in said


def test_the_readme_asks_for_nothing_before_the_two_commands():
    assert BLOCKS[0][1].split()[:2] == ["make", "demo"]
    assert "make test" in BLOCKS[0][1]
