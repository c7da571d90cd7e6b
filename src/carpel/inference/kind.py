"""What describes a kind of file: what it must say, what supports that, what speaks against it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

PERSON = (
    "customer_id",
    "email",
    "phone",
    "loyalty_card",
    "crm_id",
    "further_id",
    "national_id",
    "cookie",
    "device_id",
)
"""Identifiers of a person, strongest first."""
COMPANY = ("account_id", "account_name", "domain")
"""What a company is called by, the surest first."""
NAMED = ("full_name", "last_name", "first_name")
MOMENT = ("ordered_at", "at", "paid_at", "created_at")


@dataclass(frozen=True)
class Kind:
    """One kind of file."""

    name: str
    entities: tuple[str, ...]
    """What a row is about: the concepts its bare column names belong to."""
    meaning: str
    needs: tuple[tuple[str, ...], ...]
    """One role of each must be there."""
    likes: Mapping[str, float] = field(default_factory=dict)
    dislikes: Mapping[str, float] = field(default_factory=dict)
    words: frozenset[str] = frozenset()
    """Concepts in the file's name that support it."""
    base: float = 0.4
    one_row: tuple[str, ...] = ()
    """Roles of which each value stands on one row only, where the file is of this kind."""
    without: frozenset[str] = frozenset()
    """Roles that have no place in such a file although their group has."""
    groups: frozenset[str] = frozenset()
    """Groups of roles that have a place in such a file, beside identifiers, traits and times."""
    may_hold: bool = False
    """Whether a row may also say what the person holds from-until."""

    def holding(self) -> "Kind":
        """The same kind where rows say so: bare names may be a contract's too."""
        return replace(self, entities=(*self.entities, "plan"), groups=self.groups | {"contract"})


def likes(text: str) -> dict[str, float]:
    """Weights by role, written `role=weight`."""
    return {name: float(weight) for name, weight in (each.split("=") for each in text.split())}
