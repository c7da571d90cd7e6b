"""A project of one source, and the stage over it: from nothing, or on top of a night before."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from carpel.specs import Check, Definitions, Project, Source
from carpel.stages.base import Line
from carpel.stages.sources import Sources
from carpel.store.builds import Build
from carpel.testing.line import CLOCK, line_with, take


def sourced(
    folder: Path,
    source: Mapping[str, Any],
    project: Mapping[str, Any] | None = None,
    *,
    before: Line | None = None,
    night: int = 0,
    checks: Sequence[Mapping[str, Any]] = (),
) -> Line:
    """The line after the stage, so many nights after the first; `before` becomes its parent."""
    spec = Source.model_validate(source)
    definitions = Definitions(
        Project.model_validate({"name": "trial", **(project or {})}),
        sources={spec.name: spec},
        checks={each["name"]: Check.model_validate(each) for each in checks},
    )
    line = line_with(folder, definitions=definitions, clock=CLOCK + timedelta(days=night))
    if before is not None:
        line.parent = Build("before", None, before.clock, before.clock, dict(before.parts))
    return take(line, [Sources()])
