"""What every spec shares: frozen, strict about names, versioned."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=80)]
"""How things are named in files and tables: lower case, digits and underscores."""


class Spec(BaseModel):
    """A frozen piece of what a person wrote; a name it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Document(Spec):
    """A spec that stands in a file of its own; `version` lets older files be upgraded."""

    version: Literal[1] = 1


def _one_or_many(value: Any) -> Any:
    return [value] if isinstance(value, str | int | float | dict) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_one_or_many)]
"""One name or a list of them, as people like to write it."""
