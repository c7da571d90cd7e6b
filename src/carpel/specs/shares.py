"""Variants of which everybody gets one: each has a name, and a share of the people."""

from collections.abc import Collection, Iterable
from typing import Annotated, Protocol

from pydantic import Field

Share = Annotated[float, Field(gt=0, le=1)]


class _Shared(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def share(self) -> float: ...


def shared_out(variants: Iterable[_Shared], taken: Collection[str], are: str) -> None:
    """Raise ValueError for two of one name, for a name that is `taken`, which `are` says what
    for, and for shares that do not come to the whole; nothing is wrong with no variants."""
    shares = [(each.name, each.share) for each in variants]
    names = [name for name, _ in shares]
    if len(set(names)) < len(names):
        raise ValueError("two variants have the same name")
    if reserved := next((each for each in names if each in taken), None):
        raise ValueError(f"{reserved!r} is what {are}")
    total = sum(share for _, share in shares)
    if shares and abs(total - 1) > 1e-9:
        raise ValueError(f"the shares of the variants come to {total:g}, not to 1")
