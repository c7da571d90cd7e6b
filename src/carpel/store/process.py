"""Which process this is, and whether another one still lives."""

import os
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

Clock = Callable[[], datetime]
"""Gives the present instant, in UTC with its zone."""

SILENCE = timedelta(seconds=60)
"""A process on another host that was silent for this long counts as dead."""


@dataclass(frozen=True)
class Process:
    """One process: `started` tells it from a later one that got the same number."""

    host: str
    pid: int
    started: str

    def alive(self, heard_at: datetime, now: datetime) -> bool:
        """Whether it still runs; on another host all we know is when it was heard last."""
        if self.host != socket.gethostname() or sys.platform == "win32":
            return now - heard_at < SILENCE
        return _running(self.pid) and _started(self.pid) == self.started


def this_process() -> Process:
    """The process that asks."""
    pid = os.getpid()
    return Process(socket.gethostname(), pid, _started(pid))


def _running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _started(pid: int) -> str:
    """Boot and clock tick at which a process began; empty where the system does not tell."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if state[0] == "Z" else f"{boot}:{state[19]}"
