"""Which records are one person: exact identifiers, likeness, keys that stay, surviving fields."""

from carpel.stages.identity.reasons import Reason, reasons
from carpel.stages.identity.stage import Identity

__all__ = ["Identity", "Reason", "reasons"]
