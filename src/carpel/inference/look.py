"""What the values of a column look like, whatever it is called."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from carpel.inference.words import folded
from carpel.reading.offsets import ZONE

MISSING = ("", "na", "n/a", "nan", "null", "none", "-", r"\n", "nil", "nat")
"""What files write where there is nothing, folded."""

_NUMBER = re.compile(
    r"^\(?[-+]?\s?(?:[A-Z]{0,3}[€£$¥₹₽₩₪₺]|[A-Z]{3}\s)?\s?[-+]?"
    r"(\d{1,3}(?:[.,' \u00a0]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?|[.,]\d+)"
    r"(?:[eE][-+]?\d+)?\s?(?:[€£$¥₹₽₩₪₺%]|[A-Z]{3}|kr|zł)?-?\)?$"
)
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_TIME = (
    r"(?:[ T,]+\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?\s?(?:[AaPp]\.?[Mm]\.?)?)?"
    rf"\s?(?:{ZONE})?"
)
DATES: Mapping[str, re.Pattern[str]] = {
    "ymd": re.compile(rf"^[12]\d{{3}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}{_TIME}$"),
    "compact": re.compile(r"^(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$"),
    "parts": re.compile(rf"^(\d{{1,2}})[-/.](\d{{1,2}})[-/.](?:\d{{4}}|\d{{2}}){_TIME}$"),
    "named": re.compile(
        rf"(?i)^(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?(?:\d{{1,2}}"
        rf"[-\s.]+(?:{_MONTHS})[a-z]*[-\s.,]+\d{{2,4}}|(?:{_MONTHS})[a-z]*[-.\s]+"
        rf"\d{{1,2}},?[-\s]+\d{{2,4}}){_TIME}$"
    ),
    "epoch": re.compile(r"^1[0-9]{9}(?:\d{3}|\d{6})?(?:\.\d+)?$"),
}
"""The ways of writing a date or an instant."""
_SHAPES: Mapping[str, re.Pattern[str]] = {
    "email": re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]{2,}$"),
    "phone": re.compile(r"^['+(]?[\d][\d\s()./-]{5,20}(?:\s?(?:x|ext)\.?\s?\d+)?$"),
    "international": re.compile(r"^'?\+\d[\d\s()./-]{6,20}$"),
    "dialled": re.compile(
        r"^'?(?:\+\d[\d\s()./-]{6,20}|[(]?0\d+[)]?[\s./-][\d\s()./-]{5,20}"
        r"|(?:\(\d{3}\)\s?|\d{3}[-. ])\d{3}[-. ]\d{4})$"
    ),
    "url": re.compile(r"^(?:https?://|www\.|/)[^\s]+$"),
    "integer": re.compile(r"^[-+]?\d+(?:\.0+)?$"),
    "cancelling": re.compile(r"^[A-Z]\d{4,}$"),
    "code": re.compile(r"^[#A-Za-z]*[-_.#]?[\w.:/@#|-]*$"),
    "two counters": re.compile(r"^\d{6,}\.\d{9,}$"),
    "ordinal": re.compile(r"^#\d+$"),
    "letters": re.compile(r"^[^\W\d_][^\d_@/]*$"),
    "ip": re.compile(r"^\d{1,3}(?:\.\d{1,3}){3}$"),
}


def number(text: str, decimal: str = ".") -> float | None:
    """The number a cell shows, currency signs and thousands separators put aside; else None."""
    if not _NUMBER.match(text.strip()):
        return None
    minus = "-" in text.split("e")[0].split("E")[0] or text.strip().startswith("(")
    kept = re.sub(r"[^0-9.,eE]", "", text)
    kept = kept.replace(".", "").replace(",", ".") if decimal == "," else kept.replace(",", "")
    try:
        value = float(kept)
    except ValueError:
        return None
    return -value if minus and "e-" not in kept.lower() else value


@dataclass(frozen=True)
class Look:
    """One column of a sample: how full, how distinct, and up to a few hundred of its values."""

    name: str
    position: int
    rows: int
    filled: int
    distinct: int
    negative: int
    """Values that begin like a negative number."""
    odd: int
    """Values that are one letter and then digits only, as cancelled invoices are numbered."""
    ascending: bool
    """Whether the values are 0, 1, 2, … or 1, 2, 3, … in the order of the rows."""
    native: str
    counts: Mapping[str, int] = field(repr=False)
    """Values with how often they stand in the sample, a random selection where there are many."""
    fits: dict[str, float] = field(default_factory=dict, repr=False, compare=False)
    """What `fit` found so far."""

    @cached_property
    def values(self) -> tuple[str, ...]:
        return tuple(self.counts)

    def share(self, fits: Callable[[str], object]) -> float:
        """The share of the distinct values that fit, 0 to 1; 0 when there are none."""
        return (
            sum(bool(fits(each)) for each in self.values) / len(self.values) if self.values else 0.0
        )

    def like(self, shape: str) -> float:
        """The share of values of a named shape."""
        return self.share(_SHAPES[shape].match)

    @staticmethod
    def letters(value: str) -> bool:
        """Whether a value is made of letters, as names are."""
        return _SHAPES["letters"].match(value) is not None

    def among(self, known: frozenset[str]) -> float:
        """The share of values that are one of these words."""
        return self.share(lambda each: folded(each).strip().replace(" ", "_") in known)

    @cached_property
    def date(self) -> tuple[str, float]:
        """The way of writing dates that fits most values, and the share it fits."""
        if "DATE" in self.native or "TIMESTAMP" in self.native:
            return "native", 1.0
        shares = {form: self.share(known.match) for form, known in DATES.items()}
        form = max(shares, key=lambda each: shares[each])
        return form, shares[form]

    @cached_property
    def decimal(self) -> str:
        """The decimal sign: a comma where commas stand before other than three digits."""
        comma = self.share(re.compile(r"\d,(?:\d{1,2}|\d{4,})\D*$").search)
        return "," if comma > self.share(re.compile(r"\.\d{1,2}\D*$").search) else "."

    @cached_property
    def numbers(self) -> tuple[float, ...]:
        """The values that are numbers."""
        read = (number(each, self.decimal) for each in self.values)
        return tuple(each for each in read if each is not None)

    @cached_property
    def numeric(self) -> float:
        return len(self.numbers) / len(self.values) if self.values else 0.0

    @property
    def unique(self) -> bool:
        return self.filled > 1 and self.distinct == self.filled

    @cached_property
    def length(self) -> float:
        """Characters a value has on average."""
        return sum(map(len, self.values)) / len(self.values) if self.values else 0.0

    @cached_property
    def spaced(self) -> float:
        """The share of values of several words."""
        return self.share(lambda each: " " in each.strip())

    @property
    def prose(self) -> bool:
        """Whether the values are sentences."""
        return self.length > 60 and self.spaced > 0.9
