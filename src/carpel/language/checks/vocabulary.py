"""What rules may speak of, and what is said about a rule that cannot be meant."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from carpel.language.mistakes import Path
from carpel.language.nodes import Node

Kind = Literal["text", "integer", "number", "boolean", "date", "instant", "list"]


@dataclass(frozen=True)
class Vocabulary:
    """Names there are and their kinds; what is not listed is simply not known.

    `traits` and `account_traits` by name, `properties` by event and name, `segments` with their
    rules, `places` by segmentation, `rows` of the table behind an event (`customers` beside them).
    """

    traits: Mapping[str, str] = field(default_factory=dict)
    account_traits: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    segments: Mapping[str, Node] = field(default_factory=dict)
    places: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rows: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Finding:
    """Something about a rule: an `error` cannot be evaluated, a `warning` is hardly meant so."""

    message: str
    path: Path
    severity: Literal["error", "warning"] = "warning"
    action: str = ""
