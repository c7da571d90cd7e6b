"""Values that have an order of their own: `under 25`, `25-34`, `65+`; Monday to Sunday."""

import re
from collections.abc import Iterable

_FROM = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*([km]?)\b", re.IGNORECASE)
_UNDER = re.compile(r"\s*(?:<|under|below|less|up to|younger|to )", re.IGNORECASE)
_NOTHING = re.compile(r"\s*(?:none|no|never|nothing)\b", re.IGNORECASE)
_TIMES = {"": 1.0, "k": 1e3, "m": 1e6}
SCALES = (
    (
        "greatest generation",
        "silent generation",
        "baby boomers",
        "generation x",
        "millennials",
        "generation z",
        "generation alpha",
    ),
    ("low", "medium", "high"),
    ("small", "medium", "large"),
    ("night", "morning", "afternoon", "evening"),
    ("winter", "spring", "summer", "autumn"),
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
)
"""Words that are told in this order."""


def in_order(values: Iterable[str]) -> list[str] | None:
    """The values in their own order; None where they have none."""
    listed = list(values)
    for scale in SCALES:
        if all(each.lower() in scale for each in listed):
            return sorted(listed, key=lambda each: scale.index(each.lower()))
    starts = {each: _start(each) for each in listed}
    if any(start is None for start in starts.values()):
        return None
    return sorted(listed, key=lambda each: (starts[each], each))


def _start(band: str) -> tuple[float, bool] | None:
    """Where a band begins, and whether it is more than what lies under that."""
    if _NOTHING.match(band):
        return 0.0, False
    found = _FROM.findall(band)
    if not found:
        return None
    number, unit = found[0]
    unit = unit or found[-1][1]
    return float(number.replace(",", "")) * _TIMES[unit.lower()], not _UNDER.match(band)
