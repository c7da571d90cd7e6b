"""The page on engines shows what is declared, no more and no less."""

import re
from pathlib import Path

import pytest

from carpel.engine.abilities import ABILITIES, ALL, able, require
from carpel.errors import EngineError

PAGE = Path(__file__).parents[2] / "docs" / "engines.md"


def test_the_table_is_what_engines_declare() -> None:
    text = PAGE.read_text(encoding="utf-8")
    table = re.search(r"^\| asked for \|.*\n\|[-|]+\n((?:\|.*\n)+)", text, re.MULTILINE)
    assert table
    told = [row.strip("| ").split(" | ") for row in table[1].splitlines()]
    assert told == [
        [each.words, *("yes" if kind in each.engines else "no" for kind in ALL)]
        for each in ABILITIES.values()
    ]


@pytest.mark.parametrize("kind", ALL)
def test_what_an_engine_cannot_do_is_an_error_that_names_those_that_can(kind) -> None:
    for name, ability in ABILITIES.items():
        if able(kind, name):
            require(kind, name)
            continue
        with pytest.raises(EngineError) as told:
            require(kind, name)
        assert kind in str(told.value)
        assert all(other in told.value.action for other in ability.engines)
