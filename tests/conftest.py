"""The long evidence skips nothing and is drawn afresh each time, from a seed it prints."""

import os
import random
import secrets
from pathlib import Path

import pytest

NEEDED, SEED = "CARPEL_DATA", "CARPEL_SEED"
DRAWN = int(os.environ.get(SEED) or random.SystemRandom().getrandbits(32))


def pytest_configure(config: pytest.Config) -> None:
    if config.option.markexpr == "prove" and not Path(os.environ.get(NEEDED, "/no")).is_dir():
        raise pytest.UsageError(
            f"{NEEDED} names no folder: the long evidence needs the public data"
        )


def pytest_report_header(config: pytest.Config) -> str | None:
    if config.option.markexpr == "prove":
        return f"seed: {DRAWN} ({SEED}={DRAWN} draws the same again)"
    return None


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Every day a test draws what it drew the day before; the long evidence draws afresh."""
    if item.config.option.markexpr != "prove":
        secrets.randbits = random.Random(item.nodeid).getrandbits


@pytest.fixture(scope="session")
def fresh_seed() -> int:
    """Another number each time, told at the top of `make prove`."""
    return DRAWN
