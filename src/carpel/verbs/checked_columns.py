"""Columns that checks name and nobody has, told by `carpel check` before a run does."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from carpel.errors import CarpelError, Problem
from carpel.manifest.loaded import Loaded
from carpel.manifest.yaml import place_of
from carpel.reading import located, open_rows
from carpel.reading.located import FRAME, is_url
from carpel.reading.secrets import revealed
from carpel.specs import Check, Definitions, Source
from carpel.stages.sources.checked import nowhere, said
from carpel.stages.sources.stage import declared_types
from carpel.stages.sources.wanted import wanted
from carpel.verbs.session import Session

LARGEST = 20_000_000
"""Bytes of a source's files up to which they are opened for the names of their columns."""


def column_problems(session: Session, found: Loaded) -> Iterator[Problem]:
    """Checks on rows whose columns neither the source nor its data has.

    What the data has is looked up in small files, else in the current build; where neither tells,
    only a run does.
    """
    for check in found.definitions.checks.values():
        source = found.definitions.sources.get(check.source or "")
        if source is None:
            continue
        names = _named(found.definitions, source)
        astray = [name for name in check.rows if name.strip().casefold() not in _folded(names)]
        if astray and (columns := _columns(session, source)):
            yield from _astray(found, check, astray, names, columns)


def _astray(
    found: Loaded, check: Check, asked: list[str], names: set[str], columns: list[str]
) -> Iterator[Problem]:
    written = place_of(found.written, "checks", check.name)
    where = f"the data of {check.source}"
    for name in asked:
        if name.strip().casefold() not in _folded(columns):
            line = written.line(("rows", name))
            yield nowhere(name, names, columns, where, written.file, line)


def _folded(names: Iterable[str]) -> set[str]:
    return {name.strip().casefold() for name in names}


def _named(definitions: Definitions, source: Source) -> set[str]:
    """What the source calls its values, and the columns that it takes them from."""
    types = declared_types(definitions)
    values = wanted(source, definitions.project.revenue.property, types)
    return {name for each in values for name in (said(each.key), *each.spec.columns) if name}


def _columns(session: Session, source: Source) -> list[str]:
    """The columns of the source's data; none where they are not known."""
    reads = [*source.read, *(read for join in source.joins for read in join.read)]
    try:
        if _small(session, reads):
            return _opened(session, source)
        build = session.store.builds.current()
        noted = build.notes("sources").get(source.name, {}) if build else {}
        return list(noted.get("columns", ()))
    except CarpelError:
        return []  # what stands in the way of reading is told beside this


def _small(session: Session, reads: Iterable[str]) -> bool:
    known = [revealed(read, session.folder) for read in reads]
    if any(is_url(read) or read.startswith(FRAME) for read in known):
        return False
    return sum(each.path.stat().st_size for each in located(known, session.folder)) <= LARGEST


def _opened(session: Session, source: Source) -> list[str]:
    engine = session.engine()
    try:
        with TemporaryDirectory(prefix="carpel-") as scratch:
            joins = [(join.read, join.format) for join in source.joins]
            parts = [
                open_rows(read, form, engine, folder=session.folder, scratch=Path(scratch))
                for read, form in [(source.read, source.format), *joins]
            ]
            return [name for rows in parts for name in rows.columns]
    finally:
        engine.close()
