"""`carpel run` on Complete Journey with made-up contacts: whole, unchanged, and a day later.

    python -m benchmarks demo

Each is a process of its own, from its start to its end, as a person or a scheduler runs it.
"""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
ALLOWED = {"the first run": 45.0, "again, nothing changed": 5.0, "as_of a day earlier": 15.0}
"""Seconds that each may take on 2 cores."""
MOST_GIGABYTES = 3.0


def main() -> None:
    """Lay the demo out and run it three times; say what each took."""
    with tempfile.TemporaryDirectory() as name:
        demo = Path(name) / "demo"
        prepare = ROOT / "examples" / "complete_journey" / "prepare.py"
        subprocess.run(
            [sys.executable, str(prepare), str(demo)], check=True, stdout=subprocess.DEVNULL
        )
        for what, more in (
            ("the first run", []),
            ("again, nothing changed", []),
            ("as_of a day earlier", ["--as-of", "2017-12-30"]),
        ):
            used = measured(["run", str(demo), *more])
            print(
                f"  {what:<26}{used.seconds:7.1f} s (at most {ALLOWED[what]:.0f})"
                f"{used.gigabytes:8.2f} GB (at most {MOST_GIGABYTES:.0f})"
            )
            if used.seconds > ALLOWED[what] or used.gigabytes > MOST_GIGABYTES:
                raise SystemExit(f"{what} took more than it may")
        print(f"  {'the report':<26}{measured(['report', str(demo)]).seconds:7.1f} s")


@dataclass(frozen=True)
class Used:
    """What one command took: seconds on the wall, of processor, and memory at its peak."""

    seconds: float
    processor: float
    gigabytes: float


def measured(arguments: list[str]) -> Used:
    """Run one command line to its end."""
    carpel = Path(sys.executable).parent / "carpel"
    began = time.perf_counter()
    process = subprocess.Popen([str(carpel), *arguments], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"carpel {arguments[0]} failed: {os.waitstatus_to_exitcode(status)}")
    processor = used.ru_utime + used.ru_stime
    return Used(time.perf_counter() - began, processor, used.ru_maxrss / 1_048_576)


if __name__ == "__main__":
    main()
