"""Carpel: customer segmentation and personalised marketing."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from carpel.version import __version__

if TYPE_CHECKING:
    from carpel.frames import discover, rfm, segment
    from carpel.project import Project

__all__ = ["Project", "__version__", "discover", "open", "rfm", "segment"]
_HOMES = {
    "Project": "carpel.project",
    "discover": "carpel.frames",
    "rfm": "carpel.frames",
    "segment": "carpel.frames",
}


def open(folder: str | Path, *, actor: str = "local") -> "Project":  # noqa: A001
    """Open the project in a folder."""
    from carpel.project import Project

    return Project(folder, actor=actor)


def __getattr__(name: str) -> Any:
    """Load the rest of the front door when it is first used: `import carpel` stays quick."""
    if name not in _HOMES:
        raise AttributeError(f"module 'carpel' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
