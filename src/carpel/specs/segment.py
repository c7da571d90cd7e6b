"""A segment: a rule and what it is for."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from carpel.language import Node, parse
from carpel.specs.base import Document, Name


def _rule(value: Any) -> Any:
    return value if isinstance(value, Node) else parse(value)


Rule = Annotated[Node, BeforeValidator(_rule)]


class Segment(Document):
    """Who is meant, why, and what to do with them."""

    name: Name
    label: str = ""
    objective: str = ""
    action: str = ""
    where: Rule
    include: tuple[int, ...] = Field(default=())
    exclude: tuple[int, ...] = Field(default=())
