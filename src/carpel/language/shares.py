"""Shares as people write them: `12.5 %` is 0.125, to the last digit and back."""

from decimal import Decimal


def of_per_cent(said: str) -> float:
    """The share that so many per cent are; raises ArithmeticError or ValueError for no number."""
    return float(Decimal(said.strip()).scaleb(-2))


def as_per_cent(share: float) -> str:
    """The number of per cent that `of_per_cent` reads as the same share."""
    return format(Decimal(repr(share)).scaleb(2).normalize(), "f")
