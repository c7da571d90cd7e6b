"""Shares as people write them: `12.5 %` is 0.125, to the last digit and back."""

import re
from decimal import Decimal
from typing import Any as Anything

_WRITTEN = re.compile(r"\s*(\d+(?:\.\d+)?)\s*%\s*")


def share(said: Anything) -> float | None:
    """Read `10%`, `10 %` or 0.1 as a share of 0 to 1; None when it is none."""
    written = _WRITTEN.fullmatch(said) if isinstance(said, str) else None
    value = of_per_cent(written[1]) if written else said
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        return None
    return float(value)


def of_per_cent(said: str) -> float:
    """The share that so many per cent are; raises ArithmeticError or ValueError for no number."""
    return float(Decimal(said.strip()).scaleb(-2))


def as_per_cent(share: float) -> str:
    """The number of per cent that `of_per_cent` reads as the same share."""
    return format(Decimal(repr(share)).scaleb(2).normalize(), "f")
