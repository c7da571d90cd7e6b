"""What one file is taken for: its kind, its columns, and the source it makes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from carpel.inference.reading import Reading
from carpel.specs import Source


@dataclass(frozen=True)
class SourceProposal:
    """One file: what it is, its columns, and the source it makes."""

    file: Path
    kind: str
    confidence: float
    """0 to 1."""
    reason: str
    columns: tuple[Reading, ...]
    spec: Source
    notes: tuple[str, ...] = ()
    rows: int = 0
    """Rows that were looked at."""
    data: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """The spec as plain data, as its file says it."""

    def table(self) -> list[tuple[str, str, str, float, str]]:
        """A row a column: its name, what it is, where it goes, how sure that is, why."""
        return [
            (each.column, each.role.replace("_", " "), each.use, each.confidence, each.reason)
            for each in self.columns
        ]
