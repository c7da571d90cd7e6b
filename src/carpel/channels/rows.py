"""Rows for people's own programs: a CSV that is there whole or not at all, and runs nothing."""

import csv
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from carpel.channels.base import Outcome, Ready
from carpel.values.formulas import harmless


def unwritable(folder: Path) -> Sequence[str]:
    """Why no file can be written there; empty where one can."""
    if not folder.is_dir():
        return [f"there is no folder {folder}"]
    return [] if os.access(folder, os.W_OK) else [f"nothing can be written to {folder}"]


def filed(batch: Sequence[Ready], write: Callable[[str, list[Any]], None]) -> Iterator[Outcome]:
    """Write payloads, a file an arm, by a function of both; what no disk takes is unsent."""
    ordered = sorted(batch, key=lambda each: each.arm)
    for arm, ready in groupby(ordered, key=lambda each: each.arm):
        listed = list(ready)
        try:
            write(arm, [each.payload for each in listed])
        except OSError as error:
            yield from (Outcome(each.key, "unsent", str(error.strerror)) for each in listed)
        else:
            yield from (Outcome(each.key, "sent") for each in listed)


def cell(value: Any) -> Any:
    """A cell that no spreadsheet runs; nothing for what is not known."""
    return "" if value is None else harmless(value)


def write_rows(folder: Path, name: str, heading: Sequence[str], rows: Iterable[Any]) -> Path:
    """Write a file for its owner's eyes alone; one that is there already stays, and another is
    added. Gives its path."""
    path = _fresh(folder, name)
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            os.fchmod(file.fileno(), 0o600)
            writer = csv.writer(file)
            writer.writerow(heading)
            writer.writerows(rows)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def _fresh(folder: Path, name: str) -> Path:
    number, path = 1, folder / f"{name}.csv"
    while path.exists():
        number += 1
        path = folder / f"{name}-{number}.csv"
    return path
