"""The stage: one part a source, each row of it accounted for."""

from collections.abc import Collection, Iterable, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from carpel.reading import Home, Rows, filled, joined, open_rows, state
from carpel.specs import Definitions, Source
from carpel.specs.source import ColumnType, Join
from carpel.stages.base import Line, Output, Part
from carpel.stages.sources.accounts import account
from carpel.stages.sources.changed import write_changes
from carpel.stages.sources.corrected import corrections, with_corrections
from carpel.stages.sources.grown import VERSION, Grown, grown, growth
from carpel.stages.sources.notes import noted
from carpel.stages.sources.outputs import write_all
from carpel.stages.sources.sorting import Sorted, sorted_rows
from carpel.stages.sources.values_table import Reader
from carpel.stages.sources.wanted import actual, wanted
from carpel.store.files import file_digest

MONTH_FIRST = ("US", "PH", "FM", "MH", "PW", "GU", "PR")
"""Countries that write the month before the day."""


class Sources:
    """Reads what sources say; applies safe fixes; sets aside what cannot be used."""

    name = "sources"
    version = VERSION
    writes = (
        "records",
        "staged_event",
        "staged_contracts",
        "staged_consents",
        "staged_places",
        "described",
        "costs",
        "set_aside",
        "accounting",
    )

    def parts(self, line: Line) -> Iterable[Part]:
        """One part a source; it is made again when its spec or its files change."""
        types = declared_types(line.definitions)
        for name, source in sorted(line.definitions.sources.items()):
            depends = _depends(line, source, types)
            yield Part(f"sources/{name}", depends, partial(_make, line, source, types, depends))


def declared_types(definitions: Definitions) -> dict[str, ColumnType]:
    """The type of each property where some source states it: one for all sources."""
    return {
        name: spec.type
        for each in definitions.sources.values()
        for columns in (each.properties, *(track.properties for track in each.track))
        for name, spec in columns.items()
        if spec.type
    }


def _depends(line: Line, source: Source, types: dict[str, ColumnType]) -> dict[str, Any]:
    project = line.definitions.project
    return {
        "source": source.model_dump(mode="json", fallback=str),
        "types": types,
        "home": [project.timezone, project.currency, project.country],
        "amount": project.revenue.property,
        "data": [
            state(read, line.folder, line.frames, line.clock)
            for reads in (source.read, *(join.read for join in source.joins))
            for read in reads
        ],
        "erased": line.erased.fingerprint if line.erased else "",
        "corrected": [file_digest(file) for file in corrections(_corrected(line, source))],
    }


def _corrected(line: Line, source: Source) -> Path:
    return line.files.folder.parent / "corrected" / source.name


def _rows(line: Line, source: Source, scratch: Path, only: Collection[str] | None = None) -> Rows:
    """The source's rows: corrected, gaps filled from above, joined files' columns beside them."""

    def opened(each: Source | Join) -> Rows:
        return open_rows(
            each.read,
            each.format,
            line.engine,
            folder=line.folder,
            scratch=scratch,
            frames=line.frames,
            only=only,
        )

    rows = with_corrections(opened(source), corrections(_corrected(line, source)), line.engine)
    if source.fill_down:
        rows = filled(rows, [actual(name, rows, source) for name in source.fill_down])
    for join in source.joins:
        rows = joined(rows, opened(join), join.on)
    return rows


def _make(
    line: Line,
    source: Source,
    types: dict[str, ColumnType],
    depends: Mapping[str, Any],
    output: Output,
) -> None:
    before = grown(line, source, depends)
    if before is None or not _grown(line, source, types, before, output):
        _whole(line, source, types, depends, output)


def _grown(
    line: Line, source: Source, types: dict[str, ColumnType], before: Grown, output: Output
) -> bool:
    """Put what new files say beside what the parent has; False when that is not the same."""
    with TemporaryDirectory(prefix="carpel-") as scratch:
        rows = _rows(line, source, Path(scratch), before.fresh)
        done = _sorted(line, source, types, rows)
        if not before.fits(rows, done):
            return False
        before.carry(output)
        write_all(line, source, done, output, before)
        account(line, source, rows, done, output)
        output.note(source.name, before.noted(noted(line, source, rows, done)))
    return True


def _whole(
    line: Line,
    source: Source,
    types: dict[str, ColumnType],
    depends: Mapping[str, Any],
    output: Output,
) -> None:
    with TemporaryDirectory(prefix="carpel-") as scratch:
        rows = _rows(line, source, Path(scratch))
        done = _sorted(line, source, types, rows)
        write_all(line, source, done, output)
        write_changes(line, source, rows, done, output)
        account(line, source, rows, done, output)
        said = noted(line, source, rows, done)
        output.note(source.name, said | growth(source, rows, done, depends))


def _sorted(line: Line, source: Source, types: dict[str, ColumnType], rows: Rows) -> Sorted:
    project = line.definitions.project
    home = Home(
        source.timezone or project.timezone,
        source.format.decimal,
        source.format.date_order,
        "mdy" if project.country in MONTH_FIRST else "dmy",
    )
    reader = Reader(line.engine, rows, source, home, project.country, line.clock)
    return sorted_rows(line, source, rows, reader, wanted(source, project.revenue.property, types))
