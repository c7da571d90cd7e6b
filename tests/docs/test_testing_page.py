"""docs/testing.md lists every word that a timeline has."""

import re
from pathlib import Path

from carpel.testing.timeline import WORDS

PAGE = (Path(__file__).parents[2] / "docs" / "testing.md").read_text(encoding="utf-8")


def test_every_word_of_a_timeline_is_on_its_page() -> None:
    table = PAGE.split("| word | what stands there |\n|---|---|\n")[1].split("\n\n")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == set(WORDS)
