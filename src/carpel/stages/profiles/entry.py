"""One trait of the catalogue, as data."""

from dataclasses import dataclass
from typing import Literal

Criterion = Literal["demographic", "geographic", "psychographic", "behavioural", "value"]
Sensitivity = Literal["plain", "personal", "special"]
Kind = Literal["text", "integer", "number", "boolean", "date", "instant", "list"]


@dataclass(frozen=True)
class Entry:
    """A trait: what it means, which rows it is computed from, and how.

    `rows` names prepared rows with a `customer` (see `prepared`), over which `sql` is an
    aggregate; or it is `profiles` or `contacts`, over whose row of the customer `sql` is an
    expression. `needs` are the columns `sql` reads; without them there is no such trait.
    """

    name: str
    label: str
    meaning: str
    criterion: Criterion
    type: Kind
    rows: str
    sql: str
    unit: str = ""
    needs: tuple[str, ...] = ()
    otherwise: int | None = None
    """The value of people without any such rows; None for unknown."""
    sensitivity: Sensitivity = "plain"
