"""The long evidence skips nothing and is drawn afresh each time, from a seed it prints."""

import os
import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import numpy as np

NEEDED, SEED = "CARPEL_DATA", "CARPEL_SEED"
DRAWN = int(os.environ.get(SEED) or random.SystemRandom().getrandbits(32))


def pytest_configure(config: pytest.Config) -> None:
    if config.option.markexpr == "prove" and not Path(os.environ.get(NEEDED, "/no")).is_dir():
        raise pytest.UsageError(
            f"{NEEDED} names no folder: the long evidence needs the public data"
        )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """One process runs a file; all that needs Spark or PostgreSQL is one process's, too."""
    if config.pluginmanager.hasplugin("xdist"):
        engines = Path(__file__).parent / "engines"
        for item in items:
            together = engines if engines in item.path.parents else item.path
            item.add_marker(pytest.mark.xdist_group(str(together)))


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
