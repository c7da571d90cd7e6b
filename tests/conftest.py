"""The long evidence skips nothing: without the public data it does not even begin."""

import os
from pathlib import Path

import pytest

NEEDED = "CARPEL_DATA"


def pytest_configure(config: pytest.Config) -> None:
    if config.option.markexpr == "prove" and not Path(os.environ.get(NEEDED, "/no")).is_dir():
        raise pytest.UsageError(
            f"{NEEDED} names no folder: the long evidence needs the public data"
        )
