"""The stage: one part a source, each row of it accounted for."""

from collections.abc import Iterable

from carpel.specs import Definitions
from carpel.specs.column import ColumnType
from carpel.stages.base import Line, Part
from carpel.stages.sources.grown import VERSION
from carpel.stages.sources.part import SourcePart


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
            part = SourcePart(line, source, types)
            yield Part(f"sources/{name}", part.depends, part.make)


def declared_types(definitions: Definitions) -> dict[str, ColumnType]:
    """The type of each property where some source states it: one for all sources."""
    return {
        name: spec.type
        for each in definitions.sources.values()
        for columns in (each.properties, *(track.properties for track in each.track))
        for name, spec in columns.items()
        if spec.type
    }
