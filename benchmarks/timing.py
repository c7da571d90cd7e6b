"""Timing and memory for benchmarks: the median of some runs, the peak of a process and children."""

import resource
import time
from collections.abc import Callable
from statistics import median
from typing import Any


def seconds(work: Callable[[], Any], runs: int = 5) -> float:
    """Median wall-clock seconds of several runs, after one that warms up."""
    work()
    taken = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return median(taken)


def once(work: Callable[[], Any]) -> tuple[float, Any]:
    """Wall-clock seconds of one run, and what it gave."""
    began = time.perf_counter()
    given = work()
    return time.perf_counter() - began, given


def peak_gigabytes() -> float:
    """The most memory that this process or a finished child of it has held."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return max(own, children) / 1_048_576


def show(title: str, rows: list[tuple[str, float, str]], base: float) -> None:
    """Print figures with their ratio to a base."""
    print(f"\n{title}")
    for name, taken, note in rows:
        print(f"  {name:<34}{taken:9.3f} s   {taken / base:6.2f} x   {note}")
