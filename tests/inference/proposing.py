"""What `init` proposes for files that a test writes."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from carpel.engine.duckdb import DuckDB
from carpel.inference import Proposal, propose

CLOCK = datetime(2026, 1, 1, tzinfo=UTC)


def proposed(folder: Path, **files: str) -> Proposal:
    """The proposal for files of these names and texts."""
    paths = []
    for name, text in files.items():
        path = folder / f"{name}.csv"
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return propose(paths, engine=DuckDB(), name="corner shop", clock=CLOCK)


def lines(head: str, made: Callable[[int], str], count: int = 60) -> str:
    """A header and so many rows."""
    return "\n".join([head, *(made(number) for number in range(count))]) + "\n"
