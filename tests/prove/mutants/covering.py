"""Which lines of a room each test runs, and how long the test takes."""

from collections.abc import Generator
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Any

import coverage
import pytest

Lines = dict[str, set[int]]
"""By file name."""
MOST = 120
IMPORT = "import"
"""What runs while no test does."""


@dataclass
class Cover:
    """What a run of a room's tests has shown."""

    seconds: dict[str, float] = field(default_factory=dict)
    lines: dict[str, Lines] = field(default_factory=dict)
    imported: Lines = field(default_factory=dict)

    def order(self, file: str, lines: tuple[int, ...]) -> list[str]:
        """The tests that run one of these lines, the quickest first; none when no test does.

        A line that runs at import may concern any: those that run others of the file go first.
        Tests beyond `MOST` seconds in all are left out: a change that only they notice survives.
        """
        ran = [test for test in self.seconds if not self._of(test, file).isdisjoint(lines)]
        if not ran and not self.imported.get(file, set()).isdisjoint(lines):
            ran = list(self.seconds)
        ran.sort(key=lambda test: (not self._of(test, file), self.seconds[test]))
        before = [0.0, *accumulate(self.seconds[test] for test in ran)]
        return [test for test, seconds in zip(ran, before, strict=False) if seconds < MOST]

    def _of(self, test: str, file: str) -> set[int]:
        return self.lines[test].get(file, set())


class Recorder:
    """A plugin of pytest: lines by test, those of a fixture that is shared by each that uses it."""

    def __init__(self, folder: Path) -> None:
        self._coverage = coverage.Coverage(
            data_file=None, config_file=False, include=[f"{folder}/*"], messages=False
        )
        self._used: dict[str, list[str]] = {}
        self._seconds: dict[str, float] = {}
        self._now = IMPORT
        self._coverage.start()
        self._coverage.switch_context(self._now)

    def _switch(self, context: str) -> str:
        before, self._now = self._now, context
        self._coverage.switch_context(context)
        return before

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        self._used[item.nodeid] = list(getattr(item, "fixturenames", ()))
        before = self._switch(item.nodeid)
        try:
            return (yield)
        finally:
            self._switch(before)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Generator[None, Any, Any]:
        if fixturedef.scope == "function":
            return (yield)
        before = self._switch(f"fixture {fixturedef.argname}")
        try:
            return (yield)
        finally:
            self._switch(before)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._seconds[report.nodeid] = self._seconds.get(report.nodeid, 0) + report.duration

    def cover(self) -> Cover:
        """What was seen so far; recording ends."""
        self._coverage.stop()
        data = self._coverage.get_data()
        by_context: dict[str, Lines] = {}
        for file in data.measured_files():
            for line, contexts in data.contexts_by_lineno(file).items():
                for context in contexts:
                    by_context.setdefault(context, {}).setdefault(file, set()).add(line)
        cover = Cover(self._seconds, imported=by_context.get(IMPORT, {}))
        for test, fixtures in self._used.items():
            cover.lines[test] = _together(
                by_context.get(each, {}) for each in (test, *(f"fixture {f}" for f in fixtures))
            )
        return cover


def _together(several: Any) -> Lines:
    whole: Lines = {}
    for lines in several:
        for file, numbers in lines.items():
            whole.setdefault(file, set()).update(numbers)
    return whole
