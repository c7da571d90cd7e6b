"""JSON Schema of every kind of project file, for editors."""

from typing import Any

from pydantic import TypeAdapter

from carpel import specs
from carpel.language.schema import definitions
from carpel.manifest.kinds import KINDS


def schemas() -> dict[str, dict[str, Any]]:
    """One JSON Schema a kind of file: `carpel`, `sources`, `segments` and so on.

    A file's name is given by where it stands, so no file has to say it.
    """
    return {
        kind: _whole(TypeAdapter(model).json_schema(mode="validation"))
        for kind, model in {"carpel": specs.Project, **KINDS}.items()
    }


def _whole(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with rules and comparisons as people write them."""
    named = definitions()
    schema["$defs"] = {**schema.get("$defs", {}), **named}
    for each in (schema, *schema["$defs"].values()):
        if "name" in each.get("required", []):
            each["required"].remove("name")
    return dict(_referred(schema, set(named)))


def _referred(value: Any, names: set[str]) -> Any:
    """Every place where a rule or comparison stands becomes a reference to its schema."""
    if isinstance(value, list):
        return [_referred(each, names) for each in value]
    if not isinstance(value, dict):
        return value
    if str(value.get("title")) in names and value.get("description") == "language":
        return {"$ref": f"#/$defs/{value['title']}"}
    return {key: _referred(each, names) for key, each in value.items()}
