"""A project's files, written to a folder and run."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from carpel.project import Project


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """Write files by their paths in the folder, making folders on the way; gives the folder."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def run(folder: Path, files: Mapping[str, str], clock: datetime) -> Project:
    """A project of these files with one build, made when the clock says."""
    project = Project(write(folder, files), clock=lambda: clock)
    project.run()
    return project
