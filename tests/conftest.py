"""The long evidence skips nothing and is drawn afresh each time, from a seed it prints."""

import os
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    import numpy as np

ROOMS = ("tests/engines/", "tests/demo/")
NEEDED, SEED = "CARPEL_DATA", "CARPEL_SEED"
DRAWN = int(os.environ.get(SEED) or random.SystemRandom().getrandbits(32))


def pytest_configure(config: pytest.Config) -> None:
    if config.option.markexpr == "prove" and not Path(os.environ.get(NEEDED, "/no")).is_dir():
        raise pytest.UsageError(
            f"{NEEDED} names no folder: the long evidence needs the public data"
        )
    unhurried: Any = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
    settings.register_profile(
        "everyday", derandomize=True, **unhurried
    )  # nor is a busy machine wrong
    if config.option.markexpr != "prove":
        settings.load_profile("everyday")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """One process runs a file; what needs Spark or PostgreSQL is one process's, and so is all that
    looks at the demo, which is made once a process."""
    from xdist.scheduler import LoadFileScheduling

    class ByRoom(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return next((room for room in ROOMS if file.startswith(room)), file)

    return ByRoom(config, log)


def pytest_report_header(config: pytest.Config) -> str | None:
    if config.option.markexpr == "prove":
        return f"seed: {DRAWN} ({SEED}={DRAWN} draws the same again)"
    return None


@pytest.fixture(scope="session")
def fresh_seed() -> int:
    """Another number each time, told at the top of `make prove`."""
    return DRAWN


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> "np.random.Generator":
    """Chance for one test."""
    return _chance(request)


@pytest.fixture(scope="module")
def rng_of_module(request: pytest.FixtureRequest) -> "np.random.Generator":
    """Chance for what the tests of a module share."""
    return _chance(request)


def _chance(request: pytest.FixtureRequest) -> "np.random.Generator":
    """Every day what was drawn the day before; in the long evidence afresh, from a seed told."""
    import numpy as np

    drawn = DRAWN if request.config.option.markexpr == "prove" else ""
    seed = random.Random(f"{drawn}{request.node.nodeid}").getrandbits(32)
    print(f"seed {seed}")
    return np.random.default_rng(seed)
