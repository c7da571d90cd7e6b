"""The demo, run once for all its tests."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """`make journey` where this runs from the repository's own environment; else its steps."""
    folder = tmp_path_factory.mktemp("made") / "demo"
    if Path(sys.prefix).resolve() == (ROOT / ".venv").resolve():
        said = ran("make", "--no-print-directory", "journey", f"DEMO={folder}")
    else:
        bin_folder = Path(sys.executable).parent
        said = ran(sys.executable, "examples/complete_journey/prepare.py", str(folder))
        said += ran(str(bin_folder / "carpel"), "run", str(folder))
        said += ran(str(bin_folder / "carpel"), "report", str(folder))
    return folder, " ".join(said.split())


def ran(*command: str) -> str:
    environment = {key: value for key, value in os.environ.items() if key != "MAKEFLAGS"}
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, env=environment
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
