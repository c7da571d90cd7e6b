"""A segment: a rule and what it is for."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from carpel import language
from carpel.language import Node, parse
from carpel.specs.base import Document, Name

COMPARED = 5
"""People with a known value that it takes, inside and outside, to say what sets a segment apart."""


def _rule(value: Any) -> Any:
    return value if isinstance(value, Node) else parse(value)


Rule = Annotated[
    Node, BeforeValidator(_rule), WithJsonSchema({"title": "Rule", "description": "language"})
]


class Segment(Document):
    """Who is meant, why, and what to do with them."""

    name: Name
    label: str = ""
    objective: str = ""
    action: str = ""
    reason: str = ""
    """Why it is right to single out or leave out people by who they are, where the rule does."""
    unit: Literal["customer", "account"] = "customer"
    """What the rule is about and what is in: people, or companies and households."""
    where: Rule
    include: tuple[int, ...] = Field(default=())
    exclude: tuple[int, ...] = Field(default=())

    @property
    def rule(self) -> Node:
        """Who is in: `where`, and always those included, and never those excluded, by key."""
        rule = self.where
        if self.include:
            rule = language.Any((rule, language.People(self.include)))
        if self.exclude:
            rule = language.All((rule, language.Not(language.People(self.exclude))))
        return rule
