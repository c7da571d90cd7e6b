"""statsmodels, gbstats and tea-tasting, in an environment of their own: the same to six figures."""

import json
import subprocess
from pathlib import Path

import pytest

from ..stats.experiments.compared import given, ours
from .test_oracles import PYTHON

pytestmark = pytest.mark.prove


def test_oracles_agree_to_six_figures():
    if not PYTHON.exists():
        pytest.fail("the oracles have no environment: `make oracles` makes it")
    script = Path(__file__).with_name("experiment_oracle_figures.py")
    done = subprocess.run(
        [str(PYTHON), str(script)], input=json.dumps(given()), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]
    mine, theirs = ours(), json.loads(done.stdout.splitlines()[-1])
    assert set(theirs) == {"statsmodels", "gbstats", "tea-tasting"}
    for library, found in theirs.items():
        for what, figures in found.items():
            for name, value in figures.items():
                assert mine[what][name] == pytest.approx(value, rel=5e-7), (library, what, name)
