"""JSON Schema of every kind of project file, for editors."""

from typing import Any

from pydantic import TypeAdapter

from carpel import specs
from carpel.manifest.load import KINDS


def schemas() -> dict[str, dict[str, Any]]:
    """One JSON Schema a kind of file: `carpel`, `sources`, `segments` and so on."""
    return {kind: TypeAdapter(model).json_schema(mode="validation")
            for kind, model in {"carpel": specs.Project, **KINDS}.items()}
