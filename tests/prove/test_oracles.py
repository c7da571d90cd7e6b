"""Two independent implementations in an environment of their own: the same to four figures."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from carpel.stats.buying.bg_nbd import BgNbd
from carpel.stats.buying.histories import histories
from carpel.stats.buying.pareto_nbd import ParetoNbd

from ..stats.cdnow import cdnow

pytestmark = pytest.mark.prove

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".oracles" / "bin" / "python"
ONE = (2.0, 30.43, 38.86)
AHEAD = 39.0


def asked(oracle: str, models: dict[str, Any]) -> Any:
    if not PYTHON.exists():
        pytest.fail("the oracles have no environment: `make oracles` makes it")
    weeks = cdnow().weeks
    given = {
        "oracle": oracle,
        "models": {name: (each.parameters, each.values) for name, each in models.items()},
        "ahead": AHEAD,
        "one": ONE,
        "repeats": weeks.repeats.tolist(),
        "last": weeks.last.tolist(),
        "age": weeks.age.tolist(),
    }
    script = Path(__file__).with_name("oracle_figures.py")
    done = subprocess.run(
        [str(PYTHON), str(script)], input=json.dumps(given), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("oracle", ["lifetimes", "pymc-marketing"])
def test_oracles_agree_to_four_figures(oracle):
    weeks, one = cdnow().weeks, histories(*([each] for each in ONE))
    models = {kind.name: kind.fitted(weeks)[0] for kind in (BgNbd, ParetoNbd)}
    theirs = asked(oracle, models)
    for name, model in models.items():
        ours = {
            "values": list(model.values),
            "total": model.moments(weeks, AHEAD)[0].sum(),
            "one": model.moments(one, AHEAD)[0][0],
            "alive": model.alive(one)[0],
        }
        assert set(theirs[name]) <= set(ours)
        for figure, value in theirs[name].items():
            assert ours[figure] == pytest.approx(value, rel=5e-5), (name, figure)
