"""Does work in forked children that may be killed; reads orders, one JSON a line, from stdin.

Everything heavy is imported once, so that a child starts in no time; no thread lives here when it
forks. Answers with how each child ended (a negative number is the signal) and how long it took.
"""

import gc
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb  # noqa: F401
import pyarrow.parquet  # noqa: F401
import pyroaring  # noqa: F401
import sqlalchemy.dialects.sqlite  # noqa: F401

from carpel.engine.duckdb import DuckDB
from carpel.engine.query import query
from carpel.store import archive, erasure, schema  # noqa: F401
from carpel.store.builds import Build, Made
from carpel.store.prune import prune
from carpel.store.store import open_store

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def ticking() -> Callable[[], datetime]:
    """A clock that moves a second at every look."""
    seconds = count()
    return lambda: START + timedelta(seconds=next(seconds))


def build(folder: Path, name: str) -> None:
    """A small build: two tables from the engine, made, published and the oldest pruned."""
    store, engine = open_store(folder, ticking()), DuckDB(threads=1)
    with store.lease("run") as lease:
        files = {}
        for table, rows in (("costs", 100), ("scores", 200)):
            fresh = store.builds.files.fresh()
            engine.write(
                query(
                    "SELECT :n AS name, range AS customer, range % 7 AS amount FROM range(:r)",
                    n=name,
                    r=rows,
                ),
                fresh,
            )
            files[table] = (store.builds.files.keep(fresh),)
        parent = store.builds.current_name()
        store.ledger.reserve_customers(200)
        store.publish(Build(name, parent, START, START, {"all": Made(name, files)}), lease)
        prune(store.builds, store.ledger, store.clock, keep=2)


def erase(folder: Path, customer: str) -> None:
    """Erase a person."""
    erasure.erase(open_store(folder, ticking()), DuckDB(threads=1), int(customer))


def backup(folder: Path, to: str) -> None:
    """Write a backup."""
    archive.backup(open_store(folder, ticking()), Path(to))


def restore(folder: Path, source: str) -> None:
    """Bring a backup back."""
    archive.restore(Path(source), folder, DuckDB(threads=1), ticking())


def carpel(_folder: Path, *words: str) -> None:
    """The command line itself."""
    from carpel.cli.main import main

    sys.argv = ["carpel", *words]
    main()


WORK: Mapping[str, Callable[..., None]] = {
    "build": build,
    "erase": erase,
    "backup": backup,
    "restore": restore,
    "carpel": carpel,
}


def child(order: Mapping[str, Any]) -> None:
    """Do the work and end, with what it said in a file."""
    os.environ.update(order.get("env", {}))
    words = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(words, 1)
    os.dup2(words, 2)
    status = 0
    try:
        WORK[order["do"]](Path(order["folder"]), *order.get("with", ()))
    except SystemExit as end:
        status = int(end.code or 0)
    except BaseException:
        import traceback

        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def ended(order: Mapping[str, Any]) -> tuple[int, float]:
    """Let a child do it; kill it after a while when the order says so."""
    began = time.monotonic()
    pid = os.fork()
    if pid == 0:
        child(order)
    if (after := order.get("kill_after")) is not None:
        time.sleep(after)
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status), time.monotonic() - began


def warm_up() -> None:
    """Take what is slow the first time out of every child's time, and out of copying memory."""
    with TemporaryDirectory() as folder:
        build(Path(folder), "b1")
    gc.freeze()


if __name__ == "__main__":
    warm_up()
    for line in sys.stdin:
        print(json.dumps(ended(json.loads(line))), flush=True)
