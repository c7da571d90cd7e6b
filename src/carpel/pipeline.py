"""The order of work, and the loop over it."""

from collections.abc import Sequence

from carpel import __version__
from carpel.stages.base import Line, Output, Part, Stage
from carpel.stages.sources import Sources
from carpel.store.builds import Made
from carpel.store.files import digest

STAGES: Sequence[Stage] = (
    Sources(),
)


def run(line: Line, stages: Sequence[Stage] = STAGES) -> None:
    """Take every stage in order; `line.parts` holds all that a build is made of afterwards."""
    line.bind()
    for stage in stages:
        for part in stage.parts(line):
            line.parts[part.name] = _made(line, stage, part)
        line.bind()


def _made(line: Line, stage: Stage, part: Part) -> Made:
    fingerprint = digest([__version__, stage.name, stage.version, part.name, part.depends])
    former = line.parent.parts.get(part.name) if line.parent else None
    if former is not None and former.fingerprint == fingerprint:
        return former
    line.progress(part.name, 0.0)
    output = Output(line)
    part.make(output)
    line.progress(part.name, 1.0)
    return Made(fingerprint, output.tables, output.notes)
