"""What is found out about a segment: an answer in one sentence, and the figures behind it."""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["yes", "partly", "no", "unknown"]


@dataclass(frozen=True)
class Finding:
    """A row of `fitness`: one answer, with its number and how many people are behind it."""

    segment: str
    criterion: str
    verdict: Verdict
    sentence: str
    settle: str = ""
    value: float | None = None
    n: int | None = None


@dataclass(frozen=True)
class Detail:
    """A row of `fitness_details`: one figure."""

    segment: str
    criterion: str
    what: str
    trait: str | None = None
    part: str | None = None
    """The value of a category that the shares are of."""
    against: str | None = None
    """The segment compared with; `*` for everybody else."""
    inside: float | None = None
    outside: float | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    q: float | None = None
    n: int | None = None
    of: int | None = None
    used: bool | None = None
    """Whether the rule itself asks for the trait, or for what goes with it."""


Told = Finding | Detail


def per_cent(share: float) -> str:
    """A share as people read it: `7.4 %`; what is not nothing or all is not rounded to it."""
    if 0 < share < 0.0005:
        return "under 0.1 %"
    if 0.9995 <= share < 1:
        return "over 99.9 %"
    digits = 0 if share in (0, 1) or 0.0995 <= abs(share) < 0.995 or share > 1 else 1
    return f"{100 * share:.{digits}f} %"


def points(share: float) -> str:
    """A difference of shares: `4.1 points`."""
    said = f"{100 * share:.{0 if abs(share) >= 0.0995 else 1}f}"
    return f"{said} point{'' if said == '1.0' else 's'}"


def figure(value: float) -> str:
    """A number with no more digits than it deserves."""
    if float(value).is_integer() or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:,.{1 if abs(value) >= 10 else 2}f}"


def listed(names: list[str], most: int = 3) -> str:
    """Some names in a sentence: `a, b and 4 more`."""
    more = len(names) - most
    if more > 0:
        return f"{', '.join(names[:most])} and {more:,} more"
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
