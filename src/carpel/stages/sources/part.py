"""The part of one source: its rows read, sorted and written, or what is new put beside the rest."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from carpel.reading import Home, Rows, filled, joined, open_rows, state
from carpel.specs import Check, Source
from carpel.specs.column import ColumnType
from carpel.specs.source import Join
from carpel.stages.base import Line, Output
from carpel.stages.sources.accounts import account
from carpel.stages.sources.changed import write_changes
from carpel.stages.sources.checked import Checked, asked, checks_on, judged
from carpel.stages.sources.checked import depends as asked_for
from carpel.stages.sources.corrected import corrections, with_corrections
from carpel.stages.sources.grown import Grown, grown, growth
from carpel.stages.sources.notes import noted
from carpel.stages.sources.outputs import write_all
from carpel.stages.sources.sorting import Sorted, sorted_rows
from carpel.stages.sources.values_table import Reader
from carpel.stages.sources.wanted import actual, wanted
from carpel.store.corrections import FOLDER as CORRECTED
from carpel.store.files import file_digest

MONTH_FIRST = ("US", "PH", "FM", "MH", "PW", "GU", "PR")
"""Countries that write the month before the day."""


@dataclass(frozen=True)
class SourcePart:
    """One source at work."""

    line: Line
    source: Source
    types: dict[str, ColumnType]
    """Of properties, where some source states it."""

    @cached_property
    def depends(self) -> dict[str, Any]:
        """What the output depends on: the spec, the data behind it, who was erased."""
        line, source, project = self.line, self.source, self.line.definitions.project
        return {
            "source": source.model_dump(mode="json", fallback=str),
            "types": self.types,
            "home": [project.timezone, project.currency, project.country],
            "amount": project.revenue.property,
            "data": [
                state(read, line.folder, line.frames, line.clock)
                for reads in (source.read, *(join.read for join in source.joins))
                for read in reads
            ],
            "erased": line.erased.fingerprint if line.erased else "",
            "checks": asked_for(line, self._checks),
            "corrected": [file_digest(file) for file in self._corrections],
        }

    def make(self, output: Output) -> None:
        """Write everything; of files that are as they were, what the parent has is taken over."""
        before = grown(self.line, self.source, self.depends)
        if before is None or not self._grown(before, output):
            self._whole(output)

    def _grown(self, before: Grown, output: Output) -> bool:
        """Put what new files say beside what the parent has; False when that is not the same."""
        with TemporaryDirectory(prefix="carpel-") as scratch:
            rows = self._rows(Path(scratch), before.fresh)
            done, checked = self._sorted(rows)
            if not before.fits(rows, done):
                return False
            before.carry(output)
            write_all(self.line, self.source, done, output, before)
            account(self.line, self.source, rows, done, output)
            said = self._noted(rows, done, checked)
            output.note(self.source.name, before.noted(said))
        return True

    def _whole(self, output: Output) -> None:
        with TemporaryDirectory(prefix="carpel-") as scratch:
            rows = self._rows(Path(scratch))
            done, checked = self._sorted(rows)
            write_all(self.line, self.source, done, output)
            write_changes(self.line, self.source, rows, done, output)
            account(self.line, self.source, rows, done, output)
            said = self._noted(rows, done, checked)
            output.note(self.source.name, said | growth(self.source, rows, done, self.depends))

    def _noted(self, rows: Rows, done: Sorted, checked: list[Checked]) -> dict[str, Any]:
        said = noted(self.line, self.source, rows, done)
        return said | {"checks": judged(self.line, done, checked)}

    @property
    def _checks(self) -> list[Check]:
        return checks_on(self.line.definitions, self.source.name)

    @property
    def _corrections(self) -> list[Path]:
        return corrections(self.line.files.folder.parent / CORRECTED / self.source.name)

    def _rows(self, scratch: Path, only: Collection[str] | None = None) -> Rows:
        """The rows: corrected, gaps filled from above, joined files' columns beside them."""
        source, engine = self.source, self.line.engine
        opened = self._opened(source, scratch, only)
        rows = with_corrections(opened, self._corrections, engine)
        if source.fill_down:
            rows = filled(rows, [actual(name, rows, source) for name in source.fill_down])
        for join in source.joins:
            rows = joined(rows, self._opened(join, scratch, only), join.on)
        return rows

    def _opened(self, each: Source | Join, scratch: Path, only: Collection[str] | None) -> Rows:
        return open_rows(
            each.read,
            each.format,
            self.line.engine,
            folder=self.line.folder,
            scratch=scratch,
            frames=self.line.frames,
            only=only,
        )

    def _sorted(self, rows: Rows) -> tuple[Sorted, list[Checked]]:
        """The rows with their fates, and where the checks find what they ask for."""
        line, source, project = self.line, self.source, self.line.definitions.project
        home = Home(
            source.timezone or project.timezone,
            source.format.decimal,
            source.format.date_order,
            "mdy" if project.country in MONTH_FIRST else "dmy",
        )
        reader = Reader(line.engine, rows, source, home, project.country, line.clock)
        known = wanted(source, project.revenue.property, self.types)
        checked, further = asked(self._checks, known, rows, source)
        return sorted_rows(line, source, rows, reader, [*known, *further]), checked
