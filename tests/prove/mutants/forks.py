"""Runs of pytest in a fork that has the libraries loaded and nothing of ours."""

import contextlib
import os
import pickle
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from types import CodeType
from typing import Any

import pytest
from hypothesis import Phase, settings

from .changes import Change, changed
from .covering import Cover, Recorder
from .rooms import CODE, Module

LOADED = ("duckdb", "sqlglot", "sqlglot.dialects.duckdb", "pyarrow.parquet", "pyarrow.compute")
LOADED += ("hypothesis", "numpy", "pydantic", "pyroaring", "ruamel.yaml", "sqlalchemy", "rich")
EVERYDAY = (
    "-x",
    "-q",
    "--assert=plain",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:xdist",
    "-m",
    "not slow and not prove",
)
PATIENCE = 30, 5
"""Seconds that a run may take in any case, and how many times what its tests took before."""
FIRST = 15
"""So many tests are run by themselves at first: most changes are noticed by them."""
MEMORY = 12 * 2**30
"""Bytes that a run may ask for: a change can make a loop endless that collects."""


def load() -> None:
    """Load in advance what each fork needs; a first counterexample is enough.

    The code is taken from beside the tests, wherever else it may be installed.
    """
    sys.path.insert(0, str(CODE.parent))
    for name in LOADED:
        import_module(name)
    settings.register_profile("first", phases=(Phase.explicit, Phase.generate))
    settings.load_profile("first")


def recorded(folder: Path, tests: tuple[str, ...]) -> Cover:
    """Run a room's tests as the room stands; raises RuntimeError when one fails."""
    with TemporaryFile() as file:

        def run() -> int:
            recorder = Recorder(folder)
            code = int(pytest.main([*EVERYDAY, *tests], plugins=[recorder]))
            pickle.dump(recorder.cover(), file)
            file.flush()
            return code

        if _code(run, seconds=1800, quiet=False) != 0:
            raise RuntimeError("the tests fail before anything is changed")
        file.seek(0)
        cover: Cover = pickle.load(file)
        if not cover.imported:
            raise RuntimeError(f"the tests ran nothing in {folder}")
        return cover


def survives(module: Module, change: Change, cover: Cover) -> bool:
    """Whether every test that may notice passes with that change made to a module."""
    order = cover.order(str(module.path), (change.line, change.statement))
    return all(
        _pass(module, change, some, sum(cover.seconds[each] for each in some))
        for some in (order[:FIRST], order[FIRST:])
        if some
    )


def _pass(module: Module, change: Change, order: list[str], seconds: float) -> bool:
    """Whether these tests, which took so long before, all pass."""
    files = sorted({each.split("::")[0] for each in order})

    def run() -> int:
        sys.meta_path.insert(0, _Changed(module, change))
        return int(pytest.main([*EVERYDAY, *files], plugins=[_Chosen(order)]))

    least, times = PATIENCE
    return _code(run, least + times * seconds) == 0


class _Chosen:
    """A plugin of pytest: these tests and no others, file by file, the quick ones first."""

    def __init__(self, order: list[str]) -> None:
        files = list(dict.fromkeys(each.split("::")[0] for each in order))
        ranked = sorted(order, key=lambda each: files.index(each.split("::")[0]))
        self._rank = {each: rank for rank, each in enumerate(ranked)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        chosen = [each for each in items if each.nodeid in self._rank]
        items[:] = sorted(chosen, key=lambda each: self._rank[each.nodeid])


class _Changed(SourceFileLoader):
    """Finds and loads one module, changed; others are none of its business."""

    def __init__(self, module: Module, change: Change) -> None:
        super().__init__(module.name, str(module.path))
        self._module, self._change = module, change

    def find_spec(self, name: str, path: Any, target: Any = None) -> ModuleSpec | None:
        spec = PathFinder.find_spec(name, path) if name == self._module.name else None
        if spec:
            spec.loader = self
        return spec

    def get_code(self, fullname: str) -> CodeType:
        return compile(changed(self._module.source, self._change.number), self.path, "exec")


def _code(run: Callable[[], int], seconds: float, quiet: bool = True) -> int | None:
    """How a run ended in a fork of its own; None when it had to be stopped."""
    with TemporaryDirectory() as folder:
        child = os.fork()
        if not child:
            os.setpgid(0, 0)
            os._exit(_alone(run, folder, quiet))
        return _awaited(child, seconds)


def _awaited(child: int, seconds: float) -> int | None:
    stop = time.monotonic() + seconds
    try:
        while time.monotonic() < stop:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.02)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def _alone(run: Callable[[], int], folder: str, quiet: bool) -> int:
    """The run, with no traces left outside a folder."""
    sys.dont_write_bytecode = True
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    tempfile.tempdir = os.environ["TMPDIR"] = folder
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = f"{folder}/examples"
    if quiet:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
    try:
        return run()
    except BaseException:
        return 3
