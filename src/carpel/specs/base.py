"""What every spec shares: frozen, strict about names, versioned."""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints

from carpel.errors import suggestion

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=80)]
"""How things are named in files and tables: lower case, digits and underscores."""
SECRET = re.compile(r"\$\{\w+\}")
"""A secret that is named, and set outside."""


class Spec(BaseModel):
    """A frozen piece of what a person wrote; a name it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Document(Spec):
    """A spec that stands in a file of its own; `version` lets older files be upgraded."""

    version: Literal[1] = 1


def _one_or_many(value: Any) -> Any:
    return [value] if isinstance(value, str | int | float | dict) else value


def _zone(name: str) -> str:
    from zoneinfo import available_timezones

    known = available_timezones()
    if name not in known:
        near = suggestion(name, known) or "Write it as Europe/Berlin."
        raise ValueError(f"there is no time zone {name!r}. {near}")
    return name


Zone = Annotated[str, AfterValidator(_zone)]
"""A zone of the IANA database, such as Europe/Berlin."""

Names = Annotated[tuple[str, ...], BeforeValidator(_one_or_many)]
"""One name or a list of them, as people like to write it."""
