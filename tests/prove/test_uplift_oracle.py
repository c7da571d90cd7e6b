"""scikit-uplift in an environment of its own: Qini, AUUC and uplift at k of sets full of ties."""

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest

from carpel.stats.uplift import auuc, qini, uplift_at

from ..stats.uplift.test_uplift_curves import GOLDEN
from ..stats.uplift.tied import SETS, tied
from .test_oracles import PYTHON

pytestmark = pytest.mark.prove


def drawn(chance: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Some hundred people with a handful of scores."""
    people = int(chance.integers(100, 3_000))
    score = np.round(chance.normal(size=people), int(chance.integers(0, 2)))
    treated = chance.random(people) < chance.uniform(0.2, 0.8)
    base = chance.uniform(0.1, 0.7)
    return (chance.random(people) < base + 0.1 * treated * (score > 0)) * 1.0, score, treated * 1.0


def test_figures_are_those_of_scikit_uplift(fresh_seed):
    if not PYTHON.exists():
        pytest.fail("the oracles have no environment: `make oracles` makes it")
    chance = np.random.default_rng(fresh_seed)
    sets = [tied(which) for which in range(SETS)] + [drawn(chance) for _ in range(30)]
    names = ("outcome", "score", "treated")
    given = [dict(zip(names, map(np.ndarray.tolist, each), strict=True)) for each in sets]
    script = Path(__file__).with_name("uplift_oracle_figures.py")
    done = subprocess.run(
        [str(PYTHON), str(script)], input=json.dumps(given), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]
    theirs = json.loads(done.stdout.splitlines()[-1])
    assert np.allclose(theirs[:SETS], GOLDEN, rtol=0, atol=1e-11)
    for each, figures in zip(sets, theirs, strict=True):
        ours = [qini(*each), auuc(*each), uplift_at(*each, 0.3)]
        assert [*ours, uplift_at(*each, 0.3, by_arm=True)] == pytest.approx(figures, abs=1e-9)
