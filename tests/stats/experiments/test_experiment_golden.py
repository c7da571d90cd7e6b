"""Carpel's figures beside those of three other libraries, to six figures."""

import json
from pathlib import Path

import pytest

from .compared import ours

GOLDEN = json.loads(Path(__file__).with_name("oracles.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("library", GOLDEN)
def test_figures_are_those_of_other_libraries(library):
    mine = ours()
    for what, figures in GOLDEN[library].items():
        for name, golden in figures.items():
            assert mine[what][name] == pytest.approx(golden, rel=5e-7), (what, name)
