"""One value made regular, or the reason why not; nothing here knows a table or a file."""

from carpel.values.base import Fix, Normal, fold, tidy
from carpel.values.email import meant
from carpel.values.kinds import KINDS, normal
from carpel.values.person import FullName, full_name, mended
from carpel.values.placeholders import is_placeholder
from carpel.values.postcode import placed

__all__ = [
    "KINDS",
    "Fix",
    "FullName",
    "Normal",
    "fold",
    "full_name",
    "is_placeholder",
    "meant",
    "mended",
    "normal",
    "placed",
    "tidy",
]
